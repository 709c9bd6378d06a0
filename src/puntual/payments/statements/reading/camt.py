"""ISO 20022 camt.052, .053 and .054, every version: the account's day, the running day, and what bulk entries are made of."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final, cast

from puntual.kernel.problems import N_
from puntual.payments.statements.reading.files import truncated, xml_of
from puntual.payments.statements.reading.shapes import added_up, key_of, once, raw, reference, span, texts
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

SIGN: Final = re.compile(r"BkToCstmr(?:Stmt|AcctRpt|DbtCdtNtfctn)\b")
_MESSAGES: Final = {
    "BkToCstmrStmt": ("camt.053", Kind.POSTED),
    "BkToCstmrAcctRpt": ("camt.052", Kind.PROVISIONAL),
    "BkToCstmrDbtCdtNtfctn": ("camt.054", Kind.SPLIT),
}
_STATEMENTS: Final = frozenset({"Stmt", "Rpt", "Ntfctn"})
_AMOUNT = re.compile(r"\d{1,16}(?:\.\d{0,5})?|\.\d{1,5}")
_DEEPEST, _MOST_ELEMENTS, _BLOCK = 60, 2_500_000, 1 << 16
# ISO 20022 external code list: sub-families by which a bank takes an earlier entry back or returns it.
_RETURNS: Final = frozenset({"RRTN", "RPCR", "UPDD", "UPCQ", "RCDD", "PRDD", "UPCT"})
# What a creditor's reference of a national kind is called where it is printed in a payment code.
_IN_CODE: Final = re.compile(r"QRR|ISR", re.IGNORECASE)


def read_camt(file: bytes) -> Found:
    """The statements of a camt file. Raises Unreadable."""
    try:
        return _read(xml_of(file))
    except ET.ParseError as error:
        line = error.position[0]
        if error.code in (3, 5, 6, 28):  # no element, unclosed token or text: the file ends too early
            raise truncated("</Document>") from None
        raise Unreadable(
            N_("The file is not well-formed XML (line {line}). Download it from the bank again."), line=line
        ) from None


def _read(text: str) -> Found:
    message = ""
    made: list[Statement] = []
    warnings: list[Warned] = []
    waiting: list[Line] = []
    pending = 0
    for element, parent in _elements(text):
        if element.tag in _MESSAGES:
            message = element.tag
        elif element.tag == "Ntry" and parent in _STATEMENTS:
            line = _entry(element, warnings)
            if line is None:
                pending += 1
            else:
                waiting.append(line)
            element.clear()
        elif element.tag in _STATEMENTS and parent in _MESSAGES:
            message = parent
            made.append(_statement(element, *_MESSAGES[parent], tuple(waiting), warnings))
            waiting = []
            element.clear()
    if not message:
        raise Unreadable(N_("The file is XML, but no bank statement: it has no camt.052, camt.053 or camt.054."))
    if pending:
        warnings.append(
            Warned(N_("{count} entries that are pending or informative only were left out."), {"count": pending})
        )
    return Found(_MESSAGES[message][0], tuple(made), tuple(warnings))


def _elements(text: str) -> Iterator[tuple[ET.Element, str]]:
    """Each element when it ends, its name without namespace, and the name of its parent."""
    # Neither document types nor entities reach the parser: `xml_of` has refused them.
    parser = ET.XMLPullParser(events=("start", "end"))
    path: list[str] = []
    seen = 0
    for start in range(0, len(text), _BLOCK):
        parser.feed(text[start : start + _BLOCK])
        for event, element in cast("Iterator[tuple[str, ET.Element]]", parser.read_events()):
            if event == "start":
                element.tag = element.tag.rpartition("}")[2]
                path.append(element.tag)
                seen += 1
                if len(path) > _DEEPEST or seen > _MOST_ELEMENTS:
                    raise Unreadable(N_("The file is built as no statement is: too deep or with too many elements."))
            else:
                path.pop()
                yield element, path[-1] if path else ""
    parser.close()
    if path:
        raise truncated(f"</{path[0]}>")


def _statement(
    element: ET.Element, format: str, kind: Kind, entries: tuple[Line, ...], warnings: list[Warned]
) -> Statement:
    account = _text(element, "Acct/Id/IBAN") or _text(element, "Acct/Id/Othr/Id")
    opening, closing = _balances(element)
    currencies = [balance[1] for balance in (opening, closing) if balance]
    currency = _text(element, "Acct/Ccy") or next(iter(currencies), "") or next((e.currency for e in entries), "")
    if len({*currencies, currency}) > 1 and currencies:
        warnings.append(
            Warned(
                N_("Account {account}: its balances are in {currencies}, so that they cannot be compared."),
                {"account": account, "currencies": ", ".join(sorted({*currencies, currency}))},
            )
        )
    first, last = span(entries)
    period = element.find("FrToDt")
    starts, ends = (_day(period, "Fr"), _day(period, "To")) if period is not None else (None, None)
    made = Statement(
        format=format,
        kind=kind,
        account=account,
        currency=currency,
        entries=entries,
        opening=opening[0] if opening and opening[1] == currency else None,
        closing=closing[0] if closing and closing[1] == currency else None,
        number=_text(element, "ElctrncSeqNb") or _text(element, "LglSeqNb") or _text(element, "Id"),
        from_on=min(filter(None, (starts or (opening[2] if opening and not first else None), first)), default=None),
        # A period often ends at midnight of the next day: where there is a closing balance, its day is meant.
        to_on=max(filter(None, ((closing[2] if closing else None) or ends, last)), default=None),
        bank=_text(element, "Acct/Svcr/FinInstnId/Nm"),
    )
    if kind is Kind.POSTED:
        warnings += added_up(made)
    return made


def _balances(
    element: ET.Element,
) -> "tuple[tuple[Decimal, str, date | None] | None, tuple[Decimal, str, date | None] | None]":
    """Opening and closing, of a page those in between."""
    found: dict[str, list[tuple[Decimal, str, date | None]]] = {}
    for balance in element.findall("Bal"):
        amount, currency = _money(balance)
        if _text(balance, "CdtDbtInd") == "DBIT":
            amount = -amount
        code = _text(balance, "Tp/CdOrPrtry/Cd") or _text(balance, "Tp/CdOrPrtry/Prtry")
        found.setdefault(code, []).append((amount, currency, _day(balance, "")))
    between = found.get("ITBD", [])
    opening = found.get("OPBD") or found.get("PRCD") or (between[:1] if len(between) > 1 or "CLBD" in found else [])
    closing = found.get("CLBD") or between[-1:]
    return (opening[0] if opening else None), (closing[-1] if closing else None)


def _entry(entry: ET.Element, warnings: list[Warned]) -> Line | None:
    """A line, or None for what is not booked."""
    status = _text(entry, "Sts/Cd") or _text(entry, "Sts/Prtry") or _text(entry, "Sts")
    if status not in ("BOOK", ""):
        return None
    amount, currency = _money(entry)
    inward = _text(entry, "CdtDbtInd") == "CRDT"
    if _text(entry, "CdtDbtInd") not in ("CRDT", "DBIT"):
        raise Unreadable(N_("An entry of {amount} does not say whether it came in or went out."), amount=amount)
    booked, valued = _day(entry.find("BookgDt"), ""), _day(entry.find("ValDt"), "")
    if not (booked or valued):
        raise Unreadable(N_("An entry of {amount} {currency} has no date."), amount=amount, currency=currency)
    reverses = _text(entry, "RvslInd") == "true" or _text(entry, "BkTxCd/Domn/Fmly/SubFmlyCd") in _RETURNS
    details = entry.findall("NtryDtls/TxDtls")
    common: dict[str, Any] = {"booked_on": booked or valued, "value_on": valued, "currency": currency}
    code = _code(entry)
    signed = amount if inward else -amount
    if len(details) == 1:
        one = _detailed(details[0], entry, signed, reverses, code, common)
        return replace(one, raw=raw(ET.tostring(entry, encoding="unicode")))
    parts = [_part(detail, entry, currency, inward, reverses, code, common) for detail in details]
    whole = [part for part in parts if part is not None]
    if details and len(whole) == len(parts) and sum((part.amount for part in whole), ZERO) != signed:
        warnings.append(
            Warned(
                N_(
                    "The {count} payments of a bulk entry of {amount} {currency} do not make up its amount; it was not split."
                ),
                {"count": len(whole), "amount": signed, "currency": currency},
            )
        )
        whole = []
    split = details and len(whole) == len(parts)
    return Line(
        amount=signed,
        texts=texts(
            _text(entry, "AddtlNtryInf"), *(() if split else (text for detail in details for text in _said(detail)))
        ),
        references=once(
            (*_batch(entry), *(() if split else (one for detail in details for one in _references(detail, reverses))))
        ),
        bank_key=key_of(_text(entry, "AcctSvcrRef")),
        code=code,
        fees=_charges(entry) if inward else ZERO,
        reverses=reverses,
        parts=tuple(whole) if split else (),
        raw=raw(ET.tostring(entry, encoding="unicode")) if len(details) < 20 else "",
        **common,
    )


def _detailed(
    detail: ET.Element, entry: ET.Element, amount: Decimal, reverses: bool, code: str, common: dict[str, Any]
) -> Line:
    """An entry with the one payment it stands for, or one payment of several."""
    reverses = reverses or detail.find("RtrInf") is not None
    name, account, tax_id = _counterparty(detail, inward=(amount > 0) != reverses)
    return Line(
        amount=amount,
        texts=texts(*_said(detail), _text(entry, "AddtlNtryInf")),
        references=once((*_references(detail, reverses), *_batch(entry))),
        payer_name=name,
        payer_account=account,
        payer_tax_id=tax_id,
        bank_key=key_of(_text(entry, "AcctSvcrRef")) or key_of(_text(detail, "Refs/AcctSvcrRef")),
        code=code or _code(detail),
        fees=(_charges(detail) or _charges(entry)) if amount > 0 else ZERO,
        original=_original(detail, str(common["currency"])),
        reverses=reverses,
        **common,
    )


def _part(
    detail: ET.Element,
    entry: ET.Element,
    currency: str,
    inward: bool,
    reverses: bool,
    code: str,
    common: dict[str, Any],
) -> Line | None:
    """One payment of a bulk entry; None where the file does not say how much it was in the account's currency."""
    holder = detail if detail.find("Amt") is not None else detail.find("AmtDtls/TxAmt")
    if holder is None or holder.find("Amt") is None:
        return None
    amount, its_currency = _money(holder)
    if its_currency != currency:
        return None
    direction = _text(detail, "CdtDbtInd")
    signed = amount if (direction == "CRDT" if direction else inward) else -amount
    made = _detailed(detail, entry, signed, reverses, _code(detail) or code, common)
    own_key = key_of(_text(detail, "Refs/AcctSvcrRef"))
    return replace(made, bank_key=own_key, raw=raw(ET.tostring(detail, encoding="unicode")))


