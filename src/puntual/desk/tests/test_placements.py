"""The decision at the end of the ladder does what it says: placed, sued, proposed to be written off, or kept with its reason."""

import re
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client

from conftest import TODAY, Cast, make_member
from puntual.desk.tests.book import Book
from puntual.kernel.problems import Problem
from puntual.organizations.models import Membership
from puntual.outreach.actions import take_back
from puntual.outreach.models import Activity, Turn
from puntual.outreach.reviewing import raise_reviews
from puntual.payments.actions import record_payment
from puntual.placements.actions import recall
from puntual.placements.models import AgencyEntry, KeptOpen, Placement, WriteOffProposal
from puntual.receivables.actions import write_off
from puntual.receivables.models import Hold, Installment
from puntual.strategies.words import sentence
from puntual.tenancy.scope import acting_for

DAY = timedelta(days=1)
QUEUE, PLACEMENTS = "/o/sembria/queue/", "/o/sembria/agreements/placements/"


@pytest.fixture
def task(book: Book) -> Activity:
    customer = book.customer("Uno")
    item = book.invoice(customer, "F-1", due=-120)
    return book.activity(customer, item, "to_do", step="decision", channel="internal", tone="")


def _decide(client: Client, task: Activity, choice: str, **given: str) -> int:
    return client.post(f"{QUEUE}{task.pk}/decide/{choice}", {"why": "No contesta hace meses", **given}).status_code


def _item(task: Activity) -> Installment:
    return Installment.objects.get(pk=task.items[0])


def _pay(book: Book, task: Activity, amount: str) -> None:
    record_payment(
        book.by(),
        customer_id=task.customer_id,
        reference="P-1",
        received_on=TODAY,
        currency=_item(task).currency,
        amount=Decimal(amount),
    )


@pytest.mark.parametrize(("choice", "kind"), [("place", "agency"), ("sue", "legal")])
def test_placing_and_suing_hand_it_over_until_it_is_recalled(
    cast: Cast, owner: Client, task: Activity, choice: str, kind: str
) -> None:
    assert f"/decide/{choice}" in owner.get(f"{QUEUE}{task.pk}").content.decode()
    assert _decide(owner, task, choice) == 422  # with whom?
    assert _decide(owner, task, choice, with_whom="Cobra SAC", reference="X-1") == 302
    with acting_for(cast.id):
        task.refresh_from_db()
        assert (task.state, task.result) == ("done", "task_done")
        placed = Placement.objects.get()
        assert (placed.kind, placed.with_whom, placed.source_id) == (kind, "Cobra SAC", task.pk)
        assert placed.handed_over == task.demand
        standing = Hold.objects.get(customer=task.customer_id, reason="placement")
        assert (standing.source_id, standing.released_on) == (placed.id, None)
        with pytest.raises(Problem):
            take_back(cast.actor(), Turn.objects.get().pk)
    assert "Cobra SAC" in owner.get(PLACEMENTS).content.decode()
    assert owner.post(f"{PLACEMENTS}{placed.id}/recall", {"why": "Nos paga a nosotros"}).status_code == 302
    assert owner.post(f"{PLACEMENTS}{uuid4()}/recall", {"why": "x"}).status_code == 404
    for where in (PLACEMENTS, f"/o/sembria/agreements/agencies/{placed.agency_id}"):  # the column of dates is not there
        assert re.search(r'd-lg-none">(<br>)?retirado', owner.get(where).content.decode())
    with acting_for(cast.id):
        assert Hold.objects.get(pk=standing.pk).released_on
        with pytest.raises(Problem, match="already"):
            recall(cast.actor(), placed.id, why="otra vez")


def test_its_pause_leads_whoever_reads_it_to_a_page_they_may_open(cast: Cast, owner: Client, task: Activity) -> None:
    """A collector does not recall a placement, and is not led to a page that says no."""
    assert _decide(owner, task, "place", with_whom="Cobra SAC") == 302
    collector = Client()
    collector.force_login(make_member(cast.organization, "collector", "ana@sembria.example"))
    shown = collector.get(f"/o/sembria/customers/{task.customer_id}/agreements").content.decode()
    assert "/recall" not in shown and f'href="{PLACEMENTS}"' in shown
    with acting_for(cast.id):
        standing = Hold.objects.get(reason="placement")
    answer = collector.post(f"/o/sembria/customers/holds/{standing.pk}/release", follow=True)
    assert answer.status_code == 200 and answer.request["PATH_INFO"] == PLACEMENTS


def test_a_write_off_is_proposed_and_somebody_else_decides(cast: Cast, owner: Client, task: Activity) -> None:
    bea = make_member(cast.organization, "manager", "bea@sembria.example")
    manager, accountant = Client(), Client()
    manager.force_login(bea)
    accountant.force_login(make_member(cast.organization, "accountant", "ana@sembria.example"))
    assert _decide(manager, task, "write_off") == 302
    with acting_for(cast.id):
        proposal = WriteOffProposal.objects.get()
        assert proposal.items == task.items and _item(task).open_amount > 0
    where = f"/o/sembria/agreements/write-offs/{proposal.id}"
    yes = {"decision": "yes", "why": "Incobrable"}
    assert manager.post(where, yes).status_code == 422  # nobody decides on what they proposed
    assert accountant.post(where, yes).status_code == 302
    with acting_for(cast.id):
        proposal.refresh_from_db()
        assert (proposal.state, proposal.decided_by) == ("done", "Ana") and _item(task).open_amount == 0
    assert accountant.post(where, yes).status_code == 422


