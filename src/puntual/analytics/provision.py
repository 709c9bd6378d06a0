"""The provision matrix: what may be lost of what is open, by age; rates are set for a creditor, a segment or all, or measured."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from puntual.analytics.aging import CurrencyAging
from puntual.analytics.months import BALANCES, BUCKETS, months_through, periods
from puntual.analytics.queries import aging
from puntual.analytics.rates.converting import aging_in, period_in
from puntual.analytics.rates.models import LossRate
from puntual.analytics.rates.queries import LossGroup, loss_groups
from puntual.analytics.ratios import expected_loss, share
from puntual.analytics.risk import lifetime_loss
from puntual.analytics.tables import Column, Question, Report, Shape, Worked
from puntual.analytics.titles import title_of
from puntual.analytics.wording import bucket_label
from puntual.strategies.models import StoredSegment

MONTHS = 24
_ZERO = Decimal(0)


@dataclass(slots=True)
class Line:
    """One currency: by bucket what is open, what of it is expected to be lost, and the rate, None where nothing is open under
    several.
    """

    amounts: list[Decimal]
    losses: list[Decimal]
    rates: list[Decimal | None]


def provision_report(organization_id: UUID, question: Question) -> Report:
    """Expected credit loss by bucket: with the loss rates the organization set, else those the last two years' months gave."""
    groups = loss_groups(organization_id, question.as_of, question.whose)
    columns = (
        Column("bucket", _("Age")),
        Column("currency", _("Currency"), "currency"),
        Column("amount", _("Open"), "money"),
        Column("loss_rate", _("Loss rate, %"), "percent", decimals=2),
        Column("expected_loss", _("Expected loss"), "money"),
        Column("bucket_code", _("Age"), in_files_only=True),
    )
    own = groups[-1].own

    def work() -> Worked:
        lines = _lines(organization_id, question, groups)
        return Worked(
            rows=(
                (bucket_label(name), currency, one.amounts[place], one.rates[place], one.losses[place], name)
                for currency, one in lines.items()
                for place, name in enumerate(BUCKETS.names)
            ),
            totals=tuple(_total(currency, one) for currency, one in lines.items()),
        )

    return Report(
        name="provision",
        title=title_of("provision"),
        basis=" ".join(
            (
                _("Provision matrix (IFRS 9, B5.5.35): open amount × lifetime loss rate by age."),
                *_said(organization_id, groups),
            )
        ),
        as_of=question.as_of,
        columns=columns,
        work=work,
        rows_key="buckets",
        chart=Shape("bars", ("amount", "expected_loss"), label=("bucket",)),
        facts={
            "as_of": question.as_of.isoformat(),
            **({"rates_from": own.from_on.isoformat()} if own else {"months": MONTHS}),
            "own_rates": [
                {
                    "creditor": group.own.creditor.code if group.own.creditor else None,
                    "segment": group.own.segment or None,
                    "from": group.own.from_on.isoformat(),
                    "percents": [str(percent) for percent in group.own.percents or ()],
                    "reason": group.own.reason,
                }
                for group in groups
                if group.own
            ],
        },
    )


def loss_percents(
    organization_id: UUID, question: Question, groups: Sequence[LossGroup], currencies: Iterable[str]
) -> list[dict[str, list[Decimal]]]:
    """For each group by currency the loss rate of each bucket in percent: as the organization set them, else as measured."""
    wanted = list(currencies)
    measured: dict[UUID | None, dict[str, list[Decimal]]] = {}

    def of(group: LossGroup) -> dict[str, list[Decimal]]:
        if group.own:
            return {currency: list(group.own.percents or ()) for currency in wanted}
        creditor = group.whose.creditor or question.creditor
        if creditor not in measured:
            measured[creditor] = _measured_loss(organization_id, question, creditor, wanted)
        return measured[creditor]

    return [of(group) for group in groups]


def _lines(organization_id: UUID, question: Question, groups: Sequence[LossGroup]) -> dict[str, Line]:
    """What is open by age of each group, with its rates, together by currency."""
    asked = question.whose
    open_by: list[dict[str, CurrencyAging]] = []
    for place, group in enumerate(groups):
        others = tuple((False, before.whose) for before in groups[:place])
        mine = ((True, group.whose),) if group.whose.named else ()
        whose = replace(asked, among=(*asked.among, *others, *mine))
        sums = aging(organization_id, question.as_of, question.known_on, whose=whose)
        open_by.append(dict(aging_in(sums, question.into).currencies))
    currencies = sorted({currency for one in open_by for currency in one})
    percents = loss_percents(organization_id, question, groups, currencies)
    return {currency: _line(currency, open_by, percents) for currency in currencies}


def _line(
    currency: str, open_by: Sequence[dict[str, CurrencyAging]], percents: Sequence[dict[str, list[Decimal]]]
) -> Line:
    number = len(BUCKETS.names)
    amounts, losses = [_ZERO] * number, [_ZERO] * number
    for one, rates in zip(open_by, percents, strict=True):
        if currency in one:
            lost = expected_loss(one[currency].amounts, rates[currency])
            amounts = [before + more for before, more in zip(amounts, one[currency].amounts, strict=True)]
            losses = [before + more for before, more in zip(losses, lost, strict=True)]
    if len(percents) == 1:
        return Line(amounts, losses, list(percents[0][currency]))
    return Line(amounts, losses, [share(lost, amount) for lost, amount in zip(losses, amounts, strict=True)])


def _total(currency: str, one: Line) -> tuple[str | Decimal | None, ...]:
    amount, lost = sum(one.amounts, _ZERO), sum(one.losses, _ZERO)
    return (_("Total"), currency, amount, share(lost, amount), lost, "")


def _measured_loss(
    organization_id: UUID, question: Question, creditor: UUID | None, currencies: Iterable[str]
) -> dict[str, list[Decimal]]:
    """By currency, the percent of each bucket's amounts that was written off in the end.

    It is measured on all that is owed to the creditor: what fewer customers lost in two years says little.
    """
    spans = months_through(question.as_of, MONTHS)
    months = periods(organization_id, spans, creditor, parts=(BALANCES,))
    seen = [period_in(one, question.into) for one in months]
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


def _said(organization_id: UUID, groups: Sequence[LossGroup]) -> list[str]:
    """Where the rates of each group are from."""
    names = dict(StoredSegment.objects.filter(organization_id=organization_id).values_list("code", "name"))
    return [_rates_said(group.own, names) for group in groups]


def _rates_said(own: LossRate | None, names: dict[str, str]) -> str:
    if own is None:
        return _(
            "The rates are what became of such amounts in the last {months} months, of all that is owed to the creditor: the"
            " share that is written off in the end."
        ).format(months=MONTHS)
    date = own.from_on.isoformat()
    if own.creditor is None and not own.segment:
        return _("The rates were set from {date} on: {reason}").format(date=date, reason=own.reason)
    whom = [own.creditor.name] if own.creditor else []
    whom += [names.get(own.segment, own.segment)] if own.segment else []
    return _("For {whom} the rates were set from {date} on: {reason}.").format(
        whom=", ".join(whom), date=date, reason=own.reason.rstrip(".")
    )
