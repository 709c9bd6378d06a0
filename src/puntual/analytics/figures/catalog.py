"""The figures of each report that lead to rows, and how a row of the report is told from the others."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from puntual.analytics.figures import agreed, alerts, contacts, credit, habits, ledger, letter, rhythm
from puntual.analytics.figures.ledger import Finder
from puntual.analytics.figures.lines import Figure, Rows, together
from puntual.analytics.money_reports import period_of
from puntual.analytics.months import BUCKETS, OUT
from puntual.analytics.provision import loss_percents
from puntual.analytics.rates.queries import loss_groups
from puntual.analytics.tables import Cell, Report


@dataclass(frozen=True, slots=True)
class Figures:
    """`key` are the columns that tell a report's rows apart; `columns` those whose figures have rows, with how they are found.

    A row of totals stands for all rows of its currency: "" in every other column of the key. Where `summed`, the figures stand in
    the totals alone, which the whole key tells apart.
    """

    key: tuple[str, ...]
    columns: Mapping[str, Finder]
    summed: bool = False


def _at_the_end(figure: Figure) -> Rows:
    _first, last = ledger.span(figure)
    overdue = False if figure.column in ("not_due", "end_not_due") else None
    return ledger.open_items(figure, last, overdue=overdue)


def _at_the_beginning(figure: Figure) -> Rows:
    return ledger.open_items(figure, ledger.span(figure)[0] - timedelta(days=1))


def _aged(figure: Figure) -> Rows:
    bucket = figure.column if figure.column in BUCKETS.names else figure.row.get("bucket_code", "")
    return ledger.open_items(figure, figure.question.as_of, bucket=bucket)


def _overdue(figure: Figure) -> Rows:
    return ledger.open_items(figure, figure.question.as_of, overdue=True)


def _lost(figure: Figure) -> Rows:
    question = figure.question
    currency = question.into.currency if question.into else figure.row["currency"]
    groups = loss_groups(figure.organization_id, question.as_of, question.whose)
    percents = loss_percents(figure.organization_id, question, groups, [currency])
    shares = [(group.whose, rates[currency]) for group, rates in zip(groups, percents, strict=True)]
    return ledger.open_items(figure, question.as_of, bucket=figure.row.get("bucket_code", ""), shares=shares)


def _moved(figure: Figure) -> Rows:
    return ledger.moves(figure, *period_of(figure.question))


def _customers(figure: Figure) -> Rows:
    return ledger.customers_owing(figure, figure.question.as_of)


def _cured(figure: Figure) -> Rows:
    return ledger.late_customers(figure, cured=figure.column == "cured")


_CUSTOMER = ("creditor", "code", "currency")
_HABITS = {"open": _aged, "settled": habits.settled}
FIGURES: dict[str, Figures] = {
    "aging": Figures(
        _CUSTOMER, {**dict.fromkeys((*BUCKETS.names, "total"), _aged), "unapplied_credit": credit.unapplied}
    ),
    "top-customers": Figures(_CUSTOMER, {"open": _aged, "overdue": _overdue}),
    "concentration": Figures(("currency",), {"customers": _customers, "open": _aged}),
    "provision": Figures(("bucket_code", "currency"), {"amount": _aged, "expected_loss": _lost}),
    "dso": Figures(("month", "currency"), {"receivables": _at_the_end, "not_due": _at_the_end, "sales": ledger.sales}),
    "cei": Figures(
        ("month", "currency"),
        {"begin": _at_the_beginning, "sales": ledger.sales, "end": _at_the_end, "end_not_due": _at_the_end},
    ),
    "roll-rates": Figures(("bucket_code", "currency"), dict.fromkeys(("amount", *BUCKETS.names, *OUT), _moved)),
    "cure-rate": Figures(("month", "currency"), {"delinquent": _cured, "cured": _cured}),
    "collected": Figures(
        ("day", "cause_code", "channel_code", "currency"), {"payments": contacts.payments, "amount": contacts.payments}
    ),
    "effectiveness": Figures(
        ("by_code", "value_code"), dict.fromkeys(("contacts", "answered", "known", "paid"), contacts.contacts)
    ),
    "promises": Figures(
        ("month", "currency"),
        dict.fromkeys(("due", "kept", "partly_kept", "broken", "waiting", "promised", "paid"), agreed.promises),
    ),
    "agreements": Figures(
        ("month", "kind_code", "currency"),
        dict.fromkeys(
            ("made", "active", "completed", "broken", "replanned", "not_accepted", "principal", "paid"), agreed.plans
        ),
    ),
    "disputes": Figures(
        ("month", "creditor_id", "cause", "currency"),
        dict.fromkeys(("disputes", "open", "won", "late", "amount", "granted"), agreed.disputes),
    ),
    "behavior": Figures(
        _CUSTOMER,
        {
            **_HABITS,
            "overdue": _overdue,
            "broken_promises": rhythm.not_kept,
            "disputes": rhythm.disputes,
            **dict.fromkeys(("contacts", "answered"), rhythm.contacts),
            "seasons": rhythm.seasonal,
        },
    ),
    "scores": Figures(_CUSTOMER, _HABITS),
    "calibration": Figures(("month",), {"items": habits.judged}),
    "forecast": Figures(("week", "currency"), {"came": habits.came, "expected": habits.expected}),
    "forecast-days": Figures(("first", "day", "currency"), {"expected": habits.expected}),
    "credit-limits": Figures(
        _CUSTOMER,
        {
            **dict.fromkeys(("limit", "free", "beyond"), credit.limits),
            "used": credit.used,
            "asked": credit.applications,
        },
    ),
    "letter": Figures(
        ("month", "currency", "creditor_id", "customer_id", "cause", "segment", "but"),
        {
            "balance": letter.balance,
            "overdue": letter.overdue,
            "collected": letter.collected,
            "disputed": letter.disputed,
            **dict.fromkeys(("change", "fell_due", "new", "put_off", *OUT), letter.change),
        },
    ),
    "alerts": Figures(("kind",), dict.fromkeys(("says", "outcome_words"), alerts.raised), summed=True),
}
"""Conduct and fairness have a row for each contact and each agreement already: their rows are what they are made of."""


def row_key(name: str, report: Report, row: tuple[Cell, ...], *, total: bool = False) -> dict[str, str]:
    """What tells a row of a report from the others; of a row of totals only its currency, unless they are what tells of it."""
    places = {column.key: place for place, column in enumerate(report.columns)}
    found = FIGURES[name]
    whole = found.summed or not total
    keys = [key for key in found.key if key in places]
    return {key: str(row[places[key]]) for key in keys if whole or report.columns[places[key]].kind == "currency"}


def leads(name: str, column: str, key: Mapping[str, str], as_of: date, *, total: bool = False) -> bool:
    """Whether a figure leads to rows. What was expected of a past week does not: its sum alone was kept."""
    if name not in FIGURES or column not in FIGURES[name].columns or FIGURES[name].summed > total:
        return False
    return not (name == "forecast" and column == "expected" and date.fromisoformat(key["week"]) <= as_of)


def behind(name: str, figure: Figure) -> Rows | None:
    """The rows behind a figure of a report; None where it has none."""
    found = FIGURES.get(name)
    find = found and found.columns.get(figure.column)
    if not find:
        return None
    into = figure.question.into
    if into is None:
        return find(figure)
    rows = find(replace(figure, row={**figure.row, "currency": ""}))
    return rows if rows is None or rows.counts else together(rows, into)