def test_a_refused_proposal_and_what_is_kept_change_no_balance(cast: Cast, owner: Client, task: Activity) -> None:
    assert _decide(owner, task, "write_off") == 302
    with acting_for(cast.id):
        proposal = WriteOffProposal.objects.get()
        before = _item(task).open_amount
    owner.post(f"/o/sembria/agreements/write-offs/{proposal.id}", {"decision": "no", "why": "Todavía paga"})
    with acting_for(cast.id):
        proposal.refresh_from_db()
        assert proposal.state == "refused" and _item(task).open_amount == before > 0


def test_what_is_kept_ends_the_task_with_its_reason(cast: Cast, owner: Client, task: Activity) -> None:
    assert 'value="2026-12-' in owner.get(f"{QUEUE}{task.pk}/decide/keep").content.decode()  # 30 days from today
    day = {"review_on": (TODAY + DAY).isoformat()}
    assert _decide(owner, task, "keep", why="", **day) == 422
    assert _decide(owner, task, "keep", review_on=TODAY.isoformat()) == 422
    assert _decide(owner, task, "keep", **day) == 302
    with acting_for(cast.id):
        task.refresh_from_db()
        assert (task.state, task.result, task.note) == ("done", "task_not_needed", "No contesta hace meses")
        assert not Placement.objects.exists() and not WriteOffProposal.objects.exists() and not Hold.objects.exists()


def test_on_its_day_what_was_kept_open_is_decided_again(cast: Cast, book: Book, owner: Client, task: Activity) -> None:
    bea = make_member(cast.organization, "manager", "bea@sembria.example")
    manager = Client()
    manager.force_login(bea)
    assert _decide(manager, task, "keep", review_on=(TODAY + DAY).isoformat()) == 302
    Membership.objects.filter(user=bea).update(ends_on=TODAY)  # who leaves that evening
    assert "No contesta" in owner.get(PLACEMENTS).content.decode()
    with book.inside():
        assert raise_reviews(cast.actor()) == 0, "its day is still to come"
        _pay(book, task, "40.00")
        assert (raise_reviews(book.by(1)), raise_reviews(book.by(1))) == (1, 0)
        again = Activity.objects.get(state="to_do", customer=task.customer_id)
        assert (again.step, again.attempt, again.items) == (task.step, task.attempt + 1, task.items)
        assert again.assigned_to is None
        assert sum(map(Decimal, again.demand.values())) == _item(task).open_amount
        assert "No contesta hace meses" in sentence(again.why["code"], again.why["params"])
    assert "/decide/place" in owner.get(f"{QUEUE}{again.pk}").content.decode()
    assert _decide(owner, again, "place", with_whom="Cobra SAC") == 302


def test_what_was_paid_or_taken_back_meanwhile_does_not_come_again(
    cast: Cast, book: Book, owner: Client, task: Activity
) -> None:
    assert _decide(owner, task, "keep", review_on=(TODAY + DAY).isoformat()) == 302
    with book.inside():
        again = take_back(cast.actor(), Turn.objects.get().pk)
        assert not KeptOpen.objects.exists()
    assert _decide(owner, again, "keep", review_on=(TODAY + DAY).isoformat()) == 302
    with book.inside():
        write_off(cast.actor(), task.items[0], why="Incobrable")
        assert raise_reviews(book.by(1)) == 0
        assert KeptOpen.objects.get().reviewed_on == TODAY + DAY


def test_how_it_stands_with_an_agency(cast: Cast, book: Book, owner: Client, task: Activity) -> None:
    assert _decide(owner, task, "place", with_whom="Cobra SAC") == 302
    with book.inside():
        placed = Placement.objects.get()
        currency = _item(task).currency
    where = f"/o/sembria/agreements/agencies/{placed.agency_id}"
    assert where in owner.get(PLACEMENTS).content.decode()
    assert owner.post(f"{where}/commission", {"percent": "120"}).status_code == 422
    assert owner.post(f"{where}/commission", {"percent": "12.5"}).status_code == 302
    with book.inside():
        _pay(book, task, "90.10")
    sent = {"kind": "remitted", "amount": "80.00", "currency": currency, "on": TODAY.isoformat()}
    assert owner.post(f"{where}/entry", {**sent, "amount": "0"}).status_code == 422
    assert owner.post(f"{where}/entry", {**sent, "on": (TODAY + DAY).isoformat()}).status_code == 422
    assert owner.post(f"{where}/entry", sent).status_code == 302
    assert owner.post(f"{where}/entry", {**sent, "kind": "kept", "amount": "10.00"}).status_code == 302
    shown = {label: amounts[0] for label, _hint, amounts in owner.get(where).context["lines"]}
    assert [shown[name] for name in ("Cobrado", "Comisión por liquidar", "No remitido")] == ["90.10", "1.26", "0.10"]
    with book.inside():
        wrong = AgencyEntry.objects.get(kind="kept")
        assert Placement.objects.get().percent == Decimal("12.5")
    back = f"/o/sembria/agreements/agencies/entries/{wrong.id}/withdraw"
    assert owner.post(back, {"why": "Era de otra"}).status_code == 302
    assert owner.post(back, {"why": "Era de otra"}).status_code == 422
    assert "11.26" in owner.get(where).content.decode()
    assert owner.get(where.replace(str(placed.agency_id), str(uuid4()))).status_code == 404


def test_only_the_last_task_is_decided_so(book: Book, owner: Client) -> None:
    customer = book.customer("Dos")
    other = book.activity(
        customer, book.invoice(customer, "F-2", due=-9), "to_do", step="find_contact", channel="internal", tone=""
    )
    assert _decide(owner, other, "keep") == 404
    assert "/decide/" not in owner.get(f"{QUEUE}{other.pk}").content.decode()
