"""Where each address leads."""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("", include("puntual.desk.urls")),
]
