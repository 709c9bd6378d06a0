"""Files as people send them, and what the tables hold afterwards."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter
from django.db import connection

from conftest import Cast
from puntual.intake.actions import import_file
from puntual.intake.results import ImportResult
from puntual.kernel.sheets.reasons import Bad
from puntual.parties.models import Creditor
from puntual.receivables.models import Installment
from puntual.tenancy.scope import acting_for

LEDGER = (
    "parties_creditor",
    "parties_party",
    "parties_customer",
    "parties_person",
    "parties_contactpoint",
    "receivables_invoice",
    "receivables_installment",
    "receivables_creditnote",
    "receivables_entry",
    "receivables_hold",
    "payments_payment",
    "payments_allocation",
)


def dump() -> dict[str, list[tuple[Any, ...]]]:
    """Every row an import can touch."""
    with connection.cursor() as cursor:
        tables = {}
        for table in LEDGER:
            cursor.execute(f"SELECT * FROM {table} ORDER BY id")
            tables[table] = cursor.fetchall()
        return tables


def csv(path: Path, text: str, encoding: str = "utf-8") -> Path:
    """A text file; the first line of a triple-quoted text is its header."""
    path.write_bytes("\n".join(line.strip() for line in text.strip().splitlines()).encode(encoding))
    return path


def xlsx(path: Path, rows: Iterable[Sequence[Any]]) -> Path:
    """A workbook; dates are dates, numbers are numbers."""
    book = xlsxwriter.Workbook(path, {"default_date_format": "dd/mm/yyyy"})
    sheet = book.add_worksheet("Facturas")
    for line, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, Decimal):
                sheet.write_number(line, column, float(value))
            else:
                sheet.write(line, column, value)
    book.close()
    return path


def bring_in(cast: Cast, path: Path, kind: str = "invoices", **options: Any) -> ImportResult:
    """Import a file as the owner, today."""
    return import_file(cast.actor(), path, kind, **options)


def bad_code(value: Any) -> str:
    """Why a cell could not be read."""
    assert isinstance(value, Bad), value
    return value.code


def creditor(cast: Cast, code: str = "main", **fields: Any) -> Creditor:
    """A creditor in Lima, unless told otherwise."""
    values = {"name": code.title(), "country": "PE", "currency": "PEN", "language": "es", **fields}
    with acting_for(cast.id):
        return Creditor.objects.create(organization_id=cast.id, code=code, **values)


def open_items() -> dict[str, tuple[str, Decimal]]:
    """Due date and open amount of what is open, by number."""
    return {
        item.invoice.number: (item.due_on.isoformat(), item.open_amount)
        for item in Installment.objects.select_related("invoice").filter(open_amount__gt=0)
    }


def counts(result: ImportResult) -> tuple[int, int, int, int]:
    """Created, updated, unchanged, rejected."""
    tally = result.tally
    return tally.created, tally.updated, tally.unchanged, tally.rejected
