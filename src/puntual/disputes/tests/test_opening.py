"""What is disputed is held, in part or whole, and nothing else."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from puntual.audit.models import Record
from puntual.disputes import actions
from puntual.disputes.models import Dispute, DisputeNote
from puntual.disputes.problems import AlreadyDisputed, ReasonMissing
from puntual.disputes.tests.build import again, disputed, holds
from puntual.kernel.problems import Problem
from puntual.organizations.actions import change_rules, set_holiday
from puntual.receivables import actions as ledger
from puntual.receivables.models import Installment
from puntual.receivables.problems import MoreThanOpen, NothingOpen, NotPositive
from puntual.receivables.tests.build import Books


def held(books: Books, dispute: Dispute) -> list[tuple[object, object]]:
    return [(hold.installment_id, hold.amount) for hold in holds(books, dispute.id)]


def test_a_part_is_held_and_the_rest_is_not(books: Books) -> None:
    item = books.item(books.customer(), "1000")
    made = disputed(books, item, "300", said_by="Ana Ruiz")
    assert held(books, made) == [(item.id, Decimal(300))]
    assert (made.amount, made.whole, made.state, made.opened_by) == (300, False, "open", books.by.name)
    (hold,) = holds(books, made.id)
    assert (hold.reason, hold.stops_interest, hold.note) == ("dispute", True, "El precio acordado era otro.")
    record = Record.objects.latest("at", "id")
    assert (record.action, record.object_id) == ("disputes.open", made.id)


def test_all_of_it_is_held_whatever_happens_to_the_balance(books: Books) -> None:
    item = books.item(books.customer(), "1000")
    made = disputed(books, item)
    assert held(books, made) == [(item.id, None)] and made.amount == 1000
    explicit = disputed(books, books.item(books.customer(), "80"), "80")
    assert explicit.whole, "all that is open is all of it"


def test_a_part_lies_on_the_installments_that_are_asked_for_first(books: Books) -> None:
    customer, parts = books.customer(), [ledger.Part(books.ago(days), Decimal(400)) for days in (40, 10, -20)]
    invoice = ledger.issue_invoice(
        books.by, customer_id=customer.id, number="F-3", issued_on=books.ago(60), currency="PEN", parts=parts
    )
    items = list(Installment.objects.filter(invoice=invoice).order_by("due_on"))
    made = actions.open_dispute(books.by, invoice.id, reason="quality", amount=Decimal(500))
    assert held(books, made) == [(items[0].id, Decimal(400)), (items[1].id, Decimal(100))]


def test_the_answer_is_due_in_the_teams_working_days(books: Books) -> None:
    monday = books.by.today
    assert monday.weekday() == 0
    made = disputed(books, books.item(books.customer()))
    assert made.deadline == monday + timedelta(days=7), "five working days"
    (hold,) = holds(books, made.id)
    # 8 December is a day off in Peru: the review is five working days after the deadline.
    assert hold.until_on == made.deadline + timedelta(days=7)
    change_rules(books.by, dispute_days=2)
    set_holiday(books.by, "PE", monday + timedelta(days=1), works=False, name="Aniversario")
    assert disputed(books, books.item(books.customer())).deadline == monday + timedelta(days=3)


def test_it_belongs_to_whoever_has_the_customer(acting, books: Books) -> None:
    assert disputed(books, books.item(books.customer())).owner_id == acting.owner.id
    customer = books.customer(owner=acting.colleague)
    assert disputed(books, books.item(customer)).owner_id == acting.colleague.id
    named = disputed(books, books.item(customer), owner_id=acting.owner.id)
    assert named.owner_id == acting.owner.id


def test_one_live_dispute_of_an_invoice(books: Books) -> None:
    item = books.item(books.customer(), "1000")
    made = disputed(books, item, "300")
    with pytest.raises(AlreadyDisputed):
        disputed(books, item, "100")
    same = actions.record_objection(books.by, item.invoice_id, reason="quality", said="Además llegó tarde")
    assert same.id == made.id and DisputeNote.objects.get().text == "Además llegó tarde"
    actions.withdraw(books.by, made.id, why="Se aclaró")
    other = actions.record_objection(books.by, item.invoice_id, reason="quality", said="Llegó roto")
    assert other.id != made.id and other.reason == "quality"


@pytest.mark.parametrize(
    ("amount", "problem"),
    [("0", NotPositive), ("-1", NotPositive), ("1000.01", MoreThanOpen), ("0.001", Problem)],
)
def test_what_cannot_be_disputed(books: Books, amount: str, problem: type[Problem]) -> None:
    item = books.item(books.customer(), "1000")
    with pytest.raises(problem):
        disputed(books, item, amount)
    with pytest.raises(ValueError):
        disputed(books, item, reason="mood")
    assert not Dispute.objects.exists()


def test_nothing_open_is_not_disputed(books: Books) -> None:
    item = books.item(books.customer(), "100")
    ledger.close_outside(books.by, item.id, why="Pagada")
    with pytest.raises(NothingOpen):
        disputed(books, item)


def test_another_amount_is_held_from_then_on(books: Books) -> None:
    item = books.item(books.customer(), "1000")
    made = disputed(books, item, "300")
    with pytest.raises(ReasonMissing):
        actions.restate(books.by, made.id, why=" ", amount=Decimal(500))
    actions.restate(books.by, made.id, why="También falta el flete", amount=Decimal(500), reason="delivery")
    assert held(books, made) == [(item.id, Decimal(500))]
    actions.restate(books.by, made.id, why="No llegó nada")
    assert held(books, made) == [(item.id, None)] and again(books, made).amount == 1000
    steps = DisputeNote.objects.order_by("at", "id")
    assert [(note.step, note.text) for note in steps] == [
        ("restate", "También falta el flete"),
        ("restate", "No llegó nada"),
    ]
    assert steps[0].detail == {"before": "300.0000", "after": "500", "currency": "PEN", "reason": "delivery"}


def test_a_later_answer_is_waited_for(books: Books) -> None:
    made = disputed(books, books.item(books.customer()), "40")
    later = made.deadline + timedelta(days=14)
    actions.extend_deadline(books.by, made.id, later, why="El proveedor responde el lunes")
    assert again(books, made).deadline == later
    (hold,) = holds(books, made.id)
    assert hold.until_on is not None and hold.until_on > later
    for day in (later, date(2030, 1, 1)):
        with pytest.raises(Problem):
            actions.extend_deadline(books.by, made.id, day, why="Más")
    with pytest.raises(ReasonMissing):
        actions.extend_deadline(books.by, made.id, later + timedelta(days=1), why="")
