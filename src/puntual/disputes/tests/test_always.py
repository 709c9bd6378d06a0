"""What always holds, whatever is done in whatever order: never held beyond what is open, held exactly while live, let go once."""

from datetime import timedelta
from decimal import Decimal

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from puntual.audit.actions import Actor
from puntual.disputes import actions
from puntual.disputes.models import Dispute
from puntual.disputes.states import LIVE
from puntual.kernel.problems import Problem
from puntual.receivables import actions as ledger
from puntual.receivables.models import Hold, Installment, Invoice
from puntual.receivables.tests.build import Books
from puntual.receivables.verify import verify

AMOUNT = Decimal(1000)
VERBS = ("open", "restate", "extend", "accept", "credit", "correct", "reject", "withdraw", "reopen", "pay", "days")
HOLDING = frozenset({"open", "restate", "accept", "reopen"})
STEPS = st.lists(st.tuples(st.sampled_from(VERBS), st.integers(1, 700)), min_size=2, max_size=12)


def an_invoice(books: Books) -> Invoice:
    """One of two installments, and what may be put in its place."""
    customer = books.customer()
    books.item(customer, "500", number="F-NEW")
    parts = [ledger.Part(books.ago(days), AMOUNT / 2) for days in (40, 10)]
    return ledger.issue_invoice(
        books.by, customer_id=customer.id, number="F-OLD", issued_on=books.ago(60), currency="PEN", parts=parts
    )


def do(by: Actor, invoice: Invoice, dispute: Dispute | None, verb: str, size: int, number: int) -> object:
    """One step, on the invoice's latest dispute; `size` is an amount or a number of days."""
    amount, why = Decimal(size), {"cause": "other", "why": "Porque sí"}
    if verb == "open":
        return actions.open_dispute(by, invoice.id, reason="price", amount=amount if size < 500 else None)
    if verb == "pay":
        item = Installment.objects.filter(invoice=invoice, open_amount__gt=0).order_by("due_on").first()
        return item and ledger.close_outside(by, item.id, why="Pagada", amount=min(amount, item.open_amount))
    if dispute is None:
        return None
    match verb:
        case "restate":
            return actions.restate(by, dispute.id, why="Otro monto", amount=amount)
        case "extend":
            return actions.extend_deadline(by, dispute.id, by.today + timedelta(days=size % 90), why="Falta")
        case "accept":
            return actions.accept(by, dispute.id, amount=amount if size < 500 else None, **why)
        case "credit":
            return actions.credit(by, dispute.id, number=f"NC-{number}", amount=amount if size < 300 else None, **why)
        case "correct":
            return actions.correct(by, dispute.id, number="F-NEW", **why)
        case "reject":
            return actions.reject(by, dispute.id, **why)
        case "withdraw":
            return actions.withdraw(by, dispute.id, why="Se aclaró")
        case _:
            return actions.reopen(by, dispute.id, why="Otra vez")


@given(st.integers(1, 700), STEPS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_done_in_whatever_order(books: Books, first: int, steps: list[tuple[str, int]]) -> None:
    with transaction.atomic():
        invoice, by, let_go = an_invoice(books), books.by, {}
        for number, (verb, size) in enumerate([("open", first), *steps]):
            if verb == "days":
                by = books.on(by.today + timedelta(days=size % 12))
                actions.escalate(by)
            dispute = Dispute.objects.order_by("-id").first()
            done = False
            try:
                with transaction.atomic():
                    done = do(by, invoice, dispute, verb, size, number) is not None and verb != "pay"
            except Problem:
                pass
            check(invoice, let_go, just_held=done and verb in HOLDING)
        assert verify(books.org) == []
        transaction.set_rollback(True)


def check(invoice: Invoice, let_go: dict, *, just_held: bool) -> None:
    live = {one.id for one in Dispute.objects.filter(state__in=LIVE)}
    holds = list(Hold.objects.all())
    standing = [hold for hold in holds if hold.released_on is None]
    open_of = dict(Installment.objects.filter(invoice=invoice).values_list("id", "open_amount"))
    assert len(live) <= 1
    assert {hold.source_id for hold in standing} <= live, "held exactly while somebody looks at it"
    assert len({hold.installment_id for hold in standing}) == len(standing), "no installment is held twice"
    assert all(hold.until_on and hold.until_on >= hold.from_on for hold in holds), "each has a day of review"
    if just_held:
        (dispute,) = Dispute.objects.filter(state__in=LIVE)
        assert all((hold.amount or 0) <= open_of[hold.installment_id] for hold in standing)
        if not any(hold.amount is None for hold in standing):
            wanted = min(dispute.granted or dispute.amount, sum(open_of.values()))
            assert sum(hold.amount for hold in standing) == wanted, "as much as is disputed, and no more than is open"
    for hold in holds:
        if hold.released_on:
            let_go.setdefault(hold.id, (hold.released_on, hold.released_by))
            assert let_go[hold.id] == (hold.released_on, hold.released_by), "let go once, for good"
    for dispute in Dispute.objects.exclude(state__in=LIVE):
        assert dispute.resolved_on and dispute.why
