"""The report on credit limits: use, what is free, what is passed, applications that wait, reviews that are overdue."""

from collections.abc import Iterator
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from puntual.analytics.credit import LimitUse, among, limit_use
from puntual.analytics.ratios import share
from puntual.analytics.tables import Cell, Column, Question, Report, Shape, Worked
from puntual.analytics.titles import title_of
from puntual.receivables.queries import end_of_day
from puntual.strategies.credit.queries import waiting

_ZERO = Decimal(0)


def credit_limits_report(organization_id: UUID, question: Question) -> Report:
    """Every limit in force on the day with its use; and the applications that nobody decided yet."""
    as_of = question.as_of
    columns = (
        Column("creditor", _("Creditor"), in_files_only=True),
        Column("code", _("Code")),
        Column("name", _("Customer")),
        Column("currency", _("Currency"), "currency"),
        Column("limit", _("Limit"), "money"),
        Column("used", _("Used"), "money"),
        Column("used_percent", _("Used, %"), "percent"),
        Column("free", _("Free"), "money"),
        Column("beyond", _("Beyond the limit"), "money"),
        Column("review", _("Review by"), "date"),
        Column("asked", pgettext("credit application", "Asked for"), "money"),
        Column("state", _("State")),
    )
    return Report(
        name="credit-limits",
        title=title_of("credit-limits"),
        basis=_(
            "Limits in force on {date}. Used: what is open, less credit that is not applied; free: the limit less that, never"
            " below zero. A limit without a review by its day still measures, and is marked."
        ).format(date=as_of.isoformat()),
        as_of=as_of,
        columns=columns,
        work=lambda: _worked(organization_id, question),
        rows_key="limits",
        chart=Shape("bars", ("used", "limit"), label=("name",)),
        facts={"as_of": as_of.isoformat()},
    )


def _worked(organization_id: UUID, question: Question) -> Worked:
    as_of = question.as_of
    whose = question.whose
    known_on = question.known_on
    applications = waiting(organization_id).filter(asked_on__lte=as_of)
    if known_on:
        applications = applications.filter(recorded_at__lt=end_of_day(organization_id, known_on))
    asked_for = list(applications)
    mine = among(organization_id, {one.customer_id for one in asked_for}, whose)
    applied = {
        (one.customer_id, one.currency): one
        for one in asked_for
        if one.customer_id in mine and whose.currency in ("", one.currency)
    }
    found = sorted(limit_use(organization_id, as_of, whose, known_on), key=_worst_first)
    limited = {(one.customer_id, one.currency) for one in found}

    def state(one: LimitUse) -> str:
        said = []
        if one.beyond:
            said.append(pgettext("credit limit", "passed"))
        if one.valid_until and one.valid_until < as_of:
            said.append(pgettext("credit limit", "review overdue"))
        if (one.customer_id, one.currency) in applied:
            said.append(pgettext("credit limit", "application waits"))
        return ", ".join(said)

    def rows() -> Iterator[tuple[Cell, ...]]:
        for one in found:
            asked = applied.get((one.customer_id, one.currency))
            yield (
                one.creditor, one.code, one.name, one.currency, one.limit, one.used, share(one.used, one.limit), one.free,
                one.beyond or None, one.valid_until.isoformat() if one.valid_until else "",
                asked.asked_limit if asked else None, state(one),
            )  # fmt: skip
        for (customer, currency), asked in applied.items():
            if (customer, currency) not in limited:
                yield (
                    asked.customer.creditor.code, asked.customer.code, asked.customer.name, currency, None, None, None,
                    None, None, "", asked.asked_limit, pgettext("credit limit", "application waits"),
                )  # fmt: skip

    return Worked(
        rows=rows(),
        totals=_totals(found),
        facts={
            "passed": sum(1 for one in found if one.beyond),
            "reviews_overdue": sum(1 for one in found if one.valid_until and one.valid_until < as_of),
            "applications_waiting": len(applied),
        },
    )


def _worst_first(one: LimitUse) -> tuple[bool, Decimal]:
    """What is passed, then whatever most is used of; else by name."""
    return not one.beyond, -(one.percent or _ZERO)


def _totals(found: list[LimitUse]) -> tuple[tuple[Cell, ...], ...]:
    rows: list[tuple[Cell, ...]] = []
    for currency in sorted({one.currency for one in found}):
        mine = [one for one in found if one.currency == currency]
        limit, used = sum((one.limit for one in mine), _ZERO), sum((one.used for one in mine), _ZERO)
        free, beyond = sum((one.free for one in mine), _ZERO), sum((one.beyond for one in mine), _ZERO)
        rows.append(("", "", _("Total"), currency, limit, used, share(used, limit), free, beyond or None, "", None, ""))
    return tuple(rows)
