"""The hours a customer prefers, as one more rule of conduct: they narrow what is open and never widen it. Pure."""

from collections.abc import Sequence
from typing import Final

from puntual.conduct.rules import DaysOff, Hours, Rule, Span

PREFERRED: Final = "preferred_hours"
"""The id of that rule; it is nobody's law and nobody's policy."""
TIMED: Final = frozenset({"call", "visit", "email", "whatsapp", "sms"})
"""What reaches somebody at a time of day."""


def wish(hours: tuple[int, int], values: Sequence[Hours | DaysOff]) -> tuple[Rule, Hours] | None:
    """The whole `hours` of a day that a customer prefers, as a rule beside the others' `values`.

    None where nothing else is ever open in them: a preference is not heard by never saying anything.
    """
    span = (hours[0] * 60, hours[1] * 60)
    if not any(_meets(span, weekday, values) for weekday in range(7)):
        return None
    value = Hours(((span,),) * 7)
    return Rule(PREFERRED, value, TIMED, frozenset(), frozenset(), "", "", "M", None), value


def _meets(span: Span, weekday: int, values: Sequence[Hours | DaysOff]) -> bool:
    """Whether on a weekday that is no holiday something of a span is left by every rule."""
    left = [span]
    for value in values:
        if isinstance(value, DaysOff):
            if weekday in value.weekdays:
                return False
            continue
        pairs = [(max(one[0], two[0]), min(one[1], two[1])) for one in left for two in value.week[weekday]]
        left = [one for one in pairs if one[0] < one[1]]
    return bool(left)
