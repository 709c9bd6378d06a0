"""The periods of retention on the desk: what they would forget is read before they are turned on."""

from django.test import Client

from puntual.desk.tests.book import Book
from puntual.desk.tests.work import text
from puntual.outreach.models import LegalHold, Retention

RETENTION = "/o/sembria/settings/retention"


def test_a_period_is_previewed_turned_on_and_off(book: Book, owner: Client) -> None:
    page = text(owner, RETENTION)
    assert "Nada se olvida" in page and "Chile" in page and "Ley 19.496" in page
    assert owner.post(f"{RETENTION}/set", {"country": "", "months": "0", "reason": "x"}).status_code == 422
    assert owner.post(f"{RETENTION}/set", {"country": "", "months": "12", "reason": " "}).status_code == 422
    answer = owner.post(f"{RETENTION}/set", {"country": "CL", "months": "12", "reason": "Política de la casa"})
    period = answer.headers["Location"]
    page = text(owner, period)
    assert "Hoy olvidaría" in page and "más corto" in page
    with book.inside():
        assert not Retention.objects.get().active
    owner.post(f"{period}/turn", {"on": "1"})
    assert "se olvida" in text(owner, RETENTION)
    with book.inside():
        assert Retention.objects.get().active
    owner.post(f"{period}/turn", {"on": "0"})
    owner.post(f"{period}/end")
    with book.inside():
        assert not Retention.objects.exists()


def test_a_customer_is_kept_for_a_matter(book: Book, owner: Client) -> None:
    customer = book.customer("Pesquera")
    assert owner.post(f"{RETENTION}/holds", {"hold-customer": "nobody", "hold-reason": "x"}).status_code == 422
    owner.post(f"{RETENTION}/holds", {"hold-customer": customer.code, "hold-reason": "Juicio 123"})
    twice = owner.post(f"{RETENTION}/holds", {"hold-customer": customer.code, "hold-reason": "Juicio 123"})
    assert twice.status_code == 422
    assert "Juicio 123" in text(owner, RETENTION)
    owner.post(f"{RETENTION}/holds/{customer.id}/end")
    with book.inside():
        assert not LegalHold.objects.filter(lifted_at=None).exists()


def test_a_collector_reads_and_changes_nothing(book: Book, client: Client) -> None:
    client.force_login(book.cast.colleague)
    assert client.get(RETENTION).status_code == 200
    for place in ("set", "holds"):
        assert client.post(f"{RETENTION}/{place}").status_code == 403
