"""`puntual policy`: the credit policy as a file, and what differs between two of its versions."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from puntual.cli.main import Lazy
from puntual.cli.output import show_json
from puntual.cli.running import Usage, text_of
from puntual.cli.starting import JSON, ORGANIZATION, start, the_actor, the_organization
from puntual.cli.words import gettext as _
from puntual.kernel.problems import N_

if TYPE_CHECKING:
    from puntual.organizations.models import Organization
    from puntual.strategies.credit.models import CreditPolicy

HOMES = {
    "export": ("policies", "export", _("the credit policy as TOML")),
    "import": ("policies", "import_", _("make a draft of the credit policy from a TOML file")),
    "compare": ("policies", "compare", _("what differs between two versions of the credit policy")),
}


@click.command(cls=Lazy, homes=HOMES, help=_("The credit policy as files, and its versions."))
def policy() -> None:
    """The group."""


@click.command(
    help=_("Write the credit policy in force to standard output, as TOML; or another version, or the draft.")
)
@click.option("--version", "number", type=int, metavar="N", help=_("that version"))
@click.option("--draft", is_flag=True, help=_("the draft instead of what is in force"))
@ORGANIZATION
def export(number: int | None, draft: bool, slug: str | None) -> None:
    if draft and number is not None:
        raise Usage(N_("Export one thing at a time: a version or the draft."))
    start()
    from puntual.strategies.credit import queries
    from puntual.strategies.credit.files import to_toml
    from puntual.tenancy.scope import acting_for

    organization = the_organization(slug)
    with acting_for(organization.id):
        if draft:
            found = queries.draft(organization.id)
            if found is None:
                raise Usage(N_("There is no draft of the credit policy."))
        else:
            found = _version(organization, number)
        click.echo(to_toml(queries.policy_of(found)), nl=False)


@click.command(help=_("Write what a TOML file says, as `export` writes it, into the draft of the credit policy."))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
@ORGANIZATION
@JSON
def import_(file: Path, slug: str | None, as_json: bool) -> None:
    text = text_of(file, "FILE")
    start()
    from puntual.strategies.credit.actions import import_policy

    made = import_policy(the_actor(the_organization(slug)), text)
    if as_json:
        show_json({"number": made.number, "state": made.state})
        return
    click.echo(
        _("The draft of version {number} is there; put it into force under Settings, Credit policy.").format(
            number=made.number
        )
    )


@click.command(
    help=_(
        "What version AFTER of the credit policy says otherwise than version BEFORE; without AFTER, than what is in force."
    )
)
@click.argument("before", type=int)
@click.argument("after", type=int, required=False)
@ORGANIZATION
@JSON
def compare(before: int, after: int | None, slug: str | None, as_json: bool) -> None:
    start()
    from puntual.strategies.credit.comparing import differences
    from puntual.strategies.credit.queries import policy_of
    from puntual.tenancy.scope import acting_for

    organization = the_organization(slug)
    with acting_for(organization.id):
        older, newer = _version(organization, before), _version(organization, after)
        found = differences(policy_of(older), policy_of(newer))
    facts = [
        {
            "what": one.what,
            "key": one.key,
            "kind": one.kind,
            "fields": [{"field": name, "before": _plain(was), "after": _plain(now)} for name, was, now in one.fields],
        }
        for one in found
    ]
    if as_json:
        show_json({"before": older.number, "after": newer.number, "differences": facts})
        return
    if not facts:
        click.echo(_("Both say the same."))
    for one in found:
        kinds = {"added": _("added"), "removed": _("removed"), "changed": _("changed")}
        click.echo(f"{one.what} {one.key or '–'}: {kinds[one.kind]}")
        for name, was, now in one.fields:
            click.echo(f"  {name}: {_said(was)} → {_said(now)}")


def _version(organization: "Organization", number: int | None) -> "CreditPolicy":
    """The version of that number, or the one in force. Raises Usage. Inside `acting_for`."""
    from puntual.strategies.credit import queries

    rows = queries.versions(organization.id)
    found = queries.in_force(organization.id) if number is None else rows.filter(number=number).first()
    if found is None:
        there = ", ".join(str(one) for one in rows.order_by("number").values_list("number", flat=True))
        message = N_("There is no version {number} of the credit policy. There are: {numbers}.")
        if number is None:
            message = N_("No credit policy is in force. Versions there are: {numbers}.")
        raise Usage(message, number=number, numbers=there or _("none yet"))
    return found


def _plain(value: Any) -> Any:
    """A value as JSON has it; amounts are text."""
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, tuple):
        return list(value)
    return format(value, "f") if isinstance(value, Decimal) else value


def _said(value: Any) -> str:
    """A value on one line."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_said(one)}" for key, one in value.items()) or "–"
    if isinstance(value, tuple):
        return ", ".join(one or "–" for one in value) or "–"
    return str(_plain(value))
