"""The decision at the end of the ladder does what it says: placed, sued, proposed to be written off, or kept with its reason."""

from uuid import uuid4

import pytest
from django.test import Client

from conftest import Cast, make_member
from puntual.desk.tests.book import Book
from puntual.kernel.problems import Problem
from puntual.outreach.actions import take_back
from puntual.outreach.models import Activity, Turn
from puntual.placements.actions import recall
from puntual.placements.models import Placement, WriteOffProposal
from puntual.receivables.models import Hold, Installment
from puntual.tenancy.scope import acting_for

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
    with acting_for(cast.id):
        assert Hold.objects.get(pk=standing.pk).released_on
        with pytest.raises(Problem, match="already"):
            recall(cast.actor(), placed.id, why="otra vez")


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
    assert _decide(owner, task, "keep", why="") == 422
    assert _decide(owner, task, "keep") == 302
    with acting_for(cast.id):
        task.refresh_from_db()
        assert (task.state, task.result, task.note) == ("done", "task_not_needed", "No contesta hace meses")
        assert not Placement.objects.exists() and not WriteOffProposal.objects.exists() and not Hold.objects.exists()


def test_only_the_last_task_is_decided_so(book: Book, owner: Client) -> None:
    customer = book.customer("Dos")
    other = book.activity(
        customer, book.invoice(customer, "F-2", due=-9), "to_do", step="find_contact", channel="internal", tone=""
    )
    assert _decide(owner, other, "keep") == 404
    assert "/decide/" not in owner.get(f"{QUEUE}{other.pk}").content.decode()
