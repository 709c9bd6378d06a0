"""Small bank files, made for the tests."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from tempfile import NamedTemporaryFile

from puntual.payments.statements.reading.mapping import Mapping
from puntual.payments.statements.reading.read import read
from puntual.payments.statements.reading.statement import Found

ACCOUNT = "ES9121000418450200051332"
NS = "urn:iso:std:iso:20022:tech:xsd:camt.{message}.001.{version:02}"
_MESSAGES = {
    "053": ("BkToCstmrStmt", "Stmt"),
    "052": ("BkToCstmrAcctRpt", "Rpt"),
    "054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
}


def read_file(file: bytes, mapping: Mapping | None = None) -> Found:
    """What is read of a file of these bytes; its name says nothing."""
    with NamedTemporaryFile() as named:
        Path(named.name).write_bytes(file)
        return read(Path(named.name), mapping)


def balance(code: str, amount: str, day: str, currency: str = "EUR", sign: str = "CRDT") -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy='{currency}'>{amount}</Amt>"
        f"<CdtDbtInd>{sign}</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>"
    )


def entry(
    amount: str,
    day: str,
    *,
    sign: str = "CRDT",
    key: str = "",
    details: str = "",
    status: str = "<Sts>BOOK</Sts>",
    currency: str = "EUR",
    more: str = "",
) -> str:
    named = f"<AcctSvcrRef>{key}</AcctSvcrRef>" if key else ""
    return (
        f"<Ntry><Amt Ccy='{currency}'>{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd>{more}{status}<BookgDt><Dt>{day}</Dt></BookgDt>"
        f"<ValDt><Dt>{day}</Dt></ValDt>{named}<NtryDtls>{details}</NtryDtls></Ntry>"
    )


def detail(
    amount: str, text: str, *, name: str = "", reference: str = "", version: int = 2, currency: str = "EUR"
) -> str:
    """One payment, as version 2 and as version 8 tell it."""
    party = f"<Dbtr><Pty><Nm>{name}</Nm></Pty></Dbtr>" if version >= 8 else f"<Dbtr><Nm>{name}</Nm></Dbtr>"
    told = f"<Amt Ccy='{currency}'>{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd>"
    if version < 4:
        told = f"<AmtDtls><TxAmt><Amt Ccy='{currency}'>{amount}</Amt></TxAmt></AmtDtls>"
    structured = (
        f"<Strd><CdtrRefInf><Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry></Tp><Ref>{reference}</Ref></CdtrRefInf></Strd>"
        if reference
        else ""
    )
    return (
        f"<TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>{told}<RltdPties>{party}</RltdPties>"
        f"<RmtInf><Ustrd>{text}</Ustrd>{structured}</RmtInf></TxDtls>"
    )


def camt(*inside: str, message: str = "053", version: int = 2, account: str = ACCOUNT, period: str = "") -> bytes:
    """A camt file with one statement."""
    root, one = _MESSAGES[message]
    namespace = NS.format(message=message, version=version)
    return (
        f"<?xml version='1.0' encoding='UTF-8'?><Document xmlns='{namespace}'><{root}><GrpHdr><MsgId>1</MsgId></GrpHdr><{one}>"
        f"<Id>S-1</Id>{period}<Acct><Id><IBAN>{account}</IBAN></Id><Ccy>EUR</Ccy></Acct>{''.join(inside)}</{one}></{root}></Document>"
    ).encode()


def mt940(
    *lines: str, opening: str = "C260301EUR100,00", closing: str = "C260302EUR100,00", number: str = "1/1"
) -> bytes:
    return "\r\n".join(
        (":20:START", f":25:{ACCOUNT}", f":28C:{number}", f":60F:{opening}", *lines, f":62F:{closing}", "-", "")
    ).encode("cp1252")


def ofx(*lines: str, balance: str = "", account: str = "0001234567", currency: str = "PEN") -> bytes:
    return (
        "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nENCODING:USASCII\nCHARSET:1252\n\n"
        f"<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>{currency}<BANKACCTFROM><BANKID>002<ACCTID>{account}</BANKACCTFROM>"
        f"<BANKTRANLIST>{''.join(lines)}</BANKTRANLIST>{balance}</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"
    ).encode("cp1252")


def transaction(key: str, day: str, amount: str, name: str = "", memo: str = "", more: str = "") -> str:
    return (
        f"<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>{day}120000[-5:EST]<TRNAMT>{amount}"
        f"<FITID>{key}<NAME>{name}<MEMO>{memo}{more}</STMTTRN>\n"
    )


def norma43(days: Iterable[tuple[date, int, str]], *, opening: int, closing: int, records: int | None = None) -> bytes:
    """A Norma 43 file of account 2100 0418 0200051332: (day, signed cents, text), balances in cents."""
    moves = [*days]
    first = min((day for day, _amount, _text in moves), default=date(2026, 3, 1))
    last = max((day for day, _amount, _text in moves), default=date(2026, 3, 1))

    def signed(cents: int) -> str:
        return f"{2 if cents >= 0 else 1}{abs(cents):014}"

    written = [f"11210004180200051332{first:%y%m%d}{last:%y%m%d}{signed(opening)}9783SEMBRIA SL"]
    for day, cents, text in moves:
        written.append(f"22    0418{day:%y%m%d}{day:%y%m%d}02007{signed(cents)}{'0' * 22}{'':16}")
        written.append(f"2301{text[:38]:38}{text[38:76]:38}")
    debits = [cents for _day, cents, _text in moves if cents < 0]
    credits = [cents for _day, cents, _text in moves if cents >= 0]
    written.append(
        f"33210004180200051332{len(debits):05}{-sum(debits):014}{len(credits):05}{sum(credits):014}{signed(closing)}978"
    )
    written.append(f"88{'9' * 18}{len(written) if records is None else records:06}")
    return "\r\n".join(line.ljust(80) for line in written).encode("cp1252")
