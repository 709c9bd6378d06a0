"""Yesterday's bank statement of the sample: most of it names what it pays, some of it has to be looked at. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random
from xml.sax.saxutils import escape

ACCOUNT = "194-0000000-0-00"
_OPENING = Decimal("48210.35")
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>
<GrpHdr><MsgId>{day:%Y%m%d}</MsgId><CreDtTm>{day}T22:00:00</CreDtTm></GrpHdr>
<Stmt><Id>{day:%Y%m%d}</Id><CreDtTm>{day}T22:00:00</CreDtTm><Acct><Id><Othr><Id>{account}</Id></Othr></Id><Ccy>PEN</Ccy></Acct>
{balances}{entries}</Stmt></BkToCstmrStmt></Document>
"""
_BALANCE = """<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy="PEN">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd>\
<Dt><Dt>{day}</Dt></Dt></Bal>
"""
_ENTRY = """<Ntry><Amt Ccy="PEN">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>{day}</Dt></BookgDt>\
<AcctSvcrRef>{key}</AcctSvcrRef><BkTxCd/><NtryDtls><TxDtls><RltdPties><Dbtr><Nm>{payer}</Nm></Dbtr></RltdPties>\
<RmtInf><Ustrd>{words}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
"""


@dataclass(frozen=True, slots=True)
class Open:
    """An invoice in soles that is open; `payable` is what is left of it after what the law deducts."""

    number: str
    customer: str
    payable: Decimal


def statement(day: date, invoices: Sequence[Open], random: Random) -> str:
    """A camt.053 of about forty credits of `day`: thirty name their invoice, a few are by others, short, double or unknown."""
    chosen = random.sample(list(invoices), min(len(invoices), 36))
    named, rest = chosen[:28], chosen[28:]
    lines = [
        (Decimal("18.42"), "", "INTERESES GANADOS"),
        (Decimal("25000.00"), "Sembria Talento S.A.C.", "TRASPASO ENTRE CUENTAS PROPIAS"),
        (Decimal("733.10"), "", "DEPOSITO EN EFECTIVO AG 0194"),
        (Decimal("1250.00"), "Notaria Quispe", "DEVOLUCION"),
    ]
    lines += [(one.payable, one.customer, f"PAGO FACT {one.number}") for one in named]
    for place, one in enumerate(rest):
        short = one.number.split("-")[-1]
        lines.append(
            (
                (one.payable, "Grupo Inversor Altamar", "TRANSF INTERBANCARIA"),
                (one.payable - Decimal("50.00"), one.customer, f"A CTA {short}"),
                (one.payable, one.customer[:12].upper(), "ABONO"),
                (one.payable + Decimal("120.00"), one.customer, f"PAGO {one.number} Y OTROS"),
            )[place % 4]
        )
    lines = [line for line in lines if line[0] > 0]
    closing = _OPENING + sum(amount for amount, _payer, _words in lines)
    balances = "".join(
        _BALANCE.format(kind=kind, amount=amount, day=day) for kind, amount in (("OPBD", _OPENING), ("CLBD", closing))
    )
    entries = "".join(
        _ENTRY.format(
            amount=f"{amount:.2f}", day=day, key=f"{day:%Y%m%d}{n:04}", payer=escape(payer), words=escape(words)
        )
        for n, (amount, payer, words) in enumerate(lines, 1)
    )
    return _HEAD.format(day=day, account=ACCOUNT, balances=balances, entries=entries)
