"""The first page by role: each reads the figures that are theirs, by as many queries however much there is."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from conftest import NOW, TODAY, Cast, make_member
from puntual.agreements.promises.actions import promise
from puntual.analytics.models import ForecastWeek
from puntual.desk.tests.work import call, plan, prepare_day, text
from puntual.kernel.ids import uuid7
from puntual.organizations.models import Membership
from puntual.outreach.models import Activity
from puntual.outreach.moments import CALL_BACK
from puntual.outreach.tests.build import World
from puntual.parties.models import Creditor, Customer
from puntual.payments.actions import record_payment
from puntual.tenancy.scope import acting_for

HOME = "/o/sembria/"


def _figures(client: Client) -> dict[str, tuple[list[str], str]]:
    return {one.label: (list(one.values), one.detail) for one in client.get(HOME).context["figures"]}


@pytest.fixture
def collector(cast: Cast, client: Client, morning: None) -> Client:
    client.force_login(cast.colleague)
    return client


@pytest.fixture
def accountant(cast: Cast, client: Client, morning: None) -> Client:
    client.force_login(make_member(cast.organization, "accountant", "books@sembria.example"))
    return client


def test_a_collector_reads_what_is_theirs_to_do(world: World, cast: Cast, collector: Client) -> None:
    mine, _others = call(world, "Andahuara"), call(world, "Quenara", assigned_to=cast.owner.id)
    back = call(world, "Lucma")
    with acting_for(cast.id):
        Activity.objects.filter(pk=back.pk).update(
            assigned_to=cast.colleague.id, why={"code": CALL_BACK, "params": {}}, not_before=NOW + timedelta(hours=2)
        )
        Customer.objects.filter(pk=mine.customer_id).update(owner=cast.colleague)
        for activity in (mine, back):
            promise(
                world.by,
                activity.customer_id,
                currency="PEN",
                amount=Decimal("120"),
                promised_for=TODAY,
            )
    found = _figures(collector)
    assert found["Mis llamadas"] == (["1"], "0 resultados registrados hoy")
    assert found["Llamadas acordadas para hoy"] == (["1"], "11:12 Lucma")
    assert found["Prometido para hoy"] == (["PEN 120.00"], "1 promesa de mis clientes")  # the other's is not theirs
    assert found["Respuestas por leer"][0] == ["0"]


def test_a_manager_reads_how_the_day_goes(world: World, cast: Cast, owner: Client) -> None:
    with acting_for(cast.id):
        for name, late in (("Andahuara", 5), ("Quenara", 40)):
            world.invoice(world.customer(name), f"F-{name}", late)
        for made_on, expected in ((TODAY - timedelta(days=9), 1), (TODAY - timedelta(days=2), 5000)):
            ForecastWeek.objects.create(
                organization_id=cast.id,
                made_on=made_on,
                currency="PEN",
                first=made_on + timedelta(days=1),
                last=made_on + timedelta(days=7 if expected == 5000 else 20),
                expected=expected,
                low=4000,
                high=6000,
                variance=1.0,
            )
    prepare_day(owner)
    found = _figures(owner)
    assert found["Avance del día"] == (["0 de 2"], "gestiones hechas")
    with acting_for(cast.id):
        Activity.objects.filter(pk=Activity.objects.latest("id").pk).update(state="sent")
    found = _figures(owner)
    assert found["Avance del día"][0] == ["1 de 2"] and found["Por aprobar"][0] == ["1"]
    assert found["Se espera esta semana"] == (["PEN 5,000.00"], "cuatro de cada cinco semanas: \nPEN 4,000–6,000")
    assert found["Lo vencido varió"][0] == ["PEN 0.00"]
    Membership.objects.filter(user=cast.owner).update(role="manager")
    assert list(_figures(owner)) == list(found)


def test_a_count_that_stopped_says_that_there_may_be_more(
    world: World, cast: Cast, owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("Andahuara", "Quenara", "Lucma"):
        plan(world, name)
    with acting_for(cast.id):
        Activity.objects.update(day=TODAY - timedelta(days=2), lapses_at=NOW + timedelta(hours=2))
    monkeypatch.setattr("puntual.desk.home.ENOUGH", 2)
    page = text(owner, HOME)
    assert "2+ caducan hoy desde las" in page  # looked at one by one, up to so many
    assert '<td class="n lead-n">3</td>' in page and _figures(owner)["Por aprobar"][0] == ["3"]  # counted whole


def test_an_accountant_reads_the_books_and_nothing_of_messages(world: World, cast: Cast, accountant: Client) -> None:
    activity = plan(world, "Andahuara")
    with acting_for(cast.id):
        record_payment(
            world.by,
            customer_id=activity.customer_id,
            reference="P-1",
            received_on=TODAY,
            currency="PEN",
            amount=Decimal(50),
            oldest_first=False,
        )
        Creditor.objects.update(bank_through=TODAY - timedelta(days=6), books_closed_through=None)
    page = text(accountant, HOME)
    found = _figures(accountant)
    assert found["Dinero por identificar"] == (["0"], "")
    assert found["Extractos que faltan"] == (["1"], "Sembria Talento S.A.C. desde 17 nov")
    assert found["Crédito por aplicar"] == (["PEN 50.00"], "de 1 cliente que debe")
    assert found["Por cerrar"] == (["1"], "libros hasta 31 oct")
    leads = {one.label: one.href for one in accountant.get(HOME).context["figures"]}
    assert leads["Por cerrar"].endswith(f"/settings/creditors/{world.creditor.id}#books")
    applied = accountant.get(leads["Crédito por aplicar"]).content.decode()
    assert "P-1" in applied and "Con dinero a cuenta" in applied
    assert "<h1>El banco de 1 acreedor está atrasado</h1>" in page and "Mensajes por aprobar" not in page
    assert "Lo que espera por usted" not in page  # what waits stands in the figures; whom to contact is others' work
    with acting_for(cast.id):
        Creditor.objects.update(bank_through=TODAY - timedelta(days=3), books_closed_through="2026-10-31")
    found = _figures(accountant)
    assert found["Extractos que faltan"][0] == found["Por cerrar"][0] == ["0"]
    assert "<h1>Todo el dinero está identificado</h1>" in text(accountant, HOME)


def test_an_auditor_has_no_figures_of_their_own(world: World, cast: Cast, client: Client, morning: None) -> None:
    plan(world, "Andahuara")
    client.force_login(make_member(cast.organization, "auditor", "audit@sembria.example"))
    assert _figures(client) == {}


@pytest.mark.parametrize("role", ["collector", "manager", "accountant"])
def test_as_many_queries_however_much_there_is(
    world: World,
    cast: Cast,
    client: Client,
    morning: None,
    role: str,
    django_assert_max_num_queries,
) -> None:
    person = make_member(cast.organization, role, f"{uuid7()}@sembria.example")
    client.force_login(person)
    call(world, "Andahuara")
    with django_assert_max_num_queries(40) as few:
        client.get(HOME)
        most = len(few)
    for number in range(2):
        one = call(world, f"Otro {number}", assigned_to=person.id)
        plan(world, f"Más {number}")
        with acting_for(cast.id):
            Customer.objects.filter(pk=one.customer_id).update(owner=person)
            promise(world.by, one.customer_id, currency="PEN", amount=Decimal(10), promised_for=TODAY)
    with django_assert_max_num_queries(most):
        client.get(HOME)


def test_the_rail_counts_only_what_the_reader_may_do(world: World, cast: Cast, client: Client, morning: None) -> None:
    plan(world, "Andahuara")
    call(world, "Quenara")
    counts = {}
    for role in ("collector", "accountant"):
        client.force_login(make_member(cast.organization, role, f"{role}@sembria.example"))
        rail = client.get(HOME).context["rail"]
        counts[role] = {item["entry"].page: item["count"] for item in rail if item["entry"].page in ("today", "queue")}
    assert counts == {"collector": {"today": 1, "queue": 1}, "accountant": {"today": None, "queue": None}}
