"""Segments in SQL: what `segments.Condition.holds` says of one customer, for as many as there are.

The aliases are `c` (parties_customer), `p` (parties_party, of the customer) and `f` (its figures, perhaps missing).
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias

from puntual.strategies.segments import FIELDS, Condition, Kind, Segment

Parameters: TypeAlias = dict[str, Any]

_NUMBERS = {
    "days_overdue": "greatest(%(segment_day)s::date - f.overdue_since, 0)",
    "known_days": "greatest(%(segment_day)s::date - coalesce(f.known_since, c.created_on), 0)",
    "invoices": "coalesce(f.invoices, 0)",
    "usual_delay": "f.usual_delay",
    "paid_late": "f.paid_late",
    "broken_promises": "coalesce(f.broken_promises, 0)",
    "promises_kept": "f.promises_kept",
}
_WORDS = {
    "country": "p.country",
    "language": "split_part(c.language, '-', 1)",
    "party": "p.kind",
    "handling": "c.handling",
    "arrears_reason": "nullif(c.arrears_reason, '')",
}
_COMPARISONS = {"at_least": ">=", "at_most": "<="}
_CREDITOR = "c.creditor_id IN (SELECT id FROM parties_creditor WHERE organization_id = c.organization_id AND code = ANY({value}))"


def where(segment: Segment, day: date, prefix: str = "s") -> tuple[str, Parameters]:
    """The condition that a customer is in the segment, and its parameters, whose names begin with `prefix`."""
    parameters: Parameters = {"segment_day": day}
    parts = [_condition(one, f"{prefix}_{number}", parameters) for number, one in enumerate(segment.conditions)]
    return " AND ".join(f"({part})" for part in parts) or "true", parameters


def mask(segments: Sequence[Segment], day: date) -> tuple[str, Parameters]:
    """A number with bit n set where the customer is in the n-th segment; NULL never."""
    parameters: Parameters = {"segment_day": day}
    parts = ["0::bigint"]
    for number, segment in enumerate(segments):
        condition, own = where(segment, day, f"s{number}")
        parameters |= own
        parts.append(f"CASE WHEN {condition} THEN {1 << number}::bigint ELSE 0 END")
    return " + ".join(parts), parameters


def needs_party(segments: Sequence[Segment]) -> bool:
    """Whether `p` is spoken of."""
    return any(one.field in ("country", "party") for segment in segments for one in segment.conditions)


def _condition(condition: Condition, name: str, parameters: Parameters) -> str:
    place = f"%({name})s"
    kind, operator, value = FIELDS[condition.field].kind, condition.operator, condition.value
    if kind is Kind.AMOUNT and isinstance(value, Mapping):
        parts = []
        for number, (currency, amount) in enumerate(value.items()):
            parameters |= {f"{name}_{number}": amount, f"{name}_{number}_in": currency}
            kept = f"(f.{condition.field}_amounts -> %({name}_{number}_in)s::text)::numeric"
            parts.append(f"coalesce({kept} >= %({name}_{number})s, false)")
        reached = " OR ".join(parts)
        return reached if operator == "at_least" else f"NOT ({reached})"
    parameters[name] = list(value) if isinstance(value, tuple) else value
    if kind is Kind.NUMBER:
        return f"{_NUMBERS[condition.field]} {_COMPARISONS[operator]} {place}"
    if kind is Kind.FLAG:
        return f"c.{condition.field} = {place}"
    if kind is Kind.TAGS:
        found = f"c.tags && {place}::varchar[]"
    elif condition.field == "creditor":
        found = _CREDITOR.format(value=place)
    else:
        found = f"{_WORDS[condition.field]} = ANY({place})"
    return found if operator in ("is", "has") else f"NOT ({found})"
