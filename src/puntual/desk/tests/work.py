"""What the tests of the daily work share: customers with something planned for them, and what became of it."""

from django.db import connection
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from conftest import NOW
from puntual.daily.tasks import run_for
from puntual.outreach.models import Activity, CapturedMessage
from puntual.outreach.tests.build import World
from puntual.tenancy.scope import acting_for

HTMX = {"HX-Request": "true"}
LIST = "/o/sembria/activities/"


def plan(world: World, name: str, late: int = 10, amount: str = "4720.00", **changes: object) -> Activity:
    """A customer with one invoice, and what is planned for it: a friendly e-mail that waits for approval."""
    with acting_for(world.by.organization_id):
        customer = world.customer(name)
        world.point(customer, "phone", f"+5198765{len(world.customers):04}")
        item = world.invoice(customer, f"F-{len(world.customers)}", late, amount)
        return world.plan(customer, [item], **{"state": "proposed", **changes})


def now(activity: Activity) -> Activity:
    with acting_for(activity.organization_id):
        return Activity.objects.get(pk=activity.pk)


def text(client: Client, address: str, **kwargs: object) -> str:
    return client.get(address, **kwargs).content.decode()


def prepare_day(client: Client, slug: str = "sembria") -> None:
    """Ask for the day, and do what the worker then does; the page takes notice."""
    client.post(f"/o/{slug}/run")
    do_the_day()
    client.get(f"/o/{slug}/run/progress")


def do_the_day() -> None:
    """What a worker does with the days that were asked for."""
    jobs = list(ProcrastinateJob.objects.filter(task_name=run_for.name, status="todo"))
    for job in jobs:
        run_for(**job.args)
    with connection.cursor() as cursor:
        done = [job.id for job in jobs]
        cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id = ANY(%s)", [done])


def call(world: World, name: str, **changes: object) -> Activity:
    return plan(world, name, channel="call", state="to_do", tone="firm", step="call", template="call", **changes)


def capture(world: World, html: str = "<p>Hola</p>") -> CapturedMessage:
    raw = (
        "From: Sembria <cobranzas@sembria.example>\r\nTo: Elvira <pagos@c1.example>\r\nSubject: Factura F-1\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary="x"\r\n\r\n'
        "--x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nHola en texto\r\n"
        f"--x\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{html}\r\n--x--\r\n"
    )
    with acting_for(world.by.organization_id):
        return CapturedMessage.objects.create(
            organization_id=world.by.organization_id,
            activity_id=world.by.organization_id,
            captured_at=NOW,
            sender="cobranzas@sembria.example",
            recipient="pagos@c1.example",
            subject="Factura F-1",
            raw=raw.encode(),
        )
