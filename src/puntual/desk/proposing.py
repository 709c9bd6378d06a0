"""What a person sees of a file before it lands: which column is what, what is asked, and its first rows as they will be read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import compress, islice
from pathlib import Path
from typing import Any

from babel.numbers import format_decimal
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from puntual.desk import formats, places
from puntual.intake.models import ImportJob
from puntual.intake.queries import proposal_of
from puntual.intake.reading.fields import FIELDS, Kind, Type
from puntual.intake.reading.proposals import Choice, ColumnReading, Proposal, Question
from puntual.intake.reading.read import read_chunks
from puntual.kernel.problems import N_
from puntual.kernel.sheets.layout import Table
from puntual.kernel.sheets.tables import open_table

PREVIEWED, SHOWN, REFUSED_SHOWN = 500, 6, 6
ORDERS = {
    "day-first": N_("day first (31/12/2026)"),
    "month-first": N_("month first (12/31/2026)"),
    "year-first": N_("year first (2026/12/31)"),
}
DECIMALS = {".": N_("point (1,234.56)"), ",": N_("comma (1.234,56)")}
HEADS = {
    "creditor": N_("Creditor"),
    "customer_code": N_("Customer code"),
    "customer_name": N_("Customer"),
    "customer_tax_id": N_("Customer tax ID"),
    "customer_email": N_("E-mail"),
    "customer_phone": N_("Phone"),
    "customer_country": N_("Country"),
    "number": N_("Number"),
    "document_type": N_("Document"),
    "issue_date": N_("Issue date"),
    "due_date": N_("Due date"),
    "terms_days": N_("Terms in days"),
    "currency": N_("Currency"),
    "amount": N_("Amount"),
    "open_amount": N_("Open amount"),
    "paid_on": N_("Date of payment"),
    "paid_amount": N_("Paid amount"),
    "disputed": N_("Disputed"),
    "description": N_("Description"),
    "early_payment": N_("Discount for paying early"),
    "language": N_("Language"),
    "address": N_("Address"),
    "contact_name": N_("Contact name"),
    "contact_role": N_("Position"),
    "salesperson": N_("Salesperson"),
    "tags": N_("Tags"),
    "date": N_("Date"),
    "reference": N_("Reference"),
    "invoice_numbers": N_("Invoices paid"),
    "method": N_("Means of payment"),
    "memo": N_("Memo"),
}
"""What each field is called at the head of a column; a template's columns are called so too, and are recognized again."""
TELLING = frozenset(
    {"customer_code", "customer_name", "number", "due_date", "date", "currency", "amount", "open_amount"}
)
"""What a person looks at first: it stands at the left of a preview, where no narrow page cuts it off."""
_SAID = {"customer_email": "customer_emails", "document_type": "credit_note"}
_DATES = {Kind.PAYMENTS: "received_on", Kind.BALANCES: "as_of"}


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One thing the file may say: from which columns it is read, in which format, with examples (as written, as read)."""

    name: str
    label: str
    chosen: str
    options: Sequence[tuple[str, str]]
    format: str
    examples: Sequence[tuple[str, str]]
    sure: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its answers: (value, words, examples as (written, meant)); without any it is a list of currencies.

    `or_days`: a number of days after the issue date answers it too.
    """

    option: str
    text: str
    answers: Sequence[tuple[str, str, Sequence[tuple[str, str]]]]
    currencies: Sequence[tuple[str, str]] = ()
    or_days: bool = False


