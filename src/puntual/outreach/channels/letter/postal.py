"""A postal address as it stands in the window of an envelope, and the paper it is printed on. Pure."""

from collections.abc import Sequence
from typing import Literal

from babel import Locale

from puntual.kernel.text import fold

Window = Literal["left", "right"]
WINDOWS: tuple[Window, ...] = ("left", "right")
"""Where the envelope's window is: on the left (DIN 5008, ISO 269 envelopes) or on the right (customary in Spain and France)."""
# Unicode CLDR, supplemental measurement data, paperSize: everywhere else paper is A4 (ISO 216).
_US_LETTER = frozenset({"BZ", "CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE"})
_WIDTH = 44
_MOST_LINES = 4


def paper(country: str) -> str:
    """The size of paper used in a country, by its name in Typst."""
    return "us-letter" if country in _US_LETTER else "a4"


def address_lines(
    customer: str, person: str, address: str, *, to_country: str, from_country: str, attention: str, sender: Locale
) -> list[str]:
    """Whom and where, a line each: the customer, the person with `attention` before it, the address, and abroad the country.

    The country is in capitals and in the language of the place of posting, as the Universal Postal Union asks (Convention
    Regulations, addressing). An address of one long line is broken at its commas.
    """
    lines = [customer]
    if person and fold(person) != fold(customer):
        lines.append(attention.format(person=person))
    lines += _broken(address)
    if to_country and to_country != from_country:
        lines.append(sender.territories.get(to_country, to_country).upper())
    return lines


def _broken(address: str) -> Sequence[str]:
    lines = [line.strip() for line in address.splitlines() if line.strip()]
    if len(lines) == 1:
        lines = _at_commas(lines[0])
    return [*lines[: _MOST_LINES - 1], ", ".join(lines[_MOST_LINES - 1 :])] if len(lines) > _MOST_LINES else lines


def _at_commas(line: str) -> list[str]:
    lines = [""]
    for part in line.split(", "):
        longer = f"{lines[-1]}, {part}" if lines[-1] else part
        if len(longer) <= _WIDTH or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(part)
    return lines
