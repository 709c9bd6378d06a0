"""How the team's day goes: who did what of how many, what waits for whom, and how the day stands in each channel."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count

from puntual.organizations.absences.queries import away_on, stand_ins
from puntual.organizations.models import Membership, User
from puntual.organizations.queries import members_of
from puntual.organizations.roles import Permission, may
from puntual.outreach.models import Activity, Engaged
from puntual.outreach.queries import tallies_of_day
from puntual.parties.models import Customer

SPOKEN = ("call", "visit", "meeting")
_ENDED = frozenset({Activity.State.SENT, Activity.State.DONE})
_GIVEN_UP = frozenset({Activity.State.DROPPED, Activity.State.LAPSED})

_TURNS = """
SELECT t.user_id, a.channel, count(*) FROM outreach_turn t
JOIN outreach_activity a ON a.organization_id = %(org)s AND a.id = t.activity_id
WHERE t.organization_id = %(org)s AND t.user_id = ANY(%(people)s) AND t.at >= %(since)s AND t.kind = 'result'
  AND t.taken_back_at IS NULL
GROUP BY t.user_id, a.channel
"""
_DECIDED = """
SELECT actor_id, CASE WHEN action LIKE 'outreach.approve%%' THEN 'approvals'
                      WHEN action = 'outreach.record_answer' THEN 'answers' ELSE 'disputes' END,
       sum(CASE WHEN action = 'outreach.approve_many' THEN (detail->>'approved')::int ELSE 1 END)
FROM audit_record
WHERE organization_id = %(org)s AND actor_id IS NOT NULL AND at >= %(since)s AND actor_id = ANY(%(people)s)
  AND action = ANY(ARRAY['outreach.approve', 'outreach.approve_many', 'outreach.record_answer', 'disputes.accept',
                         'disputes.credit', 'disputes.correct', 'disputes.reject'])
GROUP BY 1, 2
"""
# Whose a thing to do is: whom it was given to, else whose customer it is, else nobody's in particular. What may only be made
# later today waits too: before the hour one may call, the day's calls are not none.
_WAITING = """
SELECT coalesce(a.assigned_to, c.owner_id), a.channel, count(*) FROM outreach_activity a
JOIN parties_customer c ON c.organization_id = %(org)s AND c.id = a.customer_id
WHERE a.organization_id = %(org)s AND a.state = 'to_do' AND (a.not_before IS NULL OR a.not_before < %(ends)s)
GROUP BY 1, 2
UNION ALL
SELECT coalesce(w.assigned_to, c.owner_id), 'answers', count(*) FROM outreach_answer w
LEFT JOIN parties_customer c ON c.organization_id = %(org)s AND c.id = w.customer_id
WHERE w.organization_id = %(org)s AND w.state = 'unread' GROUP BY 1
UNION ALL
SELECT owner_id, 'disputes', count(*) FROM disputes_dispute
WHERE organization_id = %(org)s AND state = ANY(ARRAY['open', 'accepted']) GROUP BY 1
UNION ALL
SELECT assigned_to_id, 'alerts', count(*) FROM analytics_alert
WHERE organization_id = %(org)s AND state = 'open' AND assigned_to_id IS NOT NULL GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class Person:
    """A member's day. `done` and `waiting` are counted by what it was: a channel ("internal" are tasks), answers, disputes, and
    done also approvals, waiting also alerts. Conversations are calls, visits and meetings with a result; `room` is how many a day
    takes of the person, None where they call nobody. What waits for somebody away waits for `stands_in`, and is counted there.
    """

    membership: Membership
    done: Mapping[str, int] = field(default_factory=dict)
    waiting: Mapping[str, int] = field(default_factory=dict)
    room: int | None = None
    customers: int = 0
    engaged: Engaged | None = None
    away: bool = False
    stands_in: User | None = None

    @property
    def conversations(self) -> int:
        return calls_in(self.done)

    @property
    def calls_waiting(self) -> int:
        return calls_in(self.waiting)


