"""Reports on what may be lost and on whom it hangs: the provision matrix, the largest customers, concentration."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from heapq import nlargest
from uuid import UUID

from django.utils.translation import gettext as _

from puntual.analytics.months import BUCKETS, months_through, periods
from puntual.analytics.queries import aging, aging_by_customer
from puntual.analytics.rates.converting import aging_in, customers_in, period_in
from puntual.analytics.rates.models import LossRate
from puntual.analytics.rates.queries import own_loss_rates
from puntual.analytics.ratios import expected_loss, share
from puntual.analytics.risk import TOP, Weight, concentration, lifetime_loss
from puntual.analytics.tables import Cell, Column, Question, Report
from puntual.analytics.wording import bucket_label

MONTHS = 24
LARGEST = 50
_ZERO = Decimal(0)


def provision_report(organization_id: UUID, question: Question) -> Report:
    """Expected credit loss by bucket: with the loss rates the organization set, else those the last two years' months gave."""
    sums = aging_in(aging(organization_id, question.as_of, question.known_on, whose=question.whose), question.into)
    own = own_loss_rates(organization_id, question.as_of, question.creditor)
    percents = loss_percents(organization_id, question, sums.currencies)
    columns = (
        Column("bucket", _("Age")),
        Column("currency", _("Currency"), "currency"),
        Column("amount", _("Open"), "money"),
        Column("loss_rate", _("Loss rate"), "percent", decimals=2),
        Column("expected_loss", _("Expected loss"), "money"),
        Column("bucket_code", _("Age"), in_files_only=True),
    )
    losses = {currency: expected_loss(one.amounts, percents[currency]) for currency, one in sums.currencies.items()}
    return Report(
        name="provision",
        title=_("Expected credit loss"),
        basis=" ".join(
            (_("Provision matrix (IFRS 9, B5.5.35): open amount × lifetime loss rate by age."), _rates_said(own))
        ),
        as_of=question.as_of,
        columns=columns,
        rows=(
            (bucket_label(name), currency, one.amounts[place], percents[currency][place], losses[currency][place], name)
            for currency, one in sums.currencies.items()
            for place, name in enumerate(BUCKETS.names)
        ),
        totals=tuple(
            (
                _("Total"),
                currency,
                one.total,
                share(sum(losses[currency], _ZERO), one.total),
                sum(losses[currency], _ZERO),
                "",
            )
            for currency, one in sums.currencies.items()
        ),
        rows_key="buckets",
        facts={
            "as_of": question.as_of.isoformat(),
            **({"rates_from": own.from_on.isoformat()} if own else {"months": MONTHS}),
        },
    )


def loss_percents(organization_id: UUID, question: Question, currencies: Iterable[str]) -> dict[str, list[Decimal]]:
    """By currency, the loss rate of each bucket in percent: as the organization set them, else as they were measured."""
    own = own_loss_rates(organization_id, question.as_of, question.creditor)
    if own:
        return {currency: list(own.percents or ()) for currency in currencies}
    return _measured_loss(organization_id, question, currencies)


def _measured_loss(organization_id: UUID, question: Question, currencies: Iterable[str]) -> dict[str, list[Decimal]]:
    """By currency, the percent of each bucket's amounts that was written off in the end.

    It is measured on all that is owed to the creditor: what fewer customers lost in two years says little.
    """
    spans = months_through(question.as_of, MONTHS)
    seen = [period_in(one, question.into) for one in periods(organization_id, spans, question.creditor)]
    percents: dict[str, list[Decimal]] = {}
    for currency in currencies:
        moves: dict[tuple[int, str], Decimal] = defaultdict(lambda: _ZERO)
        for month in seen:
            if currency in month:
                for move, amount in month[currency].moves.items():
                    moves[move] += amount
        rates = lifetime_loss(moves, len(BUCKETS.names), ("written_off",))
        percents[currency] = [(rate * 100).quantize(Decimal("0.01")) for rate in rates]
    return percents


def _rates_said(own: LossRate | None) -> str:
    if own:
        return _("The rates were set from {date} on: {reason}").format(date=own.from_on.isoformat(), reason=own.reason)
    return _(
        "The rates are what became of such amounts in the last {months} months, of all that is owed to the creditor: the share"
        " that is written off in the end."
    ).format(months=MONTHS)


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
        title=_("Largest customers"),
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
        title=_("Concentration"),
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
