"""Reports on how customers are likely to pay: scores, and how right they were."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from puntual.analytics.learning.actions import months_judged
from puntual.analytics.learning.comparing import Month
from puntual.analytics.learning.models import ScoreModel
from puntual.analytics.learning.scored import in_use, latest
from puntual.analytics.learning.words import Known, own_rate, reasons, told
from puntual.analytics.ratios import share
from puntual.analytics.scores import Score, calibrations, scores
from puntual.analytics.scoring import K
from puntual.analytics.tables import Cell, Column, Question, Report, Shape
from puntual.analytics.titles import title_of


def scores_report(organization_id: UUID, question: Question) -> Report:
    """Who is likely to pay late, and how much hangs on it."""
    used = in_use(organization_id, question.as_of)
    found = used or latest(organization_id, question.as_of)
    return Report(
        name="scores",
        title=title_of("scores"),
        basis=_by_model(used) if used else _by_own_rate(found),
        as_of=question.as_of,
        columns=(
            Column("creditor", _("Creditor"), in_files_only=True),
            Column("code", _("Code")),
            Column("name", _("Customer")),
            Column("currency", _("Currency"), "currency"),
            Column("chance", _("Chance of late, %"), "percent"),
            Column("expected_days", _("Usual days late"), "days"),
            Column("low_days", _("At least"), "days", in_files_only=True),
            Column("high_days", _("At most"), "days", in_files_only=True),
            Column("settled", _("Known from"), "count"),
            Column("open", _("Open"), "money"),
            Column("at_risk", _("At risk"), "money"),
            Column("why", _("Why"), whole=True),
        ),
        rows=(
            (
                one.creditor,
                one.code,
                one.name,
                one.currency,
                _points(one.chance),
                one.days,
                one.low,
                one.high,
                one.settled,
                one.open,
                one.at_risk,
                _why(one),
            )
            for one in scores(organization_id, question.as_of, whose=question.whose)
        ),
        totals=(),
        rows_key="customers",
        chart=Shape("bars", ("open", "at_risk"), label=("name",)),
        facts={"as_of": question.as_of.isoformat(), "k": K, "model": used is not None},
    )


def _by_model(used: ScoreModel) -> str:
    return " ".join(
        [
            told(used),
            _(
                "At risk = overdue + chance × not due yet. It is a risk, not a reason: what contacting changes only a trial can"
                " tell."
            ),
        ]
    )


def _by_own_rate(found: ScoreModel | None) -> str:
    said = _(
        "Chance of paying late = (items paid late + {k} × the portfolio's share) ÷ (items settled + {k}), of the last two"
        " years. At risk = overdue + chance × not due yet. It is a risk, not a reason: what contacting changes only a trial"
        " can tell."
    ).format(k=K)
    return f"{said} {told(found)}".strip()


def _why(one: Score) -> str:
    if not one.reasons:
        return own_rate(one.late, one.settled)
    return reasons(one.reasons, Known(one.late, one.settled, one.days, one.behind))


def calibration_report(organization_id: UUID, question: Question) -> Report:
    """How right the chances were that were given when items were billed, for every month past."""
    found = latest(organization_id, question.as_of)
    learned = months_judged(found) if found else {}
    return Report(
        name="calibration",
        title=title_of("calibration"),
        basis=_(
            "Each item judged by the chance its customer had when it was billed. Calibration error: the mean distance between"
            " chance and what came, in ten slices. Brier: the mean squared error; naive: that of always giving the month's own"
            " share."
        )
        + (f" {_of_the_model()} {told(found)}" if learned else ""),
        as_of=question.as_of,
        columns=(
            Column("month", _("Month"), "date"),
            Column("items", _("Items"), "count"),
            Column("late", _("Late, %"), "percent"),
            Column("error", _("Calibration error, points"), "percent"),
            Column("brier", _("Brier × 100"), "percent"),
            Column("naive", _("Naive × 100"), "percent"),
            *(
                (
                    Column("model_items", _("Items, model"), "count"),
                    Column("model_error", _("Calibration error of the model, points"), "percent"),
                    Column("model_brier", _("Brier of the model × 100"), "percent"),
                )
                if learned
                else ()
            ),
        ),
        rows=_judged_months(organization_id, question, learned),
        totals=(),
        rows_key="months",
        facts={"as_of": question.as_of.isoformat()},
        chart=Shape("lines", ("model_brier", "brier", "naive") if learned else ("error", "brier", "naive")),
    )


def _judged_months(
    organization_id: UUID, question: Question, learned: Mapping[str, Month]
) -> Iterator[tuple[Cell, ...]]:
    for month, one in calibrations(organization_id, question.as_of, whose=question.whose).items():
        yield (
            f"{month:%Y-%m}",
            one.items,
            share(one.late, one.items),
            *(_points(value) for value in (one.error, one.brier, one.naive)),
            *(_learned(learned.get(f"{month:%Y-%m}")) if learned else ()),
        )


def _of_the_model() -> str:
    return _(
        "The model is judged by what it would have said when items were billed, learned each month from what was known before"
        " it, of everybody."
    )


def _points(share: float) -> Decimal:
    return Decimal(str(round(share * 100, 4)))


def _learned(month: Month | None) -> tuple[Cell, ...]:
    return (month.items, _points(month.error), _points(month.brier)) if month else (None, None, None)
