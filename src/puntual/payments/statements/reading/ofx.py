"""OFX and QFX, the SGML of version 1 (elements that never close) and the XML of version 2."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from puntual.kernel.problems import N_
from puntual.payments.statements.reading.files import counted, text_of, truncated, xml_of
from puntual.payments.statements.reading.shapes import eight_digits, key_of, once, raw, reference, span, texts
from puntual.payments.statements.reading.statement import Found, Kind, Line, Reference, Scheme, Statement, Unreadable

SIGN: Final = re.compile(r"\A\s*OFXHEADER:|<\?OFX\b|<OFX>", re.IGNORECASE)
_TOKEN = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9_.]*)\s*/?>([^<]*)")
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_AMOUNT = re.compile(r"[+-]?(?:\d{1,3}(?:[,.' ]\d{3})+|\d+)?(?:[.,]\d{1,4})?")
# What holds elements; every other name is a value, whose closing tag version 1 leaves out.
_HOLDERS: Final = frozenset(
    {
        *("OFX", "BANKMSGSRSV1", "CREDITCARDMSGSRSV1", "STMTTRNRS", "CCSTMTTRNRS", "STMTRS", "CCSTMTRS"),
        *("BANKACCTFROM", "CCACCTFROM", "BANKTRANLIST", "STMTTRN", "LEDGERBAL", "AVAILBAL", "PAYEE"),
        *("BANKACCTTO", "CCACCTTO", "CURRENCY", "ORIGCURRENCY"),
    }
)
_DEEPEST = 20
_NUMBER_OF: Final = (
    ("CHECKNUM", Scheme.CHECK),
    ("REFNUM", Scheme.DOCUMENT),
    ("SRVRTID", Scheme.TRANSACTION),
    ("CORRECTFITID", Scheme.ORIGINAL),
)


@dataclass(slots=True)
class _Node:
    name: str
    start: int
    values: dict[str, str] = field(default_factory=dict)
    inner: "list[_Node]" = field(default_factory=list)
    end: int = 0

    def first(self, name: str) -> "_Node | None":
        return next((node for node in self.inner if node.name == name), None)

    def value(self, *path: str) -> str:
        node: _Node | None = self
        for name in path[:-1]:
            node = node.first(name) if node else None
        return node.values.get(path[-1], "") if node else ""


def read_ofx(file: bytes) -> Found:
    """The statements of an OFX file. Raises Unreadable."""
    text = xml_of(file) if file.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<?xml") else text_of(file)
    if re.search(r"<!\s*(?:DOCTYPE|ENTITY)", text, re.IGNORECASE):
        text = xml_of(text.encode())  # says why it is refused
    if not re.search(r"</OFX\s*>", text, re.IGNORECASE):
        raise truncated("</OFX>")
    text = _CDATA.sub(lambda found: html.escape(found[1]), text)
    root = _tree(text)
    statements = tuple(_statement(node, text) for node in _all(root, ("STMTRS", "CCSTMTRS")))
    if not statements:
        raise Unreadable(N_("The OFX file has no statement of an account in it."))
    return Found("ofx", statements)


def _tree(text: str) -> _Node:
    root = _Node("", 0)
    path = [root]
    made = 0
    for token in _TOKEN.finditer(text):
        closes, name, value = token[1], token[2].upper(), token[3]
        if closes:
            if name in _HOLDERS and any(node.name == name for node in path):
                while (done := path.pop()).name != name:
                    done.end = token.start()
                done.end = token.start()
        elif name in _HOLDERS and not value.strip():
            node = _Node(name, token.start())
            path[-1].inner.append(node)
            path.append(node)
            made += 1
            counted(made)
            if len(path) > _DEEPEST:
                raise Unreadable(N_("The file is built as no statement is: too deep or with too many elements."))
        else:
            path[-1].values.setdefault(name, html.unescape(value).strip())
    if len(path) > 1:
        raise truncated(f"</{path[-1].name}>")
    return root


def _all(node: _Node, names: tuple[str, ...]) -> Iterator[_Node]:
    for inner in node.inner:
        if inner.name in names:
            yield inner
        else:
            yield from _all(inner, names)


def _statement(node: _Node, text: str) -> Statement:
    account = node.first("BANKACCTFROM") or node.first("CCACCTFROM")
    listed = node.first("BANKTRANLIST")
    currency = node.values.get("CURDEF", "").upper()
    found = [inner for inner in listed.inner if inner.name == "STMTTRN"] if listed else []
    entries = tuple(_movement(one, currency, text) for one in found)
    first, last = span(entries)
    balance = node.value("LEDGERBAL", "BALAMT")
    as_of = node.value("LEDGERBAL", "DTASOF")
    starts = listed.values.get("DTSTART", "") if listed else ""
    ends = listed.values.get("DTEND", "") if listed else ""
    return Statement(
        format="ofx",
        kind=Kind.POSTED,
        account=account.values.get("ACCTID", "") if account else "",
        currency=currency,
        entries=entries,
        closing=_amount(balance) if balance else None,
        from_on=_day(starts) if starts else first,
        to_on=_day(ends or as_of) if ends or as_of else last,
        bank=account.values.get("BANKID", "") if account else "",
    )


def _movement(node: _Node, currency: str, text: str) -> Line:
    values = node.values
    if not values.get("DTPOSTED") or not values.get("TRNAMT"):
        raise Unreadable(
            N_("A transaction of the OFX file ({key}) has no date or no amount."), key=values.get("FITID", "?")
        )
    amount = _amount(values["TRNAMT"])
    references: list[Reference] = []
    for name, scheme in _NUMBER_OF:
        references += reference(scheme, values.get(name))
    valued = values.get("DTAVAIL") or values.get("DTUSER")
    return Line(
        booked_on=_day(values["DTPOSTED"]),
        value_on=_day(valued) if valued else None,
        amount=amount,
        currency=node.value("CURRENCY", "CURSYM").upper() or currency,
        texts=texts(values.get("MEMO"), values.get("NAME")),
        references=once(references),
        payer_name=" ".join((values.get("NAME") or node.value("PAYEE", "NAME")).split())[:200],
        payer_account=(node.value("BANKACCTTO", "ACCTID") or node.value("CCACCTTO", "ACCTID"))[:60],
        bank_key=key_of(values.get("FITID")),
        code=values.get("TRNTYPE", "")[:40],
        reverses="CORRECTFITID" in values,
        raw=raw(text[node.start : node.end].strip()),
    )


def _amount(text: str) -> Decimal:
    """Version 1 lets the bank write a point or a comma; the last of both separates the decimals."""
    if not text or not _AMOUNT.fullmatch(text) or not re.search(r"\d", text):
        raise Unreadable(N_("“{text}” is no amount."), text=text[:40])
    whole, sign, decimals = text, "", ""
    last = max(text.rfind("."), text.rfind(","))
    if last >= 0 and not (len(text) - last - 1 == 3 and len(re.findall(r"[.,]", text)) > 1):
        whole, sign, decimals = text[:last], ".", text[last + 1 :]
    return Decimal(re.sub(r"[.,' ]", "", whole) + sign + decimals)


def _day(text: str) -> date:
    try:
        return eight_digits(text[:8])
    except ValueError:
        raise Unreadable(N_("“{text}” is no date."), text=text[:40]) from None
