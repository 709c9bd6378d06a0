"""Whose an answer is: by our Message-ID, a plus address, or the address it is about; else whose it may be."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from puntual.outreach.answers.addressing import activity_of
from puntual.outreach.answers.models import Answer
from puntual.outreach.answers.reading import ReadMail
from puntual.outreach.answers.reading.addresses import own_key
from puntual.outreach.models import Activity
from puntual.parties.models import ContactPoint

LATELY = timedelta(days=14)
"""How long after a message a report about its address is taken to be about it: mail servers give up within a week."""
MOST_CANDIDATES = 20
NUMBERED = ("phone", "whatsapp")
"""The kinds of contact point that are a number."""
_LEFT = (Activity.State.SENT, Activity.State.UNKNOWN, Activity.State.ATTEMPTING)


@dataclass(frozen=True, slots=True)
class Thread:
    """What an answer belongs to: the activity it is about and how that was told, or the points its sender's address is."""

    how: str = ""
    activity: Activity | None = None
    points: tuple[ContactPoint, ...] = ()

    @property
    def candidates(self) -> list[UUID]:
        """The customers it may be of, where it is not certain."""
        if self.activity:
            return []
        return list(dict.fromkeys(point.customer_id for point in self.points))[:MOST_CANDIDATES]


def thread(organization_id: UUID, mail: ReadMail, now: datetime) -> Thread:
    """Find what a message belongs to. Must run inside `acting_for`."""
    points = points_at(organization_id, mail.addresses)
    if found := _named(organization_id, mail.message_ids):
        return Thread(Answer.Threaded.MESSAGE, found, points)
    if found := _activity(organization_id, filter(None, map(activity_of, mail.plus_tags))):
        return Thread(Answer.Threaded.PLUS, found, points)
    if mail.kind in ("bounce", "complaint") and (found := _last_to(organization_id, points, now)):
        return Thread(Answer.Threaded.ADDRESS, found, points)
    return Thread(points=points)


def thread_number(organization_id: UUID, channel: str, number: str, now: datetime, about: UUID | None) -> Thread:
    """Find what words from a number belong to: the message `about`, else the only customer written to there lately, else perhaps
    whoever has the number. Must run inside `acting_for`.
    """
    having = ContactPoint.objects.filter(organization_id=organization_id, kind__in=NUMBERED, value=number)
    points = tuple(having.select_related("person").order_by("id"))
    if about:
        sent = Activity.objects.filter(organization_id=organization_id, pk=about, direction="out", channel=channel)
        if found := sent.first():
            return Thread(Answer.Threaded.MESSAGE, found, points)
    lately = _sent_lately(organization_id, points, channel, now)
    if len({one.customer_id for one in lately}) == 1:
        return Thread(Answer.Threaded.ADDRESS, lately[0], points)
    return Thread(points=points)


def points_at(organization_id: UUID, addresses: Iterable[str]) -> tuple[ContactPoint, ...]:
    """The contact points with one of these e-mail addresses, letter case apart."""
    found: dict[UUID, ContactPoint] = {}
    for address in addresses:
        points = ContactPoint.objects.filter(organization_id=organization_id, kind="email", value__iexact=address)
        found |= {point.id: point for point in points.select_related("person").order_by("id")}
    return tuple(found.values())


def _named(organization_id: UUID, message_ids: Iterable[str]) -> Activity | None:
    keys = {key: one for one in message_ids if (key := own_key(one))}
    found = _activity(organization_id, keys)
    return found if found and found.message_id.lower() == keys[found.id].lower() else None


def _activity(organization_id: UUID, keys: Iterable[UUID]) -> Activity | None:
    """The first of these that is a message of ours."""
    wanted = list(keys)
    sent = Activity.objects.filter(organization_id=organization_id, pk__in=wanted, direction="out", channel="email")
    found = {one.id: one for one in sent.exclude(message_id="")} if wanted else {}
    return next((found[key] for key in wanted if key in found), None)


def _last_to(organization_id: UUID, points: Iterable[ContactPoint], now: datetime) -> Activity | None:
    """What left lately for one of these points, the last of it."""
    return next(iter(_sent_lately(organization_id, points, "email", now)), None)


def _sent_lately(organization_id: UUID, points: Iterable[ContactPoint], channel: str, now: datetime) -> list[Activity]:
    """What left lately for these points by a channel, the last first."""
    known = list(points)
    if not known:
        return []
    sent = Activity.objects.filter(
        organization_id=organization_id,
        customer_id__in=[point.customer_id for point in known],
        point_id__in=[point.id for point in known],
        channel=channel,
        state__in=_LEFT,
        claimed_at__gt=now - LATELY,
    )
    return list(sent.order_by("-claimed_at")[:MOST_CANDIDATES])