@dataclass(frozen=True, slots=True)
class RefusedCell:
    """Why a row of the preview is refused."""

    line: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows as they will be read."""

    labels: Sequence[tuple[str, bool]]  # each text with whether it stands over, or is, figures
    rows: Sequence[Sequence[tuple[str, bool]]]
    looked_at: int
    refused: int
    refusals: Sequence[RefusedCell]


@dataclass(frozen=True, slots=True)
class Seen:
    """A job's file, opened."""

    job: ImportJob
    table: Table
    proposal: Proposal

    @classmethod
    def of(cls, job: ImportJob) -> "Seen":
        """Open the file of a job. Raises Problem or OSError where it can no longer be read."""
        proposal = proposal_of(job)
        mapping = proposal.mapping
        return cls(job, open_table(Path(job.path), sheet=mapping.sheet, known_headers=mapping.headers), proposal)

    @property
    def headers(self) -> list[str]:
        return [self.table.headers[column] for column in self.table.data_columns]

    def fields(self, given: Mapping[str, str]) -> tuple[list[FieldRow], list[FieldRow]]:
        """The fields the file has, and those it does not; with the columns that were `given`, where they were refused."""
        kind = self.proposal.kind
        rows = [self._row(name, self.proposal.readings.get(name)) for name in FIELDS[kind]]
        said = [replace(row, chosen=given.get(f"columns.{row.name}", row.chosen)) for row in rows]
        known = [bool(row.chosen) for row in rows]
        return list(compress(said, known)), list(compress(said, (not one for one in known)))

    def chosen(self, reading: ColumnReading | None) -> str:
        """What the form's list has chosen for a field: its column, or its columns together."""
        return "\n".join(self.table.headers[column] for column in reading.columns) if reading else ""

    def _asks(self, option: str) -> frozenset[str]:
        """The headers an open question is about."""
        return frozenset(
            header for question in self.proposal.questions if question.option == option for header in question.columns
        )

    def _row(self, name: str, reading: ColumnReading | None) -> FieldRow:
        options = [(header, header) for header in self.headers]
        chosen = self.chosen(reading)
        if reading and len(reading.columns) > 1:
            options.insert(0, (chosen, reading.header))
        asked = reading is not None and reading.header in self._asks("date_order") | self._asks("decimal")
        return FieldRow(
            name=name,
            label=_(HEADS[name]),
            chosen=chosen,
            options=options,
            format="" if reading is None else _("as you answer") if asked else _format(reading),
            examples=()
            if reading is None
            else [(cell, "") for cell, _meant in reading.examples]
            if asked
            else _meant(reading),
            sure=reading is None or reading.confidence >= 0.8 or reading.how in ("given", "remembered"),
        )

    @property
    def unsaid_currency(self) -> bool:
        """Whether a currency is assumed: amounts, and nothing in the file that says which."""
        proposal = self.proposal
        needed = "currency" in FIELDS[proposal.kind] and "currency" not in proposal.readings
        return needed and not self.open_options & {"currency", "dollar"}

    @property
    def open_options(self) -> frozenset[str]:
        """What is asked."""
        return frozenset(question.option for question in self.proposal.questions)

    def questions(self) -> list[Asked]:
        """What only a person can say."""
        dated = "issue_date" in self.proposal.readings
        return [_asked(question, dated) for question in self.proposal.questions]

    def preview(self) -> Preview | None:
        """The first rows as they will be read; None while something is open."""
        if self.proposal.questions:
            return None
        names = sorted(self.proposal.readings, key=lambda name: (name not in TELLING, list(HEADS).index(name)))
        chunk = next(read_chunks(self.table, self.proposal, size=PREVIEWED), None)
        if chunk is None:
            return Preview((), (), 0, 0, ())
        refusals = [
            RefusedCell(reject.line, fault.column, fault.value, fault.text(_))
            for reject in chunk.rejects
            for fault in reject.faults
        ]
        types = [FIELDS[self.proposal.kind][name].type for name in names]
        return Preview(
            labels=[(_(HEADS[name]), kind is Type.AMOUNT) for name, kind in zip(names, types, strict=True)],
            rows=[
                [(self._said(row, name), kind is Type.AMOUNT) for name, kind in zip(names, types, strict=True)]
                for row in islice(chunk.rows, SHOWN)
            ],
            looked_at=len(chunk.rows) + len(chunk.rejects),
            refused=len(chunk.rejects),
            refusals=refusals[:REFUSED_SHOWN],
        )

    def _said(self, row: Any, name: str) -> str:
        attribute = _DATES.get(self.proposal.kind, name) if name == "date" else _SAID.get(name, name)
        value = getattr(row, attribute)
        if name == "document_type":
            return _("credit note") if value else _("invoice")
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, date):
            return formats.short_date(value)
        if isinstance(value, Decimal):
            return formats.money(value, row.currency)
        if isinstance(value, tuple):
            return ", ".join(value)
        return "" if value is None else str(value)


