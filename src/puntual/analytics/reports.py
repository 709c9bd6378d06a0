"""Reports by name: what the web, the API and the command line show and export. Everything runs inside `acting_for`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypeAlias
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from puntual.analytics.aging import Aging
from puntual.analytics.agreement_reports import agreements_report, promises_report
from puntual.analytics.alerts.report import alerts_report
from puntual.analytics.behavior_report import behavior_report
from puntual.analytics.conduct import Judgments, Made, made, summary
from puntual.analytics.conduct_paper import paper
from puntual.analytics.contact_reports import collected_report, effectiveness_of_contacts_report
from puntual.analytics.credit_report import credit_limits_report
from puntual.analytics.fairness_report import fairness_report
from puntual.analytics.forecast_report import forecast_days_report, forecast_report
from puntual.analytics.kept.reading import kept
from puntual.analytics.letter.report import letter_report
from puntual.analytics.money_reports import cure_rate_report, dso_report, effectiveness_report, roll_rates_report
from puntual.analytics.months import first_of_a_year as first_of_a_year
from puntual.analytics.narrowing import FIELDS, Whose, described, of_creditor
from puntual.analytics.provision import provision_report
from puntual.analytics.queries import DEFAULT, aging, aging_by_customer
from puntual.analytics.rates.converting import aging_in, customers_in
from puntual.analytics.rates.queries import Into
from puntual.analytics.renegotiated import renegotiated
from puntual.analytics.risk_reports import concentration_report, top_customers_report
from puntual.analytics.score_reports import calibration_report, scores_report
from puntual.analytics.tables import Cell, Column, Question, Report, Shape, Worked
from puntual.analytics.titles import title_of
from puntual.analytics.wording import bucket_label
from puntual.conduct.checks import Check
from puntual.conduct.queries import all_rules
from puntual.disputes.queries import causes
from puntual.disputes.words import cause
from puntual.kernel.aging import Buckets
from puntual.kernel.problems import N_, Problem
from puntual.parties.models import Creditor
from puntual.tenancy.scope import acting_for

UNKNOWN = N_("There is no report “{name}”. Choose one of: {names}.")
NOT_BY = N_("The report “{name}” cannot be narrowed by {fields}. It can be by: {offered}.")
NOT_TOGETHER = N_("The report “{name}” is not put together in one currency. These are: {names}.")
NOT_KNOWN = N_("The report “{name}” has no “as known on”. These have: {names}.")

_Builder: TypeAlias = Callable[[UUID, Question], Report]


def build(
    name: str,
    organization_id: UUID,
    as_of: date,
    *,
    since: date | None = None,
    known_on: date | None = None,
    creditor: UUID | None = None,
    buckets: Buckets = DEFAULT,
    whose: Whose | None = None,
    into: str = "",
    today: date | None = None,
) -> Report:
    """The report of that name, in the active language; one about a period is from `since` (without it, the month before) through
    `as_of`. `whose` narrows it further than to one creditor; `into` puts all currencies together in one, by
    the rates of the day. Where `today` is given, a report as of today that the day's job has worked out is read as it was
    then. Raises Problem for a name that does not exist, for a period that
    ends before it begins, and for what the report cannot be narrowed to or worked out for.
    """
    if name not in REPORTS:
        raise Problem(UNKNOWN, name=name, names=", ".join(sorted(REPORTS)))
    if since and since > as_of:
        raise Problem(N_("The period ends before it begins. Give a first day that is not after the last."))
    whose = whose or of_creditor(creditor)
    if missing := [field for field in whose.named if field not in filters_of(name)]:
        raise Problem(NOT_BY, name=name, fields=", ".join(missing), offered=", ".join(filters_of(name)))
    if known_on and name not in KNOWN:
        raise Problem(NOT_KNOWN, name=name, names=", ".join(sorted(KNOWN)))
    if into and name not in TOGETHER:
        raise Problem(NOT_TOGETHER, name=name, names=", ".join(sorted(TOGETHER)))
    rates = Into(organization_id, into, as_of) if into else None
    question = Question(as_of, since, known_on, buckets, whose, rates)
    was = kept(name, organization_id, question, get_language() or "") if as_of == today else None
    found = REPORTS[name](organization_id, question)
    found = was.read(found) if was else found.worked()
    if rates:
        found = replace(
            found,
            asked=(*found.asked, *rates_said(rates)),
            facts={**found.facts, "in": {"currency": into, "rates": rates.facts()}},
        )
    if known_on:
        basis = found.basis + " " + _("As was known at the end of {date}.").format(date=known_on.isoformat())
        found = replace(found, basis=basis, facts={**found.facts, "known_on": known_on.isoformat(), "basis": basis})
    if not whose.named:
        return found
    asked = described(organization_id, whose)
    facts = {"narrowed": {field: value for field, _label, value in asked}}
    said = tuple((label, value) for _field, label, value in asked)
    return replace(found, asked=(*said, *found.asked), facts={**found.facts, **facts})


def rates_said(into: Into) -> tuple[tuple[str, str], ...]:
    """Into which currency, and each rate that was used with its day and its source."""
    rates = (
        _("1 {base} = {rate} {quote} ({date}, {source})").format(
            base=base, rate=f"{one.rate.normalize():f}", quote=into.currency, date=one.on.isoformat(), source=one.source
        )
        for base, one in sorted(into.used.items())
    )
    return ((_("Together in"), into.currency), *((_("Exchange rate"), rate) for rate in rates))


def filters_of(name: str) -> tuple[str, ...]:
    """What a report can be narrowed to."""
    return NARROWED.get(name, ("creditor",))


@contextmanager
def snapshot(organization_id: UUID) -> Iterator[None]:
    """Inside, all reads see one moment, so that totals and rows agree while others write; nothing can be written.

    Inside another transaction it only enters the organization.
    """
    if connection.in_atomic_block:
        with acting_for(organization_id):
            yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        with acting_for(organization_id):
            yield


def _aging(organization_id: UUID, question: Question) -> Report:
    as_of, known_on, buckets, whose = question.as_of, question.known_on, question.buckets, question.whose
    several = whose.creditor is None and Creditor.objects.filter(organization_id=organization_id).count() > 1
    columns = (
        Column("creditor", _("Creditor"), in_files_only=not several),
        Column("code", _("Code")),
        Column("name", _("Customer")),
        Column("currency", _("Currency"), "currency"),
        *(Column(name, bucket_label(name), "money") for name in buckets.names),
        Column("total", _("Total"), "money"),
        Column("unapplied_credit", _("Unapplied credit"), "money"),
    )
    basis = _("Open amounts by days past the due date, as of {date}.").format(date=as_of.isoformat())

    def work() -> Worked:
        sums = aging_in(aging(organization_id, as_of, known_on, buckets=buckets, whose=whose), question.into)
        again = renegotiated(organization_id, as_of, whose=whose)
        customers = aging_by_customer(organization_id, as_of, known_on, buckets=buckets, whose=whose)
        return Worked(
            rows=(
                (row.creditor, row.code, row.name, row.currency, *row.amounts, row.total, row.unapplied_credit)
                for row in customers_in(customers, question.into)
            ),
            totals=tuple(
                ("", "", _("Total"), currency, *one.amounts, one.total, one.unapplied_credit)
                for currency, one in sums.currencies.items()
            ),
            facts=_aging_facts(sums) | {"renegotiated": {one.currency: one.open for one in again}},
        )

    return Report(
        name="aging",
        title=title_of("aging"),
        basis=basis,
        as_of=as_of,
        columns=columns,
        work=work,
        rows_key="customers",
        chart=Shape("bars", tuple(buckets.names), across=True),
        facts={"as_of": as_of.isoformat(), "basis": basis, "buckets": list(buckets.names)},
    )


def _aging_facts(sums: Aging) -> dict[str, Any]:
    """Of the stable JSON's "aging" object what all customers come to; amounts become text where it is written."""
    names = sums.buckets.names
    facts: dict[str, Any] = {}
    facts["totals"] = {
        currency: {
            **dict(zip(names, one.amounts, strict=True)),
            "total": one.total,
            "unapplied_credit": one.unapplied_credit,
        }
        for currency, one in sums.currencies.items()
    }
    facts["counts"] = {
        currency: {**dict(zip(names, one.counts, strict=True)), "total": one.count}
        for currency, one in sums.currencies.items()
    }
    return facts


