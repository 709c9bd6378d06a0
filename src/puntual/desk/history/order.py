"""Which things happened to a customer and when: one query over everything on record, by moment."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from puntual.audit.actions import Actor

# What is known by its day alone stands at the beginning of that day.
_DAY = "({column}::timestamp AT TIME ZONE %(zone)s)"
_OF_CUSTOMER = "organization_id = %(org)s AND customer_id = %(customer)s"
# Each row of the union: at, kind, id; the channel; the customer's person; the member, by id or, where only that is kept, by name.
_NOBODY = "NULL::text, NULL::uuid, NULL::uuid, NULL::text"
_BY = "NULL::text, NULL::uuid, NULL::uuid, {who}"

# A plan is no history yet: what waits stands above the time line, as the next step.
_ACTIVITIES = """
    SELECT coalesce(a.settled_at, a.claimed_at, a.created_at), 'activity', a.id, a.channel, p.person_id,
           coalesce(a.assigned_to, a.approved_by), NULL::text
    FROM outreach_activity a
    LEFT JOIN parties_contactpoint p ON p.organization_id = a.organization_id AND p.id = a.point_id
    WHERE a.organization_id = %(org)s AND a.customer_id = %(customer)s
      AND a.state NOT IN ('proposed', 'queued', 'to_do') AND {which}"""
_PAYMENTS = f"""
    SELECT CASE WHEN (recorded_at AT TIME ZONE %(zone)s)::date = received_on THEN recorded_at
                ELSE {_DAY.format(column="received_on")} END, 'payment', id, {_NOBODY}
    FROM payments_payment WHERE {_OF_CUSTOMER} AND withdrawn_on IS NULL
    UNION ALL
    SELECT {_DAY.format(column="reversed_on")}, 'reversal', id, {_NOBODY}
    FROM payments_payment WHERE {_OF_CUSTOMER} AND withdrawn_on IS NULL AND reversed_on IS NOT NULL
    UNION ALL
    SELECT {_DAY.format(column="r.refunded_on")}, 'refund', r.id, {_NOBODY}
    FROM payments_payment p JOIN payments_refund r ON r.organization_id = p.organization_id AND r.payment_id = p.id
    WHERE p.organization_id = %(org)s AND p.customer_id = %(customer)s"""
# One line for the documents of a day. Payments and credit notes have lines of their own, so their entries have none.
_DOCUMENTS = f"""
    SELECT {_DAY.format(column="issued_on")}, 'issued', (array_agg(id ORDER BY number_key, id))[1], {_NOBODY}
    FROM receivables_invoice WHERE {_OF_CUSTOMER} AND withdrawn_on IS NULL GROUP BY issued_on
    UNION ALL
    SELECT {_DAY.format(column="issued_on")}, 'credit_note', id, {_NOBODY}
    FROM receivables_creditnote WHERE {_OF_CUSTOMER} AND withdrawn_on IS NULL
    UNION ALL
    SELECT {_DAY.format(column="e.effective_on")}, 'entry', e.id, {_NOBODY}
    FROM receivables_installment i
    JOIN receivables_entry e ON e.organization_id = i.organization_id AND e.installment_id = i.id
    WHERE i.organization_id = %(org)s AND i.customer_id = %(customer)s AND e.account = 'receivable'
      AND e.kind NOT IN ('issued', 'payment', 'credit_note')"""
# What is held for a dispute or an agreement is told by it.
_OWN = " AND ".join(
    f"NOT (reason = '{reason}' AND source_id IN (SELECT id FROM {table} WHERE {_OF_CUSTOMER}))"
    for reason, table in (
        ("dispute", "disputes_dispute"),
        ("promise", "agreements_promise"),
        ("plan", "agreements_plan"),
        ("extension", "agreements_extension"),
    )
)
_HOLDS = f"""
    SELECT {_DAY.format(column="from_on")}, 'hold', id, {_BY.format(who="created_by")}
    FROM receivables_hold WHERE {_OF_CUSTOMER} AND from_on <= %(today)s AND {_OWN}
    UNION ALL
    SELECT {_DAY.format(column="released_on")}, 'release', id, {_BY.format(who="released_by")}
    FROM receivables_hold WHERE {_OF_CUSTOMER} AND released_on IS NOT NULL AND {_OWN}"""
_DISPUTES = f"""
    SELECT opened_at, 'dispute', id, {_BY.format(who="opened_by")} FROM disputes_dispute WHERE {_OF_CUSTOMER}
    UNION ALL
    SELECT resolved_at, 'dispute_end', id, {_BY.format(who="resolved_by")}
    FROM disputes_dispute WHERE {_OF_CUSTOMER} AND resolved_at IS NOT NULL"""
_PROMISES = f"""
    SELECT recorded_at, 'promise', id, {_BY.format(who="recorded_by")} FROM agreements_promise WHERE {_OF_CUSTOMER}
    UNION ALL
    SELECT {_DAY.format(column="coalesce(valued_on, ended_on)")}, 'promise_end', id, {_NOBODY}
    FROM agreements_promise WHERE {_OF_CUSTOMER} AND state <> 'open'"""
_PLANS = f"""
    SELECT recorded_at, 'plan', id, {_BY.format(who="recorded_by")} FROM agreements_plan WHERE {_OF_CUSTOMER}
    UNION ALL
    SELECT {_DAY.format(column="ended_on")}, 'plan_end', id, {_NOBODY}
    FROM agreements_plan WHERE {_OF_CUSTOMER} AND ended_on IS NOT NULL
    UNION ALL
    SELECT recorded_at, 'extension', id, {_BY.format(who="recorded_by")} FROM agreements_extension WHERE {_OF_CUSTOMER}"""
_RECORDS = f"""
    SELECT r.at, 'record', r.id, NULL::text, coalesce(point.person_id, person.id), r.actor_id, NULL::text
    FROM audit_record r
    LEFT JOIN parties_person person ON person.organization_id = r.organization_id AND person.id = r.object_id
    LEFT JOIN parties_contactpoint point ON point.organization_id = r.organization_id AND point.id = r.object_id
    WHERE r.organization_id = %(org)s AND r.action = ANY(%(actions)s) AND r.object_id IN (
        SELECT %(customer)s UNION ALL SELECT %(party)s
        UNION ALL SELECT id FROM parties_person WHERE {_OF_CUSTOMER}
        UNION ALL SELECT id FROM parties_contactpoint WHERE {_OF_CUSTOMER})"""

RECORDED = (
    "customer.set_handling",
    "party.set_status",
    "person.add",
    "person.change",
    "person.end",
    "contact_point.add",
    "contact_point.retire",
    "contact_point.consent",
)
"""The actions on a customer that leave nothing else to show than their entry in the log."""


def _activities(which: str) -> str:
    return _ACTIVITIES.format(which=which)


_WRITTEN = "a.channel IN ('email', 'whatsapp', 'sms', 'letter')"
_SPOKEN = "a.channel IN ('call', 'visit', 'meeting')"
KINDS: Mapping[str, tuple[str, ...]] = {
    "all": (_activities("true"), _PAYMENTS, _DOCUMENTS, _HOLDS, _DISPUTES, _PROMISES, _PLANS, _RECORDS),
    "contacts": (_activities("a.channel <> 'internal'"),),
    "answers": (_activities("a.channel <> 'internal' AND a.direction = 'in'"),),
    "payments": (_PAYMENTS,),
    "invoices": (_DOCUMENTS,),
    "agreements": (_PROMISES, _PLANS),
    "disputes": (_DISPUTES,),
    "pauses": (_HOLDS, _DISPUTES, _PROMISES),
    "notes": (_activities("a.channel = 'internal'"),),
    "changes": (_RECORDS,),
    "messages": (_activities(_WRITTEN),),
    "calls": (_activities(_SPOKEN),),
}
"""What the time line can be narrowed to, and where each of it is read. The last two are in addresses that people have kept."""


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What of a history is asked for: a kind of `KINDS`, a channel ("" for any), whose contact on the customer's side, who of us
    (with the name, where only that is kept), and between which days, both counted in.
    """

    kind: str = "all"
    channel: str = ""
    person: UUID | None = None
    member: UUID | None = None
    member_name: str = ""
    first: date | None = None
    last: date | None = None


