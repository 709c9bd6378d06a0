"""Addresses of the segments: their list and order, the builder with its live count, and what they are assigned."""

from django.urls import URLPattern, path

from puntual.desk.views import segments

inside: list[URLPattern] = [
    path("manual/segments/", segments.segments, name="segments"),
    path("manual/segments/new", segments.new, name="new_segment"),
    path("manual/segments/try", segments.attempt, name="try_segment"),
    path("manual/segments/toml", segments.export, name="export_segments"),
    path("manual/segments/import", segments.import_file, name="import_segments"),
    path("manual/segments/of/<slug:code>", segments.segment, name="segment"),
    path("manual/segments/of/<slug:code>/move", segments.move, name="move_segment"),
    path("manual/segments/of/<slug:code>/strategy", segments.strategy, name="segment_strategy"),
    path("manual/segments/of/<slug:code>/delete", segments.delete, name="delete_segment"),
]
