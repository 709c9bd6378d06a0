"""Which things happened to a customer and when: one query over everything on record, by moment."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from puntual.audit.actions import Actor

# What is known by its day alone stands at the beginning of that day.
_DAY = "({column}::timestamp AT TIME ZONE %(zone)s)"
_OF_CUSTOMER = "organization_id = %(org)s AND customer_id = %(customer)s"

# A plan is no history yet: what waits stands above the time line, as the next step.
_ACTIVITIES = f"""
    SELECT coalesce(settled_at, claimed_at, created_at), 'activity', id FROM outreach_activity
    WHERE {_OF_CUSTOMER} AND state NOT IN ('proposed', 'queued', 'to_do') AND {{channels}}"""
_PAYMENTS = f"""
    SELECT CASE WHEN (recorded_at AT TIME ZONE %(zone)s)::date = received_on THEN recorded_at
                ELSE {_DAY.format(column="received_on")} END, 'payment', id
    FROM payments_payment WHERE {_OF_CUSTOMER} AND withdrawn_on IS NULL
    UNION ALL
    SELECT {_DAY.format(column="reversed_on")}, 'reversal', id
    FROM payments_payment WHERE {_OF_CUSTOMER} AND withdrawn_on IS NULL AND reversed_on IS NOT NULL
    UNION ALL
    SELECT {_DAY.format(column="r.refunded_on")}, 'refund', r.id
    FROM payments_payment p JOIN payments_refund r ON r.organization_id = p.organization_id AND r.payment_id = p.id
    WHERE p.organization_id = %(org)s AND p.customer_id = %(customer)s"""
# One line for the documents of a day. Payments and credit notes have lines of their own, so their entries have none.
_DOCUMENTS = f"""
    SELECT {_DAY.format(column="issued_on")}, 'issued', (array_agg(id ORDER BY number_key, id))[1]
    FROM receivables_invoice WHERE {_OF_CUSTOMER} AND withdrawn_on IS NULL GROUP BY issued_on
    UNION ALL
    SELECT {_DAY.format(column="issued_on")}, 'credit_note', id
    FROM receivables_creditnote WHERE {_OF_CUSTOMER} AND withdrawn_on IS NULL
    UNION ALL
    SELECT {_DAY.format(column="e.effective_on")}, 'entry', e.id
    FROM receivables_installment i
    JOIN receivables_entry e ON e.organization_id = i.organization_id AND e.installment_id = i.id
    WHERE i.organization_id = %(org)s AND i.customer_id = %(customer)s AND e.account = 'receivable'
      AND e.kind NOT IN ('issued', 'payment', 'credit_note')"""
# What is held for a dispute or a promise is told by it.
_OWN = f"""NOT (reason = 'dispute' AND source_id IN (SELECT id FROM disputes_dispute WHERE {_OF_CUSTOMER}))
    AND NOT (reason = 'promise' AND source_id IN (SELECT id FROM agreements_promise WHERE {_OF_CUSTOMER}))"""
_HOLDS = f"""
    SELECT {_DAY.format(column="from_on")}, 'hold', id
    FROM receivables_hold WHERE {_OF_CUSTOMER} AND from_on <= %(today)s AND {_OWN}
    UNION ALL
    SELECT {_DAY.format(column="released_on")}, 'release', id
    FROM receivables_hold WHERE {_OF_CUSTOMER} AND released_on IS NOT NULL AND {_OWN}"""
_DISPUTES = f"""
    SELECT opened_at, 'dispute', id FROM disputes_dispute WHERE {_OF_CUSTOMER}
    UNION ALL
    SELECT resolved_at, 'dispute_end', id FROM disputes_dispute WHERE {_OF_CUSTOMER} AND resolved_at IS NOT NULL"""
_PROMISES = f"""
    SELECT recorded_at, 'promise', id FROM agreements_promise WHERE {_OF_CUSTOMER}
    UNION ALL
    SELECT {_DAY.format(column="coalesce(valued_on, ended_on)")}, 'promise_end', id
    FROM agreements_promise WHERE {_OF_CUSTOMER} AND state <> 'open'"""
_RECORDS = f"""
    SELECT at, 'record', id FROM audit_record
    WHERE organization_id = %(org)s AND action = ANY(%(actions)s) AND object_id IN (
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

_WRITTEN = "channel IN ('email', 'whatsapp', 'sms', 'letter')"
_SPOKEN = "channel IN ('call', 'visit', 'meeting')"
KINDS: Mapping[str, tuple[str, ...]] = {
    "all": (_ACTIVITIES.format(channels="true"), _PAYMENTS, _DOCUMENTS, _HOLDS, _DISPUTES, _PROMISES, _RECORDS),
    "messages": (_ACTIVITIES.format(channels=_WRITTEN),),
    "calls": (_ACTIVITIES.format(channels=_SPOKEN),),
    "payments": (_PAYMENTS,),
    "invoices": (_DOCUMENTS,),
    "pauses": (_HOLDS, _DISPUTES, _PROMISES),
    "notes": (_ACTIVITIES.format(channels="channel = 'internal'"), _RECORDS),
}
"""What the time line can be narrowed to, and where each of it is read."""


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


def latest(by: Actor, whose: Whose, kind: str, before: tuple[datetime, UUID] | None, size: int) -> list[Moment]:
    """At most `size` moments of a kind of `KINDS`, newest first, those `before` a known one."""
    statement = f"""
        SELECT at, kind, id FROM ({" UNION ALL ".join(KINDS[kind])}) AS event (at, kind, id)
        {"WHERE (at, id) < (%(at)s, %(id)s)" if before else ""}
        ORDER BY at DESC, id DESC LIMIT %(size)s
    """
    at, last = before or (None, None)
    with connection.cursor() as cursor:
        cursor.execute(
            statement,
            {
                "org": by.organization_id,
                "customer": whose.customer,
                "party": whose.party,
                "zone": whose.zone,
                "today": by.today,
                "actions": list(RECORDED),
                "at": at,
                "id": last,
                "size": size,
            },
        )
        return [Moment(*row) for row in cursor.fetchall()]


def ids(moments: Collection[Moment], *kinds: str) -> set[UUID]:
    """The ids of these kinds."""
    return {moment.id for moment in moments if moment.kind in kinds}
