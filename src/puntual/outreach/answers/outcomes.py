"""What can come of an answer: the closed list, in words."""

from dataclasses import dataclass
from typing import Final, Literal

from django.utils.translation import gettext

from puntual.kernel.problems import N_, Problem


@dataclass(frozen=True, slots=True)
class Outcome:
    """`hold` is the reason of the pause it brings, "" for none; `day` says whether that pause needs its last day; `opens` what it
    brings instead: a promise, a dispute.
    """

    words: str
    hold: str = ""
    day: Literal["", "optional", "required"] = ""
    opens: str = ""


OUTCOMES: Final[dict[str, Outcome]] = {
    "paid": Outcome(N_("Says it is paid"), "payment_claimed", "required"),
    "promises": Outcome(N_("Promises to pay"), opens="promise"),
    "asks_time": Outcome(N_("Asks for time"), "person", "required"),
    "disputes": Outcome(N_("Disputes it"), opens="dispute"),
    "away": Outcome(N_("Is away"), "person", "required"),
    "wrong_person": Outcome(N_("Is no longer the right person")),
    "asks_copy": Outcome(N_("Asks for a copy or a statement")),
    "opt_out": Outcome(N_("Does not want to be written to here")),
    "no_action": Outcome(N_("Nothing to do")),
}
"""In the order in which they are offered."""


def outcome_of(code: str) -> Outcome:
    """The outcome of that code. Raises Problem for one that does not exist."""
    if code not in OUTCOMES:
        raise Problem(
            N_("“{code}” cannot come of an answer. Choose one of: {codes}."), code=code, codes=", ".join(OUTCOMES)
        )
    return OUTCOMES[code]


def said(code: str) -> str:
    """An outcome in the reader's words; nothing for nothing."""
    return gettext(OUTCOMES[code].words) if code else ""
