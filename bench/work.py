"""One work of the benchmark, in a process of its own: `work.py WORK SIZE`. Prints a JSON list of rows as its last line."""

import json
import os
import resource
import sys
from collections.abc import Callable
from contextlib import contextmanager, nullcontext
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "puntual.config.settings")

from puntual import database

DAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)  # 6:00 in Lima: the whole day lies ahead
CALLS = 20_000
PASSWORD = "correct horse battery"


def peak_mb() -> float:
    """The most memory this process has held, in MB."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def row(work: str, size: int, seconds: float, floor: float | None = None, **more: object) -> dict[str, object]:
    ratio = round(seconds / floor, 2) if floor else None
    floor = round(floor, 3) if floor else None
    return {
        "work": work,
        "n": size,
        "seconds": round(seconds, 3),
        "floor_seconds": floor,
        "ratio": ratio,
        "peak_mb": peak_mb(),
        **more,
    }


def vacuum(*tables: str) -> None:
    """What autovacuum would have done between two days."""
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute(f"VACUUM (ANALYZE) {', '.join(tables)}")


def organization(size: int, kind: str = "bench"):
    from puntual.organizations.models import Organization

    return Organization.objects.get(slug=f"{kind}-{size}")


def actor(size: int, kind: str = "bench"):
    from puntual.audit.actions import Actor

    return Actor(organization(size, kind).id, now=NOW, today=DAY, name="Bench")


def create(size: int, kind: str):
    from bench.manual import install
    from puntual.organizations.models import Membership, Organization, User
    from puntual.tenancy.scope import acting_for

    made = Organization.objects.create(
        slug=f"{kind}-{size}",
        name="Bench",
        country="PE",
        currency="PEN",
        language="es",
        time_zone="America/Lima",
        created_at=NOW,
    )
    email = f"{kind}-{size}@bench.example"
    user = User.objects.create_user(email, PASSWORD, name="Bench", language="es")
    Membership.objects.create(user=user, organization=made, role="owner", calls_per_day=30_000)
    with acting_for(made.id):
        install(actor(size, kind))
    return made


def prepare(size: int) -> list[dict[str, object]]:
    from django.core.management import call_command

    from bench.portfolio import fill
    from puntual.tenancy.scope import acting_for

    call_command("migrate", database="owner", verbosity=0)
    made = create(size, "bench")
    with acting_for(made.id):
        fill(made.id, size, DAY, NOW)
    vacuum("parties_party", "parties_customer", "parties_contactpoint")
    vacuum("receivables_invoice", "receivables_installment", "receivables_entry", "receivables_portfoliodelta")
    return []


def day(size: int) -> list[dict[str, object]]:
    from bench import floor
    from puntual.daily.run import run_day

    by = actor(size)
    least = min(_floor_of_day(floor, by) for _ in range(2))
    report = run_day(by)
    vacuum("outreach_activity")
    return [row("day run", size, report.seconds, least, planned=report.planned, customers=report.customers)]


def _floor_of_day(floor: Any, by: Any) -> float:
    seconds = floor.day(by.organization_id, DAY, NOW)
    vacuum("outreach_activity")  # the rolled back rows
    return seconds


def day_again(size: int) -> list[dict[str, object]]:
    from puntual.daily.models import DayRun
    from puntual.daily.run import run_day
    from puntual.tenancy.scope import acting_for

    by = actor(size)
    with acting_for(by.organization_id):
        first = DayRun.objects.order_by("started_at")[0].report["seconds"]
    report = run_day(by)
    return [row("same day again", size, report.seconds, first, planned=report.planned, note="floor: the first run")]


def agreements(size: int) -> list[dict[str, object]]:
    """Valuing what was agreed on the day after it was valued, as a share of the first day run without it."""
    from bench.agreements import TABLES, agree, pay
    from puntual.daily.models import DayRun
    from puntual.daily.valuing import value_agreements
    from puntual.tenancy.scope import acting_for

    by, before = actor(size), NOW - timedelta(days=1)
    with acting_for(by.organization_id):
        first = DayRun.objects.order_by("started_at")[0].report["seconds"]
        counts = agree(by.organization_id, DAY, before)
    vacuum(*TABLES)
    with acting_for(by.organization_id):
        value_agreements(by.on(before.date(), before))
        DayRun.objects.create(organization_id=by.organization_id, day=before.date(), started_at=before)
        pay(by.organization_id, DAY, NOW)
    vacuum(*TABLES)
    started = perf_counter()
    with acting_for(by.organization_id):
        valued = value_agreements(by).as_json()
    seconds = perf_counter() - started
    note = f"{seconds / first:.0%} of the first day run; {counts['promises']:,} promises, {counts['parts']:,} parts"
    return [row("valuing agreements", size, seconds, first, **counts, valued=valued, note=note)]


def aging(size: int) -> list[dict[str, object]]:
    from bench import floor
    from puntual.analytics.queries import aging_by_customer
    from puntual.tenancy.scope import acting_for

    by = actor(size)
    least = min(floor.aging(by.organization_id, DAY) for _ in range(3))
    seconds = []
    for _ in range(3):
        with acting_for(by.organization_id):
            started = perf_counter()
            for _line in aging_by_customer(by.organization_id, DAY):
                pass
            seconds.append(perf_counter() - started)
    return [row("aging by customer", size, min(seconds), least)]


def load(size: int) -> list[dict[str, object]]:
    """Import a CSV of invoices, five per customer, into an organization of its own."""
    from bench import floor
    from puntual.intake.actions import import_file
    from puntual.parties.models import Creditor
    from puntual.tenancy.scope import acting_for

    made = create(size, "import")
    by = actor(size, "import")
    with acting_for(made.id):
        creditor = Creditor.objects.create(
            organization_id=made.id, code="main", name="Bench", country="PE", currency="PEN", language="es"
        )
    path = Path(os.environ["PUNTUAL_HOME"]) / f"invoices-{size}.csv"
    write_csv(path, size)
    least = floor.load(made.id, creditor.id, str(path), DAY, NOW)
    started = perf_counter()
    result = import_file(by, path, "invoices", creditor=creditor)
    seconds = perf_counter() - started
    created = result.as_json()["created"]
    if created != size:
        sys.exit(f"bench: {created} of {size} invoices were created")
    return [
        row("import", size, seconds, least, rows_per_second=round(size / seconds), note=f"{size / seconds:,.0f} rows/s")
    ]


def write_csv(path: Path, size: int) -> None:
    """A file like an accounting system's: customer, tax id, e-mail, number, dates, currency, amount."""
    with path.open("w") as out:
        out.write("code,name,tax_id,email,number,issue_date,due_date,currency,amount\n")
        for number in range(size):
            customer = number // 5
            issued = DAY - timedelta(days=number % 390)
            due = issued + timedelta(days=30)
            out.write(
                f"C{customer:07},Cliente {customer} S.A.C.,,pagos{customer}@bench.example,F001-{number:08},"
                f"{issued},{due},PEN,{100 + number % 9000}.{number % 100:02}\n"
            )


