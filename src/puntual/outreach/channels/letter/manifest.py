"""The list that goes with a batch: which letter goes to whom, of how many pages, with the hash of each."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from importlib import resources

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from puntual.kernel.documents import pdf
from puntual.kernel.text import harmless_cell
from puntual.outreach.channels import Document
from puntual.outreach.channels.letter.models import PrintBatch, PrintedLetter
from puntual.outreach.channels.letter.queries import letters_of, steps_of
from puntual.outreach.channels.letter.services import name_of

_ON_PAPER = frozenset({PrintedLetter.State.MADE, PrintedLetter.State.POSTED, PrintedLetter.State.RETURNED})


def manifest(batch: PrintBatch, form: str, made_at: datetime) -> Document:
    """The manifest of a batch as "csv", "xlsx" or "pdf", in the reader's language; of the letters that are on paper.

    Raises KeyError for another form.
    """
    write, content_type = _FORMS[form]
    letters = list(letters_of(batch).filter(state__in=_ON_PAPER).order_by("place"))
    rows = _rows(batch, letters)
    name = _("letters-{number}.{form}").format(number=batch.number, form=form)
    return Document(name, content_type, write(batch, rows, made_at))


def heads() -> list[str]:
    """The heads of the columns, in the reader's language."""
    return [
        pgettext("a sheet of paper", "Letter"),
        _("Customer"),
        _("Name"),
        _("Address"),
        _("Country"),
        _("Pages"),
        _("Step"),
        _("How it is posted"),
        _("Number of the post"),
        _("SHA-256"),
    ]


def _rows(batch: PrintBatch, letters: Sequence[PrintedLetter]) -> list[list[str | int]]:
    steps = steps_of(batch.organization_id, letters)
    service = _(name_of(batch.service)) if batch.service else _("Ordinary post")
    return [
        [
            one.code,
            one.customer.code,
            one.customer.name,
            ", ".join(one.address[1:]),
            one.country,
            one.pages,
            steps.get(one.activity_id, ""),
            service,
            one.reference,
            one.sha256,
        ]
        for one in letters
    ]


def _csv(batch: PrintBatch, rows: Sequence[Sequence[str | int]], made_at: datetime) -> bytes:
    """UTF-8 with a mark, which spreadsheets ask for; no cell is taken for a formula."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(heads())
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _plain(cell: str | int) -> str | int:
    return harmless_cell(cell) if isinstance(cell, str) else cell


def _xlsx(batch: PrintBatch, rows: Sequence[Sequence[str | int]], made_at: datetime) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": made_at.replace(tzinfo=None)})
    sheet = book.add_worksheet(_("Letters"))
    sheet.write_row(0, 0, heads(), book.add_format({"bold": True}))
    for number, row in enumerate(rows, start=1):
        sheet.write_row(number, 0, row)
    sheet.freeze_panes(1, 0)
    for column, width in enumerate((14, 12, 32, 48, 8, 7, 14, 26, 20, 66)):
        sheet.set_column(column, column, width)
    book.close()
    return out.getvalue()


def _pdf(batch: PrintBatch, rows: Sequence[Sequence[str | int]], made_at: datetime) -> bytes:
    values: Mapping[str, object] = {
        "title": _("Letters of batch {number}").format(number=batch.number),
        "about": _(name_of(batch.service)) if batch.service else _("Ordinary post"),
        "sample": _("Made in rehearsal: not to be posted.") if batch.sample else "",
        "heads": [*heads()[:7], heads()[-1]],
        "rows": [[str(cell) for cell in (*row[:7], row[-1])] for row in rows],
        "counted": [
            [_("Letters"), str(len(rows))],
            [_("Pages"), str(sum(int(row[5]) for row in rows))],
        ],
        "received": _("Received by, date and stamp"),
        "page": _("Page"),
        "of": _("of"),
    }
    return pdf(_layout(), values, made_at)


@lru_cache(maxsize=1)
def _layout() -> bytes:
    return resources.files(__package__ or "").joinpath("manifest.typ").read_bytes()


_Writer = Callable[[PrintBatch, Sequence[Sequence[str | int]], datetime], bytes]
_FORMS: Mapping[str, tuple[_Writer, str]] = {
    "csv": (_csv, "text/csv; charset=utf-8"),
    "xlsx": (_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "pdf": (_pdf, "application/pdf"),
}
FORMS = tuple(_FORMS)
