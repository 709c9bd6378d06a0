"""`puntual report`: a report as a table or a file."""

from datetime import date
from pathlib import Path

import click

from puntual.cli.output import binary_output, text_output
from puntual.cli.running import Usage, say
from puntual.cli.starting import ORGANIZATION, Day, start, the_actor, the_creditor, the_member, the_organization
from puntual.cli.words import gettext as _
from puntual.cli.words import language

FORMATS = ("table", "csv", "json", "xlsx", "pdf")


@click.command(
    help=_(
        "A report by name: aging, top-customers, concentration and credit-limits (what is open), dso, cei,"
        " roll-rates, cure-rate, collected,"
        " forecast and effectiveness (how money comes in), behavior, scores and calibration (who pays how), provision (what may"
        " be lost), promises, agreements, disputes, fairness, conduct; and letter, the month in one page for management."
    )
)
@click.argument("name")
@ORGANIZATION
@click.option(
    "--as-of",
    "--to",
    "as_of",
    type=Day(),
    metavar="DATE",
    help=_("the day it is about, or the last; today unless given"),
)
@click.option("--from", "since", type=Day(), metavar="DATE", help=_("the first day, of a report about a period"))
@click.option("--known-on", type=Day(), metavar="DATE", help=_("only what had been recorded by the end of that day"))
@click.option("--creditor", metavar="CODE", help=_("one creditor's customers only"))
@click.option("--segment", metavar="CODE", default="", help=_("the customers of a segment only"))
@click.option("--collector", metavar="EMAIL", help=_("the customers that somebody looks after only"))
@click.option("--country", metavar="CC", default="", help=_("the customers of a country only"))
@click.option("--currency", metavar="CUR", default="", help=_("one currency only"))
@click.option("--in", "into", metavar="CUR", default="", help=_("all currencies together in one, by the rates entered"))
@click.option("--anew", is_flag=True, help=_("worked out now, also where the day's job has done it this morning"))
@click.option("--format", "form", type=click.Choice(FORMATS), help=_("table unless given"))
@click.option("--json", "as_json", is_flag=True, help=_("the same as --format json"))
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help=_("a file instead of standard output"))
def report(
    name: str,
    slug: str | None,
    as_of: date | None,
    since: date | None,
    known_on: date | None,
    creditor: str | None,
    segment: str,
    collector: str | None,
    country: str,
    currency: str,
    into: str,
    anew: bool,
    form: str | None,
    as_json: bool,
    out: Path | None,
) -> None:
    if as_json and form not in (None, "json"):
        raise click.UsageError(_("--json and --format {form} ask for two things. Keep one.").format(form=form))
    form = "json" if as_json else form or "table"
    start()
    from puntual.analytics import exports, printing, reports
    from puntual.analytics.narrowing import whose
    from puntual.outreach.formats import locale_of

    if name not in reports.REPORTS:
        raise Usage(reports.UNKNOWN, name=name, names=", ".join(sorted(reports.REPORTS)))
    organization = the_organization(slug)
    by = the_actor(organization)
    day = as_of or by.today
    locale = locale_of(language(), organization.country)
    with reports.snapshot(organization.id):
        one = the_creditor(organization, creditor)
        ours = whose(
            organization.id,
            by.today,
            creditor=one.id if one else None,
            segment=segment,
            collector=the_member(organization, collector),
            country=country.upper(),
            currency=currency.upper(),
        )
        made = reports.build(
            name,
            organization.id,
            day,
            since=since,
            known_on=known_on,
            whose=ours,
            into=into.upper(),
            today=None if anew else by.today,
        )
        if form == "xlsx":
            with binary_output(out) as file:
                exports.write_xlsx(made, file)
        elif form == "pdf":
            with binary_output(out) as file:
                file.write(printing.pdf(made, organization.name, locale, by.now))
        else:
            with text_output(out) as file:
                if form == "json":
                    exports.write_json(made, file)
                elif form == "csv":
                    exports.write_csv(made, file)
                else:
                    exports.write_table(made, file, locale)
    if out:
        say(_("{path} was written.").format(path=out))
