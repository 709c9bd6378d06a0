"""Who left their pattern by a day: facts of everybody, read set by set, and what `patterns` makes of them.

Everything runs inside `acting_for` and names its organization. The money that is set against a limit is `credit`'s, the claims
that will be time-barred are `outreach.limitations`'.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from puntual.analytics.alerts import patterns
from puntual.analytics.alerts.buying import AT_MOST, Billed
from puntual.analytics.alerts.finding_sql import (
    ABOVE_USUAL,
    BALANCES,
    BILLED,
    DISPUTES,
    GROWN,
    LATENESS,
    PARTS,
    SILENCE,
    SLIPPING,
    WATCHED,
)
from puntual.analytics.alerts.kinds import Kind
from puntual.analytics.alerts.patterns import Balance, Change, Week
from puntual.analytics.credit import limit_passed
from puntual.kernel.gathering import gather
from puntual.outreach.limitations import WARN_DAYS, barring_soon
from puntual.parties.models import Customer
from puntual.receivables.models import Installment

COOL = 60
"""Days after an alert was closed in which the same is not raised again."""
_EVERY, _POINTS = 10, 36
"""A balance is looked at every so many days, so many times back."""
_BARELY = 0.01
"""So much below the bound the database leaves a balance to the exact rule: it reckons the middle one in binary."""
_LATELY, _WINDOW, _MONTHS = 45, 90, 7
_CHUNK = 2_000


class Found(NamedTuple):
    """What changed, of whom: a customer, or (None) a creditor's customers together."""

    creditor_id: UUID
    customer_id: UUID | None
    change: Change


def find(organization_id: UUID, day: date) -> Iterator[Found]:
    """Everything that is worth an alert at the end of `day`, whether it was raised before or not. Memory stays flat."""
    yield from _late(organization_id, day)
    yield from _growing(organization_id, day)
    yield from _over_limit(organization_id, day)
    yield from _in_parts(organization_id, day)
    yield from _silent(organization_id, day)
    yield from _disputing(organization_id, day)
    yield from _slipping(organization_id, day)
    yield from _barring(organization_id, day)


def _rows(sql: str, organization_id: UUID, day: date, **values: Any) -> Iterator[list[tuple[Any, ...]]]:
    with connection.cursor() as settings:
        settings.execute("SET LOCAL cursor_tuple_fraction = 1.0; SET LOCAL work_mem = '64MB'")
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, {"org": organization_id, "day": day, "cool": COOL, **values})
        while rows := cursor.fetchmany(_CHUNK):
            yield rows


def _late(organization_id: UUID, day: date) -> Iterator[Found]:
    with connection.cursor() as cursor:
        asked = {"org": organization_id, "day": day, "cool": COOL, "recent": patterns.RECENT.days}
        gather(cursor, "alerts_watched", WATCHED, asked)
        cursor.execute("ANALYZE alerts_watched")
    for rows in _rows(LATENESS, organization_id, day, few=patterns.FEW):
        for creditor, customer, known, expected, days, settled in rows:
            weeks = [Week(*week) for week in zip(expected, days, settled, strict=True)]
            if change := patterns.lateness(weeks, known):
                yield Found(creditor, customer, change)


def _growing(organization_id: UUID, day: date) -> Iterator[Found]:
    for rows in _rows(GROWN, organization_id, day):
        billed = _billed(organization_id, day, [(customer, currency) for _creditor, customer, currency in rows])
        # Few buy more than ever: of the others the year's balances, which are much to read, are not asked for.
        worth = [
            (creditor, (customer, currency))
            for creditor, customer, currency in rows
            if patterns.may_grow(billed.get((customer, currency), ()), day)
        ]
        past = _balances(organization_id, day, [one for _creditor, one in worth], above_usual=True)
        for creditor, one in worth:
            if one in past and (change := patterns.growing(past[one], billed.get(one, ()), one[1], day)):
                yield Found(creditor, one[0], change)


def _balances(
    organization_id: UUID, day: date, asked: Sequence[tuple[UUID, str]], *, above_usual: bool = False
) -> dict[tuple[UUID, str], list[Balance]]:
    """What each owed in that currency, every so many days of the year, today last; only of those who owe more than they use to,
    or hardly less than that, where that is asked.
    """
    nothing = Balance(Decimal(0), 0)
    found = {} if above_usual else {one: [nothing] * (_POINTS + 1) for one in asked}
    values: dict[str, Any] = {
        "org": organization_id,
        "day": day,
        "every": _EVERY,
        "points": _POINTS,
        "customers": [customer for customer, _currency in asked],
        "currencies": [currency for _customer, currency in asked],
        "owing": patterns.OWING,
        "times": float(patterns.GROWN) - _BARELY,
    }
    with connection.cursor() as cursor:
        cursor.execute(BALANCES.format(having=ABOVE_USUAL if above_usual else ""), values)
        for customer, currency, points, amounts, items in cursor:
            balances = found[customer, currency] = [nothing] * (_POINTS + 1)
            for point, amount, number in zip(points, amounts, items, strict=True):
                balances[_POINTS - point] = Balance(amount, number)
    return found


