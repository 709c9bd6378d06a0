"""From nothing to a running Django on an up-to-date database, and the organization a command is about."""

import getpass
import os
import socket
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import click

from puntual import database
from puntual.cli import words
from puntual.cli.running import Usage, say
from puntual.cli.words import gettext as _
from puntual.kernel import days
from puntual.kernel.problems import N_

if TYPE_CHECKING:
    from uuid import UUID

    from puntual.audit.actions import Actor
    from puntual.organizations.models import Organization
    from puntual.parties.models import Creditor, Customer

_MIGRATING = 5_118_236_847  # the advisory lock under which one process brings the database up to date


def start(*, tasks: bool = False) -> None:
    """Find or start the database, bring it up to date with the code, and set Django up; only a worker needs all the `tasks`.

    Raises Problem.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "puntual.config.settings")
    database.ensure()
    import django
    from django.conf import settings

    if not tasks:
        # Finding every room's tasks means importing nearly every room: a third of the time a small command takes.
        settings.PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""
    django.setup()
    _bring_up_to_date()
    _speak()


def now() -> datetime:
    """The moment it is: the clock of every command is read here."""
    return datetime.now(UTC)


def the_organization(slug: str | None) -> "Organization":
    """The organization of that short name; without one the only one there is. Raises Usage where that does not decide it."""
    from puntual.organizations.models import Organization

    if slug is not None:
        found = Organization.objects.filter(slug=slug).first()
        if found is None:
            raise Usage(
                N_("There is no organization “{slug}”. There are: {slugs}."), slug=slug, slugs=_slugs() or _("none yet")
            )
    else:
        several = list(Organization.objects.all()[:2])
        if not several:
            raise Usage(
                N_(
                    "There is no organization yet. Create one: puntual org create SLUG --name … --country … --currency …"
                )
            )
        if len(several) > 1:
            raise Usage(N_("There are several organizations ({slugs}). Say which one: --org SLUG."), slugs=_slugs())
        found = several[0]
    words.adopt(found.language)
    _speak()
    return found


def the_actor(organization: "Organization", today: date | None = None) -> "Actor":
    """Whoever typed the command, now; `today` replaces the organization's own day."""
    from puntual.organizations.actions import actor_of

    by = actor_of(organization, now(), name=operator())
    return by if today is None else by.on(today, by.now)


def the_creditor(organization: "Organization", code: str | None) -> "Creditor | None":
    """The creditor of that code, None where none is asked for. Must run inside the organization. Raises Usage."""
    from puntual.parties.models import Creditor

    if code is None:
        return None
    of_organization = Creditor.objects.filter(organization_id=organization.id)
    found = of_organization.filter(code=code).first()
    if found is None:
        raise Usage(
            N_("There is no creditor “{code}”. There are: {codes}."),
            code=code,
            codes=", ".join(of_organization.order_by("code").values_list("code", flat=True)) or _("none yet"),
        )
    return found


def the_member(organization: "Organization", email: str | None) -> "UUID | None":
    """The user of that e-mail address who works in the organization, None where nobody is asked for. Raises Usage."""
    from puntual.organizations.models import Membership

    if email is None:
        return None
    members = Membership.objects.filter(organization=organization)
    found: UUID | None = members.filter(user__email__iexact=email).values_list("user_id", flat=True).first()
    if found is None:
        raise Usage(
            N_("There is no member “{email}”. There are: {emails}."),
            email=email,
            emails=", ".join(members.order_by("user__email").values_list("user__email", flat=True)) or _("none yet"),
        )
    return found


def the_only_creditor(organization: "Organization") -> "Creditor":
    """The creditor where nobody said which. Must run inside the organization. Raises Usage where there is not exactly one."""
    from puntual.parties.models import Creditor

    found = list(Creditor.objects.filter(organization_id=organization.id).order_by("code"))
    if len(found) != 1:
        codes = ", ".join(one.code for one in found) or _("none yet")
        raise Usage(N_("Say which creditor with --creditor CODE. There are: {codes}."), codes=codes)
    return found[0]


def the_customer(organization: "Organization", code: str, creditor: str | None) -> "Customer":
    """The customer of that code, and of that creditor where it is named. Raises Usage unless it is one. Inside `acting_for`."""
    from puntual.parties.models import Customer

    customers = Customer.objects.filter(organization_id=organization.id, code=code).select_related("creditor")
    whose = the_creditor(organization, creditor)
    if whose is not None:
        customers = customers.filter(creditor=whose)
    found = list(customers.order_by("creditor__code"))
    if not found:
        raise Usage(N_("There is no customer with the code “{code}”. Give the code of the customer's page."), code=code)
    if len(found) > 1:
        raise Usage(
            N_("Several creditors have a customer “{code}”: {creditors}. Say which one: --creditor CODE."),
            code=code,
            creditors=", ".join(one.creditor.code for one in found),
        )
    return found[0]


def operator() -> str:
    """Who acts, for the log: the user of the machine."""
    try:
        return f"{getpass.getuser()}@{socket.gethostname()}"[:150]
    except (KeyError, OSError):
        return "puntual"


class Day(click.ParamType):  # type: ignore[type-arg]  # generic in newer releases of click only
    """A date as 2026-11-23."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        day = days.as_day(value)
        if day is None:
            self.fail(_("“{value}” is not a date. Write it as 2026-11-23.").format(value=value), param, ctx)
        return day


ORGANIZATION = click.option(
    "--org", "slug", metavar="SLUG", help=_("the organization; may be left out where there is only one")
)
JSON = click.option("--json", "as_json", is_flag=True, help=_("one JSON object on standard output, nothing else there"))


def _slugs() -> str:
    from puntual.organizations.models import Organization

    return ", ".join(Organization.objects.order_by("slug").values_list("slug", flat=True)[:20])


def _speak() -> None:
    from django.utils import translation

    translation.activate(words.language())


def _bring_up_to_date() -> None:
    """Apply the migrations the database lacks; a second process waits for the first. Reading two lists costs milliseconds."""
    if not _lacking():
        return
    from django.core.management import call_command
    from django.db import connections

    say(_("Bringing the database up to date …"))
    owner = connections["owner"]
    try:
        with owner.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_MIGRATING])
        if _lacking():
            call_command("migrate", database="owner", interactive=False, verbosity=0)
    finally:
        owner.close()


def _lacking() -> bool:
    """Whether the code has a migration that the database has not: file names against applied names, nothing imported."""
    from pathlib import Path

    from django.apps import apps
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('django_migrations')")
        if cursor.fetchone()[0] is None:
            return True
        cursor.execute("SELECT app, name FROM django_migrations")
        applied = set(cursor.fetchall())
    return any(
        (app.label, file.stem) not in applied
        for app in apps.get_app_configs()
        for file in Path(app.path, "migrations").glob("[!_~]*.py")
    )
