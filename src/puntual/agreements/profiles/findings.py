"""What a finding says, and the procedure that follows from it. Pure."""

from enum import StrEnum

REASONS = (
    "forgotten",
    "paperwork",
    "disagrees",
    "late_income",
    "short_of_cash",
    "lost_income",
    "illness",
    "closing",
    "priorities",
    "other",
)
"""Why something is in arrears, as the customer told it or as the file shows; the words are in `words`."""


class Procedure(StrEnum):
    """The four situations of whoever is in arrears, each with its own way to go on."""

    CAN_AND_WANTS = "can_and_wants"
    WANTS_BUT_CANNOT = "wants_but_cannot"
    CAN_BUT_DOES_NOT_WANT = "can_but_does_not_want"
    NEITHER = "neither"


def procedure(willing: bool | None, able: bool | None) -> Procedure | None:
    """The procedure for a finding; None while one of the two is not known."""
    if willing is None or able is None:
        return None
    if willing:
        return Procedure.CAN_AND_WANTS if able else Procedure.WANTS_BUT_CANNOT
    return Procedure.CAN_BUT_DOES_NOT_WANT if able else Procedure.NEITHER
