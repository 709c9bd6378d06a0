"""Reports on whom it hangs: the largest customers, concentration."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from heapq import nlargest
from uuid import UUID

from django.utils.translation import gettext as _

from puntual.analytics.queries import aging_by_customer
from puntual.analytics.rates.converting import customers_in
from puntual.analytics.ratios import share
from puntual.analytics.risk import TOP, Weight, concentration
from puntual.analytics.tables import Cell, Column, Question, Report
from puntual.analytics.titles import title_of

LARGEST = 50
_ZERO = Decimal(0)


def top_customers_report(organization_id: UUID, question: Question) -> Report:
    """The customers with most open, in each currency."""
    weights = _weights(organization_id, question)
    totals = {currency: sum((one.amount for one in each), _ZERO) for currency, each in weights.items()}
    columns = (
        Column("place", _("Place"), "count"),
        Column("creditor", _("Creditor"), in_files_only=True),
        Column("code", _("Code")),
        Column("name", _("Customer")),
        Column("currency", _("Currency"), "currency"),
        Column("open", _("Open"), "money"),
        Column("overdue", _("Overdue"), "money"),
        Column("share", _("Share of all"), "percent"),
        Column("running", _("Share so far"), "percent"),
    )

    def rows() -> Iterator[tuple[Cell, ...]]:
        for currency, each in weights.items():
            running = _ZERO
            for place, one in enumerate(nlargest(LARGEST, each, key=lambda one: (one.amount, one.code)), 1):
                running += one.amount
                of_all, so_far = share(one.amount, totals[currency]), share(running, totals[currency])
                yield (place, one.creditor, one.code, one.name, currency, one.amount, one.overdue, of_all, so_far)

    return Report(
        name="top-customers",
        title=title_of("top-customers"),
        basis=_("The {number} customers with most open in each currency, as of {date}.").format(
            number=LARGEST, date=question.as_of.isoformat()
        ),
        as_of=question.as_of,
        columns=columns,
        rows=rows(),
        totals=(),
        rows_key="customers",
        facts={"as_of": question.as_of.isoformat()},
    )


def concentration_report(organization_id: UUID, question: Question) -> Report:
    """How much of what is open hangs on the largest customers."""
    weights = _weights(organization_id, question)
    columns = (
        Column("currency", _("Currency"), "currency"),
        Column("customers", _("Customers"), "count"),
        Column("open", _("Open"), "money"),
        *(Column(f"top_{top}", _("Largest {number}").format(number=top), "percent") for top in TOP),
        Column("index", _("Herfindahl index"), "count"),
    )

    def rows() -> Iterator[tuple[Cell, ...]]:
        for currency, each in weights.items():
            if found := concentration([one.amount for one in each]):
                yield (currency, found.customers, found.total, *found.shares.values(), round(found.index))

    return Report(
        name="concentration",
        title=title_of("concentration"),
        basis=_(
            "Percent of what is open on {date} that the largest customers owe. Herfindahl–Hirschman index: the sum of the squared"
            " percents; 10,000 is a single customer."
        ).format(date=question.as_of.isoformat()),
        as_of=question.as_of,
        columns=columns,
        rows=rows(),
        totals=(),
        rows_key="currencies",
        facts={"as_of": question.as_of.isoformat()},
    )


def _weights(organization_id: UUID, question: Question) -> dict[str, list[Weight]]:
    """What each customer owes, by currency in alphabetical order."""
    found: dict[str, list[Weight]] = defaultdict(list)
    rows = aging_by_customer(organization_id, question.as_of, question.known_on, whose=question.whose)
    for row in customers_in(rows, question.into):
        if row.total > 0:
            overdue = row.total - row.amounts[0]
            found[row.currency].append(Weight(row.code, row.name, row.creditor, row.total, overdue))
    return {currency: found[currency] for currency in sorted(found)}