def _conduct(organization_id: UUID, question: Question) -> Report:
    since = question.since or question.as_of - timedelta(days=30)
    columns = (
        Column("at", _("When, where the customer is")),
        Column("code", _("Code")),
        Column("name", _("Customer")),
        Column("creditor", _("Creditor")),
        Column("country", _("Country")),
        Column("channel", _("Channel")),
        Column("step", _("Step"), in_files_only=True),
        Column("tone", _("Tone"), in_files_only=True),
        Column("kept", _("Rules kept")),
        Column("broken", _("Rules broken")),
        Column("duties", _("Duties fulfilled"), in_files_only=True),
        Column("unfulfilled", _("Duties not fulfilled"), in_files_only=True),
        Column("rehearsal", _("Rehearsal"), in_files_only=True),
        Column("activity", _("Activity"), in_files_only=True),
    )
    basis = _("Every contact from {since} through {through}, judged again by each rule that bore on it.")

    def contacts(judged: Judgments | None = None) -> Iterator[Made]:
        return made(organization_id, since, question.as_of, question.whose, judged)

    def work() -> Worked:
        found = summary(organization_id, since, question.as_of, question.whose)
        return Worked(rows=(conduct_row(one) for one in contacts(found.judged)), facts=found.facts())

    return Report(
        name="conduct",
        title=title_of("conduct"),
        basis=basis.format(since=since.isoformat(), through=question.as_of.isoformat()),
        as_of=question.as_of,
        columns=columns,
        work=work,
        rows_key="contacts",
        paper=("conduct.typ", paper(all_rules(organization_id), (since, question.as_of), contacts)),
        facts={"from": since.isoformat(), "to": question.as_of.isoformat()},
    )