def _billed(
    organization_id: UUID, day: date, asked: Sequence[tuple[UUID, str]]
) -> dict[tuple[UUID, str], list[Billed]]:
    """The latest invoices of each in that currency, the earliest first."""
    values: dict[str, Any] = {
        "org": organization_id,
        "day": day,
        "most": AT_MOST,
        "customers": [customer for customer, _currency in asked],
        "currencies": [currency for _customer, currency in asked],
    }
    with connection.cursor() as cursor:
        cursor.execute(BILLED, values)
        return {(customer, currency): list(map(Billed, days, amounts)) for customer, currency, days, amounts in cursor}


def _over_limit(organization_id: UUID, day: date) -> Iterator[Found]:
    passed = limit_passed(organization_id, day)
    for start in range(0, len(passed), _CHUNK):
        some = passed[start : start + _CHUNK]
        past = _balances(organization_id, day, [(one.customer_id, one.currency) for one in some])
        creditors = _creditors(organization_id, [one.customer_id for one in some])
        for one in some:
            facts = {"limit": str(one.limit), "now": str(one.used), "currency": one.currency}
            shape = tuple(float(balance.amount) for balance in past[one.customer_id, one.currency])[-13:]
            change = Change(Kind.LIMIT, facts, shape, 1, float(one.limit), one.currency)
            yield Found(creditors[one.customer_id], one.customer_id, change)


def _in_parts(organization_id: UUID, day: date) -> Iterator[Found]:
    for rows in _rows(PARTS, organization_id, day, lately=_LATELY):
        for creditor, customer, items, before, settled, when in rows:
            if change := patterns.in_parts(items, before, settled, [*_by_month(when, 13)[:-1], items]):
                yield Found(creditor, customer, change)


def _silent(organization_id: UUID, day: date) -> Iterator[Found]:
    for rows in _rows(SILENCE, organization_id, day, window=_WINDOW, contacts=patterns.CONTACTS):
        for creditor, customer, days in rows:
            if change := patterns.silent(days):
                yield Found(creditor, customer, change)


def _disputing(organization_id: UUID, day: date) -> Iterator[Found]:
    for rows in _rows(DISPUTES, organization_id, day, disputes=patterns.DISPUTES):
        for creditor, customer, when in rows:
            if change := patterns.disputing(_by_month(when, 12)):
                yield Found(creditor, customer, change)


def _by_month(ago: Iterable[int], months: int) -> list[int]:
    """How many in each month, the earliest first, of how many months ago each was."""
    found = [0] * months
    for one in ago:
        if one < months:
            found[months - 1 - one] += 1
    return found


def _slipping(organization_id: UUID, day: date) -> Iterator[Found]:
    groups: dict[tuple[UUID, str], list[tuple[int, int]]] = defaultdict(lambda: [(0, 0)] * _MONTHS)
    for rows in _rows(SLIPPING, organization_id, day, months=_MONTHS):
        for creditor, tag, month, customers, late in rows:
            groups[creditor, tag][_MONTHS - 1 - month] = (customers, late)
    for (creditor, tag), months in groups.items():
        if change := patterns.slipping(months, tag):
            yield Found(creditor, None, change)


def _barring(organization_id: UUID, day: date) -> Iterator[Found]:
    """Each claim once when it comes within the first of `WARN_DAYS` of its last day, and once more within the second."""
    soon = barring_soon(organization_id, day)
    for start in range(0, len(soon), _CHUNK):
        some = soon[start : start + _CHUNK]
        rows = Installment.objects.filter(organization_id=organization_id, id__in=[one.installment_id for one in some])
        facts = {
            item: (creditor, number, amount, currency)
            for item, creditor, number, amount, currency in rows.values_list(
                "id", "creditor_id", "invoice__number", "open_amount", "currency"
            )
        }
        for one in some:
            creditor, number, amount, currency = facts[one.installment_id]
            stage = min(days for days in WARN_DAYS if one.days_left <= days)
            told = {
                "number": number,
                "last_day": one.last_day.isoformat(),
                "days": one.days_left,
                "now": str(amount),
                "currency": currency,
            }
            subject = f"{one.installment_id}:{stage}"
            change = Change(Kind.LIMITATION, told, (float(one.days_left),), 1, float(stage), subject)
            yield Found(creditor, one.customer_id, change)


def _creditors(organization_id: UUID, customers: Sequence[UUID]) -> dict[UUID, UUID]:
    rows = Customer.objects.filter(organization_id=organization_id, id__in=customers)
    return dict(rows.values_list("id", "creditor_id"))
