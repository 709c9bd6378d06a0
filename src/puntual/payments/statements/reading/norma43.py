"""Norma 43 (Cuaderno 43 of the Spanish banking association, AEB/CECA): records of 80 characters."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Final

from puntual.kernel.problems import N_
from puntual.payments.statements.reading.files import counted, text_of, truncated, unfit
from puntual.payments.statements.reading.shapes import (
    CURRENCY_BY_NUMBER,
    added_up,
    implied,
    once,
    raw,
    reference,
    six_digits,
    texts,
)
from puntual.payments.statements.reading.statement import ZERO, Found, Kind, Line, Scheme, Statement, Unreadable, Warned

SIGN: Final = re.compile(r"\A(?:00\d{4}[^\n]*\n)?11\d{18}\d{12}[12]\d{14}\d{3}")
_WIDTH = 80
_SIGNS: Final = {"1": -1, "2": 1}  # debit, credit
_RETURNED: Final = "14"  # common concept: returned and unpaid


@dataclass(slots=True)
class _Account:
    """What records 11 to 33 say of one account."""

    number: str
    bank: str
    currency: str
    from_on: date
    to_on: date
    opening: Decimal
    entries: list[Line] = field(default_factory=list)


def read_norma43(file: bytes) -> Found:
    """The statements of a Norma 43 file. Raises Unreadable."""
    made: list[Statement] = []
    warnings: list[Warned] = []
    account: _Account | None = None
    records = ended = 0
    for number, record in _records(text_of(file)):
        kind = record[:2]
        try:
            if kind == "11":
                if account is not None:
                    raise truncated("33")
                account = _opened(record)
            elif kind == "88":
                ended, said = 1, int(record[20:26].strip() or 0)
                if said and said != records:
                    warnings.append(
                        Warned(
                            N_("The file says that it has {said} records, and it has {counted}."),
                            {"said": said, "counted": records},
                        )
                    )
                continue
            elif account is None or kind not in ("22", "23", "24", "33"):
                raise unfit(number, record.strip())
            elif kind == "22":
                account.entries.append(_movement(record, account.currency))
                counted(len(account.entries))
            elif kind == "33":
                made.append(_closed(account, record, warnings))
                account = None
            else:
                account.entries[-1] = _more(account.entries[-1], kind, record)
        except (ValueError, KeyError, IndexError):
            raise unfit(number, record.strip()) from None
        records += 1
    if account is not None or not made:
        raise truncated("33")
    if not ended:
        warnings.append(Warned(N_("The file has no final record (88): ask the bank whether it is complete.")))
    return Found("norma43", tuple(made), tuple(warnings))


def _records(text: str) -> Iterator[tuple[int, str]]:
    """Each record with its line, as wide as the norm has it; some programs cut the spaces at the end, or all line ends."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if len(lines) == 1 and len(text) > _WIDTH:
        lines = [text[start : start + _WIDTH] for start in range(0, len(text), _WIDTH)]
    for number, line in enumerate(lines, 1):
        if line.strip("\x1a ") and not line.startswith("00"):
            if len(line.rstrip()) > _WIDTH:
                raise unfit(number, line)
            yield number, line.ljust(_WIDTH)


def _opened(record: str) -> _Account:
    return _Account(
        number=record[2:20],
        bank=record[2:6],
        currency=CURRENCY_BY_NUMBER[record[47:50]],
        from_on=six_digits(record[20:26]),
        to_on=six_digits(record[26:32]),
        opening=_SIGNS[record[32]] * implied(record[33:47]),
    )


def _movement(record: str, currency: str) -> Line:
    sign = _SIGNS[record[27]]
    first, second = record[52:64], record[64:80]
    together = (first + second).strip()
    references = [*reference(Scheme.DOCUMENT, record[42:52])]
    for one in (first, second, together.split()[-1] if together else ""):
        if any(character.isdigit() for character in one):
            references += reference(Scheme.DOCUMENT, one)
    return Line(
        booked_on=six_digits(record[10:16]),
        value_on=six_digits(record[16:22]),
        amount=sign * implied(record[28:42]),
        currency=currency,
        texts=texts(together if together.strip("0") else ""),
        references=once(references),
        code=f"{record[22:24]}/{record[24:27]}",
        reverses=record[22:24] == _RETURNED and sign < 0,
        raw=raw(record.rstrip()),
    )


def _more(line: Line, kind: str, record: str) -> Line:
    line = replace(line, raw=raw(f"{line.raw}\n{record.rstrip()}"))
    if kind == "23":
        return replace(line, texts=texts(*line.texts, record[4:42], record[42:80]))
    currency = CURRENCY_BY_NUMBER[record[4:7]]
    if currency == line.currency:
        return line
    return replace(line, original=(implied(record[7:21]), currency))


def _closed(account: _Account, record: str, warnings: list[Warned]) -> Statement:
    sign = _SIGNS[record[58]]
    made = Statement(
        format="norma43",
        kind=Kind.POSTED,
        account=account.number,
        currency=account.currency,
        entries=tuple(account.entries),
        opening=account.opening,
        closing=sign * implied(record[59:73]),
        from_on=account.from_on,
        to_on=account.to_on,
        bank=account.bank,
    )
    debits = [line.amount for line in made.entries if line.amount < 0]
    credits = [line.amount for line in made.entries if line.amount >= 0]
    for word, said_count, said, found in (
        ("33: debe", record[20:25], record[25:39], debits),
        ("33: haber", record[39:44], record[44:58], credits),
    ):
        total = abs(sum(found, ZERO))
        if int(said_count) != len(found) or implied(said) != total:
            warnings.append(
                Warned(
                    N_(
                        "Account {account}: the total of record {record} says {said_count} entries of {said}, "
                        "and the file has {count} of {total}."
                    ),
                    {
                        "account": account.number,
                        "record": word,
                        "said_count": int(said_count),
                        "said": implied(said),
                        "count": len(found),
                        "total": total,
                    },
                )
            )
    warnings += added_up(made)
    if not made.account.isdigit():
        raise Unreadable(N_("“{text}” is no account number."), text=made.account)
    return made
