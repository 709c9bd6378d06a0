"""The desk's addresses. Everything under /o/<slug>/ is inside an organization (`OrganizationScope`)."""

from django.urls import URLPattern, URLResolver, include, path

from puntual.desk import work_urls
from puntual.desk.views import root, search, today

inside: list[URLPattern] = [
    path("", today.today, name="today"),
    path("search", search.search, name="search"),
    *work_urls.inside,
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("", root.root, name="root"),
    path("preferences", root.preferences, name="preferences"),
    path("accounts/", include("puntual.desk.account_urls")),
    path("o/<slug:slug>/", include(inside)),
]
