"""`puntual verify`: recompute everything that can be, and say where it differs."""

from typing import TYPE_CHECKING, Any

import click

from puntual.cli.output import count, show_json
from puntual.cli.running import FAILED, Done
from puntual.cli.starting import JSON, start, the_organization
from puntual.cli.words import gettext as _
from puntual.cli.words import ngettext

if TYPE_CHECKING:
    from puntual.organizations.models import Organization


@click.command(help=_("Recompute everything that can be, and list where it differs from what is kept. Reads only."))
@click.option("--org", "slug", metavar="SLUG", help=_("one organization; all of them unless given"))
@JSON
def verify(slug: str | None, as_json: bool) -> None:
    start()
    from puntual.organizations.models import Organization

    organizations = [the_organization(slug)] if slug else list(Organization.objects.order_by("slug"))
    checked: dict[str, int] = {"organizations": len(organizations)}
    differences: list[dict[str, Any]] = []
    for organization in organizations:
        differences += _verify(organization, checked)
    if as_json:
        show_json({"ok": not differences, "checked": checked, "differences": differences})
    else:
        _show(checked, differences)
    if differences:
        raise Done(FAILED)


def _verify(organization: "Organization", checked: dict[str, int]) -> list[dict[str, Any]]:
    """What differs in one organization, all of it seen at one moment; what was looked at is counted in."""
    from puntual.agreements import verify as agreements
    from puntual.agreements.models import Plan
    from puntual.analytics.reports import snapshot
    from puntual.payments import verify as payments
    from puntual.payments.models import Allocation, Payment
    from puntual.receivables import verify as receivables
    from puntual.receivables.models import CreditNote, Entry, Installment, Invoice

    with snapshot(organization.id):
        looked_at = {
            "invoices": Invoice,
            "installments": Installment,
            "entries": Entry,
            "credit_notes": CreditNote,
            "payments": Payment,
            "allocations": Allocation,
            "plans": Plan,
        }
        for name, model in looked_at.items():
            checked[name] = (
                checked.get(name, 0) + model._default_manager.filter(organization_id=organization.id).count()
            )
        return [
            {
                "organization": organization.slug,
                "room": room,
                "kind": found.kind,
                "id": str(found.id) if found.id else None,
                "expected": found.expected,
                "found": found.found,
            }
            for room, check in (
                ("receivables", receivables.verify),
                ("payments", payments.verify),
                ("agreements", agreements.verify),
            )
            for found in check(organization.id)
        ]


def _show(checked: dict[str, int], differences: list[dict[str, Any]]) -> None:
    click.echo(
        _("Checked: {entries} entries of {invoices} invoices, {payments} payments.").format(
            **{name: count(checked.get(name, 0)) for name in ("entries", "invoices", "payments")}
        )
    )
    for one in differences:
        click.echo(_("{organization} {room}: {kind} of {id} is {found}; recomputed it is {expected}").format(**one))
    if differences:
        found = len(differences)
        click.echo(ngettext("{n} difference.", "{n} differences.", found).format(n=count(found)))
    else:
        click.echo(_("Everything agrees."))