def _said(detail: ET.Element) -> Iterator[str]:
    for path in (
        "RmtInf/Ustrd",
        "RmtInf/Strd/AddtlRmtInf",
        "AddtlTxInf",
        "RltdPties/UltmtDbtr/Nm",
        "RltdPties/UltmtDbtr/Pty/Nm",
    ):
        for found in detail.findall(path):
            yield found.text or ""


def _references(detail: ET.Element, reverses: bool) -> Iterator[Reference]:
    for found in detail.findall("RmtInf/Strd/CdtrRefInf"):
        kind = _text(found, "Tp/CdOrPrtry/Cd") + _text(found, "Tp/CdOrPrtry/Prtry")
        yield from reference(Scheme.QR if _IN_CODE.search(kind) else Scheme.CREDITOR, _text(found, "Ref"))
    for found in detail.findall("RmtInf/Strd/RfrdDocInf/Nb"):
        yield from reference(Scheme.INVOICE, found.text)
    end_to_end = _text(detail, "Refs/EndToEndId")
    yield from reference(Scheme.END_TO_END, end_to_end)
    if reverses:
        yield from reference(Scheme.ORIGINAL, end_to_end)
    for path, scheme in (
        ("Refs/MndtId", Scheme.MANDATE),
        ("Refs/ChqNb", Scheme.CHECK),
        ("Refs/TxId", Scheme.TRANSACTION),
        ("Refs/UETR", Scheme.TRANSACTION),
        ("Refs/InstrId", Scheme.OTHER),
        ("Refs/Prtry/Ref", Scheme.OTHER),
    ):
        for found in detail.findall(path):
            yield from reference(scheme, found.text)


