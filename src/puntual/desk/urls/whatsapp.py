"""Addresses of WhatsApp's settings."""

from django.urls import URLPattern, path

from puntual.desk.views import whatsapp

inside: list[URLPattern] = [
    path("settings/channels/whatsapp/", whatsapp.whatsapp, name="whatsapp"),
    path("settings/channels/whatsapp/refresh", whatsapp.refresh, name="refresh_approved_texts"),
    path("settings/channels/whatsapp/<uuid:mapping_id>/end", whatsapp.end_mapping, name="end_mapping"),
    path(
        "settings/channels/whatsapp/<str:template>/<str:audience>/<str:language>",
        whatsapp.mapping,
        name="map_approved_text",
    ),
]
