"""The post's numbers of a batch, from a list as post offices and spreadsheets hand it over. Pure."""

import re
from collections.abc import Mapping

from puntual.kernel.problems import N_, Problem
from puntual.outreach.channels.letter.codes import read_code

_CELLS = re.compile(r"[;,\t]")


def read_references(text: str) -> Mapping[str, str]:
    """Code and number of each line, in this order or the other, between commas, semicolons or tabs; a first line of heads is
    passed over. Raises Problem with the line that cannot be read, and for a letter that has two numbers.
    """
    found: dict[str, str] = {}
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), start=1):
        cells = [cell.strip().strip('"').strip() for cell in _CELLS.split(line) if cell.strip().strip('"').strip()]
        if not cells:
            continue
        code = next((cell for cell in cells if _is_code(cell)), None)
        others = [cell for cell in cells if cell != code]
        if code is None and number == 1:
            continue
        if code is not None and not others:
            continue  # no number was written beside it
        if code is None:
            raise Problem(
                N_("Line {line} should hold the code of a letter and the post's number: “{text}”."),
                line=number,
                text=line.strip()[:80],
                beside="numbers",
            )
        one = read_code(code)
        if found.setdefault(one, others[0]) != others[0]:
            raise Problem(
                N_("Line {line}: letter {code} has another number further up."), line=number, code=one, beside="numbers"
            )
    return found


def _is_code(cell: str) -> bool:
    try:
        read_code(cell)
    except Problem:
        return False
    return "-" in cell
