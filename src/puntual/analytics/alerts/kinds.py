"""What is watched for, and what comes of an alert. The words are codes: sentences are made of them in `words`."""

from enum import StrEnum


class Kind(StrEnum):
    """What changed."""

    LATER = "later"  # than the customer's own pattern
    MISSED = "missed"  # the first date of a punctual payer
    GROWING = "growing"  # balance
    LIMIT = "limit"  # passed
    PARTS = "parts"  # payments in part
    SILENCE = "silence"  # contacts without an answer or a payment
    DISPUTES = "disputes"  # several
    CREDITOR = "creditor"  # a creditor's customers slip together
    SECTOR = "sector"  # those of a tag
    LIMITATION = "limitation"  # a claim is about to be time-barred


class Outcome(StrEnum):
    """What came of it. The first two were right, the third was wrong; the last says nothing about either."""

    ACTED = "acted"  # it was so, and something was done about it
    TRUE_ALARM = "true_alarm"  # it was so; there was nothing to do
    FALSE_ALARM = "false_alarm"
    OVERTAKEN = "overtaken"  # a later alert says more


RIGHT = frozenset({Outcome.ACTED, Outcome.TRUE_ALARM})
JUDGED = RIGHT | {Outcome.FALSE_ALARM}
GIVEN = (Outcome.ACTED, Outcome.TRUE_ALARM, Outcome.FALSE_ALARM)
"""The outcomes a person closes an alert with, in the order they are offered."""
