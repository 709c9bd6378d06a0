"""`puntual import`: files in."""

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from puntual.cli.output import count, show_json
from puntual.cli.running import FAILED, Done, Usage, say, text_of
from puntual.cli.starting import JSON, ORGANIZATION, Day, start, the_actor, the_creditor, the_organization
from puntual.cli.words import gettext as _
from puntual.cli.words import ngettext

if TYPE_CHECKING:
    from puntual.intake.results import ImportResult

MAIL, DOCUMENTS, STATEMENT = "mail", "documents", "statement"
KINDS = ("invoices", "customers", "payments", "balances", STATEMENT, MAIL, DOCUMENTS)
_MOST_LINES = 20
_FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)


@click.command(
    help=_(
        "Bring in a file: CSV, TSV, XLSX or XLS. What is wrong in it is refused row by row, the rest lands.\n\n"
        "With “statement” the files are what banks send: camt.052, 053 and 054, MT940, OFX and QFX, Norma 43, CNAB 240 and 400 "
        "returns, CSV and XLSX, PayPal and Mercado Pago; each is taken whole or not at all.\n\n"
        "With “mail” the files are raw messages (.eml, mbox): bounces, complaints and answers. "
        "Without --org they are only read.\n\n"
        "With “documents” they are the PDFs of invoices: each goes to the invoice whose number is in its name."
    ),
)
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("files", metavar="FILE...", type=_FILE, nargs=-1, required=True)
@ORGANIZATION
@click.option("--map", "mapping", type=_FILE, help=_("a mapping file (TOML) for columns that are not recognized"))
@click.option("--check", is_flag=True, help=_("say what would happen and write nothing"))
@click.option("--creditor", metavar="CODE", help=_("whose file it is, where there are several creditors"))
@click.option("--currency", metavar="CUR", help=_("the currency of rows that name none"))
@click.option(
    "--snapshot",
    "snapshot_on",
    type=Day(),
    metavar="DATE",
    help=_("the file is the whole open portfolio of that day: what is not in it is gone"),
)
@click.option("--confirm", is_flag=True, help=_("go on with a snapshot that stopped to ask"))
@click.option("--no-match", is_flag=True, help=_("with “statement”: land the lines and do not look for what they pay"))
@JSON
def import_(
    kind: str,
    files: tuple[Path, ...],
    slug: str | None,
    mapping: Path | None,
    check: bool,
    creditor: str | None,
    currency: str | None,
    snapshot_on: date | None,
    confirm: bool,
    no_match: bool,
    as_json: bool,
) -> None:
    if kind == MAIL:
        from puntual.cli.mail import import_mail

        import_mail(files, slug, as_json=as_json)
        return
    if kind == DOCUMENTS:
        from puntual.cli.invoice_files import import_documents

        import_documents(files, slug, creditor, as_json=as_json)
        return
    if kind == STATEMENT:
        from puntual.cli.statements import import_statements

        text = text_of(mapping, "--map") if mapping else None
        import_statements(
            files, slug, mapping=text, creditor=creditor, check=check, match=not no_match, as_json=as_json
        )
        return
    if len(files) > 1:
        raise Usage("{question}", question=_("Bring these in one file at a time."))
    (file,) = files
    start()
    from puntual.intake.actions import NeedsConfirmation, Undecided, import_file
    from puntual.intake.jobs import WhoseFile
    from puntual.tenancy.scope import acting_for

    organization = the_organization(slug)
    with acting_for(organization.id):
        whose = the_creditor(organization, creditor)
    try:
        result = import_file(
            the_actor(organization),
            file,
            kind,
            mapping=text_of(mapping, "--map") if mapping else None,
            creditor=whose,
            check=check,
            snapshot_on=snapshot_on,
            currency=currency,
            confirm=confirm,
            progress=_progress(),
        )
    except (Undecided, WhoseFile) as question:
        raise Usage("{question}", question=question.text(_)) from question
    except NeedsConfirmation as question:
        raise Usage(
            "{question}\n{option}", question=question.text(_), option=_("To go on, add --confirm.")
        ) from question
    if as_json:
        show_json(result.as_json())
    else:
        _show(result)
    if result.tally.rejected:
        raise Done(FAILED)


def _progress() -> Callable[[int, int | None], None] | None:
    if not sys.stderr.isatty():
        return None

    def show(done: int, total: int | None) -> None:
        of = f" / {count(total)}" if total else ""
        click.echo(f"\r{count(done)}{of}", nl=total is not None and done >= total, err=True)

    return show


def _show(result: "ImportResult") -> None:
    told = result.as_json()
    if result.check:
        click.echo(_("Only looked at, nothing was written:"))
    click.echo(
        ngettext(
            "{created} new, {updated} changed, {unchanged} as they were, {rejected} refused, of {customers} customer.",
            "{created} new, {updated} changed, {unchanged} as they were, {rejected} refused, of {customers} customers.",
            told["customers"],
        ).format(**{name: count(told[name]) for name in ("created", "updated", "unchanged", "rejected", "customers")})
    )
    for currency, amount in told["totals"].items():
        click.echo(f"  {currency} {amount}")
    for warning in told["warnings"]:
        say(warning)
    for reject in told["rejects"][:_MOST_LINES]:
        value = f"“{reject['value']}”" if reject["value"] else ""
        place = " ".join(part for part in (str(reject["line"]), reject["column"], value) if part)
        say(_("line {place}: {reason}").format(place=place, reason=reject["reason"]))
    if (more := told["rejected"] - _MOST_LINES) > 0:
        say(ngettext("… and {n} more refused row.", "… and {n} more refused rows.", more).format(n=count(more)))
    if told["rejects_file"]:
        say(
            _("The refused rows are in {path}: mend them there and import that file.").format(path=told["rejects_file"])
        )
