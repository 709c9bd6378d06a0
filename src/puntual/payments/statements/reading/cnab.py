"""CNAB returns of Brazilian collection (cobrança): FEBRABAN's CNAB 240, and CNAB 400, which each bank lays out its own way.

Only what was paid becomes a line; that a boleto was registered, changed or refused is no money. The day booked is the day it was
paid (data da ocorrência), the value date the day the bank credits it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from puntual.kernel.problems import N_
from puntual.payments.statements.reading.files import text_of, truncated, unfit
from puntual.payments.statements.reading.shapes import (
    eight_digits,
    implied,
    once,
    raw,
    reference,
    six_digits,
    span,
    texts,
)
from puntual.payments.statements.reading.statement import (
    ZERO,
    Found,
    Kind,
    Line,
    Reference,
    Scheme,
    Statement,
    Unreadable,
    Warned,
)

SIGN_240: Final = re.compile(r"\A\d{3}0000[0 ][^\n]{232}")
SIGN_400: Final = re.compile(r"\A02RETORNO", re.IGNORECASE)
_CURRENCY = "BRL"
_PAID_240: Final = frozenset({"06", "17"})  # liquidação; liquidação após baixa ou de título não registrado
_NO_DAY: Final = frozenset({"", "0"})


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a bank's CNAB 400 has its fields (first and last place, from 1), and which occurrences mean money."""

    bank: str
    paid: frozenset[str]
    our_number: tuple[int, int]
    account: tuple[tuple[int, int], ...]  # branch and number
    credited_on: tuple[int, int] = (296, 301)
    fee: tuple[int, int] = (176, 188)
    payer: tuple[int, int] | None = None
    use: tuple[int, int] = (38, 62)
    fee_taken: bool = False  # the amount is what was credited, the fee already taken
    credited: tuple[int, int] | None = None  # what was credited, where it stands apart from what was paid
    kinds: frozenset[str] = frozenset({"1"})


_LAYOUTS: Final = {
    "001": Layout("Banco do Brasil", frozenset({"05", "06", "07", "08", "15"}), (64, 80), ((18, 22), (23, 31)), (176, 181),
                  (182, 188), use=(39, 63), credited=(306, 318), kinds=frozenset({"1", "7"})),
    "033": Layout("Santander", frozenset({"06", "07", "08", "17"}), (63, 70), ((18, 21), (22, 29)), payer=(302, 337)),
    "104": Layout("Caixa", frozenset({"21", "22"}), (57, 73), ((18, 31),), (294, 299), use=(32, 56)),
    "237": Layout("Bradesco", frozenset({"06", "15", "16", "17"}), (71, 82), ((25, 29), (30, 37))),
    "341": Layout("Itaú", frozenset({"06", "07", "08", "10"}), (63, 70), ((18, 21), (24, 29)), payer=(325, 354), fee_taken=True),
}  # fmt: skip


def read_cnab240(file: bytes) -> Found:
    """The payments of a CNAB 240 return: each segment T with its segment U. Raises Unreadable."""
    records = _records(text_of(file), 240)
    head, trailer = records[0][1], records[-1][1]
    if trailer[7] != "9":
        raise truncated("9")
    warnings: list[Warned] = []
    said = trailer[23:29]
    if said.isdigit() and int(said) != len(records):
        warnings.append(_miscounted(int(said), len(records)))
    entries: list[Line] = []
    odd = 0
    first: tuple[int, str] | None = None
    for number, record in records:
        segment = record[13] if record[7] == "3" else ""
        if segment == "T":
            if first is not None:
                raise unfit(first[0], first[1].strip())
            first = number, record
        elif segment == "U":
            if first is None:
                raise unfit(number, record.strip())
            line, is_odd = _titled(number, first[1], record)
            odd += is_odd
            entries += [line] if line else []
            first = None
    if first is not None:
        raise truncated("U")
    warnings += _left_out(odd)
    if not any(record[7] == "3" and record[13] in "TU" for _number, record in records):
        raise Unreadable(N_("The CNAB 240 file is no return of collection: it has no segments T and U."))
    account = f"{head[52:57].strip()}/{head[58:70].strip()}{head[70:71].strip()}"
    made_on = _day(1, head[143:151])
    return Found(
        "cnab240", (_statement("cnab240", account, head[:3], head[157:163], made_on, entries),), tuple(warnings)
    )


def _titled(number: int, title: str, paid: str) -> tuple[Line | None, bool]:
    """The line of a boleto; whether an occurrence that we do not take for a payment carries money."""
    try:
        gross, net = implied(paid[77:92]), implied(paid[92:107])
    except ValueError:
        raise unfit(number, paid.strip()) from None
    movement = title[15:17]
    if movement not in _PAID_240:
        return None, bool(gross) and movement not in ("02", "03", "09", "28")
    if not gross:
        return None, False
    amount = net or gross
    happened = _day(number, paid[137:145])
    if happened is None:
        raise unfit(number, paid.strip())
    our_number = title[37:57].strip()
    return (
        Line(
            booked_on=happened,
            value_on=_day(number, paid[145:153]),
            amount=amount,
            currency=_CURRENCY,
            texts=texts(title[105:130].strip("0 ")),
            references=_references(our_number, title[58:73], title[105:130]),
            payer_name=" ".join(title[148:188].split()),
            payer_tax_id=title[133:148].strip("0 ") and title[133:148].strip(),
            bank_key=our_number and f"{our_number}/{movement}",
            code=movement,
            fees=max(gross - amount, ZERO),
            raw=raw(f"{title.rstrip()}\n{paid.rstrip()}"),
        ),
        False,
    )


