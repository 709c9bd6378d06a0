"""Turns of people at a list: what is kept of each, and passing over. Callers import the actions from `outreach.actions`."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.translation import gettext

from puntual.audit.actions import Actor, action
from puntual.kernel.problems import N_, Problem
from puntual.organizations.queries import organization_of
from puntual.outreach.approving import locked
from puntual.outreach.engaging import release
from puntual.outreach.models import Activity
from puntual.outreach.queue.models import Turn

UNDO_FOR = timedelta(minutes=30)
"""How long a person may take back the last thing recorded; later it is corrected where it had its effect."""

SKIPS: dict[str, str] = {
    "information": N_("Something has to be found out first"),
    "colleague": N_("Better called by somebody else"),
    "language": N_("I do not speak their language"),
    "known": N_("I know them personally"),
    "moment": N_("Not a good moment for them"),
    "other": N_("Another reason, in the note"),
}
"""Why one is passed over, in the order in which it is offered."""


def skips() -> list[tuple[str, str]]:
    """The reasons for passing over, in the reader's words."""
    return [(code, gettext(words)) for code, words in SKIPS.items()]


def keep_turn(
    by: Actor, activity: Activity, kind: str, reason: str = "", note: str = "", **before: object
) -> Turn | None:
    """Keep what a person is doing with the activity, with what it was before. Part of the action that does it.

    Of the person's earlier turns only what happened stays. The clock and keys have no turns.
    """
    if by.user_id is None:
        return None
    mine = Turn.objects.filter(organization_id=by.organization_id, user_id=by.user_id)
    mine.exclude(before={}).filter(at__lt=by.now - UNDO_FOR).update(before={})
    return Turn.objects.create(
        organization_id=by.organization_id,
        activity_id=activity.pk,
        user_id=by.user_id,
        name=by.name[:150],
        kind=kind,
        reason=reason,
        note=note,
        at=by.now,
        before={name: _plain(value) for name, value in before.items()},
    )


def skip(by: Actor, activity: Activity, reason: str, note: str = "") -> Turn:
    """Pass over a call, a visit or a meeting: it stays on the list for others, and does not come to this person again that day.

    Raises Problem for no reason of `SKIPS`, another reason without a note, or where it is done.
    """
    if reason not in SKIPS:
        raise Problem(N_("Choose why it is passed over."))
    if reason == "other" and not note.strip():
        raise Problem(N_("Say why, in a few words: whoever gets this customer next will want to know."))
    with action(by, "outreach.skip", reason=reason, why=note.strip()) as log:
        found = locked(by, activity, Activity.State.TO_DO)
        log.about(found)
        made = keep_turn(by, found, Turn.Kind.SKIP, reason, note.strip()[:300])
        if made is None:
            raise Problem(N_("Only a person can pass something over."))
        release(by, found.customer.party_id)
    return made


def last_turn(by: Actor) -> Turn | None:
    """What this person did last and may still take back."""
    return turns_beside(by, None)[0]


def turns_beside(by: Actor, activity_id: UUID | None) -> tuple[Turn | None, Turn | None]:
    """What this person did last and may still take back; and the last time that somebody passed this activity over."""
    mine = Q(user_id=by.user_id, at__gte=by.now - UNDO_FOR) if by.user_id else Q(pk__in=[])
    passed = Q(activity_id=activity_id, kind=Turn.Kind.SKIP) if activity_id else Q(pk__in=[])
    turns = Turn.objects.filter(mine | passed, organization_id=by.organization_id, taken_back_at=None)
    found = list(turns.order_by("-at", "-id"))
    return (
        next((one for one in found if one.user_id == by.user_id and one.at >= by.now - UNDO_FOR), None),
        next((one for one in found if one.activity_id == activity_id and one.kind == Turn.Kind.SKIP), None),
    )


def begin_of_today(by: Actor) -> datetime:
    """The first moment of the organization's day."""
    organization = organization_of(by.organization_id)
    return datetime.combine(by.today, time(), ZoneInfo(organization.time_zone))


def _plain(value: object) -> Any:
    """As JSON keeps it."""
    if isinstance(value, datetime):
        return value.isoformat()
    return value if value is None or isinstance(value, list) else str(value)
