"""`puntual interest`: what late payment amounts to, and charging it."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from puntual.cli.output import count, show_json, stream_json
from puntual.cli.starting import (
    JSON,
    ORGANIZATION,
    Day,
    start,
    the_actor,
    the_creditor,
    the_customer,
    the_organization,
)
from puntual.cli.words import gettext as _

if TYPE_CHECKING:
    from puntual.receivables.interest.working import Accrual


@click.command(
    help=_(
        "Late interest that was not charged yet, line by line; with --charge it is charged."
        " Creditors that do not charge it are left out."
    )
)
@ORGANIZATION
@click.option("--as-of", type=Day(), metavar="DATE", help=_("the last day that bears interest; today unless given"))
@click.option("--creditor", metavar="CODE", help=_("one creditor's customers only"))
@click.option("--customer", metavar="CODE", help=_("one customer only"))
@click.option("--charge", is_flag=True, help=_("charge it; without this nothing changes"))
@JSON
def interest(
    slug: str | None, as_of: date | None, creditor: str | None, customer: str | None, charge: bool, as_json: bool
) -> None:
    start()
    from puntual.tenancy.scope import acting_for

    organization = the_organization(slug)
    by = the_actor(organization)
    day = as_of or by.today
    with acting_for(organization.id):
        whose = the_creditor(organization, creditor)
        whom = the_customer(organization, customer, creditor) if customer else None
    named = {"creditor_id": whose.id if whose else None, "customer_id": whom.id if whom else None}
    if charge:
        _charge(by, day, named, as_json)
    else:
        _preview(organization.id, day, named, as_json)


def _charge(by: Any, day: date, named: dict[str, Any], as_json: bool) -> None:
    from puntual.receivables.actions import charge_interest

    done = charge_interest(by, day, **named)
    totals = {currency: _text(amount, currency) for currency, amount in sorted(done.totals.items())}
    if as_json:
        show_json({"as_of": day.isoformat(), "charged": done.charges, "totals": totals})
        return
    click.echo(_("{n} charges were made.").format(n=count(done.charges)))
    for currency, amount in totals.items():
        click.echo(f"  {currency} {amount}")


def _preview(organization_id: Any, day: date, named: dict[str, Any], as_json: bool) -> None:
    from puntual.receivables.interest.queries import accruals

    found = (one for one in accruals(organization_id, day, **named) if one.total or one.why_not)
    if as_json:
        stream_json({"as_of": day.isoformat()}, "items", (_described(one) for one in found))
        return
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for one in found:
        _show(one)
        totals[one.item.currency] += one.total
    if not totals:
        click.echo(_("There is no late interest to charge: nothing is late, or no creditor charges it."))
    for currency, amount in sorted(totals.items()):
        click.echo(_("Total: {currency} {amount}").format(currency=currency, amount=_text(amount, currency)))


def _described(one: "Accrual") -> dict[str, Any]:
    from puntual.receivables.interest.statement import as_data, once_as_data

    return {
        "invoice": one.item.number,
        "installment": one.item.position,
        "due_on": one.item.due_on.isoformat(),
        "currency": one.item.currency,
        "law": one.law.id if one.law else None,
        "from": one.first_day.isoformat(),
        "through": one.through.isoformat() if one.through else None,
        "interest": _text(one.amount, one.item.currency),
        "lines": as_data(one),
        "once": once_as_data(one.once, one.item.currency)[0] if one.once else None,
        "total": _text(one.total, one.item.currency),
        "why_not": _said(one),
    }


def _said(one: "Accrual") -> str | None:
    return _(one.why_not.message).format(**one.why_not.details) if one.why_not else None


def _show(one: "Accrual") -> None:
    item = one.item
    click.echo(f"{item.number}  {item.currency} {_text(one.total, item.currency)}")
    for line in one.lines:
        said = _("  {first} to {last}: {days} days at {percent} % of {principal}: {amount}")
        click.echo(
            said.format(
                first=line.first_day,
                last=line.last_day,
                days=line.days,
                percent=f"{line.percent.normalize():f}",
                principal=_text(line.principal, line.currency),
                amount=_text(line.amount, line.currency),
            )
        )
    if one.once:
        said = _("  once for being late ({articles}): {amount}")
        click.echo(said.format(articles=one.once.fixed.articles, amount=_text(one.once.amount, item.currency)))
    if one.why_not:
        click.echo(f"  {_said(one)}")


def _text(amount: Decimal, currency: str) -> str:
    from puntual.kernel.money import round_money

    return f"{round_money(amount, currency):f}"
