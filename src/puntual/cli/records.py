"""`puntual record`: everything on record about a customer, as a file."""

from pathlib import Path

import click

from puntual.cli.output import binary_output, count, show_json
from puntual.cli.starting import JSON, ORGANIZATION, start, the_actor, the_customer, the_organization
from puntual.cli.words import gettext as _
from puntual.cli.words import language

KINDS = (".zip", ".pdf")


def _named(context: click.Context, option: click.Parameter, out: Path) -> Path:
    if out.suffix.lower() not in KINDS:
        raise click.BadParameter(_("{file} is neither a .zip nor a .pdf. Name it as one of them.").format(file=out))
    return out


@click.command(
    help=_(
        "Everything on record about the customer with that code: what was said, answered, agreed and paid, with the files;"
        " as evidence for a claim, an audit, or a customer who asks."
    )
)
@click.argument("customer")
@ORGANIZATION
@click.option("--creditor", metavar="CODE", help=_("whose customer it is, where two creditors use the same code"))
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    callback=_named,
    metavar="FILE",
    help=_("a .zip with every message, answer and file and a manifest of hashes, or a .pdf to read"),
)
@JSON
def record(customer: str, slug: str | None, creditor: str | None, out: Path, as_json: bool) -> None:
    start()
    from django.utils import timezone

    from puntual.desk import formats
    from puntual.desk.evidence import evidence, evidence_files
    from puntual.tenancy.scope import acting_for

    organization = the_organization(slug)
    by, files = the_actor(organization), 1
    reader = formats.locale_for(language(), organization.country)
    with acting_for(organization.id), timezone.override(organization.time_zone), formats.reading(reader):
        found = the_customer(organization, customer, creditor)
        with binary_output(out) as file:
            if out.suffix.lower() == ".pdf":
                file.write(evidence(by, found, organization.time_zone).content)
            else:
                files = len(evidence_files(by, found, organization.time_zone, file))
    if as_json:
        show_json({"customer": found.code, "file": str(out), "files": files})
        return
    click.echo(_("{file}: {files} files.").format(file=out, files=count(files)))
