"""What Meta's error codes say of a message, in an answer or in a later report.

By code alone: Meta gives up titles and subcodes (WhatsApp Business Platform, Cloud API, "Error codes").
"""

from typing import Final

NOT_ON_WHATSAPP: Final = frozenset({131026})
"""The number takes no messages there: it is not on WhatsApp, or never agreed to its terms."""
NOT_NOW: Final = frozenset({130472, 131049})
"""Meta keeps this message from this person; another one may arrive later."""
UNSUBSCRIBED: Final = frozenset({131050})
"""The person told WhatsApp to stop this business's messages."""
WINDOW_SHUT: Final = frozenset({131047})
"""More than 24 hours have passed since the person last wrote."""
BUSY: Final = frozenset({4, 80007, 130429, 131048})
"""Too much at once, by the app, the business or its number."""
PAIR: Final = frozenset({131056})
"""Too much to the same person; others can still be written to."""
DOWN: Final = frozenset({2, 131016, 133004, 131057})
"""Nothing was taken: the service is down or being looked after."""
NO_WAY_IN: Final = frozenset({0, 3, 10, 33, 190, 368, 131005, 131031, 131042, 131045, 133010})
"""The account itself cannot send: token, permission, payment, or a block. 200 to 299 are permissions as well."""
TEXT_STATES: Final = {132001: "DELETED", 132015: "PAUSED", 132016: "DISABLED"}
"""What an error says of the approved text that was used, in the words of Meta's list of texts."""


def bounce_of(code: int) -> bool | None:
    """Whether the number takes no messages for good (True), not now (False), or nothing is said about it (None)."""
    if code in NOT_ON_WHATSAPP:
        return True
    return False if code in NOT_NOW else None


def no_way_in(code: int) -> bool:
    """Whether nothing at all can be sent by the account."""
    return code in NO_WAY_IN or 200 <= code <= 299
