"""Received and approved? What is missing becomes a task, once, until it is approved."""

import pytest

from puntual.kernel.problems import Problem
from puntual.outreach.actions import record_reception
from puntual.outreach.models import Activity
from puntual.receivables.models import Reception
from puntual.receivables.reception import reception_of
from puntual.receivables.tests.build import Books, books_for


@pytest.fixture
def books(acting) -> Books:
    return books_for(acting.actor())


def test_what_is_missing_becomes_one_task_until_it_is_approved(books: Books) -> None:
    item = books.item(books.customer(), late=-5)
    record_reception(books.by, item.invoice_id, approved=False, missing=["order"], said_by="Rosa Medina")
    record_reception(books.by, item.invoice_id, approved=False, missing=["portal", "order"], note="By Friday")
    task = Activity.objects.get()
    assert (task.step, task.state, task.channel, task.why["params"]["number"]) == (
        "give_missing", "to_do", "internal", item.invoice.number,
    )  # fmt: skip
    assert task.note == "el número de la orden de compra, subirla a su portal. By Friday"
    record_reception(books.by, item.invoice_id, approved=True)
    task.refresh_from_db()
    last = reception_of(books.org, item.invoice_id)
    assert (task.state, task.result) == ("done", "task_done")
    assert last and (last.received, last.approved, last.missing) == (True, True, [])
    assert Reception.objects.count() == 3


@pytest.mark.parametrize(
    "said", [{"approved": True, "missing": ["order"]}, {"approved": False}, {"approved": False, "missing": ["coffee"]}]
)
def test_either_approved_or_something_is_missing(books: Books, said: dict[str, object]) -> None:
    item = books.item(books.customer(), late=-5)
    with pytest.raises(Problem):
        record_reception(books.by, item.invoice_id, **said)  # type: ignore[arg-type]
    assert not Activity.objects.exists()


def test_an_invoice_that_did_not_arrive_was_not_received(books: Books) -> None:
    item = books.item(books.customer(), late=-5)
    assert not record_reception(books.by, item.invoice_id, approved=False, missing=["invoice"]).received
