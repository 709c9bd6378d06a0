"""Reports by e-mail on the desk, and the letter to management as a page."""

import io
import json
import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils.translation import override
from pypdf import PdfReader

from conftest import TODAY, Cast
from puntual.analytics.letter.keeping import keep_letter
from puntual.analytics.reports import REPORTS
from puntual.analytics.subscriptions.models import Subscription
from puntual.analytics.titles import TITLES, title_of
from puntual.desk.tests.book import Book
from puntual.desk.tests.work import HTMX
from puntual.outreach.staff.models import StaffMail
from puntual.tenancy.scope import acting_for

LIST = "/o/sembria/reports/subscriptions/"


def _kept(cast: Cast) -> list[Subscription]:
    with acting_for(cast.id):
        return list(Subscription.objects.order_by("created_at", "id"))


def test_every_report_can_be_subscribed_to(owner: Client) -> None:
    """Each is on the list of reports by its one title; those with a page of their own have the button too."""
    assert set(TITLES) == set(REPORTS)
    groups = owner.get("/o/sembria/reports/").context["groups"]
    with override("es"):
        assert {one.name: one.title for _heading, group in groups for one in group} == {
            name: title_of(name) for name in REPORTS
        }
    pages = {
        "aging": "portfolio/",
        **{name: f"reports/{name}" for name in ("conduct", "disputes", "fairness", "letter")},
    }
    for name, page in pages.items():
        assert f'href="{LIST}new?report={name}' in owner.get(f"/o/sembria/{page}").content.decode(), name


def test_from_a_report_to_a_message(book: Book, cast: Cast, owner: Client) -> None:
    book.invoice(book.customer("Viñas"), "F-1", "100.00", due=-20)
    assert f'href="{LIST}new?report=top-customers"' in owner.get("/o/sembria/reports/top-customers").content.decode()
    assert "Aún no llega ningún informe" in owner.get(LIST).content.decode()
    asked = owner.get(f"{LIST}new?report=top-customers", headers=HTMX).content.decode()
    assert 'value="top-customers" selected' in asked and "Colleague" in asked
    given = {"report": "top-customers", "format": "xlsx", "when": "week 5", "to": [str(cast.owner.id)]}
    assert owner.post(f"{LIST}new", given).status_code == 302
    (made,) = _kept(cast)
    assert (made.every, made.on, made.since) == ("week", 5, TODAY + timedelta(days=1))
    page = owner.get(LIST).content.decode()
    assert "1 informe llega por correo" in page and "Cada semana, el viernes" in page and "27 nov" in page
    owner.post(f"{LIST}{made.id}/send")
    with acting_for(cast.id):
        assert StaffMail.objects.get().file_name == "sembria-top-customers-2026-11-23.xlsx"
    assert "en camino, hoy" in owner.get(LIST).content.decode()
    owner.post(f"{LIST}{made.id}/pause")
    assert "en pausa" in owner.get(LIST).content.decode()
    owner.post(f"{LIST}{made.id}/resume")
    owner.post(f"{LIST}{made.id}/end")
    assert _kept(cast) == []


def test_nobody_chosen_is_said_beside_the_form(cast: Cast, owner: Client) -> None:
    given = {"report": "dso", "format": "pdf", "when": "day"}
    answer = owner.post(f"{LIST}new", given)
    assert answer.status_code == 422 and "Elija entre los miembros" in answer.content.decode()


def test_a_collector_decides_for_themself_alone(cast: Cast, client: Client, morning: None) -> None:
    client.force_login(cast.colleague)
    assert "Para" not in client.get(f"{LIST}new", headers=HTMX).content.decode()
    client.post(f"{LIST}new", {"report": "dso", "format": "pdf", "when": "month 1", "to": [str(cast.owner.id)]})
    (made,) = _kept(cast)
    assert made.user_ids == [cast.colleague.id]
    with acting_for(cast.id):
        Subscription.objects.update(user_ids=[cast.owner.id])
    assert "Borrar" not in client.get(LIST).content.decode()
    client.post(f"{LIST}{made.id}/end")
    client.post(f"{LIST}{made.id}/pause")
    (still,) = _kept(cast)
    assert still.paused_at is None


def test_as_many_queries_however_many_there_are(
    book: Book, cast: Cast, owner: Client, django_assert_max_num_queries
) -> None:
    given = {"report": "dso", "format": "table", "when": "day", "to": [str(cast.owner.id), str(cast.colleague.id)]}
    owner.post(f"{LIST}new", given)
    owner.get(LIST)
    with django_assert_max_num_queries(40) as few:
        owner.get(LIST)
        most = len(few)
    for report in ("cei", "aging", "letter"):
        owner.post(f"{LIST}new", {**given, "report": report})
    with django_assert_max_num_queries(most):
        owner.get(LIST)


def test_the_letter_is_read_and_taken_as_one_page(book: Book, owner: Client) -> None:
    late = book.invoice(book.customer("Viñas"), "F-1", "100.00", due=-60)
    assert late
    answer = owner.get("/o/sembria/reports/letter")
    page = answer.content.decode()
    assert "<h1>Carta a la gerencia, octubre de 2026</h1>" in page and "Nada está probado" in page
    assert [part.currency for part in answer.context["letter"].parts] == ["PEN"]
    addresses = set(re.findall(r'href="([^"]+/(?:letter/rows|dso)\?[^"]+)"', page))
    behind = {address: owner.get(unescape(address)) for address in addresses}
    assert {answer.status_code for answer in behind.values()} == {200}
    (overdue,) = [one for address, one in behind.items() if "figure=overdue&amp;row_month=2026-10" in address]
    assert overdue.context["total"] == "100.00" and overdue.context["rows"][0].what == "F-1"
    pdf = owner.get("/o/sembria/reports/letter.pdf?as_of=2026-10-31")
    assert len(PdfReader(io.BytesIO(pdf.getvalue())).pages) == 1
    found = json.loads(owner.get("/o/sembria/reports/letter.json").getvalue())
    assert found["month"] == "2026-10" and found["currencies"]["PEN"]["figures"]["overdue"]["now"] == "100.0000"
    earlier = owner.get("/o/sembria/reports/letter?as_of=2026-09-30")
    assert "setiembre de 2026" in earlier.content.decode()
    assert owner.get("/o/sembria/reports/letter?as_of=nonsense").status_code == 200
    keep_letter(book.by())
    page = owner.get("/o/sembria/reports/letter").content.decode()
    assert re.search(r"Tal como se escribió el \d+ de \w+ de 2026\.", page)


@pytest.mark.parametrize("verb", ["pause", "resume", "end", "send"])
def test_another_organizations_subscription_leads_nowhere(cast: Cast, owner: Client, client: Client, verb: str) -> None:
    owner.post(f"{LIST}new", {"report": "dso", "format": "pdf", "when": "day", "to": [str(cast.owner.id)]})
    (made,) = _kept(cast)
    client.force_login(cast.outsider)
    assert client.post(f"/o/lonkura/reports/subscriptions/{made.id}/{verb}").status_code == 404
    assert _kept(cast) == [made]
