"""What we make of a file before reading it: which column is what, in which format, and what only a person can say."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from puntual.intake.reading.columns import How
from puntual.intake.reading.fields import LABELS, Kind, Type
from puntual.intake.reading.mapping import Mapping as ColumnMapping
from puntual.kernel.problems import N_, Problem
from puntual.kernel.sheets.amounts import Decimals
from puntual.kernel.sheets.dates import DateOrder

Translate = Callable[[str], str]

ASKED: Final[Mapping[str, str]] = {
    "date_order": N_("The dates in {columns} can be read in more than one order, such as {example}. What comes first?"),
    "decimal": N_("The amounts in {columns}, such as {example}, can be read in two ways. What separates the decimals?"),
    "currency": N_("The file does not say its currency. Which one is it?"),
    "dollar": N_("The file says “$”, a sign that many currencies share. Which one is it?"),
    "tie": N_("Several columns can be {field}: {columns}. Which one is it?"),
    "absent": N_("No column was recognized as {field}. Which one is it?"),
}
WARNED: Final[Mapping[str, str]] = {
    "contrary_dates": N_(
        "Some cells in {columns} ({count}), such as {example}, do not fit the order of its dates: their rows are refused."
    ),
    "contrary_amounts": N_(
        "Some cells in {columns} ({count}), such as {example}, do not fit its decimal sign: their rows are refused."
    ),
    "half_converted": N_(
        "In {columns} some dates are text and some are not, and no day above 12 is among the latter: a spreadsheet"
        " program may have swapped day and month. Please check a few."
    ),
    "unused_paid": N_("The column {columns} seems to say what was paid, and was not used."),
    "other_sheets": N_("Only the sheet {columns} is read; the workbook has others."),
}


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence for a person about the file as a whole: a code of ASKED or WARNED and what fills its places."""

    code: str
    details: Mapping[str, str | int] = field(default_factory=dict)

    def text(self, translate: Translate = lambda message: message) -> str:
        """The sentence in the language `translate` speaks."""
        details = dict(self.details)
        if "field" in details:
            details["field"] = translate(LABELS[str(details["field"])])
        return translate(ASKED.get(self.code) or WARNED[self.code]).format(**details)


@dataclass(frozen=True, slots=True)
class Choice:
    """One possible answer, with what some cells would then mean. Without choices any value is an answer."""

    value: str
    examples: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What the file leaves open. `option` is the key of the mapping file that decides it, such as `date_order`."""

    option: str
    columns: tuple[str, ...]
    choices: tuple[Choice, ...]
    notice: Notice

    def text(self, translate: Translate = lambda message: message) -> str:
        """The question in the language `translate` speaks."""
        return self.notice.text(translate)


@dataclass(frozen=True, slots=True)
class ColumnReading:
    """How a field is read: from which columns, how sure we are, in which format.

    `order` is None where the order of the dates makes no difference, `currency` is what the header says (or empty),
    `signs` tells that cells name currencies themselves, `decimals` the most digits a text has after its decimal sign.
    """

    field: str
    type: Type
    columns: tuple[int, ...]
    header: str
    confidence: float
    how: How
    order: DateOrder | None = None
    decimal: Decimals = "."
    currency: str = ""
    signs: bool = False
    decimals: int = 0
    examples: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """How a file would be read. With questions left it is not read at all."""

    kind: Kind
    signature: str
    rows: int
    readings: Mapping[str, ColumnReading]
    unused: tuple[str, ...]
    questions: tuple[Question, ...]
    warnings: tuple[Notice, ...]
    mapping: ColumnMapping  # everything decided, to be saved for the next file with the same header
    currency: str | None = None  # of rows that name none
    dollar: str | None = None  # what a bare “$” means
    terms_days: int | None = None  # of rows without due date and terms


class Unsettled(Problem):
    """A file is about to be read while something about it is still open."""

    def __init__(self, questions: Sequence[Question]) -> None:
        super().__init__(
            N_("The file can be read in more than one way. Decide first: {options}."),
            options=", ".join(question.option for question in questions),
        )
        self.questions = tuple(questions)
