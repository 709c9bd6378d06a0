"""Addresses of trying a manual before it runs."""

from django.urls import URLPattern, path

from puntual.desk.views import replays, trying

inside: list[URLPattern] = [
    path("manual/preview", trying.what_if, name="preview"),
    path("manual/replays/", replays.replays, name="replays"),
    path("manual/replays/start", replays.start, name="replay_start"),
    path("manual/replays/compare", replays.compare, name="compare_replays"),
    path("manual/replays/<uuid:replay_id>", replays.replay, name="replay"),
    path("manual/replays/<uuid:replay_id>/progress", replays.progress, name="replay_progress"),
    path("manual/replays/<uuid:replay_id>/cancel", replays.cancel, name="replay_cancel"),
    path("manual/replays/<uuid:replay_id>/said.json", replays.said, name="replay_said"),
]
