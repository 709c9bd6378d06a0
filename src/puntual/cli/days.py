"""`puntual day` and `puntual why`: what a day decides, and why."""

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from puntual.cli.output import count, show_json, stream_json
from puntual.cli.running import say
from puntual.cli.starting import JSON, ORGANIZATION, Day, start, the_actor, the_customer, the_organization
from puntual.cli.words import gettext as _
from puntual.cli.words import ngettext

if TYPE_CHECKING:
    from puntual.audit.actions import Actor
    from puntual.daily.run import DayReport
    from puntual.daily.why import Explanation

DATE = click.option("--date", "day", type=Day(), metavar="DATE", help=_("the day; today unless given"))


@click.command(help=_("Decide and plan a day: what is said to whom, and why. Running a day twice changes nothing."))
@ORGANIZATION
@DATE
@click.option("--dry-run", is_flag=True, help=_("decide and write nothing"))
@JSON
def day(slug: str | None, day: date | None, dry_run: bool, as_json: bool) -> None:
    start()
    from puntual.analytics.work.ranking import rank_work
    from puntual.daily.queries import activities
    from puntual.daily.run import run_day
    from puntual.tenancy.scope import acting_for

    organization = the_organization(slug)
    by = the_actor(organization, day)
    if by.today > the_actor(organization).today and not dry_run:
        dry_run = True
        say(_("{date} lies in the future: this is a rehearsal, and nothing is written.").format(date=by.today))
    report = run_day(by, dry_run=dry_run)
    if not dry_run:
        rank_work(by)
    if as_json:
        with acting_for(organization.id):
            stream_json(report.as_json(), "activities", activities(organization.id, report))
        return
    _show(report)


def _show(report: "DayReport") -> None:
    from puntual.strategies.words import CHANNELS, NOTICES, REASONS

    click.echo(
        ngettext(
            "{date}: {planned} contacts and tasks planned for {customers} customer.",
            "{date}: {planned} contacts and tasks planned for {customers} customers.",
            report.customers,
        ).format(date=report.day, planned=count(report.planned), customers=count(report.customers))
    )
    lines = [(_(CHANNELS.get(channel, channel)), number) for channel, number in report.by_channel.items()]
    _table(_("By channel"), lines)
    _table(_("By step"), list(report.by_step.items()))
    _table(_("Beside the steps"), [(_(NOTICES[code]), number) for code, number in report.notices.items()])
    _table(_("Nothing to do"), [(_(REASONS[reason]), number) for reason, number in report.nothing.most_common()])  # type: ignore[index]


def _table(title: str, lines: list[tuple[str, int]]) -> None:
    if not lines:
        return
    click.echo(f"\n{title}")
    width = max(len(count(number)) for _name, number in lines)
    for name, number in lines:
        click.echo(f"  {count(number):>{width}}  {name}")


@click.command(help=_("Why a customer is contacted on a day, or not. Nothing is written."))
@click.argument("customer")
@ORGANIZATION
@click.option("--creditor", metavar="CODE", help=_("whose customer it is, where two creditors use the same code"))
@DATE
@JSON
def why(customer: str, slug: str | None, creditor: str | None, day: date | None, as_json: bool) -> None:
    start()
    from puntual.daily.why import explain
    from puntual.outreach.limitation_words import limitation_in_sentences
    from puntual.tenancy.scope import acting_for

    organization = the_organization(slug)
    with acting_for(organization.id):
        found = the_customer(organization, customer, creditor)
    by = the_actor(organization, day)
    explanation = explain(by, found)
    with acting_for(organization.id):
        limits = limitation_in_sentences(organization.id, found.id, by.today)
    if as_json:
        show_json(_facts(explanation, by) | {"limitation": limits})
        return
    click.echo(f"{found.code}  {found.name}  {by.today}")
    if next_step := _next_step(explanation):
        click.echo(next_step)
    click.echo(explanation.text)
    click.echo(explanation.followed)
    for line in limits:
        click.echo(line)


def _facts(explanation: "Explanation", by: "Actor") -> dict[str, Any]:
    from puntual.kernel.money import round_money
    from puntual.strategies.outcomes import Do

    decision = explanation.decision
    facts: dict[str, Any] = {"customer": explanation.customer.code, "date": by.today.isoformat()}
    if isinstance(decision, Do):
        facts |= {
            "step": decision.step,
            "tone": decision.tone,
            "channel": decision.channel,
            "not_before": decision.not_before.isoformat(),
            "demand": {currency: str(round_money(amount, currency)) for currency, amount in decision.demand.items()},
            "nothing": None,
        }
    else:
        facts |= {"step": None, "nothing": decision.reason.value}
    follows = explanation.follows
    facts["strategy"] = {"name": follows.name, "by": follows.scope.value, "segment": follows.segment or None}
    return facts | {"segments": sorted(explanation.segments), "why": explanation.text}


def _next_step(explanation: "Explanation") -> str:
    from puntual.strategies.outcomes import Do
    from puntual.strategies.words import CHANNELS, TASKS

    decision = explanation.decision
    if not isinstance(decision, Do):
        return ""
    step = explanation.manual.step(decision.step) if explanation.manual else None
    name = step.name if step else _(TASKS.get(decision.step, decision.step))
    return _("Next: {step} ({channel}), from {moment} on.").format(
        step=name, channel=_(CHANNELS[decision.channel]), moment=f"{decision.not_before:%Y-%m-%d %H:%M %z}"
    )