def read_cnab400(file: bytes) -> Found:
    """The payments of a CNAB 400 return of the banks we know. Raises Unreadable."""
    records = _records(text_of(file), 400)
    head, trailer = records[0][1], records[-1][1]
    layout = _LAYOUTS.get(head[76:79])
    if layout is None:
        raise Unreadable(
            N_(
                "The CNAB 400 return is of bank {bank}, whose layout is not known. Known are: {banks}. "
                "Ask the bank for CNAB 240, which is the same for all."
            ),
            bank=head[76:79],
            banks=", ".join(f"{one.bank} ({code})" for code, one in _LAYOUTS.items()),
        )
    if trailer[0] != "9":
        raise truncated("9")
    entries: list[Line] = []
    accounts: list[str] = []
    odd = 0
    for number, record in records[1:-1]:
        if record[0] not in layout.kinds:
            continue
        accounts.append("/".join(_cut(record, places).strip() for places in layout.account))
        line, is_odd = _paid(number, record, layout)
        odd += is_odd
        entries += [line] if line else []
    warnings = [*_out_of_sequence(records), *_left_out(odd)]
    account = accounts[0] if accounts else head[26:46].strip()
    statement = _statement("cnab400", account, head[76:79], "", _day(1, head[94:100]), entries)
    return Found("cnab400", (statement,), tuple(warnings))


def _paid(number: int, record: str, layout: Layout) -> tuple[Line | None, bool]:
    try:
        paid = implied(record[253:266])
        fee = implied(_cut(record, layout.fee).strip() or "0")
        credited = implied(_cut(record, layout.credited)) if layout.credited else ZERO
    except ValueError:
        raise unfit(number, record.strip()) from None
    occurrence = record[108:110]
    if occurrence not in layout.paid:
        return None, False
    if not paid:
        return None, False
    happened = _day(number, record[110:116])
    if happened is None:
        raise unfit(number, record.strip())
    our_number = _cut(record, layout.our_number).strip()
    amount = credited or paid
    return (
        Line(
            booked_on=happened,
            value_on=_day(number, _cut(record, layout.credited_on)),
            amount=amount,
            currency=_CURRENCY,
            texts=texts(_cut(record, layout.use).strip("0 ")),
            references=_references(our_number, record[116:126], _cut(record, layout.use)),
            payer_name=" ".join(_cut(record, layout.payer).split()) if layout.payer else "",
            bank_key=our_number and f"{our_number}/{occurrence}",
            code=occurrence,
            fees=fee if layout.fee_taken else max(paid - amount, ZERO),
            raw=raw(record.rstrip()),
        ),
        False,
    )


def _references(our_number: str, document: str, use: str) -> tuple[Reference, ...]:
    return once(
        (
            *reference(Scheme.NOSSO_NUMERO, our_number),
            *reference(Scheme.DOCUMENT, document),
            *reference(Scheme.DOCUMENT, use),
        )
    )


def _records(text: str, width: int) -> list[tuple[int, str]]:
    """Each record with its line, as wide as it must be; spaces at the end may be cut."""
    found = []
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        record = line.rstrip("\x1a \n")
        if not record:
            continue
        if len(record) > width:
            raise unfit(number, record)
        found.append((number, record.ljust(width)))
    return found


def _out_of_sequence(records: list[tuple[int, str]]) -> Iterator[Warned]:
    numbers = [record[394:400] for _line, record in records]
    if all(number.isdigit() for number in numbers) and [*map(int, numbers)] != [*range(1, len(numbers) + 1)]:
        yield Warned(N_("The records of the file are not numbered one after the other: some may be missing."))


def _left_out(odd: int) -> Iterable[Warned]:
    if odd:
        yield Warned(
            N_("{count} occurrences carry an amount and are no payments we know; they were left out."), {"count": odd}
        )


def _miscounted(said: int, counted: int) -> Warned:
    return Warned(
        N_("The file says that it has {said} records, and it has {counted}."), {"said": said, "counted": counted}
    )


def _statement(
    format: str, account: str, bank: str, number: str, made_on: date | None, entries: Iterable[Line]
) -> Statement:
    lines = tuple(entries)
    first, last = span(lines, made_on)
    return Statement(
        format=format,
        kind=Kind.POSTED,
        account=account,
        currency=_CURRENCY,
        entries=lines,
        number=number.strip(),
        from_on=first,
        to_on=last,
        bank=bank,
    )


def _day(number: int, digits: str) -> date | None:
    if digits.strip("0 ") in _NO_DAY:
        return None
    try:
        return eight_digits(digits, "dmy") if len(digits) == 8 else six_digits(digits, "dmy")
    except ValueError:
        raise unfit(number, digits) from None


def _cut(record: str, places: tuple[int, int] | None) -> str:
    return record[places[0] - 1 : places[1]] if places else ""
