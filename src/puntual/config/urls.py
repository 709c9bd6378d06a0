"""Where each address leads, and what is shown where one leads nowhere."""

from django.urls import include, path

urlpatterns = [
    path("c/", include("puntual.portal.urls")),
    path("hooks/", include("puntual.api.urls")),
    path("", include("puntual.desk.urls")),
]

handler400 = "puntual.desk.errors.bad_request"
handler403 = "puntual.desk.errors.permission_denied"
handler404 = "puntual.desk.errors.page_not_found"
handler500 = "puntual.desk.errors.server_error"
