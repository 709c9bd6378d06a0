"""Cells of a workbook: text like any other, that keeps the value it stands for."""

from datetime import date
from decimal import Decimal


class Cell(str):
    """A cell of a workbook that is no text: prints like any other, and keeps the value it had."""

    __slots__ = ("value",)
    value: Decimal | date

    def __new__(cls, text: str, value: Decimal | date) -> "Cell":
        cell = super().__new__(cls, text)
        cell.value = value
        return cell


class ErrorCell(str):
    """A cell of a workbook with no value at all: an error, or a formula whose result was not saved."""

    __slots__ = ("code",)
    code: str

    def __new__(cls, text: str, code: str) -> "ErrorCell":
        cell = super().__new__(cls, text)
        cell.code = code
        return cell
