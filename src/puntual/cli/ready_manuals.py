"""`puntual strategy builtin` and `install`: the manuals that come with Puntual."""

import click

from puntual.cli.output import show_json
from puntual.cli.starting import JSON, ORGANIZATION, start, the_actor, the_organization
from puntual.cli.words import gettext as _


@click.command(help=_("List the manuals that come with Puntual."))
@JSON
def builtin(as_json: bool) -> None:
    start()
    from django.utils.translation import gettext

    from puntual.strategies.builtin import KINDS

    kinds = [(kind.code, gettext(kind.name), gettext(kind.description)) for kind in KINDS]
    if as_json:
        show_json({"manuals": [dict(zip(("code", "name", "description"), kind, strict=True)) for kind in kinds]})
        return
    for code, name, description in kinds:
        click.echo(f"{code:<15} {name}\n{'':<15} {description}")


@click.command(help=_("Put a manual that comes with Puntual into force, as the organization's own."))
@click.argument("kind")
@ORGANIZATION
@JSON
def install(kind: str, slug: str | None, as_json: bool) -> None:
    start()
    from puntual.strategies.actions import install_builtin
    from puntual.tenancy.scope import acting_for

    organization = the_organization(slug)
    version = install_builtin(the_actor(organization), organization.language, kind)
    with acting_for(organization.id):
        code = version.strategy.code
    if as_json:
        show_json({"strategy": code, "number": version.number, "state": version.state})
        return
    click.echo(_("“{code}” is in force: the next day's contacts follow it.").format(code=code))
