"""Exchange rates from a file: a line for each, day, currency, other currency, rate, source."""

import csv
import io
from datetime import date
from decimal import Decimal, InvalidOperation

from puntual.analytics.rates.actions import Given
from puntual.kernel.problems import N_, Problem

MOST = 5_000
WRONG_LINE = N_(
    "Line {line} of the file is not a rate: “{text}”. Write the day, two currencies, the rate with a point and the source,"
    " as in 2026-11-20,USD,PEN,3.75,SBS."
)
TOO_MANY = N_("The file has more than {most} rates. Enter them in parts.")
NOT_TEXT = N_("The file is not text. Save it as CSV.")


def read(content: bytes) -> list[Given]:
    """The rates of a CSV file, with or without a line of headings. Raises Problem for the first line that is no rate."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Problem(NOT_TEXT) from None
    found: list[Given] = []
    delimiter = ";" if text.count(";") > text.count(",") else ","
    for number, row in enumerate(csv.reader(io.StringIO(text), delimiter=delimiter), 1):
        if not any(row) or (
            number == 1 and row[0].strip().lower() in ("on", "day", "date", "fecha", "dia", "día", "data")
        ):
            continue
        try:
            on, base, quote, rate, source = (cell.strip() for cell in row[:5])
            found.append(Given(date.fromisoformat(on), base.upper(), quote.upper(), Decimal(rate), source))
        except (ValueError, InvalidOperation):
            raise Problem(WRONG_LINE, line=number, text=delimiter.join(row)[:80]) from None
        if len(found) > MOST:
            raise Problem(TOO_MANY, most=MOST)
    return found
