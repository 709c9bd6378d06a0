"""`puntual letters`: batches of letters for the printer, what was posted, and what came back."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from puntual.cli.main import Lazy
from puntual.cli.output import count, show_json
from puntual.cli.running import Usage, say
from puntual.cli.starting import JSON, ORGANIZATION, Day, start, the_actor, the_organization
from puntual.cli.words import gettext as _
from puntual.kernel.problems import N_

if TYPE_CHECKING:
    from puntual.audit.actions import Actor
    from puntual.outreach.channels.letter.models import PrintBatch

HOMES = {
    "batch": ("letters", "batch", _("gather the letters that wait, set them and write what the printer gets")),
    "posted": ("letters", "posted", _("say that a batch was posted")),
    "returned": ("letters", "returned", _("say that a letter came back")),
}


@click.command(cls=Lazy, homes=HOMES, help=_("Letters: batches for the printer, what was posted and what came back."))
def letters() -> None:
    """The group."""


@click.command(help=_("Gather the letters that wait into a batch, set them, and write the files to a folder."))
@ORGANIZATION
@click.option("--service", default="", metavar="CODE", help=_("a way of posting with a proof, such as es-burofax"))
@click.option("--window", type=click.Choice(["left", "right"]), help=_("the side of the envelopes' window"))
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help=_("the folder the files are written to; this one unless named"),
)
@JSON
def batch(slug: str | None, service: str, window: str | None, out: Path, as_json: bool) -> None:
    start()
    from puntual.outreach.channels.letter.claiming import last_window, start_batch
    from puntual.outreach.channels.letter.making import make_next
    from puntual.tenancy.scope import acting_for

    organization = the_organization(slug)
    by = the_actor(organization)
    with acting_for(organization.id):
        side = window or last_window(organization.id)
    made = start_batch(by, service=service, window=side)
    out.mkdir(parents=True, exist_ok=True)  # only where there is something to print
    while make_next(by, made.pk):
        pass
    with acting_for(organization.id):
        made.refresh_from_db()
        files = _write(by, made, out)
        fallen = _fallen(made)
    found: dict[str, Any] = {
        "batch": made.number,
        "letters": made.made,
        "fell_out": fallen,
        "sample": made.sample,
        "files": files,
    }
    if as_json:
        show_json(found)
        return
    click.echo(
        _("Batch {number}: {made} letters, {out} fell out.").format(
            number=made.number, made=count(made.made), out=count(len(fallen))
        )
    )
    for line in (*files, *(f"{one['customer']}: {one['reason']}" for one in fallen)):
        click.echo(f"  {line}")


def _write(by: "Actor", made: "PrintBatch", out: Path) -> list[str]:
    from puntual.outreach.channels.letter.manifest import manifest
    from puntual.outreach.channels.letter.models import PrintFile
    from puntual.outreach.channels.letter.queries import files_of

    files = []
    for file in files_of(made):
        path = out / f"letters-{made.number}-{file.part}.pdf"
        path.write_bytes(PrintFile.objects.values_list("pdf", flat=True).get(pk=file.pk))
        files.append(str(path))
    if made.made:
        document = manifest(made, "csv", by.now)
        path = out / document.name
        path.write_bytes(document.content)
        files.append(str(path))
    return files


def _fallen(made: "PrintBatch") -> list[dict[str, str]]:
    from puntual.outreach.channels.letter.queries import letters_of

    rows = letters_of(made).filter(state="fell_out").order_by("place")
    return [{"code": one.code, "customer": one.customer.code, "reason": one.reason} for one in rows]


@click.command(help=_("Say that batch NUMBER was posted; its letters count as sent."))
@click.argument("number", type=int)
@ORGANIZATION
@click.option("--on", "on", type=Day(), metavar="DATE", help=_("the day; today unless named"))
@click.option("--office", default="", help=_("by whom and where: the post office, the notary"))
@click.option(
    "--references",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=_("a list of letter codes and the post's numbers (CSV)"),
)
@click.option("--left-out", multiple=True, metavar="CODE", help=_("a letter that was not posted; may be repeated"))
@JSON
def posted(
    number: int,
    slug: str | None,
    on: date | None,
    office: str,
    references: Path | None,
    left_out: tuple[str, ...],
    as_json: bool,
) -> None:
    start()
    from puntual.outreach.actions import post_batch
    from puntual.outreach.channels.letter.models import PrintBatch
    from puntual.outreach.channels.letter.references import read_references
    from puntual.tenancy.scope import acting_for

    organization = the_organization(slug)
    by = the_actor(organization)
    with acting_for(organization.id):
        found = PrintBatch.objects.filter(organization_id=organization.id, number=number).first()
    if found is None:
        raise Usage(N_("There is no batch {number}."), number=number)
    numbers = read_references(references.read_text("utf-8-sig")) if references else {}
    done = post_batch(by, found.pk, on=on or by.today, office=office, references=numbers, left_out=left_out)
    sent = done.made - len(set(left_out))
    if as_json:
        show_json({"batch": done.number, "posted": sent, "put_back": len(set(left_out)), "sample": done.sample})
        return
    if done.sample:
        say(_("This is a rehearsal: the letters are in the capture mailbox, nothing was posted."))
    click.echo(
        _("Batch {number}: {sent} letters sent, {back} put back.").format(
            number=done.number, sent=count(sent), back=count(len(set(left_out)))
        )
    )


@click.command(help=_("Say that the letter with this CODE came back."))
@click.argument("code")
@ORGANIZATION
@click.option(
    "--reason",
    type=click.Choice(["unknown", "moved", "refused", "unclaimed"]),
    required=True,
    help=_("why it came back"),
)
@click.option("--on", "on", type=Day(), metavar="DATE", help=_("the day; today unless named"))
@JSON
def returned(code: str, slug: str | None, reason: str, on: date | None, as_json: bool) -> None:
    start()
    from puntual.outreach.actions import mark_returned

    letter = mark_returned(the_actor(the_organization(slug)), code, reason, on)
    if as_json:
        show_json({"code": letter.code, "customer_id": str(letter.customer_id), "reason": reason})
        return
    click.echo(_("Letter {code} came back: it no longer counts as delivered.").format(code=letter.code))
