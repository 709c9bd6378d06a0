"""Tasks are listed for the role the manual gives them to."""

from dataclasses import replace
from uuid import uuid4

from django.test import Client

from conftest import Cast
from puntual.desk.tests.book import Book
from puntual.outreach.models import Activity
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


def test_a_task_about_an_instrument_leads_to_it(book: Book, owner: Client) -> None:
    customer = book.customer("Alameda")
    task = book.activity(
        customer, book.invoice(customer, "F-1", due=-20), "to_do", step="ask_instrument", channel="internal", tone=""
    )
    instrument = uuid4()
    about = {"number": "L-7", "amount": "13855", "currency": "PEN", "day": "2026-11-17", "instrument": str(instrument)}
    with book.inside():
        Activity.objects.filter(pk=task.pk).update(why={"code": "ask_instrument", "params": about})
    page = owner.get(f"{QUEUE}{task.pk}").content.decode()
    assert "L-7 por 13,855.00 PEN vencía el 17 de noviembre de 2026" in page  # as amounts are written beside it
    assert f'href="/o/sembria/portfolio/instruments/{instrument}"' in page
