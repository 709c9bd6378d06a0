"""`puntual org`: organizations, and who signs in to them."""

import secrets
from typing import TYPE_CHECKING

import click

from puntual.cli.main import Lazy
from puntual.cli.output import show_json
from puntual.cli.starting import (
    JSON,
    ORGANIZATION,
    now,
    start,
    the_actor,
    the_creditor,
    the_only_creditor,
    the_organization,
)
from puntual.cli.words import gettext as _

if TYPE_CHECKING:
    from puntual.audit.actions import Actor

HOMES = {
    "create": ("organizations", "create", _("begin an organization, in rehearsal")),
    "live": ("organizations", "live", _("end the rehearsal: from then on what is approved leaves")),
    "sender": ("organizations", "sender", _("say from which address a creditor writes, and answer for it")),
    "member": ("organizations", "member", _("let a person sign in")),
}


@click.command(cls=Lazy, homes=HOMES, help=_("Organizations, and who signs in to them."))
def org() -> None:
    """The group."""


@click.command(help=_("Begin an organization, with a creditor of the same name and the built-in collections manual."))
@click.argument("slug")
@click.option("--name", required=True, help=_("what it is called"))
@click.option("--country", required=True, metavar="CC", help=_("where it is: PE, CL, CO, MX, ES …"))
@click.option("--currency", required=True, metavar="CUR", help=_("its own currency: PEN, USD …"))
@click.option("--language", default="", metavar="es|en|pt", help=_("what it speaks; the country's unless given"))
@click.option("--time-zone", default="", metavar="ZONE", help=_("where its days begin; the country's unless given"))
@click.option(
    "--manual", default="standard", metavar="KIND", help=_("which manual to begin with; see strategy builtin")
)
@click.option("--owner", metavar="EMAIL", help=_("who may sign in as its owner; a password is shown once"))
@click.option("--live", is_flag=True, help=_("without a rehearsal: what is approved leaves"))
@JSON
def create(
    slug: str,
    name: str,
    country: str,
    currency: str,
    language: str,
    time_zone: str,
    manual: str,
    owner: str | None,
    live: bool,
    as_json: bool,
) -> None:
    start()
    from django.db import transaction

    from puntual.daily.setup import set_up_organization
    from puntual.organizations.actions import go_live

    password = ""
    with transaction.atomic():
        made = set_up_organization(
            now(),
            slug=slug,
            name=name,
            country=country,
            currency=currency,
            language=language,
            time_zone=time_zone,
            manual=manual,
        )
        by = the_actor(made)
        if owner:
            password = _add(by, owner, "owner", language=made.language)
        if live:
            made = go_live(by)
    facts = {
        "id": str(made.id),
        **{
            name: getattr(made, name)
            for name in ("slug", "name", "country", "currency", "language", "time_zone", "mode")
        },
    }
    if as_json:
        show_json(facts | ({"owner": owner, "password": password or None} if owner else {}))
        return
    state = _("live: what is approved leaves") if made.is_live else _("in rehearsal: nothing leaves")
    click.echo(
        _("Organization “{slug}” is there ({language}, {time_zone}), {state}.").format(
            slug=made.slug, language=made.language, time_zone=made.time_zone, state=state
        )
    )
    if owner:
        click.echo(_login(owner, password))


@click.command(help=_("End the rehearsal: from now on what is approved leaves."))
@ORGANIZATION
@JSON
def live(slug: str | None, as_json: bool) -> None:
    start()
    from puntual.outreach.actions import end_rehearsal

    made = end_rehearsal(the_actor(the_organization(slug)))
    if as_json:
        show_json({"slug": made.slug, "mode": made.mode})
        return
    click.echo(_("“{slug}” is live: what is approved leaves.").format(slug=made.slug))


@click.command(help=_("Let a person sign in. The password of a new person is shown once."))
@click.argument("email")
@click.option(
    "--role",
    type=click.Choice(["owner", "manager", "collector", "accountant", "auditor"]),
    required=True,
    help=_("what the person may do"),
)
@click.option("--name", default="", help=_("what the person is called"))
@ORGANIZATION
@JSON
def member(email: str, role: str, name: str, slug: str | None, as_json: bool) -> None:
    start()
    organization = the_organization(slug)
    password = _add(the_actor(organization), email, role, name=name, language=organization.language)
    if as_json:
        show_json({"organization": organization.slug, "email": email, "role": role, "password": password or None})
        return
    click.echo(_login(email, password))


def _add(by: "Actor", email: str, role: str, *, language: str, name: str = "") -> str:
    """The new person's password; empty for somebody who already signs in and keeps theirs."""
    from puntual.organizations.actions import add_member

    password = secrets.token_urlsafe(12)
    _membership, is_new = add_member(by, email, role, password=password, name=name, language=language)
    return password if is_new else ""


def _login(email: str, password: str) -> str:
    if not password:
        return _("{email} already signs in here and keeps the password.").format(email=email)
    return _("{email} may sign in with the password {password} (shown only now; change it after signing in).").format(
        email=email, password=password
    )


@click.command(
    help=_("Say from which address a creditor writes. Whoever runs this server answers for it: it counts as verified.")
)
@click.argument("address")
@ORGANIZATION
@click.option("--creditor", metavar="CODE", help=_("which creditor, where there are several"))
@click.option(
    "--channel",
    type=click.Choice(["email", "sms", "whatsapp"]),
    default="email",
    help=_("by which channel; e-mail unless given"),
)
@click.option("--name", default="", help=_("the name beside it; the creditor's unless given"))
@click.option("--reply-to", default="", metavar="EMAIL", help=_("where answers go; to the address unless given"))
@JSON
def sender(
    address: str, slug: str | None, creditor: str | None, channel: str, name: str, reply_to: str, as_json: bool
) -> None:
    start()
    from puntual.parties.actions import declare_sender, verify_sender
    from puntual.tenancy.scope import acting_for

    organization = the_organization(slug)
    by = the_actor(organization)
    with acting_for(organization.id):
        whose = the_creditor(organization, creditor) or the_only_creditor(organization)
        declared = declare_sender(by, whose.id, channel, address=address, name=name, reply_to=reply_to)
        verified = verify_sender(by, declared.id, "operator")
    if as_json:
        show_json({"creditor": whose.code, "channel": channel, "address": verified.address})
        return
    click.echo(
        _("{creditor} writes from {address} by {channel}.").format(
            creditor=whose.name, address=verified.address, channel=channel
        )
    )
