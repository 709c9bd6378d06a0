"""Addresses of what is placed with others, and of proposals to write off."""

from django.urls import URLPattern, path

from puntual.desk.views import placements

inside: list[URLPattern] = [
    path("agreements/placements/", placements.placements, name="placements"),
    path("agreements/placements/<uuid:placement_id>/recall", placements.recall, name="placement_recall"),
    path("agreements/write-offs/<uuid:proposal_id>", placements.decide, name="write_off_decide"),
]
