"""What can be said to a customer, as a closed list. Pure."""

from enum import StrEnum


class Act(StrEnum):
    """One thing that is said. Its phrases are in the words of each language."""

    GREET = "greet"  # who calls, for whom, about what
    EMPATHIZE = "empathize"
    REFLECT = "reflect"  # repeats what was understood
    ASK_RECEIVED = "ask_received"  # was the invoice received, and is it right
    ASK_REASON = "ask_reason"  # why is it late: not every law allows it
    ASK_HELP = "ask_help"  # what would help
    ASK_CAPACITY = "ask_capacity"  # how much, and when
    ASK_WHO = "ask_who"  # who approves, what is missing
    SEND_COPY = "send_copy"  # the document, the account, the reference
    TAKE_CLAIM = "take_claim"  # opens a dispute for what is questioned
    PROPOSE_FULL = "propose_full"
    PROPOSE_PARTS = "propose_parts"  # within what the manual allows
    PROPOSE_BEYOND = "propose_beyond"  # more than it allows
    COMMIT = "commit"  # an amount and a day
    SUMMARIZE = "summarize"  # repeats what was agreed, and sends it in writing
    CALL_BACK = "call_back"
    BYE = "bye"
    PRESS = "press"
    ARGUE = "argue"
    SHAME = "shame"
    OTHERS = "others"  # would tell third parties
    THREATEN = "threaten"


PROPOSALS = frozenset({Act.PROPOSE_FULL, Act.PROPOSE_PARTS, Act.PROPOSE_BEYOND})
FAULTS = frozenset({Act.PRESS, Act.ARGUE, Act.SHAME, Act.OTHERS, Act.THREATEN})
"""What is never said; it is offered now and then, for who does not know it yet."""
