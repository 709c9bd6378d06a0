"""What tells one line of an account from another, whichever file brings it. Pure."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from puntual.kernel.text import fold
from puntual.payments.statements.reading.statement import Line, Statement


def identified(statement: Statement) -> Iterator[tuple[str, Line]]:
    """Each line with its identity: 64 hexadecimal digits, the same in every file that has the line.

    The bank's own key makes it where there is one, with day and amount, for some banks give one key to the lines of a batch.
    Else day, amount and everything it says. Lines alike in all of that are told apart by their order within the day: two
    statements that cover the day have the same number of them.
    """
    seen: Counter[str] = Counter()
    for line in statement.entries:
        said = _key(line) if line.bank_key else _said(line)
        # What is posted replaces what was provisional, and a bulk credit what splits it: each has identities of its own.
        parts = (str(statement.kind), line.booked_on.isoformat(), plain(line.amount), line.currency, said)
        alike = hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()
        seen[alike] += 1
        yield (of_part(alike, -seen[alike]) if seen[alike] > 1 else alike), line


def of_part(identity: str, number: int) -> str:
    """The identity of the `number`-th payment of a bulk credit; with a negative number, of one of several lines alike."""
    return hashlib.sha256(f"{identity}\x1f{number}".encode()).hexdigest()


def plain(amount: Decimal) -> str:
    """An amount written one way: 800, 800.0 and 800.00 are one."""
    return f"{amount.normalize():f}"


def _key(line: Line) -> str:
    return f"key\x1f{line.bank_key}"


def _said(line: Line) -> str:
    references = sorted(reference.value for reference in line.references)
    return fold(" ".join(("said", *line.texts, *references, line.payer_name, line.payer_account)))
