"""The addresses of early alerts."""

from django.urls import URLPattern, path

from puntual.desk.views import alerts, lists

inside: list[URLPattern] = [
    path("alerts/", lists.listing("alerts"), name="alerts"),
    path("alerts/<uuid:alert_id>/close", alerts.close, name="alert_close"),
    path("alerts/<uuid:alert_id>/assign", alerts.assign, name="alert_assign"),
    path("alerts/<uuid:alert_id>/reopen", alerts.reopen, name="alert_reopen"),
]
