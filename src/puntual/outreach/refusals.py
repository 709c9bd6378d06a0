"""What conduct said when an activity was about to happen, kept beside it: the rule by name, and its sentence."""

from collections.abc import Mapping
from typing import Any

from puntual.conduct.gate import Refused
from puntual.conduct.words import refusal

CONDUCT = frozenset({"conduct", "window_over", "outside_hours"})
"""The results of an activity that a rule of conduct explains."""

TIMES_OF_DAY = frozenset({"before_hours", "after_hours", "weekday", "holiday", "own_day_off", "day_over"})
"""What conduct refuses for the hour or the day alone, whatever was said before."""


def as_data(refused: Refused) -> dict[str, Any]:
    """A refusal as it is kept: `rule`, `code`, `params` and whether it is the `law`."""
    return {
        "rule": refused.rule_id,
        "code": refused.code,
        "params": dict(refused.params),
        "law": refused.law,
        "source": refused.source,
    }


def in_words(kept: Mapping[str, Any] | None) -> str:
    """The sentence of a kept refusal in the reader's language; nothing for nothing."""
    return refusal(kept["code"], kept["params"], law=kept["law"]) if kept else ""
