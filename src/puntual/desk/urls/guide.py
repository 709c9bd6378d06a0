"""The addresses of the guide."""

from django.urls import URLPattern, path

from puntual.desk.views import guide

inside: list[URLPattern] = [
    path("guide/", guide.start, name="guide"),
    path("guide/<slug:name>", guide.part, name="guide_part"),
    path("guide/pictures/<str:name>", guide.picture, name="guide_picture"),
]