def pages(size: int) -> list[dict[str, object]]:
    """Server time of the pages a person opens most, over the whole stack; p95 of 40 requests each."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext, override_settings

    from puntual.parties.models import Customer
    from puntual.tenancy.scope import acting_for

    slug = f"bench-{size}"
    with acting_for(organization(size).id):
        ids = list(Customer.objects.filter(organization_id=organization(size).id).values_list("id", flat=True)[:40])
    rows = []
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        client = Client()
        client.force_login(_owner(size), backend="allauth.account.auth_backends.AuthenticationBackend")
        for name, address in page_addresses(slug).items():
            seconds, queries = [], 0
            for number in range(43):
                url = address(ids[number % len(ids)])
                # The first ones compile the templates; they alone are watched, for watching costs more than a page.
                with CaptureQueriesContext(connection) if number < 3 else nullcontext() as captured:
                    started = perf_counter()
                    response = client.get(url)
                    taken = perf_counter() - started
                if response.status_code != 200:
                    sys.exit(f"bench: {url} answered {response.status_code}")
                if captured is None:
                    seconds.append(taken)
                else:
                    queries = max(queries, len(captured))
            seconds.sort()
            p95 = seconds[int(len(seconds) * 0.95) - 1]
            rows.append(row(name, size, p95, queries=queries, note=f"p95, {queries} queries"))
    return rows


def queue(size: int) -> list[dict[str, object]]:
    """What a collector waits for: from a recorded result to the next customer's page, p95 of 40, once the lists are in order."""
    from unittest.mock import patch

    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext, override_settings
    from django.urls import reverse

    from puntual.analytics.work.ranking import rank_work
    from puntual.outreach.models import Activity
    from puntual.tenancy.scope import acting_for

    by, noon, seconds, queries = actor(size), NOW + timedelta(hours=6), [], 0
    with acting_for(by.organization_id):
        # The manual calls nobody on the first day: what it would have written to some is called instead.
        planned = Activity.objects.filter(organization_id=by.organization_id, state__in=["proposed", "queued"])
        chosen = list(planned.order_by("-value", "-id").values_list("id", flat=True)[: min(CALLS, size // 50)])
        Activity.objects.filter(pk__in=chosen).update(state="to_do", channel="call", template="call", not_after=None)
    vacuum("outreach_activity")
    started = perf_counter()
    ranked = rank_work(by)
    rows = [row("order of the lists", size, perf_counter() - started, activities=ranked, note=f"{ranked:,} to call")]
    vacuum("outreach_activity", "analytics_contactworth")
    with override_settings(ALLOWED_HOSTS=["testserver"]), patch("django.utils.timezone.now", lambda: noon):
        client = Client()
        client.force_login(_owner(size), backend="allauth.account.auth_backends.AuthenticationBackend")
        address = client.post(reverse("queue_next", args=[f"bench-{size}"]), {"channel": "call"}).headers["Location"]
        client.get(address)
        for number in range(43):
            with CaptureQueriesContext(connection) if number < 3 else nullcontext() as captured:
                started = perf_counter()
                address = client.post(f"{address}/result", {"result": "no_answer"}).headers["Location"]
                response = client.get(address)
                taken = perf_counter() - started
            if response.status_code != 200 or "channel=" in address:
                sys.exit(f"bench: {address} answered {response.status_code}")
            if captured is None:
                seconds.append(taken)
            else:
                queries = max(queries, len(captured))
    p95 = sorted(seconds)[int(len(seconds) * 0.95) - 1]
    return [
        *rows,
        row("page: next customer", size, p95, queries=queries, note=f"p95, {queries} queries, result and page"),
    ]


def page_addresses(slug: str) -> dict[str, Callable[[Any], str]]:
    """The pages measured, by name."""
    from django.urls import reverse

    return {
        "page: today": lambda _id: reverse("today", args=[slug]),
        "page: contacts of today": lambda _id: reverse("activities", args=[slug]),
        "page: customers": lambda _id: reverse("customers", args=[slug]),
        "page: customer": lambda key: reverse("customer", args=[slug, key]),
    }


def _owner(size: int):
    from puntual.organizations.models import User

    return User.objects.get(email=f"bench-{size}@bench.example")


def stop(_size: int) -> list[dict[str, object]]:
    from django.db import connections

    connections.close_all()
    database.stop()
    return []


@contextmanager
def running():
    database.ensure()
    import django

    django.setup()
    yield


WORKS = {
    "prepare": prepare,
    "import": load,
    "day": day,
    "day again": day_again,
    "agreements": agreements,
    "aging": aging,
    "pages": pages,
    "queue": queue,
    "stop": stop,
}

if __name__ == "__main__":
    with running():
        print(json.dumps(WORKS[sys.argv[1]](int(sys.argv[2]))))
