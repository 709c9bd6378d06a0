"""The first page: what waits, what changed, what is owed; and preparing the day."""

from datetime import timedelta
from decimal import Decimal

from django.db import connection
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from conftest import NOW, TODAY, Cast
from puntual.audit.models import Record
from puntual.desk import home
from puntual.desk.tests.work import HTMX, plan, prepare_day, text
from puntual.outreach.models import Activity
from puntual.outreach.tests.build import World
from puntual.payments.actions import record_payment
from puntual.strategies.models import Assignment
from puntual.tenancy.scope import acting_for


def test_the_first_page_says_what_is_missing(owner: Client) -> None:
    page = text(owner, "/o/sembria/")
    assert "No hay facturas abiertas" in page
    assert "Preparar el día" not in page


def test_the_day_is_prepared_once_and_then_waits_for_approval(world: World, cast: Cast, owner: Client) -> None:
    with acting_for(cast.id):
        for name, late in (("Andahuara", 5), ("Quenara", 40), ("Lucma", -200)):
            world.invoice(world.customer(name), f"F-{name}", late)
    before = text(owner, "/o/sembria/")
    assert "El día aún no está preparado" in before
    assert "Lunes" not in before and "lunes, 23 de noviembre de 2026" in before
    assert "9:12</time> en Lima" in before
    prepare_day(owner)
    after = text(owner, "/o/sembria/")
    assert "<h1>2 gestiones esperan su aprobación</h1>" in after
    assert "El día está preparado: 2 gestiones nuevas." in after
    assert "2 amistosos" in after
    assert "Revisar y aprobar" in after
    prepare_day(owner)
    assert "No hay nada nuevo que decirle a nadie" in text(owner, "/o/sembria/")
    with acting_for(cast.id):
        assert Activity.objects.count() == 2


def test_a_worker_prepares_it_while_the_page_waits(world: World, cast: Cast, owner: Client) -> None:
    with acting_for(cast.id):
        world.invoice(world.customer("Andahuara"), "F-1", 5)
    assert owner.post("/o/sembria/run").headers["Location"] == "/o/sembria/"
    owner.post("/o/sembria/run")  # twice asks once
    assert ProcrastinateJob.objects.count() == 1
    for _reload in range(2):
        page = text(owner, "/o/sembria/")
        assert "<h1>El día se está preparando</h1>" in page
        assert "Preparar el día" not in page
        assert "no hay ningún proceso" in page  # no worker has been heard of
    running = owner.get("/o/sembria/run/progress", headers=HTMX)
    assert (running.status_code, "HX-Redirect" in running.headers) == (200, False)
    prepare_day(owner)
    assert owner.get("/o/sembria/run/progress", headers=HTMX).headers["HX-Redirect"] == "/o/sembria/"
    with acting_for(cast.id):
        assert Record.objects.get(action="day.run").actor_id == cast.owner.id
        assert Activity.objects.count() == 1


def test_a_day_that_failed_says_so_until_one_succeeds(world: World, cast: Cast, owner: Client) -> None:
    with acting_for(cast.id):
        world.invoice(world.customer("Andahuara"), "F-1", 5)
    owner.post("/o/sembria/run")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing'")
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed'")  # a trigger notes when
        cursor.execute("UPDATE procrastinate_events SET at = %s", [NOW - timedelta(minutes=1)])
    failed = text(owner, "/o/sembria/")
    assert "El día no se pudo preparar" in failed and "Preparar el día" in failed
    prepare_day(owner)
    assert "El día no se pudo preparar" not in text(owner, "/o/sembria/")


def test_without_a_manual_no_day_is_asked_for(world: World, cast: Cast, owner: Client) -> None:
    with acting_for(cast.id):
        world.invoice(world.customer("Andahuara"), "F-1", 5)
        Assignment.objects.all().delete()
    owner.post("/o/sembria/run")
    assert not ProcrastinateJob.objects.exists()
    assert "no tiene un manual de cobranza vigente" in text(owner, "/o/sembria/")


def test_what_changed_since_the_last_working_day(world: World, cast: Cast) -> None:
    with acting_for(cast.id):
        paid, part, new = (world.customer(name) for name in ("Paid", "Part", "New"))
        world.invoice(paid, "1", 10, "100")
        world.invoice(part, "2", 10, "100")
        world.invoice(new, "3", 2, "70")  # fell due on Saturday
        world.invoice(new, "4", 3, "30")  # on Friday
        world.invoice(new, "5", 0, "500")  # today: not overdue
        for customer, days, amount in ((paid, 1, "100"), (part, 3, "40"), (part, 4, "10")):
            record_payment(
                world.by.on(TODAY, NOW),
                customer_id=customer.id,
                reference=f"{customer}{days}",
                received_on=TODAY - timedelta(days=days),
                currency="PEN",
                amount=Decimal(amount),
            )
        friday = home.last_working_day(cast.organization, TODAY)
        since = home.since(cast.id, friday, TODAY)
        rows = home.portfolio(cast.id, TODAY, since)
        largest = home.largest(cast.id, TODAY, rows)
    assert friday == TODAY - timedelta(days=3)
    assert since.received == {"PEN": Decimal(140)}
    assert since.fell_due == {"PEN": Decimal(100)}
    assert since.taken_off == {"PEN": Decimal(140)}
    assert since.up_to_date == 1
    [row] = rows
    assert (row.open, row.overdue, row.change) == (Decimal(650), Decimal(150), Decimal(-40))
    assert [(share.name, share.overdue) for share in largest["PEN"]] == [("New", Decimal(100)), ("Part", Decimal(50))]


def test_what_lapses_today_is_counted(world: World, cast: Cast) -> None:
    def lapsing() -> int:
        with acting_for(cast.id):
            return home.work(cast.actor(), cast.organization).lapsing

    early, late = plan(world, "Early"), plan(world, "Late")
    with acting_for(cast.id):  # 48 hours for an approval
        Activity.objects.filter(pk=early.pk).update(day=TODAY - timedelta(days=2), lapses_at=NOW + timedelta(hours=2))
        Activity.objects.filter(pk=late.pk).update(lapses_at=NOW + timedelta(hours=48))
    assert lapsing() == 1
    cast.organization.approval_hours = 60
    with acting_for(cast.id):
        Activity.objects.filter(pk=early.pk).update(day=TODAY - timedelta(days=3))
    assert lapsing() == 1


def test_the_reasons_of_the_last_preparation_are_told(world: World, cast: Cast, owner: Client) -> None:
    with acting_for(cast.id):
        world.invoice(world.customer("Andahuara"), "F-1", 5)
        world.customer("Nadie")
    prepare_day(owner)
    page = text(owner, "/o/sembria/")
    assert "Cómo se decidió el día" in page and "Nada que pedir" in page
    with acting_for(cast.id):
        assert Record.objects.get(action="day.run").detail["planned"] == 1
