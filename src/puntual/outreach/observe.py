"""What is known about each customer on a day: one streaming, set-based read that the day run and the sender share.

The database aggregates per customer and hands over text (casting uuid and numeric in SQL costs a third of converting a million
of them here); `observe_rows` turns each row into `CustomerFacts`. The rows come through a server-side cursor, so memory
stays flat.
"""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.backends.utils import CursorWrapper

from puntual.conduct.gate import Contact
from puntual.kernel.ahead import ahead
from puntual.kernel.gathering import gather
from puntual.outreach.observe_rows import facts_of
from puntual.outreach.observe_segments import segments_told
from puntual.outreach.observe_sql import observe_sql
from puntual.outreach.results import NOT_HAD
from puntual.outreach.sharing import planned_of_shared
from puntual.outreach.silence import silent
from puntual.outreach.surroundings import Surroundings
from puntual.strategies.facts import CustomerFacts
from puntual.strategies.notices import CODES as NOTICES

HORIZON_DAYS = 31  # how far ahead a pre-due step may look
ROUNDS_DAYS = 90
HISTORY_DAYS = 35
_OBSERVED = "outreach_observed"
_CHUNK = 2000
_AHEAD = 4  # chunks: the same hand writes between them


def observe(
    organization_id: UUID,
    day: date,
    now: datetime,
    surroundings: Surroundings,
    *,
    customers: Sequence[UUID] | None = None,
    skip_under_way: bool = False,
    sending: Sequence[UUID] = (),
    kept_figures: bool = False,
    settled_too: bool = False,
    hand: Executor | None = None,
) -> Iterator[CustomerFacts]:
    """Yield the facts of every customer with something open that is due by the horizon, or only of the ones named; of these
    also with nothing open where `settled_too`.

    Must run inside `acting_for(organization_id)`. `day` is the organization's day; balances count entries effective on it or
    before. `skip_under_way` leaves out, in the database, customers who have an activity that has not ended. The activities
    `sending`, being claimed already, do not count as contacts. Segments are told from the `kept_figures` where the
    caller has just refreshed them, else from the same figures worked out here. With a `hand`, that thread reads ahead.
    """
    back_dated = _is_past(organization_id, day, customers)
    told = segments_told(organization_id, day, customers, kept=kept_figures and not back_dated, back_dated=back_dated)
    sql = observe_sql(
        only=customers is not None,
        skip_under_way=skip_under_way,
        back_dated=back_dated,
        segments=told.mask,
        figures=told.figures,
        settled_too=settled_too,
    )
    parameters: dict[str, Any] = {
        **told.parameters,
        "org": organization_id,
        "day": day,
        "horizon": day + timedelta(days=HORIZON_DAYS),
        "rounds_from": day - timedelta(days=ROUNDS_DAYS),
        "history_from": now - timedelta(days=HISTORY_DAYS),
        "now": now,
        "rest_from": day - timedelta(days=surroundings.rest_days),
        "customers": _ids(customers or ()),
        "until": now + timedelta(days=1) if sending else now,  # the clocks of two senders may differ
        "sending": _ids(sending),
        "unheard": ["bounced", *NOT_HAD],
        "notices": list(NOTICES),
    }
    if customers is None:
        _of_everybody(sql, parameters)
        sql, parameters = f"SELECT * FROM {_OBSERVED}", {}
    cursor = connection.chunked_cursor()
    cursor.execute(sql, parameters)
    planned = {} if sending else planned_of_shared(organization_id, day, now, customers)
    tried = {} if sending else silent(organization_id, day, customers)
    chunks = _chunks(cursor)
    for rows in ahead(chunks, hand, _AHEAD) if hand else chunks:
        for row in rows:
            facts = facts_of(row, surroundings, told.codes)
            if tried and facts.customer_id in tried:
                facts = replace(facts, tried=tried[facts.customer_id])
            yield _with_planned(facts, planned) if planned else facts


def _of_everybody(sql: str, parameters: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        # What was written since the tables were last analyzed is taken for a row or two: the figures of an organization's
        # first day, looped over once per customer, take hours. Where everybody is read a loop is never much better.
        cursor.execute("SET LOCAL enable_nestloop = off; SET LOCAL work_mem = '64MB'")
        gather(cursor, _OBSERVED, sql, parameters)
        cursor.execute("SET LOCAL enable_nestloop = on")


def _with_planned(facts: CustomerFacts, planned: Mapping[str, Sequence[tuple[str, Contact]]]) -> CustomerFacts:
    """With what is planned with the party's other customers."""
    others = tuple(contact for customer, contact in planned.get(facts.party_id, ()) if customer != facts.customer_id)
    return replace(facts, planned=others) if others else facts


def _ids(customers: Sequence[UUID]) -> str:
    """An array in PostgreSQL's own writing: the driver looks at each of thousands for what to quote, ten times over."""
    return "{" + ",".join(map(str, customers)) + "}"


def _chunks(cursor: CursorWrapper) -> Iterator[list[tuple[Any, ...]]]:
    with cursor:
        while rows := cursor.fetchmany(_CHUNK):
            yield rows


def _is_past(organization_id: UUID, day: date, customers: Sequence[UUID] | None) -> bool:
    """Whether something took effect after `day`, so that the kept balances are not those of the day.

    For some customers only their own invoices are looked at: the index of issue dates begins with the customer.
    """
    some = "" if customers is None else "AND customer_id = ANY(%(customers)s)"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM receivables_entry"
            " WHERE organization_id = %(org)s AND effective_on > %(day)s AND kind <> 'issued')"
            f" OR EXISTS (SELECT FROM receivables_invoice WHERE organization_id = %(org)s AND issued_on > %(day)s {some})",
            {"org": organization_id, "day": day, "customers": _ids(customers or ())},
        )
        return bool(cursor.fetchone()[0])
