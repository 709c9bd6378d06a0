"""`puntual strategy`: collections manuals as files."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from puntual.cli.main import Lazy
from puntual.cli.output import show_json
from puntual.cli.running import Usage, text_of
from puntual.cli.starting import JSON, ORGANIZATION, start, the_actor, the_organization
from puntual.cli.words import gettext as _
from puntual.kernel.problems import N_

if TYPE_CHECKING:
    from puntual.organizations.models import Organization

HOMES = {
    "builtin": ("ready_manuals", "builtin", _("the manuals that come with Puntual")),
    "install": ("ready_manuals", "install", _("put a manual that comes with Puntual into force")),
    "export": (
        "strategies",
        "export",
        _("a manual, the segments, the texts or the words for negotiating as TOML"),
    ),
    "import": (
        "strategies",
        "import_",
        _("make a draft from a TOML file, or keep its segments or its words for negotiating"),
    ),
    "simulate": ("simulating", "simulate", _("try a manual on the organization's own history; nothing is written")),
}


@click.command(cls=Lazy, homes=HOMES, help=_("Collections manuals as files."))
def strategy() -> None:
    """The group."""


@click.command(
    help=_(
        "Write a manual in force to standard output, as TOML; the organization's own unless one is named. Or its latest"
        " draft, the segments, or the organization's own texts or words for negotiating."
    )
)
@click.argument("name", required=False)
@click.option("--draft", is_flag=True, help=_("Its latest draft instead of what is in force."))
@click.option("--segments", is_flag=True, help=_("The segments instead of a manual."))
@click.option("--texts", is_flag=True, help=_("The organization's own texts in force instead of a manual."))
@click.option(
    "--negotiation", is_flag=True, help=_("The organization's own words for negotiating instead of a manual.")
)
@ORGANIZATION
def export(name: str | None, draft: bool, segments: bool, texts: bool, negotiation: bool, slug: str | None) -> None:
    if sum((bool(name) or draft, segments, texts, negotiation)) > 1:
        raise Usage(N_("Export one thing at a time: a manual, the segments, the texts, or the words for negotiating."))
    start()
    from puntual.strategies import segments as segment_files
    from puntual.strategies import text_files
    from puntual.strategies.own_texts import filed
    from puntual.strategies.scripts import files as script_files
    from puntual.strategies.scripts.queries import filed_scripts
    from puntual.strategies.segment_queries import kept_segments
    from puntual.tenancy.scope import acting_for

    organization = the_organization(slug)
    with acting_for(organization.id):
        if segments:
            text = segment_files.to_toml(kept_segments(organization.id))
        elif texts:
            text = text_files.to_toml(filed(organization.id))
        elif negotiation:
            text = script_files.to_toml(filed_scripts(organization.id))
        else:
            text = _manual(organization, name, draft)
        click.echo(text, nl=False)


def _manual(organization: "Organization", name: str | None, draft: bool) -> str:
    """A version as TOML. Raises Usage where there is none."""
    from puntual.strategies.later import manual_of
    from puntual.strategies.manual import to_toml
    from puntual.strategies.models import Assignment, Version

    state = Version.State.DRAFT if draft else Version.State.ACTIVE
    there = Version.objects.filter(organization_id=organization.id, state=state)
    own = Assignment.objects.filter(organization_id=organization.id, creditor=None, segment=None, customer=None)
    wanted = there.filter(strategy__code=name) if name else there.filter(strategy__in=own.values("strategy"))
    version = wanted.order_by("-number").first()
    if version is None:
        codes = ", ".join(dict.fromkeys(there.order_by("strategy__code").values_list("strategy__code", flat=True)))
        message = N_("There is no draft of a manual “{name}”. There are: {codes}.")
        if not draft:
            message = N_("There is no manual “{name}” in force. There are: {codes}.")
        raise Usage(message, name=name or "", codes=codes or _("none yet"))
    return to_toml(manual_of(version))


@click.command(
    help=_(
        "Make a draft from a TOML file, as `export` writes it: of a manual or of texts; nothing follows it before it is"
        " activated. Segments and words for negotiating are kept at once."
    )
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
@ORGANIZATION
@JSON
def import_(file: Path, slug: str | None, as_json: bool) -> None:
    text = text_of(file, "FILE")
    start()
    from puntual.strategies.actions import import_draft
    from puntual.strategies.scripts.actions import import_scripts
    from puntual.strategies.segment_actions import import_segments
    from puntual.strategies.text_actions import import_texts
    from puntual.tenancy.scope import acting_for

    organization = the_organization(slug)
    by = the_actor(organization)
    match _first_table(text):
        case "segment":
            kept = import_segments(by, text)
            found: dict[str, object] = {"segments": [one.code for one in kept]}
            said = _("{count} segments are kept.").format(count=len(kept))
        case "text":
            drafts = import_texts(by, text)
            found = {"texts": len(drafts)}
            said = _("{count} drafts of texts are there; put them into force under Manual, Texts.").format(
                count=len(drafts)
            )
        case "situation":
            words = import_scripts(by, text)
            found = {"situations": [[one.situation, one.language] for one in words]}
            said = _("{count} situations have new words; one negotiates with them from now on.").format(
                count=len(words)
            )
        case _other:
            version = import_draft(by, text)
            with acting_for(organization.id):
                code = version.strategy.code
            found = {"strategy": code, "number": version.number, "state": version.state}
            said = _("Draft {number} of “{code}” is there; activate it under Manual.").format(
                number=version.number, code=code
            )
    if as_json:
        show_json(found)
    else:
        click.echo(said)


def _first_table(text: str) -> str:
    """What the file is of: the name of its first table, "" where it has a heading."""
    first = next((line.strip() for line in text.splitlines() if line.strip() and not line.strip().startswith("#")), "")
    return first[2:-2].strip() if first.startswith("[[") and first.endswith("]]") else ""
