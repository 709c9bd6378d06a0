"""Two runs over the same waiting lines, on real transactions: they share them, and every credit becomes one payment.

Shown by hand that it can fail: without `select_for_update` in `reconciling.running._next` both runs count every line as theirs.
"""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from puntual.payments import verify as payments_verify
from puntual.payments.models import BankLine, LineSettlement, Payment
from puntual.payments.reconciling import running
from puntual.payments.reconciling.running import match_lines
from puntual.payments.reconciling.tests.conftest import bank_of
from puntual.payments.tests.test_concurrency import all_at_once
from puntual.receivables import verify as ledger_verify
from puntual.receivables.tests.build import Books, books_for
from puntual.tenancy.scope import acting_for

LINES = 60


@pytest.fixture
def books(transactional_db, cast) -> Iterator[Books]:
    """Books whose rows are committed, so that other connections see them; verified when the test is over."""
    with acting_for(cast.id):
        books = books_for(cast.actor())
    yield books
    with acting_for(books.org):
        assert ledger_verify.verify(books.org) + payments_verify.verify(books.org) == []


def test_two_runs_at_once_post_every_credit_once(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "CHUNK", 7)  # many short transactions that meet
    with acting_for(books.org):
        bank, customer = bank_of(books), books.customer()
        for number in range(LINES):
            books.item(customer, str(100 + number), number=f"F001-{number:08}")
            bank.line(str(100 + number), f"PAGO F001-{number:08}")
    found = all_at_once([lambda: match_lines(books.by, books.creditor.id)] * 2)
    assert [one for one in found if isinstance(one, Exception)] == []
    assert sum(one["matched"] for one in found) == LINES
    with acting_for(books.org):
        assert Payment.objects.count() == LineSettlement.objects.count() == LINES
        assert set(BankLine.objects.values_list("state", flat=True)) == {"matched"}
        assert sum(Payment.objects.values_list("unapplied", flat=True)) == Decimal(0)
