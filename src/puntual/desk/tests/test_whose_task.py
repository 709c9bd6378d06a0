"""Tasks are listed for the role the manual gives them to."""

from dataclasses import replace

from django.test import Client

from conftest import Cast
from puntual.desk.tests.book import Book
from puntual.strategies import drafts
from puntual.strategies.actions import activate
from puntual.strategies.drafts import make_draft
from puntual.strategies.manual import from_content
from puntual.tenancy.scope import acting_for

QUEUE = "/o/sembria/queue/"


def test_a_task_is_listed_for_its_role_and_for_who_sees_to_all(
    cast: Cast, book: Book, owner: Client, client: Client
) -> None:
    by = cast.actor()
    draft = make_draft(by, book.version.id)
    decision = from_content(draft.content).step("decision")
    assert decision
    drafts.change_step(by, draft.id, replace(decision, assignee="accountant"))
    book.version = activate(by, draft)
    for name, step, channel in (("Alameda", "decision", "internal"), ("Begonia", "find_contact", "internal")):
        customer = book.customer(name)
        item = book.invoice(customer, f"F-{name}", due=-90)
        book.activity(customer, item, "to_do", step=step, channel=channel, tone="")
    seen = owner.get(QUEUE).content.decode()
    assert "Alameda" in seen and "Begonia" in seen and "2 tareas" in seen
    collector = Client()
    collector.force_login(cast.colleague)
    seen = collector.get(QUEUE).content.decode()
    assert "Alameda" not in seen and "Begonia" in seen and "1 tarea" in seen
    with acting_for(cast.id):
        cast.colleague.memberships.update(role="accountant")
    assert "Alameda" in collector.get(QUEUE).content.decode()