def conduct_row(one: Made) -> tuple[Cell, ...]:
    """A contact as the files have it: rules and duties by their ids, a limit with how many had been made of how many."""
    duties = sorted(one.duties.items())
    return (
        one.at.isoformat(timespec="seconds"),
        one.code,
        one.name,
        one.creditor,
        one.country,
        one.channel,
        one.step,
        one.tone,
        "; ".join(_counted(check) for check in one.checks if check.kept),
        "; ".join(_counted(check) for check in one.broken),
        "; ".join(rule for rule, fulfilled in duties if fulfilled),
        "; ".join(rule for rule, fulfilled in duties if not fulfilled),
        "1" if one.rehearsal else "",
        str(one.activity_id),
    )


def _counted(check: Check) -> str:
    return check.rule.id if check.used is None else f"{check.rule.id} ({check.used}/{check.times})"


def rules_named(cell: str) -> list[str]:
    """The ids of the rules that a cell of `conduct_row` names."""
    return [rule.partition(" (")[0] for rule in cell.split("; ")]


def _disputes(organization_id: UUID, question: Question) -> Report:
    since = question.since or first_of_a_year(question.as_of)
    columns = (
        Column("month", _("Month"), "date"),
        Column("creditor", _("Creditor")),
        Column("cause", _("Cause"), in_files_only=True),
        Column("cause_words", _("What it came from")),
        Column("disputes", _("Disputes"), "count"),
        Column("open", _("To answer"), "count"),
        Column("won", _("Customer was right"), "count"),
        Column("late", _("Answered late"), "count"),
        Column("days", _("Days to the answer"), "days"),
        Column("currency", _("Currency"), "currency"),
        Column("amount", _("Disputed amount"), "money"),
        Column("granted", _("Granted"), "money"),
        Column("creditor_id", _("Creditor"), in_files_only=True),
    )

    def work() -> Worked:
        found = causes(
            organization_id,
            since,
            question.as_of,
            question.as_of,
            narrowed=question.whose.sql("d"),
            values=question.whose.values,
        )
        totals: dict[str, list[Any]] = {}
        for one in found:
            sums = totals.setdefault(one.currency, [0, 0, 0, 0, None, Decimal(0), Decimal(0)])
            for place, value in enumerate((one.disputes, one.live, one.won, one.late)):
                sums[place] += value
            sums[5] += one.amount
            sums[6] += one.granted
        return Worked(
            rows=(
                (
                    f"{one.month:%Y-%m}",
                    one.creditor,
                    one.cause,
                    cause(one.cause),
                    one.disputes,
                    one.live,
                    one.won,
                    one.late,
                    one.days,
                    one.currency,
                    one.amount,
                    one.granted,
                    str(one.creditor_id),
                )
                for one in found
            ),
            totals=tuple(
                (_("Total"), "", "", "", *sums[:5], currency, *sums[5:], "")
                for currency, sums in sorted(totals.items())
            ),
        )

    basis = _("Disputes opened from {since} through {through}, by the month of their opening and what they came from.")
    return Report(
        name="disputes",
        title=title_of("disputes"),
        basis=basis.format(since=since.isoformat(), through=question.as_of.isoformat()),
        as_of=question.as_of,
        columns=columns,
        chart=Shape("stack", ("disputes",), label=("month",), split="cause_words"),
        work=work,
        facts={"from": since.isoformat(), "to": question.as_of.isoformat()},
    )


_LEDGER = (
    "aging",
    "dso",
    "cei",
    "roll-rates",
    "cure-rate",
    "collected",
    "provision",
    "top-customers",
    "concentration",
    "credit-limits",
)
NARROWED: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        (*_LEDGER, "forecast", "forecast-days", "scores", "behavior", "promises", "agreements", "disputes"), FIELDS
    ),
    **dict.fromkeys(("conduct", "fairness", "effectiveness", "calibration", "alerts"), FIELDS[:-1]),
    "letter": (),
}
"""What reports can be narrowed to; one that is not named here only to a creditor."""
KNOWN = frozenset(_LEDGER)
"""The reports on the ledger, whose entries carry the time at which they were recorded."""
TOGETHER = frozenset({"aging", "dso", "cei", "roll-rates", "provision", "top-customers", "concentration", "collected"})
"""The reports whose currencies may be put together in one: nothing in them is counted per customer and currency."""
REPORTS: dict[str, _Builder] = {
    "aging": _aging,
    "conduct": _conduct,
    "disputes": _disputes,
    "fairness": fairness_report,
    "dso": dso_report,
    "cei": effectiveness_report,
    "roll-rates": roll_rates_report,
    "cure-rate": cure_rate_report,
    "provision": provision_report,
    "top-customers": top_customers_report,
    "concentration": concentration_report,
    "credit-limits": credit_limits_report,
    "collected": collected_report,
    "forecast": forecast_report,
    "forecast-days": forecast_days_report,
    "scores": scores_report,
    "behavior": behavior_report,
    "calibration": calibration_report,
    "promises": promises_report,
    "agreements": agreements_report,
    "alerts": alerts_report,
    "effectiveness": effectiveness_of_contacts_report,
    "letter": letter_report,
}
