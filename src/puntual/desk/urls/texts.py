"""Addresses of the texts of the manual."""

from django.urls import URLPattern, path

from puntual.desk.views import text_files, texts

_ONE = "manual/texts/<slug:template>/<slug:channel>/<slug:audience>/<slug:language>"

inside: list[URLPattern] = [
    path("manual/texts/", texts.texts, name="texts"),
    path("manual/texts/new", text_files.new, name="new_text"),
    path("manual/texts/toml", text_files.export, name="export_texts"),
    path("manual/texts/import", text_files.import_file, name="import_texts"),
    path(_ONE, texts.text, name="text"),
    path(f"{_ONE}/check", texts.check, name="text_check"),
    path(f"{_ONE}/write", texts.write, name="text_write"),
    path(f"{_ONE}/builtin", texts.go_back, name="text_builtin"),
    path(f"{_ONE}/drop", texts.drop, name="text_drop"),
]
