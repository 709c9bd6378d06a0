"""Reports on whom it hangs: the largest customers, concentration."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from puntual.analytics.queries import aging_by_customer, largest
from puntual.analytics.rates.converting import customers_in
from puntual.analytics.ratios import share
from puntual.analytics.risk import TOP, Largest, Weight, concentration, largest_of
from puntual.analytics.tables import Cell, Column, Question, Report, Shape, Worked
from puntual.analytics.titles import title_of

LARGEST = 50
_ZERO = Decimal(0)


def top_customers_report(organization_id: UUID, question: Question) -> Report:
    """The customers with most open, in each currency."""
    columns = (
        Column("place", _("Place"), "count"),
        Column("creditor", _("Creditor"), in_files_only=True),
        Column("code", _("Code")),
        Column("name", _("Customer")),
        Column("currency", _("Currency"), "currency"),
        Column("open", _("Open"), "money"),
        Column("overdue", _("Overdue"), "money"),
        Column("share", _("Share of all, %"), "percent"),
        Column("running", _("Share so far, %"), "percent"),
    )

    def rows(found: Mapping[str, Largest]) -> Iterator[tuple[Cell, ...]]:
        for currency, each in found.items():
            running = _ZERO
            for place, one in enumerate(each.weights, 1):
                running += one.amount
                of_all, so_far = share(one.amount, each.total), share(running, each.total)
                yield (place, one.creditor, one.code, one.name, currency, one.amount, one.overdue, of_all, so_far)

    return Report(
        name="top-customers",
        title=title_of("top-customers"),
        basis=_("The {number} customers with most open in each currency, as of {date}.").format(
            number=LARGEST, date=question.as_of.isoformat()
        ),
        as_of=question.as_of,
        columns=columns,
        work=lambda: Worked(rows(_largest(organization_id, question))),
        rows_key="customers",
        chart=Shape("bars", ("open", "overdue"), label=("name",)),
        facts={"as_of": question.as_of.isoformat()},
    )


def concentration_report(organization_id: UUID, question: Question) -> Report:
    """How much of what is open hangs on the largest customers."""
    columns = (
        Column("currency", _("Currency"), "currency"),
        Column("customers", _("Customers"), "count"),
        Column("open", _("Open"), "money"),
        *(Column(f"top_{top}", _("Largest {number}, %").format(number=top), "percent") for top in TOP),
        Column("index", _("Herfindahl index"), "count"),
    )

    def rows(large: Mapping[str, Largest]) -> Iterator[tuple[Cell, ...]]:
        for currency, each in large.items():
            if found := concentration(each):
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
        work=lambda: Worked(rows(_largest(organization_id, question))),
        rows_key="currencies",
        chart=Shape("bars", ("top_1", "top_5", "top_10", "top_20", "top_50"), across=True),
        facts={"as_of": question.as_of.isoformat()},
    )


def _largest(organization_id: UUID, question: Question) -> dict[str, Largest]:
    """The largest customers by currency in alphabetical order; put together in one currency, what each owes is added up first."""
    if question.into is None:
        return largest(organization_id, question.as_of, question.known_on, LARGEST, whose=question.whose)
    rows = aging_by_customer(organization_id, question.as_of, question.known_on, whose=question.whose)
    found: dict[str, list[Weight]] = defaultdict(list)
    for row in customers_in(rows, question.into):
        if row.total > 0:
            overdue = row.total - row.amounts[0]
            found[row.currency].append(Weight(row.code, row.name, row.creditor, row.total, overdue))
    return {currency: largest_of(found[currency], LARGEST) for currency in sorted(found)}