EVERYTHING = Narrowed()


class Moment(NamedTuple):
    """One thing that happened; `kind` says in which table `id` stands."""

    at: datetime
    kind: str
    id: UUID


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose history, in which time zone days are counted."""

    customer: UUID
    party: UUID
    zone: str


def latest(by: Actor, whose: Whose, asked: Narrowed, before: tuple[datetime, UUID] | None, size: int) -> list[Moment]:
    """At most `size` moments of what is asked for, newest first, those `before` a known one."""
    at, last = before or (None, None)
    values: dict[str, Any] = {
        "org": by.organization_id,
        "customer": whose.customer,
        "party": whose.party,
        "zone": whose.zone,
        "today": by.today,
        "actions": list(RECORDED),
        "at": at,
        "id": last,
        "size": size,
        "channel": asked.channel,
        "person": asked.person,
        "member": asked.member,
        "name": asked.member_name,
        "first": asked.first,
        "last": asked.last,
    }
    statement = f"""
        SELECT at, kind, id
        FROM ({" UNION ALL ".join(KINDS[asked.kind])}) AS event (at, kind, id, channel, person, member, who)
        WHERE {" AND ".join(["true", *_conditions(asked, before is not None)])}
        ORDER BY at DESC, id DESC LIMIT %(size)s
    """
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [Moment(*row) for row in cursor.fetchall()]


def _conditions(asked: Narrowed, goes_on: bool) -> Iterator[str]:
    if goes_on:
        yield "(at, id) < (%(at)s, %(id)s)"
    if asked.channel:
        yield "channel = %(channel)s"
    if asked.person:
        yield "person = %(person)s"
    if asked.member:
        yield "(member = %(member)s OR who = %(name)s)"
    if asked.first:
        yield "at >= (%(first)s::date::timestamp AT TIME ZONE %(zone)s)"
    if asked.last:
        yield "at < ((%(last)s::date + 1)::timestamp AT TIME ZONE %(zone)s)"


def ids(moments: Collection[Moment], *kinds: str) -> set[UUID]:
    """The ids of these kinds."""
    return {moment.id for moment in moments if moment.kind in kinds}
