"""SWIFT MT940, with or without its envelope, and the ways banks structure field 86."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Final

from puntual.kernel.problems import N_
from puntual.payments.statements.reading.files import counted, text_of, truncated, unfit
from puntual.payments.statements.reading.shapes import (
    added_up,
    key_of,
    near,
    once,
    raw,
    reference,
    six_digits,
    span,
    texts,
)
from puntual.payments.statements.reading.statement import (
    Found,
    Kind,
    Line,
    Reference,
    Scheme,
    Statement,
    Unreadable,
    Warned,
)

SIGN: Final = re.compile(r"^:20:.*?^:25P?:.*?^:60[FM]:", re.MULTILINE | re.DOTALL)
_FIELD = re.compile(r":(\d{2}[A-Z]?):(.*)", re.DOTALL)
_END = re.compile(r"-(?:\}.*|[A-Z0-9]{0,4})")
_BALANCE = re.compile(r"([CD])(\d{6})([A-Z]{3})(\d{1,15}(?:[.,]\d{0,4})?)")
# Value date, entry date, direction (R takes back), third letter of the currency, amount, kind, references.
_LINE = re.compile(
    r"(?P<value>\d{6})(?P<entry>\d{4})?(?P<direction>R?[CD])(?P<funds>[A-Z])?(?P<amount>\d{1,15}(?:[.,]\d{0,4})?)"
    r"(?P<code>[A-Z][A-Z0-9]{3})(?P<rest>.*)",
    re.DOTALL,
)
# Germany and its neighbors: a three-digit code, then fields each behind the same sign: 166?00TEXT?20SVWZ+...
_GERMAN = re.compile(r"(\d{3})([^\w\s])(?=\d{2})")
_SEPA = re.compile(r"(EREF|KREF|MREF|CRED|DEBT|SVWZ|ABWA|ABWE|IBAN|BIC|PURP)\+")
# The Netherlands, SWIFT's own structure: /EREF/.../ORDP//NAME/.../REMI/...
_CODE_WORDS = re.compile(
    r"/(ADDR|ACCT|BENM|BIC|CNTP|CREF|CSID|EREF|EXCH|FX|IBAN|ID|INIT|ISDT|MARF|NAME|NRTX|OCMT|ORDP|PREF|PURP|REMI|RTRN|SVCL|TRCD"
    r"|TRTP|ULTB|ULTC|ULTD|USTD|STRD|CDTRREFTP|CDTRREF)/"
)
_FULL = 65  # characters of a line of field 86: a full one is cut, and goes on without a space
_FULL_GERMAN = 27  # the same for its fields 20 to 29
_IBAN_LIKE = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
_RETURNS: Final = frozenset({"RTI", "RTN", "RET"})


@dataclass(slots=True)
class _Page:
    """The fields of one message."""

    line: int
    account: str = ""
    number: str = ""
    opening: tuple[Decimal, str, date] | None = None
    closing: tuple[Decimal, str, date] | None = None
    begins_inside: bool = False
    ends_inside: bool = False
    entries: list[Line] = field(default_factory=list)


def read_mt940(file: bytes) -> Found:
    """The statements of an MT940 file. Raises Unreadable."""
    pages: list[_Page] = []
    page: _Page | None = None
    last = ""
    for number, tag, value in _fields(text_of(file)):
        if tag == "20":
            _closed(page)
            page = _Page(number)
            pages.append(page)
        elif page is not None:
            _take(page, number, tag, value, last)
        last = tag
    _closed(page)
    if not pages:
        raise Unreadable(N_("The file has no MT940 statement in it."))
    made = tuple(_statements(pages))
    warnings: list[Warned] = [warned for one in made for warned in added_up(one)]
    return Found("mt940", made, tuple(warnings))


def _fields(text: str) -> Iterator[tuple[int, str, str]]:
    """Each field with the line it begins at; what stands outside of messages is left out."""
    start, tag, value = 0, "", ""
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        line = line.rpartition("{4:")[2] if line.startswith("{1:") else line
        found = _FIELD.fullmatch(line)
        if found:
            if tag:
                yield start, tag, value
            start, tag, value = number, found[1], found[2]
        elif _END.fullmatch(line.strip()):
            if tag:
                yield start, tag, value
            tag = ""
        elif tag:
            value += "\n" + line
    if tag:
        yield start, tag, value


def _take(page: _Page, number: int, tag: str, value: str, last: str) -> None:
    if tag in ("25", "25P"):
        page.account = value.split("\n")[0].strip()
    elif tag in ("28", "28C"):
        page.number = value.strip()
    elif tag in ("60F", "60M"):
        page.opening = _balance(number, value)
        page.begins_inside = tag == "60M"
    elif tag in ("62F", "62M"):
        page.closing = _balance(number, value)
        page.ends_inside = tag == "62M"
    elif tag == "61":
        if page.opening is None:
            raise unfit(number, value)
        page.entries.append(_movement(number, value, page.opening[1]))
        counted(len(page.entries))
    elif tag == "86" and last == "61":
        page.entries[-1] = _described(page.entries[-1], value)


def _closed(page: _Page | None) -> None:
    if page is None:
        return
    if not page.account or page.opening is None:
        raise Unreadable(
            N_("The statement that begins at line {line} has no account or no opening balance."), line=page.line
        )
    if page.closing is None:
        raise truncated(":62F:")


def _statements(pages: list[_Page]) -> Iterator[Statement]:
    """One statement for each run of pages of which the next goes on where the last stopped."""
    held: _Page | None = None
    for page in pages:
        if held is not None and held.ends_inside and page.begins_inside and _goes_on(held, page):
            held.entries += page.entries
            held.closing, held.ends_inside = page.closing, page.ends_inside
            continue
        if held is not None:
            yield _statement(held)
        held = page
    if held is not None:
        yield _statement(held)


def _goes_on(before: _Page, page: _Page) -> bool:
    if before.account != page.account or before.closing is None or page.opening is None:
        return False
    return before.closing[:2] == page.opening[:2]


def _statement(page: _Page) -> Statement:
    assert page.opening and page.closing  # noqa: S101  # _closed has seen to it
    currency = page.opening[1]
    account = page.account.removesuffix(currency).strip()
    entries = tuple(page.entries)
    first, last = span(entries, page.closing[2])
    return Statement(
        format="mt940",
        kind=Kind.POSTED,
        account=account,
        currency=currency,
        entries=entries,
        opening=page.opening[0],
        closing=page.closing[0] if page.closing[1] == currency else None,
        number=page.number[:60],
        from_on=min(filter(None, (first, page.opening[2] if not entries else None)), default=None),
        to_on=max(filter(None, (last, page.closing[2]))),
    )


def _balance(number: int, value: str) -> tuple[Decimal, str, date]:
    found = _BALANCE.fullmatch(value.strip())
    if not found:
        raise unfit(number, value)
    amount = _amount(found[4])
    try:
        return (amount if found[1] == "C" else -amount), found[3], six_digits(found[2])
    except ValueError:
        raise unfit(number, value) from None


def _amount(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def _movement(number: int, value: str, currency: str) -> Line:
    first, _, supplement = value.partition("\n")
    found = _LINE.fullmatch(first.strip())
    if not found:
        raise unfit(number, value)
    try:
        valued = six_digits(found["value"])
        booked = near(valued, found["entry"]) if found["entry"] else valued
    except ValueError:
        raise unfit(number, value) from None
    amount = _amount(found["amount"])
    direction = found["direction"]
    own, _, theirs = found["rest"].partition("//")
    supplement = supplement.strip()
    iban = bool(_IBAN_LIKE.fullmatch(supplement))
    return Line(
        booked_on=booked,
        value_on=valued,
        # RC takes a credit back: money out. RD gives a debit back: money in.
        amount=amount if direction in ("C", "RD") else -amount,
        currency=currency,
        texts=() if iban else texts(supplement),
        references=once(reference(Scheme.DOCUMENT, own)),
        payer_account=supplement if iban else "",
        bank_key=key_of(theirs),
        code=found["code"],
        reverses=direction.startswith("R") or found["code"][1:] in _RETURNS,
        raw=raw(f":61:{value}"),
    )


def _described(line: Line, value: str) -> Line:
    """The movement with what field 86 says of it."""
    line = replace(line, raw=raw(f"{line.raw}\n:86:{value}"))
    stripped = value.lstrip()
    german = _GERMAN.match(stripped)
    if german:
        return _german(line, stripped.replace("\n", ""), german[1], german[2])
    joined = _joined(value)
    words = _CODE_WORDS.split(joined)
    if len(words) > 1 and not words[0].strip():
        return _code_worded(line, words[1:])
    return replace(line, texts=texts(*line.texts, joined))


def _joined(value: str) -> str:
    joined = ""
    for row in value.split("\n"):
        joined += row if len(row) >= _FULL else row + " "
    return joined.strip()


def _german(line: Line, value: str, code: str, sign: str) -> Line:
    fields: dict[str, str] = {}
    for part in value[len(code) :].split(sign)[1:]:
        fields[part[:2]] = fields.get(part[:2], "") + part[2:]
    purpose = "".join(
        text for number, text in sorted(fields.items()) if "20" <= number <= "29" or "60" <= number <= "63"
    )
    pieces = _SEPA.split(purpose)
    said = dict(zip(pieces[1::2], pieces[2::2], strict=True))
    references: list[Reference] = [*line.references]
    for name, scheme in (("EREF", Scheme.END_TO_END), ("MREF", Scheme.MANDATE), ("KREF", Scheme.OTHER)):
        references += reference(scheme, said.get(name))
    name = fields.get("32", "") + fields.get("33", "")
    return replace(
        line,
        texts=texts(*line.texts, pieces[0], said.get("SVWZ"), said.get("ABWA"), fields.get("00")),
        references=once(references),
        payer_name=" ".join(name.split())[:200],
        payer_account=(fields.get("38") or said.get("IBAN") or fields.get("31") or "").replace(" ", "")[:60],
        code=f"{line.code}/{code}",
        reverses=line.reverses or code in ("108", "109", "159"),  # returned debits and transfers
    )


def _code_worded(line: Line, words: list[str]) -> Line:
    said: dict[str, str] = {}
    party = ""
    for word, text in zip(words[::2], words[1::2], strict=True):
        if word in ("BENM", "ORDP", "CNTP"):
            party = word
            if word == "CNTP":  # account/bank/name/city
                account, _, rest = text.partition("/")
                said["IBAN"], said["NAME"] = account, rest.partition("/")[2].partition("/")[0]
        elif word in ("ULTD", "ULTC", "ULTB"):
            party = ""
        elif word != "NAME" or party:
            said[word] = said.get(word, "") + text
    references: list[Reference] = [*line.references]
    for word, scheme in (
        ("CDTRREF", Scheme.CREDITOR),
        ("EREF", Scheme.END_TO_END),
        ("MARF", Scheme.MANDATE),
        ("PREF", Scheme.OTHER),
    ):
        references += reference(scheme, said.get(word))
    account = said.get("IBAN") or said.get("ACCT") or line.payer_account
    return replace(
        line,
        texts=texts(*line.texts, said.get("REMI", "").strip("/"), said.get("USTD"), said.get("TRTP")),
        references=once(references),
        payer_name=" ".join(said.get("NAME", "").split())[:200],
        payer_account=account.strip("/ ")[:60],
        reverses=line.reverses or "RTRN" in said,
    )
