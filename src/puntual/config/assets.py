"""How long browsers keep the pages' own files."""

from typing import Any

STALE = 7 * 24 * 60 * 60
"""Seconds. So long a file that is kept is used at once and asked for beside it: on a slow line nobody waits for the answer that
nothing has changed. After an upgrade the page that is loaded next may still have the files of before, the one after has not.
"""


def keep_in_browsers(headers: Any, path: str, url: str) -> None:
    """Add to a file's Cache-Control what RFC 5861 calls stale-while-revalidate; browsers that do not know it ask as before."""
    headers["Cache-Control"] = f"{headers['Cache-Control']}, stale-while-revalidate={STALE}"
