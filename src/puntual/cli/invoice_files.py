"""`puntual import documents`: the PDFs of invoices, each found its invoice by the number in its name."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from puntual.cli.output import count, show_json
from puntual.cli.running import FAILED, Done
from puntual.cli.starting import start, the_actor, the_creditor, the_organization
from puntual.cli.words import gettext as _
from puntual.cli.words import ngettext

_CHUNK = 100
"""Files whose invoices are looked for in one query."""


def import_documents(files: Sequence[Path], slug: str | None, creditor: str | None, *, as_json: bool) -> None:
    """Keep each file with its invoice. Raises Done where one has none, or is no PDF; the others are kept."""
    start()
    from puntual.kernel.problems import Problem
    from puntual.receivables.actions import attach_file
    from puntual.receivables.files import matched
    from puntual.tenancy.scope import acting_for

    organization = the_organization(slug)
    by = the_actor(organization)
    with acting_for(organization.id):
        whose = the_creditor(organization, creditor) if creditor else None
    told: list[dict[str, Any]] = []
    for at in range(0, len(files), _CHUNK):
        chunk = files[at : at + _CHUNK]
        with acting_for(organization.id):
            found = matched(organization.id, [file.name for file in chunk], whose.id if whose else None)
        for file in chunk:
            one = found[file.name]
            why, number = _(one.why) if one.why else "", one.invoice.number if one.invoice else None
            if one.invoice:
                try:
                    attach_file(by, one.invoice.id, file.name, file.read_bytes())
                except Problem as problem:
                    why = problem.text(_)
            told.append({"file": str(file), "invoice": number, "refused": why or None})
    refused = [one for one in told if one["refused"]]
    if as_json:
        show_json({"attached": len(told) - len(refused), "files": told})
    else:
        attached = len(told) - len(refused)
        said = ngettext("{n} file kept with its invoice.", "{n} files kept with their invoices.", attached)
        click.echo(said.format(n=count(attached)))
        for each in refused:
            click.echo(f"  {each['file']}: {each['refused']}")
    if refused:
        raise Done(FAILED)
