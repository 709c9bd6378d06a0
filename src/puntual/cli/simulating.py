"""`puntual strategy simulate`: a manual tried on the organization's own history."""

import sys
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

import click

from puntual.cli.output import count, show_json
from puntual.cli.running import Usage
from puntual.cli.starting import JSON, ORGANIZATION, Day, start, the_organization
from puntual.cli.words import gettext as _
from puntual.cli.words import ngettext
from puntual.kernel.problems import N_

if TYPE_CHECKING:
    from puntual.daily.simulate_report import Report
    from puntual.organizations.models import Organization
    from puntual.strategies.models import Version


@click.command(help=_("Play a manual over the organization's own history, day by day. Nothing is written."))
@click.argument("name")
@ORGANIZATION
@click.option("--from", "first", type=Day(), metavar="DATE", required=True, help=_("the first day"))
@click.option("--to", "last", type=Day(), metavar="DATE", required=True, help=_("the last day"))
@click.option("--version", metavar="NUMBER", help=_("a version's number, or “draft”; the one in force unless given"))
@JSON
def simulate(name: str, slug: str | None, first: date, last: date, version: str | None, as_json: bool) -> None:
    start()
    from puntual.daily.simulate import replayed
    from puntual.daily.simulate_report import activities, report
    from puntual.tenancy.scope import acting_for

    organization = the_organization(slug)
    with acting_for(organization.id):
        chosen = _version(organization, name, version)
    with replayed(organization, chosen, first, last, tell=_telling()) as played:
        said = list(played.said())
        found = report(played, said)
    if not as_json:
        with acting_for(organization.id):
            _show(found, chosen)
        return
    show_json(
        {
            "from": found.first,
            "to": found.last,
            "strategy": name,
            "version": chosen.number,
            "refusals": found.refusals,
            "activities": list(activities(said, tasks=False)),
            "tasks": list(activities(said, tasks=True)),
        }
    )


def _version(organization: "Organization", name: str, wanted: str | None) -> "Version":
    from puntual.strategies.models import Strategy, Version

    versions = Version.objects.filter(organization_id=organization.id, strategy__code=name).order_by("-number")
    if not versions.exists():
        codes = Strategy.objects.filter(organization_id=organization.id).order_by("code").values_list("code", flat=True)
        raise Usage(
            N_("There is no manual “{name}”. There are: {codes}."), name=name, codes=", ".join(codes) or _("none yet")
        )
    if wanted is None:
        found = versions.filter(state=Version.State.ACTIVE).first() or versions.first()
    elif wanted == "draft":
        found = versions.filter(state=Version.State.DRAFT).first()
    else:
        found = versions.filter(number=int(wanted)).first() if wanted.isdecimal() else None
    if found is None:
        there = ", ".join(f"{number} ({state})" for number, state in versions.values_list("number", "state"))
        raise Usage(
            N_("“{name}” has no version “{version}”. There are: {versions}."), name=name, version=wanted, versions=there
        )
    return found


def _telling() -> Callable[[int, int], None]:
    """A line of progress for whoever watches a terminal."""
    if not sys.stderr.isatty():
        return lambda done, days: None

    def tell(done: int, days: int) -> None:
        bar = "█" * (30 * done // days)
        click.echo(f"\r{bar:<30} {done}/{days}", err=True, nl=done == days)

    return tell


def _show(found: "Report", version: "Version") -> None:
    from puntual.conduct.describe import with_channels
    from puntual.conduct.queries import all_rules
    from puntual.strategies.words import CHANNELS

    contacts = sum(map(sum, found.contacts.values()))
    click.echo(
        ngettext(
            "Version {number}, {first} to {last}: {contacts} contacts with {customers} customer.",
            "Version {number}, {first} to {last}: {contacts} contacts with {customers} customers.",
            found.customers,
        ).format(
            number=version.number,
            first=found.first,
            last=found.last,
            contacts=count(contacts),
            customers=count(found.customers),
        )
    )
    for channel, days in found.contacts.items():
        click.echo(f"  {count(sum(days)):>8}  {_(CHANNELS[channel])}")
    rules = all_rules(version.organization_id)
    for rule, times in found.refusals.items():
        said = with_channels(rules[rule][1]) if rule in rules else rule
        click.echo("  " + _("{count} put off by the rule {rule}").format(count=count(times), rule=said))
