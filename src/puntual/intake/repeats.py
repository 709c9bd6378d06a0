"""Documents that a file names more than once, with other content each time."""

from puntual.intake.reading.proposals import Proposal
from puntual.kernel.sheets.layout import Table

_BITS = 1 << 24  # two megabytes: among a million numbers six in a hundred are looked at twice for nothing
_CONTENT = ("issue_date", "due_date", "terms_days", "currency", "amount", "open_amount")


def number_key(number: str) -> str:
    """A document number as it is compared here: only within one file, so spaces and capitals are enough."""
    return " ".join(number.split()).upper()


def contradicted(table: Table, proposal: Proposal) -> frozenset[str]:
    """The numbers (`number_key`) that stand on several rows which differ in more than what was paid.

    Two passes over the file; memory grows with the repeated numbers only.
    """
    numbers = proposal.readings["number"].columns
    creditors = proposal.readings["creditor"].columns if "creditor" in proposal.readings else ()
    content = [column for name in _CONTENT if name in proposal.readings for column in proposal.readings[name].columns]
    seen, again = bytearray(_BITS >> 3), set()
    for block in table.blocks():
        for row in block.rows:
            mark = hash(tuple(row[column] for column in (*numbers, *creditors))) % _BITS
            if seen[mark >> 3] & 1 << (mark & 7):
                again.add(mark)
            seen[mark >> 3] |= 1 << (mark & 7)
    contents: dict[tuple[str, ...], set[int]] = {}
    for block in table.blocks() if again else ():
        for row in block.rows:
            key = tuple(row[column] for column in (*numbers, *creditors))
            if hash(key) % _BITS in again:
                contents.setdefault(key, set()).add(hash(tuple(row[column] for column in content)))
    return frozenset(
        number_key("-".join(part.strip() for part in key[: len(numbers)] if part.strip()))
        for key, different in contents.items()
        if len(different) > 1
    )
