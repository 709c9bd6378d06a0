"""Aging against sums made the slow way: every entry, every payment, one after the other in Python."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from puntual.analytics.aging import fold
from puntual.analytics.queries import aging, aging_by_customer, portfolio_aging
from puntual.analytics.tests.conftest import Portfolio
from puntual.kernel.aging import Buckets
from puntual.parties.models import Customer
from puntual.payments.models import Payment, Refund
from puntual.receivables.models import CreditNote, Entry, Installment

LIMA = ZoneInfo("America/Lima")
FINE = Buckets((15, 30, 60, 90, 180))


def naive(as_of: date, known_on: date | None, creditor_id=None, buckets: Buckets = FINE) -> dict:
    """{(creditor code, customer code, currency): (amounts, counts, credit)}, by nothing but addition."""

    def counts(effective: date, recorded) -> bool:
        return effective <= as_of and (known_on is None or recorded.astimezone(LIMA).date() <= known_on)

    amounts: dict = defaultdict(lambda: [Decimal(0)] * len(buckets.names))
    numbers: dict = defaultdict(lambda: [0] * len(buckets.names))
    credit: dict = defaultdict(Decimal)
    keys = {one.id: (one.creditor.code, one.code) for one in Customer.objects.select_related("creditor")}
    entries = list(Entry.objects.all())
    for item in Installment.objects.all():
        if creditor_id and item.creditor_id != creditor_id:
            continue
        balance = sum(
            (
                entry.amount
                for entry in entries
                if entry.installment_id == item.id
                and entry.account == "receivable"
                and counts(entry.effective_on, entry.recorded_at)
            ),
            Decimal(0),
        )
        key = (*keys[item.customer_id], item.currency)
        place = buckets.index((as_of - item.due_on).days)
        amounts[key][place] += balance
        numbers[key][place] += balance > 0
    sources = [*Payment.objects.all(), *CreditNote.objects.all()]
    for source in sources:
        if creditor_id and source.creditor_id != creditor_id:
            continue
        if isinstance(source, Payment):
            there = counts(source.received_on, source.recorded_at)
            gone = source.reversed_on and counts(source.reversed_on, source.recorded_at)
            if known_on and source.reversed_on and source.reversed_on > known_on:
                gone = False
        else:
            there, gone = source.issued_on <= as_of and (known_on is None or source.issued_on <= known_on), False
        if not there or gone:
            continue
        left = source.amount
        left += sum(
            entry.amount
            for entry in entries
            if entry.source_id == source.id and counts(entry.effective_on, entry.recorded_at)
        )
        left -= sum(
            given.amount
            for given in Refund.objects.filter(payment_id=source.id)
            if counts(given.refunded_on, given.recorded_at)
        )
        credit[(*keys[source.customer_id], source.currency)] += left
    return {
        key: (tuple(amounts[key]), tuple(numbers[key]), credit[key])
        for key in {*amounts, *credit}
        if any(amounts[key]) or credit[key]
    }


def by_customer(portfolio: Portfolio, as_of: date, known_on: date | None, creditor=None) -> dict:
    rows = list(aging_by_customer(portfolio.organization_id, as_of, known_on, creditor, FINE))
    for row in rows:
        assert row.total == sum(row.amounts)
    found = {
        (row.creditor, row.code, row.currency): (tuple(map(Decimal, row.amounts)), row.unapplied_credit) for row in rows
    }
    assert len(found) == len(rows)
    return found


# Every second week of the history and a while after it, and a few days on which something happened.
DAYS = [date(2026, 2, 20) + timedelta(days=14 * week) for week in range(18)]
TURNS = [date(2026, 3, 28), date(2026, 5, 1), date(2026, 6, 12), date(2026, 6, 24), date(2026, 8, 18), date(2026, 9, 1)]


def test_as_of_any_day_is_the_sum_of_what_had_happened(portfolio: Portfolio) -> None:
    for as_of in DAYS + TURNS:
        expected = naive(as_of, None)
        assert by_customer(portfolio, as_of, None) == {
            key: (amounts, credit) for key, (amounts, _counts, credit) in expected.items()
        }, as_of
        check_totals(aging(portfolio.organization_id, as_of, buckets=FINE), expected)


@pytest.mark.parametrize("known_on", [date(2026, 3, 19), date(2026, 5, 14), date(2026, 6, 21), date(2026, 8, 19)])
def test_as_known_on_a_day_leaves_out_what_was_recorded_later(portfolio: Portfolio, known_on: date) -> None:
    for as_of in [*DAYS[::3], *TURNS, known_on]:
        expected = naive(as_of, known_on)
        assert by_customer(portfolio, as_of, known_on) == {
            key: (amounts, credit) for key, (amounts, _counts, credit) in expected.items()
        }, as_of
        check_totals(aging(portfolio.organization_id, as_of, known_on, buckets=FINE), expected)


def test_one_creditor(portfolio: Portfolio) -> None:
    for as_of in (date(2026, 5, 31), date(2026, 10, 1)):
        for creditor in (portfolio.main, portfolio.other):
            expected = naive(as_of, None, creditor.id)
            assert {key[0] for key in expected} == {creditor.code}
            assert by_customer(portfolio, as_of, None, creditor.id) == {
                key: (amounts, credit) for key, (amounts, _counts, credit) in expected.items()
            }
            check_totals(aging(portfolio.organization_id, as_of, creditor=creditor.id, buckets=FINE), expected)


def check_totals(found, expected: dict) -> None:
    sums: dict = {}
    for (_creditor, _code, currency), (amounts, counts, credit) in expected.items():
        old = sums.get(currency, ((Decimal(0),) * len(FINE.names), (0,) * len(FINE.names), Decimal(0)))
        sums[currency] = (
            tuple(a + b for a, b in zip(old[0], amounts, strict=True)),
            tuple(a + b for a, b in zip(old[1], counts, strict=True)),
            old[2] + credit,
        )
    assert {
        currency: (tuple(one.amounts), tuple(one.counts), one.unapplied_credit)
        for currency, one in found.currencies.items()
    } == sums
    assert list(found.currencies) == sorted(sums)


def test_a_late_recording_changes_what_is_true_but_not_what_was_known(portfolio: Portfolio) -> None:
    """120.00 came on 1 May and was recorded on 15 May: the aging of 10 May knows it today, and did not know it then."""
    day = date(2026, 5, 10)
    assert aging(portfolio.organization_id, day).currencies["PEN"].total == Decimal("1170.50")
    assert aging(portfolio.organization_id, day, known_on=day).currencies["PEN"].total == Decimal("1290.50")


def test_the_end_of_a_day_is_the_organizations(portfolio: Portfolio) -> None:
    """What was recorded at half past nine in Lima is known on that day, though it was the next one in Greenwich."""
    day = date(2026, 3, 20)
    assert "USD" in aging(portfolio.organization_id, day, known_on=day).currencies
    assert "USD" not in aging(portfolio.organization_id, day, known_on=day - timedelta(days=1)).currencies


def test_rows_come_by_name(portfolio: Portfolio) -> None:
    rows = [(row.name, row.currency) for row in aging_by_customer(portfolio.organization_id, date(2026, 3, 31))]
    assert rows == [("Bodegas del Sur", "PEN"), ("Ñandú Textiles S.A.C.", "PEN"), ("Ñandú Textiles S.A.C.", "USD")]


def test_the_portfolio_of_now_is_the_aging_of_now(portfolio: Portfolio) -> None:
    day = date(2026, 9, 2)
    now, quick = aging(portfolio.organization_id, day), portfolio_aging(portfolio.organization_id, day)
    owed = {currency: one for currency, one in now.currencies.items() if one.count}
    assert {currency: (one.amounts, one.counts) for currency, one in quick.currencies.items()} == {
        currency: (one.amounts, one.counts) for currency, one in owed.items()
    }


def test_nobody_elses_portfolio(portfolio: Portfolio, cast) -> None:
    day = date(2026, 9, 2)
    assert list(aging_by_customer(cast.other_organization.id, day)) == []
    assert aging(cast.other_organization.id, day).currencies == {}
    assert portfolio_aging(cast.other_organization.id, day).currencies == {}


@pytest.mark.parametrize(
    ("due_on", "bucket"),
    [
        (date(2026, 11, 24), "current"),
        (date(2026, 11, 23), "current"),
        (date(2026, 11, 22), "1-30"),
        (date(2026, 10, 24), "1-30"),
        (date(2026, 10, 23), "31-60"),
        (date(2026, 8, 25), "61-90"),
        (date(2026, 8, 24), "91+"),
    ],
)
def test_the_due_date_itself_is_not_late(due_on: date, bucket: str) -> None:
    buckets = Buckets()
    found = fold(date(2026, 11, 23), buckets, [("PEN", due_on, Decimal(5), 1)], {})
    assert found.currencies["PEN"].amounts[buckets.names.index(bucket)] == 5
