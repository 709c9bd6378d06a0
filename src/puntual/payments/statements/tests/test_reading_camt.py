"""camt.052, 053 and 054: balances, entries, references, bulk credits, reversals, in the versions banks use."""

from datetime import date
from decimal import Decimal

import pytest

from puntual.payments.statements.reading.statement import Kind, Reference, Scheme
from puntual.payments.statements.tests.files import ACCOUNT, balance, camt, detail, entry, read_file

DAY = "2026-03-02"


@pytest.mark.parametrize("version", range(2, 9))
@pytest.mark.parametrize(("message", "kind"), [("052", Kind.PROVISIONAL), ("053", Kind.POSTED), ("054", Kind.SPLIT)])
def test_every_version_is_read_alike(message: str, kind: Kind, version: int) -> None:
    status = "<Sts><Cd>BOOK</Cd></Sts>" if version >= 8 else "<Sts>BOOK</Sts>"
    told = detail("12.34", "Factura F001-7", name="Ana", reference="RF68AB2G5", version=version)
    file = camt(
        balance("OPBD", "10", "2026-03-01"),
        balance("CLBD", "22.34", DAY),
        entry("12.34", DAY, key="K1", details=told, status=status),
        message=message,
        version=version,
    )
    found = read_file(file)
    (statement,) = found.statements
    (line,) = statement.entries
    assert (found.format, statement.kind, found.warnings) == (f"camt.{message}", kind, ())
    assert (statement.account, statement.currency, statement.opening, statement.closing) == (
        ACCOUNT,
        "EUR",
        Decimal(10),
        Decimal("22.34"),
    )
    assert (line.amount, line.currency, line.booked_on, line.payer_name) == (
        Decimal("12.34"),
        "EUR",
        date(2026, 3, 2),
        "Ana",
    )
    assert line.texts == ("Factura F001-7",)
    assert line.references == (Reference(Scheme.CREDITOR, "RF68AB2G5"),)
    assert (line.bank_key, line.parts, line.reverses) == ("K1", (), False)


def test_entries_that_do_not_add_up_are_told_with_the_difference() -> None:
    found = read_file(
        camt(balance("OPBD", "10", "2026-03-01"), balance("CLBD", "5", DAY, sign="DBIT"), entry("1", DAY))
    )
    (warned,) = found.warnings
    assert (warned.details["difference"], warned.details["currency"]) == (Decimal("16.00"), "EUR")
    assert found.statements[0].closing == -5


def test_a_bulk_credit_has_parts_that_make_up_its_amount() -> None:
    whole = detail("60", "a", name="Ana", version=4) + detail("30", "b", name="Bea", version=4)
    (line,) = read_file(camt(entry("90", DAY, details=whole), version=4)).statements[0].entries
    assert [(part.amount, part.payer_name) for part in line.parts] == [(60, "Ana"), (30, "Bea")]
    found = read_file(camt(entry("91", DAY, details=whole), version=4))
    assert found.statements[0].entries[0].parts == ()
    assert found.statements[0].entries[0].texts == ("a", "b")
    assert found.warnings[0].details["amount"] == 91


_RETURNED = "<TxDtls><RltdPties><Dbtr><Nm>Ana</Nm></Dbtr></RltdPties><RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf></TxDtls>"


@pytest.mark.parametrize(
    ("more", "details"), [("<RvslInd>true</RvslInd>", detail("5", "x", name="Ana")), ("", _RETURNED)]
)
def test_what_takes_back_says_so_and_names_the_payer(more: str, details: str) -> None:
    (line,) = read_file(camt(entry("5", DAY, sign="DBIT", details=details, more=more))).statements[0].entries
    assert (line.reverses, line.amount, line.payer_name) == (True, -5, "Ana")


def test_pending_entries_are_left_out_and_counted() -> None:
    found = read_file(camt(entry("5", DAY), entry("6", DAY, status="<Sts>PDNG</Sts>")))
    assert [line.amount for line in found.statements[0].entries] == [5]
    assert found.warnings[0].details == {"count": 1}


def test_charges_and_the_currency_it_was_paid_in() -> None:
    told = (
        "<TxDtls><AmtDtls><InstdAmt><Amt Ccy='EUR'>100</Amt></InstdAmt><TxAmt><Amt Ccy='EUR'>95</Amt></TxAmt></AmtDtls>"
        "<Chrgs><Amt Ccy='EUR'>5</Amt></Chrgs></TxDtls>"
    )
    abroad = "<TxDtls><AmtDtls><InstdAmt><Amt Ccy='USD'>110</Amt></InstdAmt></AmtDtls></TxDtls>"
    one, other = (
        read_file(camt(entry("95", DAY, details=told), entry("100", DAY, details=abroad))).statements[0].entries
    )
    assert (one.amount, one.fees, one.original) == (95, 5, None)
    assert (other.fees, other.original) == (0, (Decimal(110), "USD"))


def test_a_period_that_ends_at_midnight_is_known_through_the_day_before() -> None:
    period = "<FrToDt><FrDtTm>2026-03-02T00:00:00</FrDtTm><ToDtTm>2026-03-03T00:00:00</ToDtTm></FrToDt>"
    file = camt(balance("OPBD", "0", DAY), balance("CLBD", "5", DAY), entry("5", DAY), period=period)
    (statement,) = read_file(file).statements
    assert (statement.from_on, statement.to_on) == (date(2026, 3, 2), date(2026, 3, 2))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "windows-1252"])
def test_the_encoding_is_the_declared_one(encoding: str) -> None:
    text = camt(entry("5", DAY, details=detail("5", "Peña"))).decode().replace("UTF-8", encoding)
    assert read_file(text.encode(encoding)).statements[0].entries[0].texts == ("Peña",)


def test_a_statement_without_entries_is_one() -> None:
    (statement,) = read_file(camt(balance("OPBD", "5", "2026-03-01"), balance("CLBD", "5", DAY))).statements
    assert (statement.entries, statement.difference, statement.to_on) == ((), 0, date(2026, 3, 2))
