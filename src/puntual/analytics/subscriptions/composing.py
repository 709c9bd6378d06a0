"""A report as a message to a member: what it says, its table or its file, and how to read and stop it. In the active language."""

import io
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice
from typing import Final

from babel import Locale
from babel.dates import format_date
from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from puntual.analytics import exports, printing
from puntual.analytics.tables import NUMBERS, Cell, Report
from puntual.kernel.problems import Problem
from puntual.organizations.models import Organization
from puntual.outreach.channels import Document

ROWS_IN_MAIL: Final = 100
LARGEST_FILE: Final = 10_000_000
"""Bytes of a file that mail servers carry (each grows by a third on the way); more is not attached."""
_TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
_PAGE: Final = (
    '<!doctype html><html><body style="margin:0;padding:24px;font:15px/1.5 system-ui,sans-serif;color:#1b1c22">'
    '<div style="max-width:760px"><h1 style="font-size:20px;margin:0 0 4px">{title}</h1>'
    '<p style="color:#6b6e7a;margin:0 0 16px">{basis}</p>{body}'
    '<p style="color:#6b6e7a;margin-top:24px;font-size:13px">{foot}</p></div></body></html>'
)
_TABLE: Final = (
    '<div style="overflow-x:auto;margin:0 0 16px">'
    '<table style="border-collapse:collapse;font-size:14px">{}</table></div>'
)
_CELL: Final = '<td style="padding:3px 10px 3px 0;border-bottom:1px solid #e3e5ea;text-align:{};{}">{}</td>'


@dataclass(frozen=True, slots=True)
class Composed:
    """A message that is ready but for whom it goes to."""

    subject: str
    text: str
    html: str
    file: Document | None


@dataclass(frozen=True, slots=True)
class Frame:
    """What all messages of one language share. `made_at` is a moment of the organization's own clock."""

    organization: Organization
    locale: Locale
    made_at: datetime
    why: str = ""  # why somebody gets it


def compose(report: Report, form: str, frame: Frame) -> Composed:
    """The message with a report: as a table in it, or as a file of that form. Where a file cannot be made, or is too large,
    it says so and where the page is that has it whole.
    """
    report = replace(report, basis=exports.sentence(report.basis, frame.locale))
    file: Document | None = None
    paragraphs = list(report.says)
    lines: list[list[str]] = []
    if form == "table":
        rows = list(islice(report.rows, ROWS_IN_MAIL + 1))
        if len(rows) > ROWS_IN_MAIL:
            paragraphs.append(_("The first {n} rows. The page has them all.").format(n=ROWS_IN_MAIL))
        lines = _lines(report, rows[:ROWS_IN_MAIL], frame.locale)
    else:
        try:
            file = _file(report, form, frame)
        except Problem as problem:
            paragraphs.append(problem.text(_))
        if file and len(file.content) > LARGEST_FILE:
            size = round(len(file.content) / 1_000_000)
            paragraphs.append(_("The file has {n} MB, more than mail carries. The page has it.").format(n=size))
            file = None
        lines = _lines(report, (), frame.locale) if report.totals and not report.says else []
    dated = format_date(report.as_of, "long", frame.locale)
    foot = [_("On the page: {link}").format(link=_link("report", frame, report.name, report.as_of)), frame.why]
    foot += [_("Pause or stop it here: {link}").format(link=_link("subscriptions", frame))] if frame.why else []
    return Composed(
        subject=_("{report}, {organization}, {date}").format(
            report=report.title, organization=frame.organization.name, date=dated
        ),
        text=_text(report, paragraphs, lines, foot),
        html=_html(report, paragraphs, lines, foot),
        file=file,
    )


def nothing_to_send(title: str, problem: str, frame: Frame) -> Composed:
    """The message that says why there is no report."""
    foot = _("Pause or stop it here: {link}").format(link=_link("subscriptions", frame))
    html = format_html(_PAGE, title=title, basis="", body=format_html("<p>{}</p>", problem), foot=foot)
    return Composed(title, f"{title}\n\n{problem}\n\n{foot}\n", html, None)


def _file(report: Report, form: str, frame: Frame) -> Document:
    out = io.BytesIO()
    if form == "pdf":
        out.write(printing.pdf(report, frame.organization.name, frame.locale, frame.made_at))
    elif form == "xlsx":
        exports.write_xlsx(report, out)
    else:
        text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="")
        exports.write_csv(report, text)
        text.detach()
    name = f"{frame.organization.slug}-{report.name}-{report.as_of}.{form}"
    return Document(name, _TYPES[form], out.getvalue())


def _lines(
    report: Report, rows: tuple[tuple[Cell, ...], ...] | list[tuple[Cell, ...]], locale: Locale
) -> list[list[str]]:
    """Header, rows and totals as they are read."""
    places = exports.shown(report)
    head = [report.columns[place].label for place in places]
    return [head, *(exports.for_people(report, row, places, locale) for row in (*rows, *report.totals))]


def _text(report: Report, paragraphs: list[str], lines: list[list[str]], foot: list[str]) -> str:
    widths = [max(len(line[place]) for line in lines) for place in range(len(lines[0]))] if lines else []
    numbers = [report.columns[place].kind in NUMBERS for place in exports.shown(report)]
    table = [
        "  ".join(
            cell.rjust(width) if number else cell.ljust(width)
            for cell, width, number in zip(line, widths, numbers, strict=True)
        ).rstrip()
        for line in lines
    ]
    blocks = [report.title, report.basis, *paragraphs, "\n".join(table), "\n".join(filter(None, foot))]
    return "\n\n".join(filter(None, blocks)) + "\n"


def _html(report: Report, paragraphs: list[str], lines: list[list[str]], foot: list[str]) -> str:
    numbers = [report.columns[place].kind in NUMBERS for place in exports.shown(report)]
    bold = {0, *range(len(lines) - len(report.totals), len(lines))}
    rows = format_html_join(
        "",
        "<tr>{}</tr>",
        (
            (
                format_html_join(
                    "",
                    _CELL,
                    (
                        ("right" if number else "left", "font-weight:600" if place in bold else "", cell)
                        for cell, number in zip(line, numbers, strict=True)
                    ),
                ),
            )
            for place, line in enumerate(lines)
        ),
    )
    said = format_html_join("", "<p>{}</p>", ((one,) for one in paragraphs))
    table = format_html(_TABLE, rows) if lines else SafeString("")
    return format_html(
        _PAGE,
        title=report.title,
        basis=report.basis,
        body=said + table,
        foot=format_html_join(SafeString("<br>"), "{}", ((one,) for one in foot if one)),
    )


def _link(page: str, frame: Frame, name: str = "", as_of: date | None = None) -> str:
    """The whole address of a page of the desk."""
    where = {"slug": frame.organization.slug} | ({"name": name} if name else {})
    asked = f"?as_of={as_of}" if as_of else ""
    return str(settings.PUBLIC_URL).rstrip("/") + reverse(page, kwargs=where) + asked