def _batch(entry: ET.Element) -> Iterator[Reference]:
    for path in ("NtryDtls/Btch/PmtInfId", "NtryDtls/Btch/MsgId"):
        yield from reference(Scheme.OTHER, _text(entry, path))


def _counterparty(detail: ET.Element, *, inward: bool) -> tuple[str, str, str]:
    """Name, account and tax id of whoever stands on the other side."""
    role = "Dbtr" if inward else "Cdtr"
    party = f"RltdPties/{role}"
    name = (
        _text(detail, f"{party}/Nm") or _text(detail, f"{party}/Pty/Nm") or _text(detail, f"{party}/Agt/FinInstnId/Nm")
    )
    account = f"RltdPties/{role}Acct/Id"
    tax_id = ""
    for inner in ("", "/Pty"):
        for kind in ("OrgId", "PrvtId"):
            tax_id = tax_id or _text(detail, f"{party}{inner}/Id/{kind}/Othr/Id")
    number = _text(detail, f"{account}/IBAN") or _text(detail, f"{account}/Othr/Id")
    return " ".join(name.split())[:200], number[:60], tax_id[:40]


def _charges(element: ET.Element) -> Decimal:
    """What the bank took out of the payment before it credited the rest (ChrgInclInd; before version 4 without that sign)."""
    instructed = element.find("AmtDtls/InstdAmt/Amt")
    credited = element.find("Amt") if element.find("Amt") is not None else element.find("AmtDtls/TxAmt/Amt")
    total = ZERO
    for record in element.findall("Chrgs/Rcrd"):
        if _text(record, "ChrgInclInd") == "true" and _text(record, "CdtDbtInd") != "CRDT":
            total += _money(record)[0]
    if total or instructed is None or credited is None or element.find("Chrgs") is None:
        return total
    if instructed.get("Ccy") != credited.get("Ccy"):
        return total
    return max(_number(instructed.text) - _number(credited.text), ZERO)


