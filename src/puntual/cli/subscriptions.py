"""`puntual subscriptions`: who gets which report by e-mail, and when."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from puntual.cli.main import Lazy
from puntual.cli.output import count, show_json
from puntual.cli.running import Usage
from puntual.cli.starting import JSON, ORGANIZATION, start, the_actor, the_creditor, the_member, the_organization
from puntual.cli.words import gettext as _
from puntual.kernel.problems import N_

if TYPE_CHECKING:
    from puntual.analytics.subscriptions.models import Subscription
    from puntual.organizations.models import Organization

HOMES = {
    "list": ("subscriptions", "list_", _("who gets which report, and when")),
    "add": ("subscriptions", "add", _("send a report by e-mail from now on")),
    "remove": ("subscriptions", "remove", _("send it no more")),
    "send": ("subscriptions", "send", _("send one now, beside its schedule")),
}
_UNKNOWN = N_("There is no subscription {id}. See those there are: puntual subscriptions list.")


@click.command(cls=Lazy, homes=HOMES, help=_("Reports by e-mail: who gets which, and when."))
def subscriptions() -> None:
    """The group."""


@click.command(help=_("Who gets which report by e-mail, and when: the latest subscription first."))
@ORGANIZATION
@JSON
def list_(slug: str | None, as_json: bool) -> None:
    start()
    from puntual.analytics.subscriptions.models import Subscription
    from puntual.tenancy.scope import acting_for

    organization = the_organization(slug)
    with acting_for(organization.id):
        rows = Subscription.objects.filter(organization_id=organization.id).select_related("creditor")
        found = _facts(organization, list(rows.order_by("-created_at", "-id")))
    if as_json:
        show_json({"subscriptions": found})
        return
    if not found:
        click.echo(_("No report comes by e-mail yet."))
    for one in found:
        when = _("paused") if one["paused"] else _("next on {day}").format(day=one["next"])
        parts = (one["report"], one["format"], one["creditor"] or "", when, ", ".join(one["to"]))
        click.echo(f"{one['id']}  {'  '.join(part for part in parts if part)}")


@click.command(help=_("Send REPORT by e-mail from the next day of its schedule on."))
@click.argument("report")
@click.option("--to", "to", multiple=True, required=True, metavar="EMAIL", help=_("a member; may be repeated"))
@click.option(
    "--format",
    "form",
    type=click.Choice(["pdf", "table", "xlsx", "csv"]),
    default="pdf",
    help=_("attached, or a table in the message; PDF unless given"),
)
@click.option(
    "--every", type=click.Choice(["day", "week", "month"]), default="week", help=_("how often; weekly unless given")
)
@click.option(
    "--on",
    "on",
    type=int,
    metavar="N",
    help=_("the weekday (1 is Monday), or which working day of the month; the first unless given"),
)
@click.option("--creditor", metavar="CODE", help=_("one creditor's customers only"))
@ORGANIZATION
@JSON
def add(
    report: str,
    to: tuple[str, ...],
    form: str,
    every: str,
    on: int | None,
    creditor: str | None,
    slug: str | None,
    as_json: bool,
) -> None:
    start()
    from puntual.analytics.subscriptions.actions import Wanted, subscribe
    from puntual.analytics.subscriptions.schedule import Schedule
    from puntual.tenancy.scope import acting_for

    try:
        schedule = Schedule(every, on if every == "day" else on or 1)
    except ValueError:
        raise Usage(
            N_(
                "“--every {every} --on {on}” is no schedule: a week has the days 1 to 7, a month the working days 1 to 15, and"
                " each working day needs no --on."
            ),
            every=every,
            on=on,
        ) from None
    organization = the_organization(slug)
    with acting_for(organization.id):
        members = tuple(one for email in to if (one := the_member(organization, email)))
        whose = the_creditor(organization, creditor)
        made = subscribe(the_actor(organization), Wanted(report, form, schedule, members, whose.id if whose else None))
        (found,) = _facts(organization, [made])
    if as_json:
        show_json(found)
        return
    click.echo(_("Subscribed: {id}. The first one comes on {day}.").format(id=found["id"], day=found["next"]))


@click.command(help=_("Send the subscription ID no more; what was sent stays in the mailboxes."))
@click.argument("subscription_id", metavar="ID", type=click.UUID)
@ORGANIZATION
@JSON
def remove(subscription_id: UUID, slug: str | None, as_json: bool) -> None:
    start()
    from puntual.analytics.subscriptions.actions import end_subscription
    from puntual.analytics.subscriptions.models import Subscription

    try:
        end_subscription(the_actor(the_organization(slug)), subscription_id)
    except Subscription.DoesNotExist:
        raise Usage(_UNKNOWN, id=subscription_id) from None
    if as_json:
        show_json({"removed": str(subscription_id)})
        return
    click.echo(_("Done. It is not sent any more."))


@click.command(help=_("Send the subscription ID now, as of today: to those who get it, or to one member."))
@click.argument("subscription_id", metavar="ID", type=click.UUID)
@click.option("--to", "to", metavar="EMAIL", help=_("this member alone"))
@ORGANIZATION
@JSON
def send(subscription_id: UUID, to: str | None, slug: str | None, as_json: bool) -> None:
    start()
    from puntual.analytics.subscriptions.issuing import send_one_now
    from puntual.analytics.subscriptions.models import Subscription
    from puntual.tenancy.scope import acting_for

    organization = the_organization(slug)
    with acting_for(organization.id):
        one = the_member(organization, to)
        found = Subscription.objects.filter(organization_id=organization.id, pk=subscription_id).first()
    if found is None:
        raise Usage(_UNKNOWN, id=subscription_id)
    mails = send_one_now(the_actor(organization), subscription_id, [one] if one else found.user_ids)
    if as_json:
        show_json({"subscription": str(subscription_id), "mails": mails})
        return
    click.echo(_("Messages on their way: {n}.").format(n=count(mails)))


def _facts(organization: "Organization", rows: list["Subscription"]) -> list[dict[str, Any]]:
    """What there is to say of each; `next` is the first of its days that is still to come, None while it is paused."""
    from datetime import timedelta

    from puntual.analytics.subscriptions.issuing import schedule_of
    from puntual.organizations.calendars import calendar_of
    from puntual.organizations.models import User

    today = the_actor(organization).today
    calendar = calendar_of(organization.id, organization.country)
    people = dict(User.objects.filter(id__in={key for one in rows for key in one.user_ids}).values_list("id", "email"))
    return [
        {
            "id": str(one.id),
            "report": one.report,
            "format": str(one.format),
            "every": str(one.every),
            "on": one.on,
            "creditor": one.creditor.code if one.creditor else None,
            "to": [people[each] for each in one.user_ids if each in people],
            "paused": one.paused_at is not None,
            "next": None
            if one.paused_at
            else schedule_of(one).next(max(today, one.since - timedelta(days=1)), calendar).isoformat(),
        }
        for one in rows
    ]
