"""What files mark as disputed: opened and ended many at once, and taken back as one."""

from decimal import Decimal

from puntual.disputes import actions, bulk
from puntual.disputes.models import Dispute
from puntual.disputes.tests.build import again, disputed, holds
from puntual.kernel.ids import uuid7
from puntual.receivables.models import Installment
from puntual.receivables.tests.build import Books


def marked(books: Books, *items: Installment) -> list[bulk.Marked]:
    return [bulk.Marked(item.invoice_id, books.ago(3)) for item in items]


def test_many_are_opened_at_once(acting, books: Books, django_assert_max_num_queries) -> None:
    mine = books.customer(owner=acting.colleague)
    items = [books.item(books.customer(), "100"), books.item(mine, "50", currency="USD")]
    there = books.item(books.customer(), "70")
    own = disputed(books, there, "20")
    job = uuid7()
    with django_assert_max_num_queries(12):
        assert bulk.open_many(books.by, marked(books, *items, there), batch_id=job, note="cartera.csv") == 2
    made = {one.invoice_id: one for one in Dispute.objects.filter(source="file")}
    found = made[items[1].invoice_id]
    assert (found.amount, found.currency, found.whole, found.source_id) == (50, "USD", True, job)
    assert (found.owner_id, made[items[0].invoice_id].owner_id) == (acting.colleague.id, None)
    (hold,) = holds(books, found.id)
    assert (hold.amount, hold.from_on, hold.note) == (None, books.ago(3), "cartera.csv")
    assert hold.until_on and hold.until_on > found.deadline > books.by.today
    assert again(books, own).amount == 20, "a person's own is left alone"
    assert bulk.open_many(books.by, marked(books, *items), batch_id=uuid7()) == 0, "the same file again"
    standing = bulk.standing(books.org, [item.invoice_id for item in (*items, there)])
    assert standing[there.invoice_id] == (own.id, False) and standing[items[0].invoice_id][1]


def test_what_is_settled_is_not_opened(books: Books) -> None:
    item = books.item(books.customer(), "100")
    actions.credit(books.by, disputed(books, item).id, number="NC-1", cause="billing", why="Sí")
    assert bulk.open_many(books.by, marked(books, item), batch_id=uuid7()) == 0


def test_a_file_ends_and_an_undone_one_opens_again(books: Books) -> None:
    item, job = books.item(books.customer(), "100"), uuid7()
    bulk.open_many(books.by, marked(books, item), batch_id=job)
    made = Dispute.objects.get()
    assert bulk.end_many(books.by, [made.id], why="semana.csv") == 1
    assert (again(books, made).state, holds(books, made.id)) == ("withdrawn", [])
    assert bulk.end_many(books.by, [made.id], why="semana.csv") == 0
    assert bulk.reopen_many(books.by, [made.id], why="deshecha") == 1
    assert again(books, made).state == "open" and holds(books, made.id)
    assert bulk.undo_batch(books.by, job, why="deshecha") == 1
    assert (again(books, made).state, holds(books, made.id)) == ("withdrawn", [])


def test_a_file_does_not_end_what_somebody_decided(books: Books) -> None:
    item = books.item(books.customer(), "100")
    bulk.open_many(books.by, marked(books, item), batch_id=uuid7())
    made = Dispute.objects.get()
    actions.accept(books.by, made.id, cause="pricing", why="Tienen razón", amount=Decimal(30))
    assert bulk.standing(books.org, [item.invoice_id]) == {item.invoice_id: (made.id, False)}
