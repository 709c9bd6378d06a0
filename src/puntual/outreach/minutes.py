"""The minutes of a meeting: who was there, what was agreed and by whom, when to meet next. Written once, never changed."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

from puntual.audit.actions import Actor, action
from puntual.kernel.problems import N_, Problem
from puntual.outreach.approving import locked
from puntual.outreach.models import Activity, Minutes

MOST_LINES = 50


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody who was there, and as what."""

    name: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class Agreed:
    """One thing that was agreed, and who is to do it."""

    what: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class MeetingMinutes:
    """What is written down after a meeting. `next_on` is the day agreed for the next one."""

    attendees: Sequence[Attendee]
    agreed: Sequence[Agreed] = ()
    next_on: date | None = None
    text: str = ""


def record_minutes(by: Actor, activity: Activity, minutes: MeetingMinutes) -> Minutes:
    """Write the minutes of a meeting that was held, or a correction beside earlier ones, which stay as they are.

    Raises Problem where it is no meeting, is not over, or nobody is named who was there.
    """
    with action(by, "outreach.record_minutes") as log:
        found = locked(by, activity, Activity.State.DONE)
        log.about(found)
        return keep_minutes(by, found, minutes)


def keep_minutes(by: Actor, activity: Activity, minutes: MeetingMinutes) -> Minutes:
    """Part of the action that records the meeting. Raises Problem as `record_minutes` does."""
    if activity.channel != Activity.Channel.MEETING:
        raise Problem(N_("Minutes are kept of meetings."))
    if not minutes.attendees:
        raise Problem(N_("Say who was there, one person on a line."))
    if max(len(minutes.attendees), len(minutes.agreed)) > MOST_LINES:
        raise Problem(N_("Write at most {most} lines."), most=MOST_LINES)
    return Minutes.objects.create(
        organization_id=by.organization_id,
        activity_id=activity.pk,
        attendees=[asdict(one) for one in minutes.attendees],
        agreed=[asdict(one) for one in minutes.agreed],
        next_on=minutes.next_on,
        text=minutes.text.strip(),
        recorded_at=by.now,
        recorded_by=by.name,
    )


def minutes_of(organization_id: UUID, activity_id: UUID) -> list[Minutes]:
    """What was written down about a meeting, the first first."""
    rows = Minutes.objects.filter(organization_id=organization_id, activity_id=activity_id)
    return list(rows.order_by("recorded_at", "id"))
