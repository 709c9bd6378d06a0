"""The report of alerts: each with what changed and what came of it; by kind how many were right."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from puntual.analytics.alerts.queries import HitRate, hit_rates, of_period, outcome_by
from puntual.analytics.alerts.words import kind_label, outcome_label, sentence
from puntual.analytics.months import first_of_a_year
from puntual.analytics.narrowing import Whose
from puntual.analytics.tables import Cell, Column, Question, Report, Shape, Worked
from puntual.analytics.titles import title_of
from puntual.organizations.models import Organization
from puntual.outreach.formats import locale_of

_CHUNK = 2_000


def alerts_report(organization_id: UUID, question: Question) -> Report:
    """Every alert of the period and every one open at its end, the latest first; a line for each kind below."""
    since = question.since or first_of_a_year(question.as_of)
    columns = (
        Column("raised_on", _("Raised on"), "date"),
        Column("kind", _("Kind"), in_files_only=True),
        Column("kind_words", _("What it is about")),
        Column("creditor", _("Creditor"), in_files_only=True),
        Column("code", _("Code"), in_files_only=True),
        Column("name", _("Customer")),
        Column("says", _("What changed"), whole=True),
        Column("assigned_to", _("Who sees to it")),
        Column("outcome", _("Outcome code"), in_files_only=True),
        Column("outcome_words", _("What came of it"), whole=True),
        Column("closed_on", _("Closed on"), "date", in_files_only=True),
    )
    basis = _(
        "Alerts raised from {since} through {through}, and those open since before. Right: true alarms and those acted on,"
        " of those that a person closed, with the 95 % interval (Wilson)."
    )

    def work() -> Worked:
        found = hit_rates(organization_id, since, question.as_of, question.whose)
        return Worked(
            rows=_rows(organization_id, since, question.as_of, question.whose),
            totals=tuple(
                (_("Total"), one.kind.value, kind_label(one.kind), "", "", "", _counted(one), "", "", _share(one), "")
                for one in found
            ),
            facts={"kinds": {one.kind.value: _facts(one) for one in found}},
        )

    return Report(
        name="alerts",
        title=title_of("alerts"),
        basis=basis.format(since=since.isoformat(), through=question.as_of.isoformat()),
        as_of=question.as_of,
        columns=columns,
        work=work,
        rows_key="alerts",
        chart=Shape("stack", label=("kind_words",), split="outcome_words"),
        facts={
            "from": since.isoformat(),
            "to": question.as_of.isoformat(),
        },
    )


def _rows(organization_id: UUID, since: date, through: date, whose: Whose) -> Iterator[tuple[Cell, ...]]:
    country = Organization.objects.values_list("country", flat=True).get(pk=organization_id)
    locale = locale_of(get_language() or "en", country)
    rows = of_period(organization_id, since, through, whose).order_by("-raised_on", "-id")
    for one in rows.iterator(_CHUNK):
        outcome = outcome_by(one, through)
        yield (
            one.raised_on.isoformat(),
            one.kind,
            kind_label(one.kind),
            one.creditor.code,
            one.customer.code if one.customer else "",
            one.customer.name if one.customer else one.creditor.name,
            sentence(one, locale),
            str(one.assigned_to or ""),
            outcome,
            outcome_label(outcome) or pgettext("alert", "Open"),
            one.closed_on.isoformat() if outcome and one.closed_on else "",
        )


def _counted(one: HitRate) -> str:
    raised = ngettext("{n} raised", "{n} raised", one.raised).format(n=one.raised)
    return f"{raised}, " + ngettext("{n} open", "{n} open", one.open).format(n=one.open)


def _share(one: HitRate) -> str:
    """83 % right (12 of 15, 59–93 %), or nothing where nobody said."""
    if one.rate is None or one.interval is None:
        return _("none judged yet")
    low, high = one.interval
    text = _("{rate} % right ({right} of {judged}; {low} to {high} %)")
    return text.format(
        rate=round(100 * one.rate),
        right=one.right,
        judged=one.judged,
        low=round(100 * low),
        high=round(100 * high),
    )


def _facts(one: HitRate) -> dict[str, object]:
    low, high = one.interval or (None, None)
    return {
        "raised": one.raised,
        "open": one.open,
        "outcomes": dict(one.outcomes),
        "right": one.right,
        "judged": one.judged,
        "hit_rate": _percent(one.rate),
        "low": _percent(low),
        "high": _percent(high),
    }


def _percent(share: float | None) -> str | None:
    return None if share is None else f"{100 * share:.1f}"
