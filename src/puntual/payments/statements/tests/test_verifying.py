"""What `verify` says of bank lines: bulk credits are the sum of their parts, and what was made of a line is what came in."""

from decimal import Decimal

import pytest

from puntual.payments.models import BankLine, Payment
from puntual.payments.reconciling.running import match_lines
from puntual.payments.statements.actions import import_statement
from puntual.payments.statements.tests.files import balance, camt, detail, entry, read_file
from puntual.payments.verify import verify
from puntual.receivables.tests.build import Books


@pytest.fixture
def bulk(books: Books) -> BankLine:
    customer = books.customer()
    books.item(customer, "60", number="F001-00001", currency="EUR")
    books.item(customer, "40", number="F001-00002", currency="EUR")
    file = camt(
        balance("OPBD", "0", "2026-03-01"),
        balance("CLBD", "100", "2026-03-02"),
        entry("100", "2026-03-02", key="K1", details=detail("60", "F001-00001") + detail("40", "F001-00002")),
    )
    import_statement(books.by, read_file(file), file_name="bulk.xml")
    match_lines(books.by, books.creditor.id)
    return BankLine.objects.get(parts=2)


def kinds(books: Books) -> set[str]:
    return {one.kind for one in verify(books.org)}


def test_a_bulk_credit_and_its_payments_are_sound(books: Books, bulk: BankLine) -> None:
    assert Payment.objects.count() == 2
    assert kinds(books) == set()


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"amount": Decimal("39.99")}, {"bulk_parts", "line_settled"}),
        ({"part_of": None}, {"bulk_parts"}),
        ({"fees": Decimal(1)}, {"line_settled"}),
        ({"state": "unmatched"}, {"line_settled"}),
    ],
)
def test_a_part_that_does_not_fit_is_named(
    books: Books, bulk: BankLine, change: dict[str, object], kind: set[str]
) -> None:
    parts = BankLine.objects.filter(part_of=bulk, amount=40)
    before = parts.values("amount", "part_of_id", "fees", "state").get()
    key = parts.get().id
    BankLine.objects.filter(id=key).update(**change)
    assert kinds(books) == kind
    BankLine.objects.filter(id=key).update(**before)


def test_a_bulk_credit_settled_beside_its_parts_is_named(books: Books, bulk: BankLine) -> None:
    BankLine.objects.filter(id=bulk.id).update(state="matched")
    assert kinds(books) == {"bulk_settled"}
    BankLine.objects.filter(id=bulk.id).update(state="new")
