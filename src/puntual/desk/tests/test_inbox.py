"""The inbox, and notes on the customer's page."""

from django.test import Client

from conftest import TODAY, Cast, make_member
from puntual.analytics.alerts.models import Alert
from puntual.desk.tests.book import Book
from puntual.disputes.actions import open_dispute
from puntual.organizations.absences.actions import end_absence, set_absence
from puntual.outreach.models import Activity, Mention
from puntual.parties.models import Customer

INBOX = "/o/sembria/inbox/"
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


def test_whoever_stands_in_finds_what_is_the_others_until_they_are_back(
    book: Book, owner: Client, cast: Cast, django_assert_max_num_queries
) -> None:
    customer = book.customer("Viñas")
    item = book.invoice(customer, "F-1", due=-40)
    third = make_member(cast.organization, "manager", "bea@sembria.example")
    writer, colleague = Client(), Client()
    writer.force_login(third)
    colleague.force_login(cast.colleague)
    writer.post(f"/o/sembria/customers/{customer.id}/note", {"kind": "internal out", "note": "@Owner, ¿lo ves?"})
    with book.inside():
        dispute = open_dispute(cast.actor(), item.invoice_id, reason="price", owner_id=cast.owner.id)
        Alert.objects.create(
            organization_id=cast.id,
            customer=customer,
            creditor=customer.creditor,
            kind="later",
            facts={"usual": 3, "now": 25, "weeks": 3},
            series=[3, 3, 25],
            fresh=1,
            usual=3,
            raised_on=TODAY,
            assigned_to=cast.owner,
        )
    lists = ("customers/?owner=mine", "agreements/disputes/?state=mine", "alerts/?state=mine")
    before = [_rows(colleague, where) for where in lists]
    assert (before, colleague.get(INBOX).context["rows"]) == ([0, 0, 0], [])
    with book.inside():
        Customer.objects.filter(pk=customer.pk).update(owner=cast.owner)
        away = set_absence(cast.actor(), cast.owner.id, cast.colleague.id, starts_on=TODAY)
    assert [_rows(colleague, where) for where in lists] == [1, 1, 1]
    with django_assert_max_num_queries(40):
        page = colleague.get(INBOX)
    assert page.context["waiting"] == 1
    assert next(item["count"] for item in page.context["rail"] if item["entry"].page == "inbox") == 1
    assert "Para Owner" in page.content.decode() and "Usted reemplaza a Owner" in page.content.decode()
    assert [(one.number, one.href.split("/")[-2]) for one in page.context["decisions"]] == [
        (1, "disputes"),
        (1, "alerts"),
    ]
    colleague.post(f"{INBOX}seen")
    assert colleague.get(INBOX).context["rows"] == []
    with book.inside():
        end_absence(cast.actor(), away.id)
        assert (dispute.owner_id, Mention.objects.get().seen_at) == (cast.owner.id, None)
    assert [_rows(colleague, where) for where in lists] == [0, 0, 0]
    assert colleague.get(f"{INBOX}?state=all").context["rows"] == []
    back = owner.get(INBOX)
    assert [one.unread for one in back.context["rows"]] == [True], "to its addressee it is new"
    assert "Colleague la leyó" in back.content.decode()


def _rows(client: Client, where: str) -> int:
    return len(client.get(f"/o/sembria/{where}").context["rows"])