@dataclass(frozen=True, slots=True)
class ChannelDay:
    """What was planned for a day in one channel, and what became of it so far."""

    channel: str
    planned: int
    made: int
    given_up: int
    to_approve: int

    @property
    def waiting(self) -> int:
        """What is still to be made, and needs nobody's yes."""
        return self.planned - self.made - self.given_up - self.to_approve


@dataclass(frozen=True, slots=True)
class TeamDay:
    """The day of everybody who does something, in each channel, and what waits for nobody in particular."""

    people: Sequence[Person]
    channels: Sequence[ChannelDay]
    anybodys: Mapping[str, int]


def team_day(organization_id: UUID, today: date, begins: datetime, now: datetime) -> TeamDay:
    """The team's day as it stands. `begins` is its first moment. A fixed number of reads, each of an index of its own."""
    members = members_of(organization_id, today)
    people = [one.user_id for one in members]
    values = {"org": organization_id, "people": people, "since": begins, "ends": begins + timedelta(days=1)}
    done, waiting = _counted(_TURNS, values), _counted(_WAITING, values)
    for user_id, kinds in _counted(_DECIDED, values).items():
        done[user_id].update(kinds)
    away, others = away_on(organization_id, today), stand_ins(organization_id, today)
    for absent, substitute in others.items():
        waiting[substitute].update(waiting.pop(absent, Counter()))
    left = [key for key in waiting if key not in people and key is not None]
    for gone in left:  # who left: somebody has to see that it waits
        waiting[None].update(waiting.pop(gone))
    owned = Customer.objects.filter(organization_id=organization_id, owner__isnull=False)
    customers = dict(owned.order_by().values_list("owner").annotate(n=Count("*")))  # the index alone answers it
    engaged = {
        one.user_id: one
        for one in Engaged.objects.filter(organization_id=organization_id, until__gt=now).order_by("since")
    }
    names = {one.user_id: one.user for one in members}
    rows = [
        Person(
            membership=one,
            done=done[one.user_id],
            waiting=waiting[one.user_id],
            room=one.calls_per_day if may(one.role, Permission.CONTACT) else None,
            customers=customers.get(one.user_id, 0),
            engaged=engaged.get(one.user_id),
            away=one.user_id in away,
            stands_in=names.get(others.get(one.user_id)),  # type: ignore[arg-type]
        )
        for one in members
    ]
    return TeamDay(
        people=[one for one in rows if one.room is not None or one.done or one.waiting],
        channels=_channels(organization_id, today),
        anybodys=waiting[None],
    )


def calls_in(counted: Mapping[str, int]) -> int:
    """The calls, visits and meetings among what was counted."""
    return sum(counted.get(channel, 0) for channel in SPOKEN)


def _counted(statement: str, values: Mapping[str, Any]) -> defaultdict[UUID | None, Counter[str]]:
    found: defaultdict[UUID | None, Counter[str]] = defaultdict(Counter)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        for user_id, kind, n in cursor.fetchall():
            found[user_id][kind] += int(n or 0)
    return found


def _channels(organization_id: UUID, today: date) -> list[ChannelDay]:
    planned: Counter[str] = Counter()
    made, given_up, to_approve = Counter(planned), Counter(planned), Counter(planned)
    for tally in tallies_of_day(organization_id, today):
        planned[tally.channel] += tally.count
        if tally.state in _ENDED:
            made[tally.channel] += tally.count
        elif tally.state in _GIVEN_UP:
            given_up[tally.channel] += tally.count
        elif tally.state == Activity.State.PROPOSED:
            to_approve[tally.channel] += tally.count
    order = list(Activity.Channel.values)
    return [
        ChannelDay(one, planned[one], made[one], given_up[one], to_approve[one])
        for one in sorted(planned, key=order.index)
    ]
