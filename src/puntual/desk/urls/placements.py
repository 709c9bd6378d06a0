"""Addresses of what is placed with others, of what is settled with them, and of proposals to write off."""

from django.urls import URLPattern, path

from puntual.desk.views import agencies, placements

inside: list[URLPattern] = [
    path("agreements/placements/", placements.placements, name="placements"),
    path("agreements/placements/<uuid:placement_id>/recall", placements.recall, name="placement_recall"),
    path("agreements/agencies/<uuid:agency_id>", agencies.agency, name="agency"),
    path("agreements/agencies/<uuid:agency_id>/commission", agencies.commission, name="agency_commission"),
    path("agreements/agencies/<uuid:agency_id>/entry", agencies.entry, name="agency_entry"),
    path("agreements/agencies/entries/<uuid:entry_id>/withdraw", agencies.withdraw, name="agency_entry_withdraw"),
    path("agreements/write-offs/<uuid:proposal_id>", placements.decide, name="write_off_decide"),
]
