"""What waits for a yes: on its tab, on the customer's page, on Today; decided in place by whom it is for."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from conftest import NOW, Cast, make_member
from puntual.agreements.approvals import ask
from puntual.agreements.guardrails import Excess
from puntual.agreements.models import Approval, Extension
from puntual.receivables.tests.build import books_for
from puntual.tenancy.scope import acting_for

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def approval(cast: Cast) -> Approval:
    """Ten days more than the manual allows, asked for by the owner."""
    by = cast.actor()
    with acting_for(cast.id):
        books = books_for(by)
        item = books.item(books.customer("Textiles Andinos"))
        subject = Extension.objects.create(
            organization_id=cast.id,
            customer_id=item.customer_id,
            installment=item,
            from_due=item.due_on,
            to_due=item.due_on + timedelta(days=17),
            reason="Cobra el 30.",
            state=Extension.State.AWAITING,
            recorded_at=NOW,
            recorded_by="Ana",
        )
        return ask(by, subject, "extension", (Excess("days", 7, 17),), "Su cliente le paga el 30.", "manager")


def signed_in(cast: Cast, role: str) -> Client:
    client = Client()
    client.force_login(make_member(cast.organization, role, f"{role}@sembria.pe"))
    return client


def test_the_list_says_what_is_asked_and_by_how_much(cast: Cast, approval: Approval) -> None:
    page = signed_in(cast, "manager").get("/o/sembria/agreements/approvals/")
    said = page.content.decode()
    assert page.status_code == 200
    for text in ("Textiles Andinos", "17 días: 10 más que los 7 permitidos", "Su cliente le paga el 30.", "Decidir"):
        assert text in said, text


@pytest.mark.parametrize(("role", "row"), [("manager", True), ("collector", False), ("auditor", False)])
def test_today_counts_what_is_ones_own_to_decide(cast: Cast, approval: Approval, role: str, row: bool) -> None:
    said = signed_in(cast, role).get("/o/sembria/").content.decode()
    assert ("Excepciones por decidir" in said) is row


@pytest.mark.parametrize(
    ("role", "status"), [("collector", 422), ("manager", 422), ("accountant", 403), ("auditor", 403)]
)
def test_a_decision_needs_its_reason_and_the_role(cast: Cast, approval: Approval, role: str, status: int) -> None:
    client = signed_in(cast, role)
    answer = client.post(f"/o/sembria/agreements/approvals/{approval.id}", {"decision": "no", "why": ""}, **HTMX)
    assert answer.status_code == status
    with acting_for(cast.id):
        assert Approval.objects.get(pk=approval.id).decision == "waiting"


def test_a_collector_does_not_decide_what_is_a_managers(cast: Cast, approval: Approval) -> None:
    where = f"/o/sembria/agreements/approvals/{approval.id}"
    client = signed_in(cast, "collector")
    answer = client.post(where, {"decision": "no", "why": "No."}, **HTMX)
    assert answer.status_code == 422 and "Su rol no decide esto" in answer.content.decode()
    assert "Se decide desde responsable" in client.get(where).content.decode()


def test_who_asked_reads_that_somebody_else_decides(cast: Cast, approval: Approval) -> None:
    client = Client()
    client.force_login(cast.owner)
    page = client.get(f"/o/sembria/agreements/approvals/{approval.id}").content.decode()
    assert "Usted lo pidió: tiene que decidirlo otra persona." in page
    assert 'name="why"' not in page


def test_the_page_of_one_tells_the_customers_history(cast: Cast, approval: Approval) -> None:
    page = signed_in(cast, "manager").get(f"/o/sembria/agreements/approvals/{approval.id}").content.decode()
    for text in ("PEN 100.00 por cobrar", "F001-", "Textiles Andinos", 'name="why"'):
        assert text in page, text


def test_the_customers_tab_shows_it(cast: Cast, approval: Approval) -> None:
    page = signed_in(cast, "auditor").get(f"/o/sembria/customers/{approval.customer_id}/agreements").content.decode()
    assert "17 días: 10 más" in page and "Decidir" not in page


def test_of_another_organization_nothing_is_found(cast: Cast, approval: Approval) -> None:
    client = Client()
    client.force_login(cast.outsider)
    assert client.get(f"/o/lonkura/agreements/approvals/{approval.id}").status_code == 404
    assert client.post(f"/o/lonkura/agreements/approvals/{uuid4()}", {"decision": "yes", "why": "x"}).status_code == 404


@pytest.mark.parametrize(("role", "offered"), [("manager", True), ("accountant", False), ("auditor", False)])
def test_nobody_is_led_to_what_is_refused(cast: Cast, approval: Approval, role: str, offered: bool) -> None:
    person = signed_in(cast, role)
    for place in ("/o/sembria/agreements/approvals/", f"/o/sembria/customers/{approval.customer_id}/agreements"):
        said = person.get(place).content.decode()
        assert "Textiles Andinos" in said
        assert (f"approvals/{approval.id}" in said) is offered, place
    assert person.get(f"/o/sembria/agreements/approvals/{approval.id}").status_code == (200 if offered else 403)
