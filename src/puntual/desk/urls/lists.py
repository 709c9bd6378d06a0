"""The addresses of what all lists have in common; each list's own page stands with its subject."""

from django.urls import URLPattern, path

from puntual.desk.views import lists

inside: list[URLPattern] = [
    path("contacts/", lists.listing("contacts"), name="contacts"),
    path("lists/<slug:name>.<slug:kind>", lists.export, name="list_export"),
    path("lists/<slug:name>/keep", lists.keep_view, name="list_keep_view"),
    path("lists/<slug:name>/bulk/<slug:action>", lists.bulk, name="list_bulk"),
    path("lists/views/<uuid:view_id>/remove", lists.drop_view, name="list_view_remove"),
]
