"""What became of a file: counted while it lands, kept with the job, told when it is done."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.translation import gettext

from puntual.intake.sentences import Sentence, Translate, Write, told

_FIRST_LINES = 3
MOST_REJECTS = 10_000
"""How many refusals a result lists; the file of refused rows has them all."""


class Note(NamedTuple):
    """Something a person should know, about a cell of a row or about the file as a whole (line 0)."""

    line: int
    column: str
    value: str
    sentence: Sentence


@dataclass(slots=True)
class Warned:
    """Equal notes of many rows as one: the first, and how many there are."""

    first: Note
    count: int = 1
    lines: list[int] = field(default_factory=list)

    def text(self, translate: Translate, write: Write | None = None) -> str:
        """One line for a person."""
        sentence = told(self.first.sentence, translate, write)
        if not self.first.line:
            return sentence
        where = ", ".join(map(str, self.lines)) + ("…" if self.count > len(self.lines) else "")
        cell = (
            f" {self.first.column}" + (f" “{self.first.value}”" if self.first.value else "")
            if self.first.column
            else ""
        )
        count = f" ({self.count})" if self.count > 1 else ""
        return f"{where}{cell}: {sentence}{count}"


@dataclass(slots=True)
class Tally:
    """The counts of a job. Amounts are per currency; credit notes count below zero."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    skipped: int = 0
    customers: int = 0
    totals: dict[str, Decimal] = field(default_factory=dict)
    warnings: dict[tuple[str, str], Warned] = field(default_factory=dict)
    creditors: set[UUID] = field(default_factory=set)
    missing: dict[str, Any] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """How many rows the file had; lines left out (totals, a repeated header) are none."""
        return self.created + self.updated + self.unchanged + self.rejected

    def add(self, currency: str, amount: Decimal) -> None:
        """Add an amount to its currency's total."""
        self.totals[currency] = self.totals.get(currency, Decimal(0)) + amount

    def warn(self, notes: Iterable[Note]) -> None:
        """Take in what a person should know."""
        for note in notes:
            key = note.column, note.sentence["message"]
            warned = self.warnings.get(key)
            if warned is None:
                self.warnings[key] = Warned(note, lines=[note.line])
                continue
            warned.count += 1
            if len(warned.lines) < _FIRST_LINES:
                warned.lines.append(note.line)

    def to_json(self) -> dict[str, Any]:
        """As it is kept with the job."""
        return {
            **{
                name: getattr(self, name)
                for name in ("created", "updated", "unchanged", "rejected", "skipped", "customers")
            },
            "totals": {currency: str(amount) for currency, amount in self.totals.items()},
            "warnings": [
                {**warned.first._asdict(), "count": warned.count, "lines": warned.lines}
                for warned in self.warnings.values()
            ],
            "creditors": sorted(map(str, self.creditors)),
            "missing": self.missing,
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Tally":
        """What `to_json` made; a job that has not begun has nothing."""
        tally = cls()
        if not kept:
            return tally
        for name in ("created", "updated", "unchanged", "rejected", "skipped", "customers", "missing"):
            setattr(tally, name, kept[name])
        tally.totals = {currency: Decimal(amount) for currency, amount in kept["totals"].items()}
        for one in kept["warnings"]:
            note = Note(one["line"], one["column"], one["value"], one["sentence"])
            tally.warnings[note.column, note.sentence["message"]] = Warned(note, one["count"], one["lines"])
        tally.creditors = {UUID(id) for id in kept["creditors"]}
        return tally


class Refusal(NamedTuple):
    """Why a row, or one of its cells, was refused."""

    line: int
    column: str
    value: str
    sentences: Sequence[Sentence]


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did, or with `check` would do. `rejects` are the first ones; `rejects_file` holds every refused row."""

    job_id: UUID
    state: str
    tally: Tally
    rejects: Sequence[Refusal]
    rejects_file: str
    check: bool = False

    def as_json(self, translate: Translate = gettext) -> dict[str, Any]:
        """The stable form that `puntual import --json` prints; sentences in the language `translate` speaks."""
        tally = self.tally
        return {
            "rows": tally.rows,
            "created": tally.created,
            "updated": tally.updated,
            "unchanged": tally.unchanged,
            "rejected": tally.rejected,
            "customers": tally.customers,
            "totals": {currency: str(amount) for currency, amount in sorted(tally.totals.items())},
            "warnings": [warned.text(translate) for warned in tally.warnings.values()],
            "rejects": [
                {
                    "line": refusal.line,
                    "column": refusal.column,
                    "value": refusal.value,
                    "reason": " ".join(told(sentence, translate) for sentence in refusal.sentences),
                }
                for refusal in self.rejects
            ],
            "rejects_file": self.rejects_file or None,
            "skipped": tally.skipped,
            "missing": tally.missing,
            "state": self.state,
            "job": None if self.check else str(self.job_id),
        }
