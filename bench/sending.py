"""How fast messages leave: rendered, with and without the account statement, by one worker and by two, to a server on this machine.

Wall seconds say little on a shared machine, so the CPU seconds of all who take part (sender, database, mail server) are told too.
`per_second` is by the wall.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from time import perf_counter, process_time

HERE = Path(__file__).resolve().parent
DAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)  # 9:00 in Lima
KINDS = {"send": "friendly", "send with statement": "firm"}
"""What is measured, and the step whose text is sent: the second attaches the statement."""

# One message to each customer about all that is overdue, the oldest leading, as the day run would have queued it.
_QUEUE = """
INSERT INTO outreach_activity (id, organization_id, customer_id, day, direction, channel, tone, state, version_id, step, template,
    attempt, lead_id, lead_days, due_generation, not_before, demand, value, items, item_steps, why, subject, body, edited, captured,
    message_id, result, note, created_at)
SELECT puntual_uuid7(), %(org)s, i.customer_id, %(day)s, 'out', 'email', %(step)s, 'queued', %(version)s, %(step)s, %(step)s,
       1, (array_agg(i.id ORDER BY i.due_on, i.id))[1], %(day)s - min(i.due_on), 1, %(now)s::timestamptz - interval '1 hour',
       json_build_object(min(i.currency), sum(i.open_amount)::text), sum(i.open_amount), array_agg(i.id ORDER BY i.due_on, i.id),
       array_agg(%(step)s::text ORDER BY i.due_on, i.id), '{}', '', '', false, false, '', '', '', %(now)s
FROM receivables_installment i
WHERE i.organization_id = %(org)s AND i.due_on < %(day)s AND i.open_amount > 0
GROUP BY i.customer_id
"""


def queue(size: int, work: str) -> int:
    """An organization with `size` customers, live, and a message to each who is late waiting; how many."""
    from django.db import connection

    from bench.portfolio import fill
    from bench.work import create, vacuum
    from puntual.organizations.models import Organization
    from puntual.outreach.models import Provider
    from puntual.parties.models import Creditor, Sender
    from puntual.strategies.models import Version
    from puntual.tenancy.scope import acting_for

    Provider.objects.all().delete()  # what an earlier run that broke off says of a server that is gone
    made = create(size, slug(work))
    Organization.objects.filter(pk=made.pk).update(mode="live", live_since=NOW)
    with acting_for(made.id):
        fill(made.id, size * 5, DAY, NOW)
        creditor = Creditor.objects.get()
        Sender.objects.create(
            organization_id=made.id,
            creditor=creditor,
            channel="email",
            address=creditor.email,
            verified_at=NOW,
            verified_how="operator",
        )
        version = Version.objects.get(strategy__code="standard-es", state="active")
        with connection.cursor() as cursor:
            values = {
                "org": made.id,
                "day": DAY,
                "now": NOW,
                "step": KINDS.get(work, "friendly"),
                "version": version.pk,
            }
            cursor.execute(_QUEUE, values)
            queued: int = cursor.rowcount
    vacuum(
        "parties_customer",
        "parties_contactpoint",
        "receivables_invoice",
        "receivables_installment",
        "outreach_activity",
    )
    return queued


def slug(work: str) -> str:
    return work.replace(" ", "-")


def send(size: int, work: str, most: int) -> dict[str, float]:
    """One worker: send until nothing is due or `most` have left. Its wall, its CPU and that of its database's process."""
    from django.db import connection

    from bench.work import organization
    from puntual.outreach.outbox import send_due

    made = organization(size, slug(work))
    connection.ensure_connection()
    backend = connection.connection.info.backend_pid
    send_due(made.id, NOW, limit=20)
    before, cpu, database, started = _held_mb(), process_time(), _cpu(backend), perf_counter()
    sent = send_due(made.id, NOW, limit=most).counts.get("sent", 0)
    return {
        "sent": sent,
        "wall": perf_counter() - started,
        "sender": process_time() - cpu,
        "database": _cpu(backend) - database,
        "before_mb": before,
        "peak_mb": max(before, _held_mb()),
    }


def _held_mb() -> float:
    """What this process holds now; the most it ever held would count what its parent held when it was born."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 1e6, 1)


def _cpu(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def mail_sink() -> Iterator[Callable[[], dict[str, float]]]:
    """A mail server for the block; called, it ends and says what it took."""
    sink = subprocess.Popen(
        [sys.executable, str(HERE / "mailsink.py")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert sink.stdin and sink.stdout
    os.environ["PUNTUAL_SMTP_URL"] = f"smtp://127.0.0.1:{sink.stdout.readline().strip()}"

    def end() -> dict[str, float]:
        sink.stdin.close()
        return dict(json.loads(sink.stdout.readline()))

    try:
        yield end
    finally:
        sink.kill()
        sink.wait()


def measure(size: int, work: str, workers: int, most: int) -> dict[str, float]:
    """Several workers at once, each for `most` messages: messages a second by the wall, and CPU milliseconds for each."""
    with mail_sink() as end:
        command = [sys.executable, str(Path(__file__)), "send", str(size), work, str(most)]
        running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(workers)]
        found = [json.loads(one.communicate()[0].splitlines()[-1]) for one in running]
        server = end()
    sent = sum(one["sent"] for one in found)
    if server["messages"] != server["different"]:
        sys.exit("bench: a message was delivered twice")
    cpu = sum(one["sender"] + one["database"] for one in found) / sent + server["cpu"] / server["messages"]
    return {
        "sent": sent,
        "seconds": max(one["wall"] for one in found),
        "per_second": round(sum(one["sent"] / one["wall"] for one in found), 1),
        "cpu_ms": round(1000 * cpu, 2),
        "growth_mb": round(max(one["peak_mb"] - one["before_mb"] for one in found), 1),
        "peak_mb": max(one["peak_mb"] for one in found),
    }


def rows(size: int) -> list[dict[str, object]]:
    """The rows of the benchmark's table; the ratio is how much faster two workers are than one."""
    found: list[dict[str, object]] = []
    for work in KINDS:
        queue(size, work)
        one, two = measure(size, work, 1, size // 4), measure(size, work, 2, size // 4)
        gain = round(two["per_second"] / one["per_second"], 2)
        for name, got, ratio in ((work, one, None), (f"{work}, two workers", two, gain)):
            note = f"{got['per_second']}/s, {got['cpu_ms']} ms of CPU each, grew {got['growth_mb']} MB"
            row = {
                "work": name,
                "n": got["sent"],
                "seconds": round(got["seconds"], 3),
                "floor_seconds": None,
                "ratio": ratio,
            }
            found.append(
                {**row, **{key: got[key] for key in ("peak_mb", "per_second", "cpu_ms", "growth_mb")}, "note": note}
            )
    return found


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "puntual.config.settings")
    sys.path.insert(0, str(HERE.parent))
    from puntual import database

    database.ensure()
    import django

    django.setup()
    if sys.argv[1] == "send":
        print(json.dumps(send(int(sys.argv[2]), sys.argv[3], int(sys.argv[4]))))
    else:
        from django.core.management import call_command

        call_command("migrate", database="owner", verbosity=0)
        size = int(sys.argv[2])
        print(json.dumps(rows(size) if sys.argv[1] == "rows" else queue(size, sys.argv[3])))
