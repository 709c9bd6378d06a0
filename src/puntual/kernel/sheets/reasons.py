"""Why a row, a cell or a line is refused, left out or remarked on: a closed list of codes, each with its sentence."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from puntual.kernel.problems import N_

REFUSED: Final[Mapping[str, str]] = {
    "row_short": N_("The row has {found} cells where the header has {expected}."),
    "row_long": N_("The row has {found} cells where the header has {expected}: a value may contain the separator."),
    "row_quotes": N_("A quotation mark opens here and is not closed where the cell ends."),
    "row_characters": N_("The row contains characters that are broken: save the file again as UTF-8."),
    "cell_too_long": N_("The value is longer than {limit} characters."),
    "cell_error": N_("The cell holds an error of the spreadsheet program instead of a value."),
    "cell_formula": N_("The cell holds a formula whose result was not saved: open the file, save it and try again."),
    "missing": N_("The value is missing."),
    "missing_customer": N_("The row does not say whose it is: it needs a customer code, name or tax id."),
    "missing_amount": N_("The row has no amount."),
    "missing_due_date": N_("The row has no due date, and none can be computed from its issue date and terms."),
    "missing_currency": N_("The row does not say its currency."),
    "key_scientific": N_(
        "The number was shortened by a spreadsheet program and its digits are lost: format the column as text at its"
        " source."
    ),
    "key_date": N_("A spreadsheet program turned this number into a date: format the column as text at its source."),
    "date_destroyed": N_("A spreadsheet program turned this date into a time of day: take the date from its source."),
    "date_impossible": N_("This date does not exist."),
    "date_not_day-first": N_("Read with the day first, this date does not exist."),
    "date_not_month-first": N_("Read with the month first, this date does not exist."),
    "date_not_year-first": N_("Read with the year first, this date does not exist."),
    "date_ambiguous": N_("This date can be read in more than one way."),
    "date_unreadable": N_("This is not a date."),
    "date_range": N_("The year must be between {first} and {last}."),
    "date_due_before_issue": N_("The due date is before the issue date, {issued}."),
    "amount_unreadable": N_("This is not an amount."),
    "amount_decimal": N_("This is not an amount when “{decimal}” separates the decimals."),
    "amount_percent": N_("This is a percentage, not an amount."),
    "amount_scientific": N_("The amount was shortened by a spreadsheet program and its digits are lost."),
    "amount_too_large": N_("The amount is too large."),
    "amount_too_fine": N_("The amount has more decimals than {currency} allows."),
    "amount_signs": N_("The amount and the open amount have different signs."),
    "amount_open_exceeds": N_("The open amount is larger than the amount, {amount}."),
    "amount_open_after_paid": N_("The row has a date of payment, {paid_on}, but its whole amount is open."),
    "amount_paid_negative": N_("The paid amount is negative."),
    "amount_not_positive": N_("The amount of a payment must be larger than zero."),
    "currency_unknown": N_("This is not a currency we know: use a code such as PEN, USD or EUR."),
    "currency_conflict": N_("The row names more than one currency: {currencies}."),
    "flag_unreadable": N_("This is neither yes nor no."),
    "days_unreadable": N_("This is not a number of days."),
}

SKIPPED: Final[Mapping[str, str]] = {
    "total": N_("A line of totals, not imported."),
    "header": N_("The header once more, not imported."),
    "nothing_owed": N_("Neither an amount nor a balance: there is nothing to import."),
}

REMARKED: Final[Mapping[str, str]] = {
    "email_unreadable": N_("This is not an e-mail address; the row was imported without it."),
    "phone_unreadable": N_("This is not a phone number; the row was imported without it."),
    "country_unknown": N_("This is not a country we know; the row was imported without it."),
    "language_unknown": N_("This is not a language we know; the row was imported without it."),
    "early_unreadable": N_(
        "These are no terms for paying early, as in “2/10 net 30”; the row was imported without them."
    ),
    "days_ignored": N_("This is not a number of days; the row was imported without it."),
    "text_cut": N_("The text was cut to {limit} characters."),
    "amount_rounded": N_("The amount was rounded to {amount}, as exact as {currency} allows."),
}

_VALUE_LENGTH = 200  # of a value quoted back to a person


@dataclass(frozen=True, slots=True)
class Bad:
    """What a converter answers in place of a value it cannot read."""

    code: str
    details: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fault:
    """One reason, at one cell. `column` is the header in the file, empty where the whole row is meant."""

    column: str
    value: str
    code: str
    details: Mapping[str, str | int] = field(default_factory=dict)

    def text(self, translate: Callable[[str], str] = lambda message: message) -> str:
        """The sentence in the language `translate` speaks."""
        return sentence(self.code, self.details, translate)


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that was refused, with every reason found and its cells as they were in the file."""

    line: int
    faults: tuple[Fault, ...]
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A line that was left out on purpose: totals, a repeated header."""

    line: int
    code: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """Something a person should know about a row that was read all the same."""

    line: int
    fault: Fault


def fault(column: str, value: str, bad: Bad) -> Fault:
    """`bad`, placed. A very long value is quoted by its beginning."""
    quoted = str(value) if len(value) <= _VALUE_LENGTH else value[:_VALUE_LENGTH] + "…"
    return Fault(column, quoted, bad.code, bad.details)


def sentence(
    code: str, details: Mapping[str, str | int], translate: Callable[[str], str] = lambda message: message
) -> str:
    """The sentence of a code, its places filled. Raises KeyError for a code that is not on the lists."""
    message = REFUSED.get(code) or SKIPPED.get(code) or REMARKED[code]
    return translate(message).format(**details)