def answers(seen: Seen, posted: QueryDict) -> dict[str, str]:
    """What a person decided on the page: answers to questions, and what differs from the proposal."""
    found: dict[str, str] = {}
    if days := posted.get("terms_days", ""):
        found["terms_days"] = days
    for question in seen.proposal.questions:
        if value := posted.get(question.option, ""):
            found[question.option] = value
    for name in FIELDS[seen.proposal.kind]:
        option = f"columns.{name}"
        header = posted.get(option)
        if header is None or option in seen.open_options:
            continue
        reading = seen.proposal.readings.get(name)
        if header != seen.chosen(reading):
            found[option] = header
    proposal = seen.proposal
    decided = {
        "date_order": proposal.mapping.date_order,
        "decimal": proposal.mapping.decimal,
        "currency": proposal.currency,
    }
    for option, now in decided.items():
        wanted = posted.get(option)
        if wanted is not None and option not in found and wanted != (now or ""):
            found[option] = wanted
    return found


def order_choices() -> list[tuple[str, str]]:
    """The orders of dates, in words."""
    return [(value, _(text)) for value, text in ORDERS.items()]


def decimal_choices() -> list[tuple[str, str]]:
    """The decimal signs, in words."""
    return [(value, _(text)) for value, text in DECIMALS.items()]


def _asked(question: Question, dated: bool) -> Asked:
    if not question.choices and question.option in ("currency", "dollar"):
        return Asked(question.option, question.text(_), (), places.currency_choices())
    answers_ = [(choice.value, _answer(question, choice), _read(question, choice)) for choice in question.choices]
    return Asked(question.option, question.text(_), answers_, or_days=dated and question.option == "columns.due_date")


def _answer(question: Question, choice: Choice) -> str:
    if question.option == "date_order":
        return _(ORDERS[choice.value]).split(" (")[0].capitalize()
    if question.option == "decimal":
        return _(DECIMALS[choice.value]).split(" (")[0].capitalize()
    if question.option == "dollar":
        return dict(places.currency_choices())[choice.value]
    return choice.value


def _read(question: Question, choice: Choice) -> list[tuple[str, str]]:
    """What some cells would mean, as the reader writes it; nothing where they mean themselves."""
    if question.option == "date_order":
        return [(cell, formats.short_date(date.fromisoformat(meant))) for cell, meant in choice.examples]
    if question.option == "decimal":
        return [(cell, _figure(meant)) for cell, meant in choice.examples]
    return [(cell, "") for cell, _meant in choice.examples]


def _figure(meant: str) -> str:
    """A figure with two decimals, as the reader writes it: whether a sign parted the decimals shows at once."""
    return format_decimal(Decimal(meant), "#,##0.00", formats.current())


def _format(reading: ColumnReading) -> str:
    if reading.type is Type.DATE:
        return _(ORDERS[reading.order]).split(" (")[0] if reading.order else pgettext("dates", "unmistakable")
    if reading.type is Type.AMOUNT:
        sign = _("decimal point") if reading.decimal == "." else _("decimal comma")
        digits = ngettext("{n} decimal", "{n} decimals", reading.decimals).format(n=reading.decimals)
        parts = [sign if reading.decimals else "", digits if reading.decimals else _("whole numbers"), reading.currency]
        return ", ".join(filter(None, parts))
    return ""


def _meant(reading: ColumnReading) -> list[tuple[str, str]]:
    """Examples as written and as read; the second is empty where it says the same, "—" where it would be refused."""
    found = []
    for cell, meant in reading.examples:
        if not meant:
            found.append((cell, "—"))
        elif reading.type is Type.DATE:
            found.append((cell, formats.short_date(date.fromisoformat(meant[:10]))))
        elif reading.type is Type.AMOUNT:
            found.append((cell, _figure(meant)))
        else:
            found.append((cell, ""))
    return found