def _original(detail: ET.Element, currency: str) -> tuple[Decimal, str] | None:
    for path in ("AmtDtls/InstdAmt", "AmtDtls/TxAmt", "AmtDtls/CntrValAmt"):
        holder = detail.find(path)
        if holder is not None and holder.find("Amt") is not None:
            amount, its_currency = _money(holder)
            if its_currency != currency:
                return amount, its_currency
    return None


def _code(element: ET.Element) -> str:
    domain = [_text(element, f"BkTxCd/Domn/{path}") for path in ("Cd", "Fmly/Cd", "Fmly/SubFmlyCd")]
    return ("/".join(part for part in domain if part) or _text(element, "BkTxCd/Prtry/Cd"))[:40]


def _money(holder: ET.Element) -> tuple[Decimal, str]:
    amount = holder.find("Amt")
    if amount is None:
        raise Unreadable(N_("An entry or balance of the file has no amount."))
    return _number(amount.text), (amount.get("Ccy") or "").strip().upper()


def _number(text: str | None) -> Decimal:
    stripped = (text or "").strip()
    try:
        if not _AMOUNT.fullmatch(stripped):
            raise InvalidOperation
        return Decimal(stripped)
    except InvalidOperation:
        raise Unreadable(N_("“{text}” is no amount."), text=stripped[:40]) from None


def _day(holder: ET.Element | None, prefix: str) -> date | None:
    if holder is None:
        return None
    found = ""
    for path in (f"{prefix}Dt", f"{prefix}DtTm", "Dt/Dt", "Dt/DtTm"):
        found = found or _text(holder, path)
    if not found:
        return None
    try:
        return date.fromisoformat(found[:10])
    except ValueError:
        raise Unreadable(N_("“{text}” is no date."), text=found[:40]) from None


def _text(element: ET.Element, path: str) -> str:
    return (element.findtext(path) or "").strip()
