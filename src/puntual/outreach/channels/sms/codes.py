"""What Twilio's error codes say of a message, in an answer or in a later report (https://www.twilio.com/docs/api/errors)."""

from typing import Final

NO_SUCH_NUMBER: Final = frozenset({21211, 21217, 21614, 21635, 30005, 30006})
"""No number, none in service, or a landline: it takes no SMS, ever."""
NOT_NOW: Final = frozenset({30003, 30004, 30008})
"""Switched off, out of reach, blocked on the way, or unsaid by the carrier."""
UNSUBSCRIBED: Final = frozenset({21610})
"""The recipient answered STOP to this sender, and Twilio holds to it."""
BUSY: Final = frozenset({14107, 20429, 21611})
"""Too much at once, by the account or the sender."""


def bounce_of(code: int) -> bool | None:
    """Whether the number takes no SMS for good (True), not now (False), or nothing is said about it (None)."""
    if code in NO_SUCH_NUMBER:
        return True
    return False if code in NOT_NOW else None
