"""`puntual record`: everything on record about a customer, as a file."""

from io import StringIO
from pathlib import Path

import click

from puntual.cli.output import count, show_json
from puntual.cli.starting import JSON, ORGANIZATION, start, the_actor, the_customer, the_organization
from puntual.cli.words import gettext as _


@click.command(
    help=_("Everything on record about a customer: what was said, answered, agreed and paid, with the files.")
)
@click.argument("customer")
@ORGANIZATION
@click.option("--creditor", metavar="CODE", help=_("whose customer it is, where two creditors use the same code"))
@click.option(
    "--out",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    required=True,
    metavar="FILE",
    help=_("a .zip with every message, answer and file and a manifest of hashes, or a .pdf to read"),
)
@JSON
def record(customer: str, slug: str | None, creditor: str | None, out: Path, as_json: bool) -> None:
    start()
    from django.core.management import call_command

    from puntual.tenancy.scope import acting_for

    organization = the_organization(slug)
    by = the_actor(organization)
    with acting_for(organization.id):
        found = the_customer(organization, customer, creditor)
        files = int(
            call_command(
                "customer_record", by=by, organization=organization, customer=found, out=out, stdout=StringIO()
            )
        )
    if as_json:
        show_json({"customer": found.code, "file": str(out), "files": files})
        return
    click.echo(_("{file}: {files} files.").format(file=out, files=count(files)))
