"""Which of a customer's contact points a message goes to, and what a bounce does to it."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import Case, F, Q, Value, When

from puntual.parties.models import ContactPoint

KINDS = {
    "email": ("email",),
    "whatsapp": ("whatsapp",),
    "sms": ("phone",),
    "call": ("phone", "whatsapp"),
    "letter": ("post",),
    "visit": ("post",),
    "meeting": ("phone", "email", "whatsapp", "post"),  # whatever it can be arranged by
}
"""The kinds of contact point each channel can use, the fitting one first."""

MOST_SOFT = 3
"""How often in a row a message may come back "for now" before nothing is sent there any more."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a message or a call reaches, and where. `person` is empty where the point belongs to nobody in particular."""

    point_id: UUID
    value: str
    person: str
    title: str
    language: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """A point somebody is to be reached at: for a customer, by a channel. `role` is the one the step speaks to.

    `planned` is the point that was planned, `without` are those that must not be. What is `required` goes by letter also to who
    wants no messages.
    """

    customer_id: UUID
    channel: str
    role: str = ""
    planned: UUID | None = None
    without: frozenset[UUID] = frozenset()
    required: bool = False


# The point that was planned, if it can still be used; else one of a person with the step's role, else nobody's in particular,
# else the person for billing, else anybody's.
_CHOOSE = """
SELECT w.place, found.*
FROM jsonb_to_recordset(%(wanted)s) AS w(
    place int, customer uuid, channel text, kinds text[], role text, planned uuid, without uuid[], required bool
)
CROSS JOIN LATERAL (
    SELECT t.id, t.value, coalesce(p.name, ''), coalesce(p.title, ''), t.language
    FROM parties_contactpoint t
    LEFT JOIN parties_person p ON p.organization_id = t.organization_id AND p.id = t.person_id
    WHERE t.organization_id = %(organization)s AND t.customer_id = w.customer AND t.kind = ANY(w.kinds)
      AND t.retired_on IS NULL AND t.bounce <> 'hard' AND (t.consent <> 'withdrawn' OR w.required)
      AND t.id <> ALL(w.without) AND (t.takes_sms OR w.channel <> 'sms')
      AND (p.id IS NULL
           OR ((p.starts_on IS NULL OR p.starts_on <= %(day)s) AND (p.ends_on IS NULL OR p.ends_on >= %(day)s)))
    ORDER BY t.id <> coalesce(w.planned, t.id), w.role = ANY(coalesce(p.roles, '{}')) DESC, p.id IS NOT NULL,
             'billing' = ANY(coalesce(p.roles, '{}')) DESC, t.bounce <> 'none', array_position(w.kinds, t.kind), t.id
    LIMIT 1
) AS found
"""


def recipients(organization_id: UUID, wanted: Sequence[Wanted], day: date) -> list[Recipient | None]:
    """The usable point on a day for each of what is wanted, or None. Inside `acting_for`."""
    asked = [
        {
            "place": place,
            "customer": str(one.customer_id),
            "channel": one.channel,
            "kinds": KINDS.get(one.channel, ()),
            "role": one.role,
            "planned": str(one.planned) if one.planned else None,
            "without": [str(point) for point in one.without],
            "required": one.required and one.channel == "letter",
        }
        for place, one in enumerate(wanted)
    ]
    found: list[Recipient | None] = [None] * len(asked)
    with connection.cursor() as cursor:
        cursor.execute(_CHOOSE, {"organization": organization_id, "wanted": json.dumps(asked), "day": day})
        for place, *point in cursor:
            found[place] = Recipient(*point)
    return found


def recipient(
    organization_id: UUID,
    customer_id: UUID,
    channel: str,
    day: date,
    *,
    role: str = "",
    planned: UUID | None = None,
    without: Collection[UUID] = (),
) -> Recipient | None:
    """The same for one."""
    wanted = Wanted(customer_id, channel, role, planned, frozenset(without))
    return recipients(organization_id, [wanted], day)[0]


def bounced(organization_id: UUID, point_id: UUID, *, hard: bool | None, channel: str = "") -> None:
    """Note on a point that a message came back: `hard` for good, soft for now, None for a reason that is not the point's own.

    Part of the action that found out. What came back `MOST_SOFT` times in a row for now, with no word from there in between, is
    taken to be for good; what came back for another reason is never counted. A phone that takes no SMS may still be called.
    """
    points = ContactPoint.objects.filter(organization_id=organization_id, pk=point_id)
    kept = ContactPoint.Bounce
    if channel == "sms":
        enough = Q(bounces__gte=0 if hard else MOST_SOFT - 1)
        if hard is not None:
            takes = Case(When(enough, then=Value(False)), default=F("takes_sms"))
            points.update(takes_sms=takes, bounces=F("bounces") + 1)
        return
    if hard:
        points.update(bounce=kept.HARD, bounces=F("bounces") + 1)
    elif hard is None:
        points.filter(bounce=kept.NONE).update(bounce=kept.SOFT)
    else:
        worn_out = Case(When(bounces__gte=MOST_SOFT - 1, then=Value(kept.HARD)), default=Value(kept.SOFT))
        points.exclude(bounce=kept.HARD).update(bounce=worn_out, bounces=F("bounces") + 1)


def heard_from(organization_id: UUID, point_id: UUID) -> None:
    """Note that somebody wrote from a point: it is in use, whatever came back before."""
    ContactPoint.objects.filter(organization_id=organization_id, pk=point_id).update(
        bounce=ContactPoint.Bounce.NONE, bounces=0, takes_sms=True
    )
