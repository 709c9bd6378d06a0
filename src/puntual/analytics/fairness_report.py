"""The fairness report: offers by situation, who got what, and every exception with its reason and who decided it."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from puntual.agreements import beyond
from puntual.analytics.fairness import (
    ACCEPTED,
    DECLINED,
    MEASURES,
    OPEN,
    REFUSED,
    WITHDRAWN,
    Cell,
    Given,
    Tally,
    bands,
    cell_of,
    given,
    tallies,
)
from puntual.analytics.tables import Cell as Value
from puntual.analytics.tables import Column, Question, Report, Shape, Worked
from puntual.analytics.titles import title_of
from puntual.analytics.wording import bucket_label
from puntual.kernel.aging import Buckets
from puntual.organizations.models import Organization

DAYS = 90
"""How far back it looks unless told otherwise."""


def fairness_report(organization_id: UUID, question: Question) -> Report:
    """One row per extension, plan and settlement of the period; the situations as facts."""
    since = question.since or question.as_of - timedelta(days=DAYS)
    columns = (
        Column("on", _("Date"), "date"),
        Column("kind", _("Kind"), in_files_only=True),
        Column("kind_words", _("What")),
        Column("code", _("Code")),
        Column("name", _("Customer")),
        Column("creditor", _("Creditor"), in_files_only=True),
        Column("currency", _("Currency"), "currency"),
        Column("balance", _("Balance"), "money"),
        Column("band", _("Balance band")),
        Column("age", _("Age")),
        Column("segments", _("Segments")),
        Column("offer", _("Offer")),
        Column("days", _("Days"), "count"),
        Column("parts", _("Parts"), "count"),
        Column("percent", _("Discount, %"), "percent"),
        Column("first_percent", _("First part, %"), "percent"),
        Column("outcome", _("Outcome")),
        Column("by", _("By whom")),
        Column("beyond", _("Beyond the limits")),
        Column("reason", _("Reason")),
        Column("decision", _("Decision")),
        Column("decided_by", _("Decided by")),
        Column("why", _("Why")),
    )
    basis = _(
        "Extensions, plans and settlements from {since} through {through}, by the situation each customer was in; what went"
        " beyond the manual's limits with its reason and who decided it."
    )

    def work() -> Worked:
        zone = Organization.objects.get(pk=organization_id).time_zone
        found = given(organization_id, since, question.as_of, zone, question.whose)
        edges = bands(organization_id)
        counted = tallies(found, edges, question.buckets)
        return Worked(
            rows=(_row(one, cell_of(one, edges, question.buckets), edges, question.buckets) for one in found),
            totals=_totals(counted, len(columns)),
            facts={
                "exceptions": sum(tally.exceptions for tally in counted.values()),
                "situations": [_fact(cell, tally, edges, question.buckets) for cell, tally in counted.items()],
            },
        )

    return Report(
        name="fairness",
        title=title_of("fairness"),
        basis=basis.format(since=since.isoformat(), through=question.as_of.isoformat()),
        as_of=question.as_of,
        columns=columns,
        work=work,
        rows_key="agreements",
        chart=Shape("stack", label=("kind_words",), split="outcome"),
        facts={
            "from": since.isoformat(),
            "to": question.as_of.isoformat(),
        },
    )


def band_label(currency: str, low: Decimal | None, high: Decimal | None) -> str:
    """below 500; 500 to 5,000; from 5,000 on; "any" where the manual tells none apart; "" where nothing was kept."""
    if not currency:
        return ""
    if low is None and high is None:
        return pgettext("balance band", "any")
    if low is None:
        return _("below {high}").format(high=_number(high))
    if high is None:
        return _("from {low} on").format(low=_number(low))
    return _("{low} to {high}").format(low=_number(low), high=_number(high))


def _band(cell: Cell, edges: Mapping[str, Sequence[Decimal]]) -> tuple[Decimal | None, Decimal | None]:
    """From which amount its balance band goes, and below which."""
    steps = edges.get(cell.currency, ())
    low = steps[cell.band - 1] if 0 < cell.band <= len(steps) else None
    high = steps[cell.band] if 0 <= cell.band < len(steps) else None
    return low, high


def outcome_label(name: str) -> str:
    """How it ended."""
    return {
        ACCEPTED: pgettext("outcome", "agreed"),
        OPEN: pgettext("outcome", "open"),
        DECLINED: pgettext("outcome", "not accepted"),
        REFUSED: pgettext("outcome", "not approved"),
        WITHDRAWN: pgettext("outcome", "withdrawn"),
    }[name]


def decision_label(name: str) -> str:
    """What was decided on an exception."""
    return {
        "waiting": pgettext("approval", "Waiting"),
        "approved": pgettext("approval", "Approved"),
        "refused": pgettext("approval", "Refused"),
        "lapsed": pgettext("approval", "Lapsed"),
    }[name]


def ranges(found: Mapping[str, Sequence[Decimal]]) -> list[str]:
    """What was agreed within the limits, by measure from the least to the most: "7–15 days", "2–3 parts"."""
    words = {
        "days": _("{n} days"),
        "parts": _("{n} parts"),
        "percent": _("{n} % less"),
        "first_percent": _("{n} % at once"),
    }
    said = []
    for name in MEASURES:
        if name in found:
            low, high = (_number(value) for value in found[name])
            said.append(words[name].format(n=low if low == high else f"{low}–{high}"))
    return said


def _row(one: Given, cell: Cell, edges: Mapping[str, Sequence[Decimal]], buckets: Buckets) -> tuple[Value, ...]:
    exception = one.exception
    return (
        one.on.isoformat(),
        one.kind,
        beyond.kind(one.kind),
        one.code,
        one.name,
        one.creditor,
        cell.currency,
        one.situation.balance if one.situation else None,
        band_label(cell.currency, *_band(cell, edges)),
        bucket_label(buckets.names[cell.age]) if cell.band >= 0 else "",
        ", ".join(cell.segments),
        one.offer,
        one.days,
        one.parts,
        one.percent,
        one.first_percent,
        outcome_label(one.outcome),
        one.by,
        "; ".join(beyond.sentences(exception.beyond)) if exception else "",
        exception.reason if exception else "",
        decision_label(exception.decision) if exception else "",
        exception.decided_by if exception else "",
        exception.why if exception else "",
    )


def _totals(counted: Mapping[Cell, Tally], width: int) -> tuple[tuple[Value, ...], ...]:
    """How many agreements there are in each currency; their balances say nothing together."""
    sums: dict[str, int] = {}
    for cell, tally in counted.items():
        sums[cell.currency] = sums.get(cell.currency, 0) + tally.given
    rows = []
    for currency, count in sorted(sums.items()):
        said = ngettext("{n} agreement", "{n} agreements", count).format(n=number_format(count, force_grouping=True))
        first: tuple[Value, ...] = (_("Total"), "", said, "", "", "", currency, None)
        numbers: tuple[Value, ...] = ("", "", "", "", None, None, None, None)
        rows.append(first + numbers + ("",) * (width - len(first) - len(numbers)))
    return tuple(rows)


def _fact(cell: Cell, tally: Tally, edges: Mapping[str, Sequence[Decimal]], buckets: Buckets) -> dict[str, Any]:
    low, high = _band(cell, edges)
    return {
        "kind": cell.kind,
        "currency": cell.currency,
        "balance_from": None if low is None else format(low, "f"),
        "balance_below": None if high is None else format(high, "f"),
        "age": buckets.names[cell.age] if cell.band >= 0 else None,
        "segments": list(cell.segments),
        "offers": sorted(tally.offers),
        "given": tally.given,
        **tally.outcomes,
        "acceptance": None if tally.acceptance is None else format(tally.acceptance.quantize(Decimal("0.1")), "f"),
        "exceptions": tally.exceptions,
        "ranges": {name: [format(low, "f"), format(high, "f")] for name, (low, high) in tally.ranges.items()},
    }


def _number(value: Decimal | None) -> str:
    return "" if value is None else number_format(value.normalize() + 0, force_grouping=True)
