"""What every page's frame shows."""

import json

from django.db import connection
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from puntual.audit.actions import Actor
from puntual.desk import formats, guide, navigation, setting_history
from puntual.desk.theme import theme_of
from puntual.desk.words import LANGUAGES
from puntual.kernel.text import initials
from puntual.organizations.models import Organization
from puntual.organizations.roles import Permission, may
from puntual.outreach.notes.queries import unseen

MOST = 1000
"""Counts in the rail stop here: beyond it the number says nothing more, and counting stays cheap at any size."""
_WHO_DOES_IT = {"today": Permission.APPROVE, "queue": Permission.CONTACT}
"""Who else reads these pages has no work waiting there, and no number."""


def frame(request: HttpRequest) -> dict[str, object]:
    """The rail, the person and the organization: a fixed number of queries, made only where a page shows the frame."""
    context: dict[str, object] = {
        "theme": theme_of(request),
        "language": get_language(),
        "languages": LANGUAGES,
        "locale_tag": str(formats.current()).replace("_", "-"),
        "organization": None,
    }
    organization = getattr(request, "organization", None)
    if organization is None:
        return context
    role = request.membership.role  # type: ignore[attr-defined]
    return {
        **context,
        "organization": organization,
        "organizations": request.organizations,  # type: ignore[attr-defined]
        "membership": request.membership,  # type: ignore[attr-defined]
        "actor": request.actor,  # type: ignore[attr-defined]
        "today": request.actor.today,  # type: ignore[attr-defined]
        "initials": initials(str(request.user)),
        "may": {permission.value: may(role, permission) for permission in Permission},
        "own_keys": json.dumps(request.user.keys) if request.user.keys else "",  # type: ignore[union-attr]
        "rehearsal": not organization.is_live,
        "rail": SimpleLazyObject(lambda: _rail(request, organization)),
        "pages": navigation.pages,
        "guide_part": guide.part_of(request.path).partition("#"),
        "history_of": setting_history.place_of(request.path),
    }


def _rail(request: HttpRequest, organization: Organization) -> list[dict[str, object]]:
    here = navigation.section(request.path)
    waiting = _waiting(request.actor)  # type: ignore[attr-defined]
    role = request.membership.role  # type: ignore[attr-defined]
    for place, permission in _WHO_DOES_IT.items():
        if not may(role, permission):
            waiting.pop(place)
    return [
        {
            "entry": entry,
            "here": here in entry.sections,
            "count": waiting.get(entry.page) or None,
            "more": waiting.get(entry.page, 0) >= MOST,
        }
        for entry in navigation.entries()
    ]


_WAITING = """
SELECT (SELECT count(*) FROM (SELECT FROM outreach_activity
                              WHERE organization_id = %(organization)s AND state = 'proposed' LIMIT %(most)s) proposed),
       (SELECT count(*) FROM (SELECT FROM outreach_activity
                              WHERE organization_id = %(organization)s AND state = 'to_do' LIMIT %(most)s) to_do),
       (SELECT count(*) FROM (SELECT FROM analytics_alert
                              WHERE organization_id = %(organization)s AND state = 'open' LIMIT %(most)s) alert),
       (SELECT count(*) FROM (SELECT FROM outreach_mention WHERE organization_id = %(organization)s
                              AND user_id = %(user)s AND seen_at IS NULL LIMIT %(most)s) mention),
       EXISTS (SELECT FROM organizations_absence WHERE organization_id = %(organization)s
               AND starts_on <= %(today)s AND (ends_on IS NULL OR ends_on >= %(today)s))
"""


def _waiting(by: Actor) -> dict[str, int]:
    """Messages to approve, calls and tasks to do, open alerts, and notes that name the reader or one they stand in for: at most
    MOST of each.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _WAITING, {"organization": by.organization_id, "most": MOST, "user": by.user_id, "today": by.today}
        )
        *numbers, somebody_is_away = cursor.fetchone()
    found = dict(zip(("today", "queue", "alerts", "inbox"), numbers, strict=True))
    if somebody_is_away:
        found["inbox"] = unseen(by)[:MOST].count()
    return found
