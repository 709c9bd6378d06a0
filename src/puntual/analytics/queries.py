"""Aging, set-based. Everything runs inside `acting_for` and names its organization.

Balances kept beside the items are the sums of all their entries: as of today they are read as they are. As of a past day, or as
known on one, what took effect or was recorded later is taken off again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from puntual.analytics.aging import Aging, CustomerAging, fold
from puntual.analytics.narrowing import Whose, of_creditor
from puntual.analytics.queries_sql import by_customer_sql, by_due_date_sql, credit_totals_sql, credits_sql, largest_sql
from puntual.analytics.risk import Largest, Weight
from puntual.kernel.aging import Buckets
from puntual.receivables.queries import end_of_day

DEFAULT = Buckets()
_CHUNK = 2000


def aging(
    organization_id: UUID,
    as_of: date,
    known_on: date | None = None,
    creditor: UUID | None = None,
    buckets: Buckets = DEFAULT,
    *,
    whose: Whose | None = None,
) -> Aging:
    """Totals and numbers of open items per currency: what was open on `as_of`, by days past due on that day.

    With `whose` only what that lets through counts.

    With `known_on` only what had been recorded by the end of that day counts. Due dates are today's: one that was moved is not
    moved back. Credit notes carry no time of recording and a reversed payment not that of its reversal; both count as known from
    their own day.
    """
    asked = _Asked.of(organization_id, as_of, known_on, whose or of_creditor(creditor))
    with connection.cursor() as cursor:
        cursor.execute(by_due_date_sql(**asked.shape, by_customer=asked.by_customer), asked.parameters)
        by_due_date = cursor.fetchall()
        cursor.execute(credit_totals_sql(**asked.shape), asked.parameters)
        return fold(as_of, buckets, by_due_date, dict(cursor.fetchall()), known_on)


def aging_by_customer(
    organization_id: UUID,
    as_of: date,
    known_on: date | None = None,
    creditor: UUID | None = None,
    buckets: Buckets = DEFAULT,
    *,
    whose: Whose | None = None,
) -> Iterator[CustomerAging]:
    """Stream a row per customer and currency, by name: see `aging` for what the days mean.

    Customers with nothing open and no credit are left out. Memory stays flat; the transaction has to outlive the iterator.
    """
    asked = _Asked.of(organization_id, as_of, known_on, whose or of_creditor(creditor))
    with connection.cursor() as settings:
        # All rows are read, so plan for all of them, and sort and hash a few hundred thousand groups in memory.
        settings.execute("SET LOCAL cursor_tuple_fraction = 1.0; SET LOCAL work_mem = '64MB'")
    with connection.chunked_cursor() as cursor:
        cursor.execute(by_customer_sql(buckets, **asked.shape), asked.parameters)
        while rows := cursor.fetchmany(_CHUNK):
            for customer_id, creditor_code, code, name, currency, *amounts, total, credit in rows:
                yield CustomerAging(customer_id, creditor_code, code, name, currency, tuple(amounts), total, credit)


def largest(
    organization_id: UUID, as_of: date, known_on: date | None = None, number: int = 50, *, whose: Whose
) -> dict[str, Largest]:
    """By currency, in alphabetical order, the customers with most open on a day, and what all of them come to together."""
    asked = _Asked.of(organization_id, as_of, known_on, whose)
    found: dict[str, Largest] = {}
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64MB'")
        cursor.execute(largest_sql(**asked.shape), {**asked.parameters, "largest": number})
        for currency, customers, total, squares, code, name, creditor, amount, overdue in cursor.fetchall():
            one = found.setdefault(currency, Largest([], customers, total, squares))
            one.weights.append(Weight(code, name, creditor, amount, overdue))
    return found


def portfolio_aging(organization_id: UUID, as_of: date, buckets: Buckets = DEFAULT) -> Aging:
    """The aging of what is open now, on the day `as_of`, in milliseconds at any size; unapplied credit is not looked up."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT currency, due_on, sum(open_amount), sum(open_count) FROM receivables_portfoliodelta"
            " WHERE organization_id = %s GROUP BY currency, due_on",
            [organization_id],
        )
        return fold(as_of, buckets, cursor.fetchall(), {})


def credits_statement(
    organization_id: UUID, as_of: date, known_on: date | None, whose: Whose
) -> tuple[str, dict[str, Any]]:
    """The statement of the documents that unapplied credit is made of, and its parameters."""
    asked = _Asked.of(organization_id, as_of, known_on, whose)
    return credits_sql(**asked.shape), asked.parameters


@dataclass(frozen=True, slots=True)
class _Asked:
    """What was asked for: the shape of the statement and its parameters."""

    shape: dict[str, Any]
    parameters: dict[str, Any]
    by_customer: bool

    @classmethod
    def of(cls, organization_id: UUID, as_of: date, known_on: date | None, whose: Whose) -> "_Asked":
        parameters = {
            "org": organization_id,
            "as_of": as_of,
            "known_on": known_on,
            "known_before": end_of_day(organization_id, known_on) if known_on else None,
            **whose.values,
        }
        known = known_on is not None
        past = known or _took_effect_later(parameters)
        return cls({"past": past, "known": known, "narrowed": whose.sql("i")}, parameters, whose.by_customer)


def _took_effect_later(parameters: dict[str, Any]) -> bool:
    """Whether something took effect after the day, so that the kept balances are not those of the day.

    An issue counts from its invoice's day, so that only the other entries are looked through, by an index of their own; and what
    was received or came back later by one each.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT EXISTS (SELECT FROM receivables_entry
                              WHERE organization_id = %(org)s AND effective_on > %(as_of)s AND kind <> 'issued')
                   OR EXISTS (SELECT FROM receivables_invoice WHERE organization_id = %(org)s AND issued_on > %(as_of)s)
                   OR EXISTS (SELECT FROM receivables_creditnote WHERE organization_id = %(org)s AND issued_on > %(as_of)s)
                   OR EXISTS (SELECT FROM payments_payment WHERE organization_id = %(org)s AND received_on > %(as_of)s)
                   OR EXISTS (SELECT FROM payments_payment WHERE organization_id = %(org)s AND reversed_on > %(as_of)s)
                   OR EXISTS (SELECT FROM payments_refund WHERE organization_id = %(org)s AND refunded_on > %(as_of)s)""",
            parameters,
        )
        return bool(cursor.fetchone()[0])
