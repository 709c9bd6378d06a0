"""Addresses of the words for negotiating, under the manual."""

from django.urls import URLPattern, path

from puntual.desk.views import scripts

_ONE = "manual/negotiation/<slug:situation>/<slug:language>"

inside: list[URLPattern] = [
    path("manual/negotiation/", scripts.scripts, name="scripts"),
    path("manual/negotiation/toml", scripts.export, name="export_scripts"),
    path("manual/negotiation/import", scripts.import_file, name="import_scripts"),
    path(_ONE, scripts.script, name="script"),
    path(f"{_ONE}/builtin", scripts.go_back, name="script_builtin"),
]
