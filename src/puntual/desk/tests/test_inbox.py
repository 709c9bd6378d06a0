"""The inbox, and notes on the customer's page."""

from django.test import Client

from conftest import Cast
from puntual.desk.tests.book import Book
from puntual.outreach.models import Activity, Mention

SAID = "@Colleague, ¿la orden de compra ya está?"


def test_a_note_names_a_colleague_who_finds_and_reads_it(
    book: Book, owner: Client, cast: Cast, django_assert_max_num_queries
) -> None:
    customer = book.customer("Viñas")
    address = f"/o/sembria/customers/{customer.id}/note"
    form = owner.get(address).content.decode()
    assert 'role="option" id="member-1"' in form
    assert "Colleague" in form
    assert "Owner</div>" not in form, "one does not name oneself"
    owner.post(address, {"kind": "internal out", "note": SAID})
    colleague = Client()
    colleague.force_login(cast.colleague, backend="allauth.account.auth_backends.AuthenticationBackend")
    with django_assert_max_num_queries(40) as few:
        page = colleague.get("/o/sembria/inbox/")
    most = len(few)
    assert SAID in page.content.decode()
    assert next(item["count"] for item in page.context["rail"] if item["entry"].page == "inbox") == 1
    for _more in range(3):
        owner.post(address, {"kind": "internal out", "note": SAID})
    with django_assert_max_num_queries(most):
        assert len(colleague.get("/o/sembria/inbox/").context["rows"]) == 4
    with book.inside():
        one = Mention.objects.filter(organization_id=cast.id).earliest("at", "id")
    assert owner.post(f"/o/sembria/inbox/{one.id}/seen").status_code == 404, "it is another's"
    colleague.post(f"/o/sembria/inbox/{one.id}/seen")
    assert len(colleague.get("/o/sembria/inbox/").context["rows"]) == 3
    colleague.post("/o/sembria/inbox/seen")
    assert colleague.get("/o/sembria/inbox/").context["rows"] == []
    assert len(colleague.get("/o/sembria/inbox/?state=all").context["rows"]) == 4
    assert colleague.get("/o/sembria/inbox/?state=other").status_code == 404


def test_a_note_is_taken_back_with_its_reason_and_stays_on_record(book: Book, owner: Client, cast: Cast) -> None:
    customer = book.customer("Viñas")
    owner.post(f"/o/sembria/customers/{customer.id}/note", {"kind": "internal out", "note": "Pide descuento"})
    with book.inside():
        note = Activity.objects.get(organization_id=cast.id, note="Pide descuento")
    page = owner.get(f"/o/sembria/customers/{customer.id}").content.decode()
    address = f"/o/sembria/customers/notes/{note.id}/withdraw"
    assert address in page
    colleague = Client()
    colleague.force_login(cast.colleague, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert address not in colleague.get(f"/o/sembria/customers/{customer.id}").content.decode()
    assert colleague.post(address, {"why": "No es mía"}).status_code == 422
    assert owner.post(address, {"why": ""}).status_code == 422
    assert owner.post(address, {"why": "Era de otro cliente"}).status_code == 302
    page = owner.get(f"/o/sembria/customers/{customer.id}").content.decode()
    assert address not in page
    assert "Pide descuento" in page
