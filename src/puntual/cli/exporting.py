"""`puntual export payments`: payments and what they settled, for accounting."""

from datetime import date
from pathlib import Path

import click

from puntual.cli.output import binary_output, text_output
from puntual.cli.running import Usage, say
from puntual.cli.starting import ORGANIZATION, Day, start, the_actor, the_creditor, the_organization
from puntual.cli.words import gettext as _
from puntual.kernel.problems import N_

FORMATS = ("csv", "json", "xlsx")


@click.group(help=_("Files for accounting."))
def export() -> None:
    """What leaves as a file."""


@export.command(
    help=_(
        "Payments and what they settled; what was reversed or given back is a line of its own."
        " It is kept what was exported when: --new takes what no export had before, --again gives one once more."
    )
)
@ORGANIZATION
@click.option("--from", "from_on", type=Day(), metavar="DATE", help=_("the first day"))
@click.option("--to", "to_on", type=Day(), metavar="DATE", help=_("the last day"))
@click.option("--new", "only_new", is_flag=True, help=_("what no export had before, whatever its day"))
@click.option("--again", type=int, metavar="NUMBER", help=_("an export that was made before, the same file"))
@click.option("--creditor", metavar="CODE", help=_("one creditor's customers only"))
@click.option("--format", "form", type=click.Choice(FORMATS), default="csv", help=_("csv unless given"))
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help=_("a file instead of standard output"))
def payments(
    slug: str | None,
    from_on: date | None,
    to_on: date | None,
    only_new: bool,
    again: int | None,
    creditor: str | None,
    form: str,
    out: Path | None,
) -> None:
    if (only_new and (from_on or to_on)) or (again is not None and (only_new or from_on or to_on or creditor)):
        raise click.UsageError(_("--new, --again and a period ask for different things. Keep one."))
    start()
    from puntual.analytics import exports
    from puntual.analytics.payment_exports import report_of
    from puntual.payments.exporting.actions import export_payments
    from puntual.payments.exporting.queries import exports_of
    from puntual.tenancy.scope import acting_for

    organization = the_organization(slug)
    by = the_actor(organization)
    with acting_for(organization.id):
        if again is not None:
            made = exports_of(organization.id).filter(number=again).first()
            if made is None:
                raise Usage(N_("There is no export {number}."), number=again)
        else:
            whose = the_creditor(organization, creditor)
            creditor_id = whose.id if whose else None
            made = export_payments(by, only_new=only_new, from_on=from_on, to_on=to_on, creditor_id=creditor_id)
        report = report_of(made)
        if form == "xlsx":
            with binary_output(out) as file:
                exports.write_xlsx(report, file)
        else:
            with text_output(out) as file:
                (exports.write_csv if form == "csv" else exports.write_json)(report, file)
    say(_("Export {number}: {lines} lines.").format(number=made.number, lines=made.lines))
