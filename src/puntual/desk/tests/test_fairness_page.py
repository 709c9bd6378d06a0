"""Reports, Fairness: by situation, with the exceptions and who decided them."""

from datetime import timedelta

import pytest
from django.test import Client

from conftest import NOW, Cast, make_member
from puntual.agreements.approvals import ask
from puntual.agreements.guardrails import Excess, Situation
from puntual.agreements.models import Extension
from puntual.analytics.kept.keeping import keep_reports
from puntual.receivables.tests.build import books_for
from puntual.tenancy.scope import acting_for

PAGE = "/o/sembria/reports/fairness"
PERIOD = "?since=2026-11-01&through=2026-11-30"


@pytest.fixture
def exception(cast: Cast) -> None:
    by = cast.actor()
    with acting_for(cast.id):
        books = books_for(by)
        item = books.item(books.customer("Textiles Andinos"), "700", late=40)
        made = Extension.objects.create(
            organization_id=cast.id,
            customer_id=item.customer_id,
            installment=item,
            from_due=item.due_on,
            to_due=item.due_on + timedelta(days=20),
            reason="Cobra el 30.",
            state=Extension.State.AWAITING,
            situation=Situation("PEN", item.open_amount, 40).as_json(),
            recorded_at=NOW - timedelta(days=10),
            recorded_by="Ana",
        )
        ask(by, made, "extension", (Excess("days", 7, 20),), "Su cliente le paga el 30.", "manager")


def signed_in(cast: Cast, role: str) -> Client:
    client = Client()
    client.force_login(make_member(cast.organization, role, f"{role}@sembria.pe"))
    return client


def test_situations_and_exceptions(cast: Cast, exception: None) -> None:
    said = signed_in(cast, "auditor").get(PAGE + PERIOD).content.decode()
    for text in ("Textiles Andinos", "20 días: 13 más que los 7 permitidos", "Su cliente le paga el 30.", "31–60 días"):
        assert text in said, text
    assert 'data-chart="stack"' in said and "/reports/fairness.pdf" in said
    nobodys = signed_in(cast, "accountant").get(
        f"{PAGE}{PERIOD}&collector={cast.colleague.id}"
    )  # looks after no customer
    assert "Textiles Andinos" not in nobodys.content.decode() and "collector=" in nobodys.context["query"]


def test_as_the_day_worked_it_out(cast: Cast, morning: None, exception: None) -> None:
    address = f"{PAGE}?since={(cast.actor().today - timedelta(days=90)).isoformat()}"
    auditor = signed_in(cast, "auditor")
    live = auditor.get(address)
    keep_reports(cast.actor(), "es", timedelta(0))
    kept = auditor.get(address)
    assert kept.context["lines"] == live.context["lines"] != []
    assert kept.context["title"] == live.context["title"]
    assert "Calculado a las" in kept.content.decode() and "Calculado a las" not in live.content.decode()
    assert "Su cliente le paga el 30." in kept.content.decode()


def test_nothing_happened(cast: Cast) -> None:
    said = signed_in(cast, "collector").get(PAGE + "?since=x&through=2020-01-01").content.decode()
    assert "Nada pasó los límites." in said


@pytest.mark.parametrize("kind", ["csv", "json", "xlsx"])
def test_as_a_file(cast: Cast, exception: None, kind: str) -> None:
    answer = signed_in(cast, "auditor").get(f"{PAGE}.{kind}{PERIOD}")
    assert answer.status_code == 200 and answer.getvalue()


def test_of_another_organization_nothing_is_told(cast: Cast, exception: None) -> None:
    client = Client()
    client.force_login(cast.outsider)
    assert "Textiles Andinos" not in client.get(f"/o/lonkura/reports/fairness{PERIOD}").content.decode()
