"""A proposal as JSON, so that a page can show it and a worker follow it without reading the file again."""

import json
from collections.abc import Mapping
from typing import Any

from puntual.intake.reading.fields import Kind, Type
from puntual.intake.reading.mapping import Mapping as ColumnMapping
from puntual.intake.reading.proposals import Choice, ColumnReading, Notice, Proposal, Question
from puntual.kernel.sheets.dates import DateOrder


def to_json(proposal: Proposal) -> dict[str, Any]:
    """The whole proposal in JSON's own types; `from_json` makes it again."""
    made = {
        "kind": proposal.kind,
        "signature": proposal.signature,
        "rows": proposal.rows,
        "readings": [_reading(reading) for reading in proposal.readings.values()],
        "unused": proposal.unused,
        "questions": [
            {
                "option": question.option,
                "columns": question.columns,
                "choices": [[choice.value, choice.examples] for choice in question.choices],
                "notice": _notice(question.notice),
            }
            for question in proposal.questions
        ],
        "warnings": [_notice(warning) for warning in proposal.warnings],
        "mapping": proposal.mapping.to_toml(),
        "currency": proposal.currency,
        "dollar": proposal.dollar,
        "terms_days": proposal.terms_days,
    }
    plain: dict[str, Any] = json.loads(json.dumps(made, default=str))
    return plain


def from_json(kept: Mapping[str, Any]) -> Proposal:
    """What `to_json` made."""
    return Proposal(
        kind=Kind(kept["kind"]),
        signature=kept["signature"],
        rows=kept["rows"],
        readings={one["field"]: _as_reading(one) for one in kept["readings"]},
        unused=tuple(kept["unused"]),
        questions=tuple(
            Question(
                one["option"],
                tuple(one["columns"]),
                tuple(Choice(value, _pairs(examples)) for value, examples in one["choices"]),
                _as_notice(one["notice"]),
            )
            for one in kept["questions"]
        ),
        warnings=tuple(map(_as_notice, kept["warnings"])),
        mapping=ColumnMapping.from_toml(kept["mapping"]),
        currency=kept["currency"],
        dollar=kept["dollar"],
        terms_days=kept["terms_days"],
    )


def _reading(reading: ColumnReading) -> dict[str, Any]:
    return {name: getattr(reading, name) for name in ColumnReading.__slots__}


def _as_reading(kept: Mapping[str, Any]) -> ColumnReading:
    return ColumnReading(
        **{
            **kept,
            "type": Type(kept["type"]),
            "columns": tuple(kept["columns"]),
            "order": DateOrder(kept["order"]) if kept["order"] else None,
            "examples": _pairs(kept["examples"]),
        }
    )


def _notice(notice: Notice) -> dict[str, Any]:
    return {"code": notice.code, "details": notice.details}


def _as_notice(kept: Mapping[str, Any]) -> Notice:
    return Notice(kept["code"], kept["details"])


def _pairs(kept: Any) -> tuple[tuple[str, str], ...]:
    return tuple((cell, meaning) for cell, meaning in kept)
