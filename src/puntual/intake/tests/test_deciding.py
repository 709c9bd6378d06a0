"""What a row asks of the ledger, as a table: the row, what is known, what happens."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from puntual.intake.deciding import (
    NOTHING,
    Circumstances,
    Item,
    SaidTwice,
    Says,
    Standing,
    Steps,
    balances_to,
    decide,
    issue_date,
)
from puntual.intake.reading.rows import InvoiceRow
from puntual.receivables.bulk_postings import MoreOpenThanKnown
from puntual.receivables.problems import ClosedPeriod, DocumentDiffers, FutureDate

CUSTOMER, OTHER, HOLD = UUID(int=1), UUID(int=2), UUID(int=3)
TODAY = date(2026, 11, 23)
ISSUED, DUE, PAID = date(2026, 9, 1), date(2026, 10, 1), date(2026, 10, 5)
OPEN = Says(open_amount=True)
DISPUTES = Says(disputed=True)


def row(**fields: Any) -> InvoiceRow:
    """An invoice of 100, nothing paid, unless told otherwise."""
    amount = Decimal(fields.pop("amount", 100))
    values: dict[str, Any] = {
        "line": 2,
        **dict.fromkeys(("creditor", "customer_code", "customer_name", "customer_tax_id"), "x"),
        **dict.fromkeys(("customer_phone", "customer_country", "description"), ""),
        "customer_emails": (),
        "number": "F-1",
        "issue_date": ISSUED,
        "due_date": DUE,
        "terms_days": None,
        "currency": "PEN",
        "amount": amount,
        "open_amount": Decimal(fields.pop("open_amount", amount)),
        "paid_on": None,
        "paid_amount": None,
        "disputed": False,
        "credit_note": False,
        **fields,
    }
    if values["paid_amount"] is not None:
        values["paid_amount"] = Decimal(values["paid_amount"])
    return InvoiceRow(**values)


def known(open_amount: int = 100, **fields: Any) -> Standing:
    values: dict[str, Any] = {
        "invoice_id": UUID(int=9),
        "customer_id": CUSTOMER,
        "currency": "PEN",
        "issued_on": ISSUED,
        "amount": Decimal(100),
        "items": (Item(UUID(int=10), DUE, Decimal(open_amount)),),
        **fields,
    }
    return Standing(**values)


def ask(
    asked: InvoiceRow,
    standing: Standing | None = None,
    says: Says = Says(),  # noqa: B008
    *,
    paid_before: bool = False,
    closed_through: date | None = None,
) -> Steps:
    return decide(asked, standing, CUSTOMER, paid_before, Circumstances(TODAY, closed_through, says))


@pytest.mark.parametrize(
    ("asked", "says", "expected"),
    [
        (row(), Says(), Steps(issue_on=ISSUED)),
        (row(issue_date=None), Says(), Steps(issue_on=DUE)),
        (row(issue_date=None, terms_days=30), Says(), Steps(issue_on=date(2026, 9, 1))),
        (row(issue_date=None, due_date=date(2027, 1, 1)), Says(), Steps(issue_on=TODAY)),
        (row(open_amount=40), OPEN, Steps(issue_on=ISSUED, open_to=Decimal(40))),
        (row(open_amount=0), OPEN, Steps(issue_on=ISSUED, open_to=Decimal(0))),
        (row(paid_on=PAID, paid_amount=100, open_amount=0), Says(), Steps(issue_on=ISSUED, pay=Decimal(100))),
        (row(paid_on=PAID, paid_amount=60, open_amount=40), Says(), Steps(issue_on=ISSUED, pay=Decimal(60))),
        (row(paid_on=PAID, paid_amount=60, open_amount=0), OPEN, Steps(issue_on=ISSUED, pay=Decimal(60), open_to=Decimal(0))),
        (row(paid_on=PAID, paid_amount=110, open_amount=0), Says(), Steps(issue_on=ISSUED, pay=Decimal(110))),
        (row(disputed=True), DISPUTES, Steps(issue_on=ISSUED, dispute=True)),
        (row(disputed=True, paid_on=PAID, paid_amount=100, open_amount=0), DISPUTES, Steps(issue_on=ISSUED, pay=Decimal(100))),
    ],
)  # fmt: skip
def test_a_new_invoice(asked: InvoiceRow, says: Says, expected: Steps) -> None:
    assert ask(asked, None, says) == expected


PAYS = row(paid_on=PAID, paid_amount=100, open_amount=0)


@pytest.mark.parametrize(
    ("asked", "standing", "says", "expected"),
    [
        (row(), known(), Says(), NOTHING),
        (row(), known(), OPEN, NOTHING),
        # What the file does not say is not compared: a payment recorded here stays.
        (row(), known(60), Says(), NOTHING),
        (row(issue_date=None), known(), Says(), NOTHING),
        (row(amount=60), known(60), Says(amount=False, open_amount=True), NOTHING),
        # Less open than here, and nobody says when it was paid.
        (row(open_amount=40), known(), OPEN, Steps(open_to=Decimal(40))),
        (row(paid_amount=60, open_amount=40), known(), Says(), Steps(open_to=Decimal(40))),
        # More open than here: only what had been settled outside comes back.
        (row(open_amount=50), known(40, settled_outside=Decimal(60)), OPEN, Steps(open_to=Decimal(50))),
        (row(due_date=TODAY), known(), Says(), Steps(move_due=True)),
        (PAYS, known(), Says(), Steps(pay=Decimal(100))),
        (PAYS, known(), OPEN, Steps(pay=Decimal(100))),
        # Somebody recorded that money before: it is not recorded twice.
        (PAYS, known(0), Says(), NOTHING),
        (PAYS, known(30), Says(), Steps(pay=Decimal(30))),
        # What was settled outside without a date has one now.
        (PAYS, known(0, settled_outside=Decimal(100)), Says(), Steps(reopen_to=Decimal(100), pay=Decimal(100))),
        (PAYS, known(0, settled_outside=Decimal(100)), OPEN, Steps(reopen_to=Decimal(100), pay=Decimal(100))),
        (row(paid_on=PAID, paid_amount=40, open_amount=60), known(20, settled_outside=Decimal(80)), Says(),
         Steps(reopen_to=Decimal(60), pay=Decimal(40))),
        (row(paid_on=PAID, paid_amount=40, open_amount=20), known(60, settled_outside=Decimal(40)), OPEN,
         Steps(reopen_to=Decimal(100), pay=Decimal(40), open_to=Decimal(20))),
        (row(disputed=True), known(), DISPUTES, Steps(dispute=True)),
        (row(disputed=True), known(disputed=True), DISPUTES, NOTHING),
        (row(disputed=True), known(0), DISPUTES, NOTHING),
        (row(), known(disputed=True, dispute=HOLD), DISPUTES, Steps(dispute=False)),
        (row(), known(disputed=True), DISPUTES, NOTHING),  # a person's own
        (row(), known(disputed=True, dispute=HOLD), Says(), NOTHING),
    ],
)  # fmt: skip
def test_a_known_invoice(asked: InvoiceRow, standing: Standing, says: Says, expected: Steps) -> None:
    assert ask(asked, standing, says) == expected


@pytest.mark.parametrize(
    ("asked", "standing", "says", "problem", "field"),
    [
        (row(), known(customer_id=OTHER), Says(), DocumentDiffers, "number"),
        (row(currency="USD"), known(), Says(), DocumentDiffers, "number"),
        (row(amount=101), known(), Says(), DocumentDiffers, "number"),
        (row(issue_date=DUE), known(), Says(), DocumentDiffers, "number"),
        (row(open_amount=100), known(60), OPEN, MoreOpenThanKnown, "open_amount"),
        (row(open_amount=100), known(40, settled_outside=Decimal(30)), OPEN, MoreOpenThanKnown, "open_amount"),
        (row(paid_on=PAID, paid_amount=60, open_amount=70), None, OPEN, MoreOpenThanKnown, "open_amount"),
        (row(paid_on=date(2026, 11, 24), paid_amount=100, open_amount=0), None, Says(), FutureDate, "paid_on"),
    ],
)
def test_what_a_file_may_not_say(
    asked: InvoiceRow, standing: Standing | None, says: Says, problem: type[Exception], field: str
) -> None:
    steps = ask(asked, standing, says)
    assert isinstance(steps.problem, problem)
    assert steps == Steps(steps.problem, field)


def test_a_payment_in_a_closed_period_is_refused_unless_it_is_known() -> None:
    assert isinstance(ask(PAYS, None, closed_through=PAID).problem, ClosedPeriod)
    assert ask(PAYS, known(0), paid_before=True, closed_through=PAID) == NOTHING


def test_a_payment_recorded_by_an_earlier_import_is_not_made_again() -> None:
    assert ask(PAYS, known(0), paid_before=True) == NOTHING
    assert ask(PAYS, known(50), paid_before=True) == NOTHING


def test_only_what_contradicts_is_a_correction() -> None:
    assert not Steps(pay=Decimal(1)).corrects
    assert not Steps(dispute=True).corrects
    assert all(
        steps.corrects for steps in (Steps(move_due=True), Steps(open_to=Decimal(0)), Steps(reopen_to=Decimal(1)))
    )
    assert "F-1" in str(SaidTwice("F-1"))


def test_the_assumed_issue_date_is_never_after_a_payment_or_today() -> None:
    assert issue_date(row(issue_date=None, paid_on=date(2026, 9, 20)), TODAY) == date(2026, 9, 20)
    assert issue_date(row(issue_date=None, due_date=date(2026, 12, 1), terms_days=5), TODAY) == TODAY


def test_installments_close_the_earliest_due_first() -> None:
    first, second = Item(UUID(int=1), date(2026, 1, 1), Decimal(60)), Item(UUID(int=2), date(2026, 2, 1), Decimal(40))
    assert dict(balances_to([second, first], Decimal(30))) == {first.id: 0, second.id: 30}
    assert dict(balances_to([second, first], Decimal(70))) == {first.id: 30, second.id: 40}
    assert dict(balances_to([second, first], Decimal(0))) == {first.id: 0, second.id: 0}
