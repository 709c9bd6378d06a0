"""Notices that came to Puntual after manuals were in force without them.

An active version never changes. One that was made before these occasions were known says of them what the built-in manual says,
so nobody is left without a copy of an agreement for want of a new version. A draft made from it has them as its own, and who
does not want them takes them out there.
"""

from dataclasses import replace

from puntual.strategies.builtin import builtin
from puntual.strategies.manual import Manual, read_content
from puntual.strategies.models import Version

LATER = ("dispute_answered", "plan_agreed")


def manual_of(version: Version) -> Manual:
    """What a version says, sound or not, with the later notices where it is older; a draft says what stands in it."""
    manual = read_content(version.content)
    return with_later(manual) if version.predates_notices and version.state != Version.State.DRAFT else manual


def with_later(manual: Manual) -> Manual:
    """The manual with the built-in later notices of its language, where it has none of its own for the occasion."""
    added = [one for one in builtin(manual.language).notices if one.code in lacking(manual)]
    return replace(manual, notices=(*manual.notices, *added)) if added else manual


def lacking(manual: Manual) -> frozenset[str]:
    """The later occasions of which the manual itself says nothing."""
    return frozenset(code for code in LATER if manual.notice(code) is None)
