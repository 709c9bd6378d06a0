"""The fixtures of the room."""

from puntual.outreach.tests.conftest import committed, live, post, world

__all__ = ["committed", "live", "post", "world"]
