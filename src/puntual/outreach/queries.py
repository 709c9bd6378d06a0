"""Reads of activities: lists paged by key, and what a page shows beside them in one query, whatever their number.

The lists are querysets in no order of their own; each says by which columns, all falling, an index holds them.
"""

import email
import email.policy
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q, QuerySet

from puntual.outreach.lapsing import ASKED
from puntual.outreach.marks import manual_of
from puntual.outreach.models import Activity, CapturedMessage
from puntual.outreach.notices.saying import is_notice, told_of
from puntual.strategies.facts import TONES
from puntual.strategies.notices import STATEMENT
from puntual.strategies.queries import steps_of_others

State = Activity.State
OPEN_STATES = (State.PROPOSED, State.QUEUED, State.TO_DO, State.ATTEMPTING, State.UNKNOWN, State.FAILED)
GRAVEST_FIRST = (*reversed(TONES), "")


@dataclass(frozen=True, slots=True)
class Line:
    """One activity of a list with what it would ask for today.

    `demand` is by currency and counts neither money on account nor partial pauses; empty where nothing is left to ask for.
    `number` and `due_on` are the lead item's. A notice is `beside` the steps, with what is left of what was agreed; it is `over`
    where its occasion is.
    """

    activity: Activity
    number: str
    due_on: date | None
    demand: dict[str, Decimal]
    beside: bool = False
    over: bool = False


@dataclass(frozen=True, slots=True)
class Tally:
    """How many activities of one tone, channel and state."""

    tone: str
    channel: str
    state: str
    count: int


@dataclass(frozen=True, slots=True)
class Mail:
    """A captured message, taken apart for reading."""

    sender: str
    recipient: str
    subject: str
    text: str
    html: str


def waiting(organization_id: UUID, tone: str, channel: str = "") -> QuerySet[Activity]:
    """What waits for approval in one tone, by ("value", "id")."""
    rows = _with_customer(organization_id).filter(state=State.PROPOSED, tone=tone)
    return rows.filter(channel=channel) if channel else rows


def gravest(organization_id: UUID, limit: int, channel: str = "") -> list[Activity]:
    """The first of what waits for approval: gravest tone first, then most valuable. One query, one short reading per tone."""
    lists = [waiting(organization_id, tone, channel).order_by("-value", "-id")[:limit] for tone in GRAVEST_FIRST]
    ids = [rows.values_list("id", flat=True) for rows in lists]
    found = _with_customer(organization_id).filter(pk__in=ids[0].union(*ids[1:], all=True))
    return sorted(found, key=lambda one: (GRAVEST_FIRST.index(one.tone), -one.value))[:limit]


def to_make(
    organization_id: UUID, now: datetime, *, channel: str = "call", assigned_to: UUID | None = None
) -> QuerySet[Activity]:
    """The list of calls (or visits, letters, tasks) to make now, by ("value", "id"): one's own and nobody's in particular."""
    rows = _with_customer(organization_id).filter(state=State.TO_DO, channel=channel)
    rows = rows.filter(Q(not_before=None) | Q(not_before__lte=now))
    return rows.filter(Q(assigned_to=None) | Q(assigned_to=assigned_to)) if assigned_to else rows


def for_role(organization_id: UUID, rows: QuerySet[Activity], role: str) -> QuerySet[Activity]:
    """Without what the manuals in force give to members in another role."""
    for version, steps in steps_of_others(organization_id, role).items():
        rows = rows.exclude(version_id=version, step__in=steps)
    return rows


def assignee_of(activity: Activity) -> str:
    """The team's role that the manual gives this activity to; nothing for whoever may."""
    manual = manual_of(activity)
    step = manual.step(activity.step) if manual else None
    return step.assignee if step else ""


def timeline(organization_id: UUID, customer_id: UUID) -> QuerySet[Activity]:
    """Everything said to and by a customer, by ("created_at", "id")."""
    return Activity.objects.filter(organization_id=organization_id, customer_id=customer_id)


def unsettled(organization_id: UUID) -> QuerySet[Activity]:
    """What a person has to look at: failed, or not known whether it arrived; by ("claimed_at", "id")."""
    return _with_customer(organization_id).filter(state__in=[State.UNKNOWN, State.FAILED], claimed_at__isnull=False)


def captured(organization_id: UUID) -> QuerySet[CapturedMessage]:
    """The rehearsal's mailbox without the messages' own text, by ("captured_at", "id")."""
    return CapturedMessage.objects.filter(organization_id=organization_id).defer("raw")


def tallies(organization_id: UUID) -> list[Tally]:
    """How many have not ended, by tone, channel and state."""
    return _tallied(Activity.objects.filter(organization_id=organization_id, state__in=OPEN_STATES))


def tallies_of_day(organization_id: UUID, day: date) -> list[Tally]:
    """What became of one day's activities, by tone, channel and state."""
    return _tallied(Activity.objects.filter(organization_id=organization_id, day=day, direction="out"))


_LINES = f"""
WITH looked_at AS (
    SELECT id, lead_id, items FROM outreach_activity WHERE organization_id = %(organization)s AND id = ANY(%(ids)s)
),
{ASKED},
sums AS (SELECT id, currency, sum(amount)::text AS amount FROM asked WHERE NOT paused GROUP BY id, currency)
SELECT a.id, coalesce(v.number, ''), l.expected_on,
       (SELECT json_object_agg(s.currency, s.amount) FROM sums s WHERE s.id = a.id)
FROM looked_at a
LEFT JOIN receivables_installment l ON l.organization_id = %(organization)s AND l.id = a.lead_id
LEFT JOIN receivables_invoice v ON v.organization_id = %(organization)s AND v.id = l.invoice_id
"""


def lines(organization_id: UUID, activities: Sequence[Activity], day: date) -> list[Line]:
    """The activities of a page, in their order, each with today's demand of what it asks for."""
    with connection.cursor() as cursor:
        cursor.execute(
            _LINES, {"organization": organization_id, "ids": [activity.pk for activity in activities], "day": day}
        )
        found = {row[0]: row[1:] for row in cursor}
    told = told_of(organization_id, activities, day)
    made = []
    for activity in activities:
        number, due_on, demand = found[activity.pk]
        if is_notice(activity):
            said = told.get(activity.pk)
            over = said is None and activity.step != STATEMENT
            made.append(Line(activity, "", None, dict(said.asked) if said else {}, beside=True, over=over))
        else:
            asked = {currency: Decimal(amount) for currency, amount in (demand or {}).items()}
            made.append(Line(activity, number, due_on, asked))
    return made


def read(message: CapturedMessage) -> Mail:
    """A captured message as its reader would see it; what is no e-mail is its text alone."""
    if not message.sender:
        return Mail("", message.recipient, "", bytes(message.raw).decode(), "")
    mail = email.message_from_bytes(bytes(message.raw), policy=email.policy.default)
    text, html = (mail.get_body((kind,)) for kind in ("plain", "html"))
    return Mail(
        sender=str(mail["From"]),
        recipient=str(mail["To"]),
        subject=str(mail["Subject"]),
        text=text.get_content() if text else "",
        html=html.get_content() if html else "",
    )


def _with_customer(organization_id: UUID) -> QuerySet[Activity]:
    return Activity.objects.filter(organization_id=organization_id).select_related("customer")


def _tallied(rows: QuerySet[Activity]) -> list[Tally]:
    return [Tally(*row) for row in rows.values_list("tone", "channel", "state").annotate(count=Count("*")).order_by()]
