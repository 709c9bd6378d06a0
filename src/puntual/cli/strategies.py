"""`puntual strategy`: collections manuals as files."""

from pathlib import Path

import click

from puntual.cli.main import Lazy
from puntual.cli.output import show_json
from puntual.cli.running import Usage
from puntual.cli.starting import JSON, ORGANIZATION, start, the_actor, the_organization
from puntual.cli.words import gettext as _
from puntual.kernel.problems import N_

HOMES = {
    "builtin": ("ready_manuals", "builtin", _("the manuals that come with Puntual")),
    "install": ("ready_manuals", "install", _("put a manual that comes with Puntual into force")),
    "export": ("strategies", "export", _("a manual in force, as TOML on standard output")),
    "import": ("strategies", "import_", _("make a draft from a TOML file")),
    "simulate": ("simulating", "simulate", _("try a manual on the organization's own history; nothing is written")),
}


@click.command(cls=Lazy, homes=HOMES, help=_("Collections manuals as files."))
def strategy() -> None:
    """The group."""


@click.command(
    help=_("Write a manual in force to standard output, as TOML; the organization's own unless one is named.")
)
@click.argument("name", required=False)
@ORGANIZATION
def export(name: str | None, slug: str | None) -> None:
    start()
    from puntual.strategies.manual import from_content, to_toml
    from puntual.strategies.models import Assignment, Version
    from puntual.tenancy.scope import acting_for

    organization = the_organization(slug)
    with acting_for(organization.id):
        active = Version.objects.filter(organization_id=organization.id, state=Version.State.ACTIVE)
        own = Assignment.objects.filter(organization_id=organization.id, creditor=None, customer=None)
        wanted = active.filter(strategy__code=name) if name else active.filter(strategy__in=own.values("strategy"))
        version = wanted.first()
        if version is None:
            codes = ", ".join(active.order_by("strategy__code").values_list("strategy__code", flat=True))
            raise Usage(
                N_("There is no manual “{name}” in force. There are: {codes}."),
                name=name or "",
                codes=codes or _("none yet"),
            )
        click.echo(to_toml(from_content(version.content)), nl=False)


@click.command(help=_("Make a draft from a TOML file; nothing follows it before it is activated."))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
@ORGANIZATION
@JSON
def import_(file: Path, slug: str | None, as_json: bool) -> None:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise click.BadParameter(
            _("{path} is not text in UTF-8. Save it again as UTF-8.").format(path=file), param_hint="FILE"
        ) from None
    start()
    from puntual.strategies.actions import import_draft
    from puntual.tenancy.scope import acting_for

    organization = the_organization(slug)
    version = import_draft(the_actor(organization), text)
    with acting_for(organization.id):
        code = version.strategy.code
    if as_json:
        show_json({"strategy": code, "number": version.number, "state": version.state})
        return
    click.echo(
        _("Draft {number} of “{code}” is there; activate it under Manual.").format(number=version.number, code=code)
    )
