"""The life of a job: asked, answered, run, canceled, killed, taken up again; and what another organization sees of it."""

import os
import signal
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from time import sleep
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError, connections
from procrastinate.contrib.django.models import ProcrastinateJob

from conftest import Cast
from puntual.audit.actions import Actor
from puntual.intake import running
from puntual.intake.actions import answer, cancel, import_file, launch, start
from puntual.intake.jobs import WhoseFile, WrongState, with_answers
from puntual.intake.landing.invoices import InvoiceLanding
from puntual.intake.models import ImportJob, Rejection, SavedMapping
from puntual.intake.queries import jobs, proposal_of, refusals, result_of
from puntual.intake.reading.mapping import Mapping, MappingProblem
from puntual.intake.running import AlreadyRunning, run
from puntual.intake.sentences import told
from puntual.intake.tasks import run_import
from puntual.intake.tests.files import bring_in, counts, creditor, csv, dump, open_items
from puntual.kernel.problems import Problem
from puntual.parties.models import Customer
from puntual.receivables.models import Installment
from puntual.tenancy.scope import acting_for

ASKS = b"Cliente;Numero;Vencimiento;Importe\nUno;F-1;03/04/2026;1.234\nDos;F-2;05/06/2026;2.345\nTres;F-3;x;1\n"
State = ImportJob.State


def upload(cast: Cast, content: bytes = ASKS, **options: Any) -> ImportJob:
    options = {"name": "../cartera de hoy.csv", "kind": "invoices", **options}
    return start(cast.actor(), [content[:20], content[20:]], **options)


def test_from_the_upload_to_the_result(acting: Cast) -> None:
    job = upload(acting)
    stored = Path(job.path)
    assert stored.read_bytes() == ASKS
    assert stored.parent == Path(settings.UPLOADS) / str(acting.id) / str(job.id)
    assert (job.state, job.file_name) == (State.ASKING, "cartera de hoy.csv")
    assert [question.option for question in proposal_of(job).questions] == ["date_order", "decimal"]
    assert not any(dump()[table] for table in ("receivables_invoice", "parties_customer"))

    job = answer(acting.actor(), job.id, {"date_order": "day-first"})
    assert job.state == State.ASKING
    job = answer(acting.actor(), job.id, {"decimal": ",", "columns.number": "Numero", "terms_days": "30"})
    assert job.state == State.READY
    job = launch(acting.actor(), job.id)
    assert job.state == State.RUNNING
    task = ProcrastinateJob.objects.get()
    assert (task.task_name, task.args) == (
        "intake.run_import",
        {"organization_id": str(acting.id), "job_id": str(job.id)},
    )

    steps: list[tuple[int, int | None]] = []
    job = run(acting.actor(), job.id, progress=lambda done, total: steps.append((done, total)))
    assert steps == [(4, 4)]
    result = result_of(job)
    assert (job.state, counts(result)) == (State.DONE, (2, 0, 0, 1))
    assert open_items()["F-1"] == ("2026-04-03", 1234)
    (refusal,) = refusals(job)
    assert (refusal.line, refusal.column, refusal.value) == (4, "Vencimiento", "x")
    assert Path(job.rejects_path).read_text("utf-8-sig").splitlines()[1].startswith("4;")
    assert list(jobs(acting.id)) == [job]
    # What was answered is known when the next file has the same header.
    assert upload(acting).state == State.READY
    assert SavedMapping.objects.get().name == "cartera de hoy.csv"


def test_the_worker_lands_it_and_running_it_again_changes_nothing(committed: Cast) -> None:
    job = upload(committed, b"Cliente,Numero,Vencimiento,Importe\nUno,F-1,2026-04-03,12.50\n")
    launch(committed.actor(), job.id)
    for _again in range(2):
        run_import(organization_id=str(committed.id), job_id=str(job.id))
    with acting_for(committed.id):
        job = ImportJob.objects.get()
        assert (job.state, counts(result_of(job)), Installment.objects.count()) == (State.DONE, (1, 0, 0, 0), 1)
    with pytest.raises(WrongState):
        launch(committed.actor(), job.id)


def test_answers_are_those_of_a_mapping_file() -> None:
    mapping = with_answers(Mapping(), {"date_order": "month-first", "columns.amount": "Total", "terms_days": 30})
    assert with_answers(
        mapping, {"date_order": "", "columns.due_date": "", "columns.number": ["Serie", "N°"]}
    ) == Mapping(terms_days=30, columns={"amount": ("Total",), "due_date": (), "number": ("Serie", "N°")})
    for wrong in ({"date_order": "sideways"}, {"terms_days": "soon"}, {"columns.color": "x"}, {"owner": "me"}):
        with pytest.raises(MappingProblem):
            with_answers(mapping, wrong)


def test_what_is_no_spreadsheet_leaves_nothing(acting: Cast) -> None:
    for content in (b"", b"%PDF-1.7 something", b"one word"):
        with pytest.raises(Problem):
            upload(acting, content)
    assert ImportJob.objects.count() == 0
    assert [path for path in Path(settings.UPLOADS).rglob("*") if path.is_file()] == []


def test_a_file_of_nobody_in_particular(acting: Cast) -> None:
    for code in ("norte", "sur"):
        creditor(acting, code)
    with pytest.raises(WhoseFile) as raised:
        upload(acting)
    assert "norte, sur" in str(raised.value)


def rows(count: int) -> bytes:
    lines = [f"C{n % 7};F-{n};2026-10-31;{n}.00" for n in range(1, count + 1)]
    return "\n".join(["Código;Número;Vencimiento;Importe", *lines]).encode()


def test_canceling_leaves_whole_chunks_and_launching_goes_on(acting: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "CHUNK", 10)
    job = upload(acting, rows(35))
    launch(acting.actor(), job.id)

    def stop_soon(done: int, _total: int | None) -> None:
        if done == 21:
            cancel(acting.actor(), job.id)

    job = run(acting.actor(), job.id, progress=stop_soon)
    assert (job.state, job.last_line, counts(result_of(job))) == (State.CANCELED, 21, (20, 0, 0, 0))
    with pytest.raises(WrongState):
        cancel(acting.actor(), job.id)
    launch(acting.actor(), job.id)
    job = run(acting.actor(), job.id)
    assert (job.state, counts(result_of(job)), Installment.objects.count()) == (State.DONE, (35, 0, 0, 0), 35)
    assert result_of(job).tally.customers == 7
    ready = upload(acting, rows(3))
    assert cancel(acting.actor(), ready.id).state == State.CANCELED


def test_the_next_customers_are_made_while_a_chunk_lands(committed: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "CHUNK", 10)
    lines = (f"Cliente {number};F-{number};2026-04-03;7.00" for number in range(25))
    job = upload(committed, "\n".join(("Cliente;Numero;Vencimiento;Importe", *lines)).encode())
    launch(committed.actor(), job.id)
    land = InvoiceLanding.land

    def land_when_the_next_are_there(landing: InvoiceLanding, *chunk: Any) -> Any:
        for _try in range(1000):
            if Customer.objects.count() == 20:
                cancel(committed.actor(), job.id)
                return land(landing, *chunk)
            sleep(0.01)
        raise AssertionError("nobody makes the next customers")

    with monkeypatch.context() as patch:
        patch.setattr(InvoiceLanding, "land", land_when_the_next_are_there)
        job = run(committed.actor(), job.id)
    assert (job.state, counts(result_of(job)), result_of(job).tally.customers) == (State.CANCELED, (10, 0, 0, 0), 10)
    launch(committed.actor(), job.id)
    job = run(committed.actor(), job.id)
    assert (job.state, counts(result_of(job)), result_of(job).tally.customers) == (State.DONE, (25, 0, 0, 0), 25)
    with acting_for(committed.id):
        assert (Customer.objects.count(), Installment.objects.count()) == (25, 25)


def test_a_killed_import_can_be_canceled(committed: Cast) -> None:
    job = upload(committed, rows(3))
    launch(committed.actor(), job.id)  # and its process is killed before it began
    assert cancel(committed.actor(), job.id).state == State.RUNNING
    run_import(organization_id=str(committed.id), job_id=str(job.id))
    with acting_for(committed.id):
        job.refresh_from_db()
        assert (job.state, job.cancel_asked, Installment.objects.count()) == (State.CANCELED, False, 0)


def test_an_error_of_ours_fails_the_job_and_a_lost_database_does_not(
    committed: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = upload(committed, rows(3))
    launch(committed.actor(), job.id)
    ids = {"organization_id": str(committed.id), "job_id": str(job.id)}

    def broken(error: Exception) -> Callable[..., Any]:
        def land(*_args: Any) -> Any:
            raise error

        return land

    for error, state in ((OperationalError("gone"), State.RUNNING), (ZeroDivisionError(), State.FAILED)):
        with monkeypatch.context() as patch:
            patch.setattr(InvoiceLanding, "land", broken(error))
            with pytest.raises(type(error)):
                run_import(**ids)
        with acting_for(committed.id):
            job.refresh_from_db()
            assert job.state == state
    assert told(job.problem).startswith("Something went wrong after line 0.")
    launch(committed.actor(), job.id)
    run_import(**ids)
    with acting_for(committed.id):
        assert Installment.objects.count() == 3


def test_a_file_that_changed_or_went_is_not_gone_on_with(acting: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "CHUNK", 10)
    job = upload(acting, rows(15))
    Path(job.path).write_bytes(rows(16))
    with pytest.raises(Problem):
        run(acting.actor(), job.id)
    job.refresh_from_db()
    assert (job.state, Installment.objects.count()) == (State.FAILED, 0)
    assert "cartera de hoy.csv" in job.problem["details"]["file"]
    Path(job.path).unlink()
    launch(acting.actor(), job.id)
    with pytest.raises(Problem):
        run(acting.actor(), job.id)


def test_two_runs_of_one_job_land_it_once(acting: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "CHUNK", 10)
    job = upload(acting, rows(25))

    def another_run(done: int, _total: int | None) -> None:
        if done == 11:
            run(acting.actor(), job.id)

    with pytest.raises(AlreadyRunning):
        run(acting.actor(), job.id, progress=another_run)
    job.refresh_from_db()
    assert (job.state, counts(result_of(job)), Installment.objects.count()) == (State.DONE, (25, 0, 0, 0), 25)


def _killed(function: Callable[..., Any], nth: int, before: bool) -> Callable[..., Any]:
    """The function, but the process dies before or right after its n-th call."""
    calls = Counter[str]()

    def call(*args: Any, **kwargs: Any) -> Any:
        calls["n"] += 1
        if before and calls["n"] == nth:
            os.kill(os.getpid(), signal.SIGKILL)
        result = function(*args, **kwargs)
        if not before and calls["n"] == nth:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return call


# Where the process dies, and how many rows have landed then. Patched in the child alone.
POINTS: dict[str, tuple[Any, str, int, bool, int]] = {
    "before anything": (InvoiceLanding, "land", 1, True, 0),
    "a chunk landed, not committed": (InvoiceLanding, "land", 2, False, 10),
    "a chunk committed": (running._Run, "_land", 2, False, 20),
    "all landed, not finished": (running._Run, "finish", 1, True, 35),
    "finished": (running._Run, "finish", 1, False, 35),
}


@pytest.mark.parametrize("point", POINTS)
def test_killed_anywhere_it_goes_on_and_duplicates_nothing(
    committed: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    monkeypatch.setattr(running, "CHUNK", 10)
    path = tmp_path / "cartera.csv"
    path.write_bytes(rows(35).replace(b";7.00", b";seven"))
    owner, name, nth, before, landed = POINTS[point]
    connections.close_all()  # a child must not share its parent's connection
    pid = os.fork()
    if pid == 0:
        setattr(owner, name, _killed(getattr(owner, name), nth, before))
        import_file(committed.actor(), path, "invoices")
        os._exit(0)  # not reached
    _, status = os.waitpid(pid, 0)
    assert os.WIFSIGNALED(status)
    assert os.WTERMSIG(status) == signal.SIGKILL

    with acting_for(committed.id):
        job = ImportJob.objects.get()
        assert job.state == (State.DONE if point == "finished" else State.RUNNING)
        assert Installment.objects.count() == max(landed - 1, 0)
        assert Rejection.objects.count() == min(landed, 1)
    result = bring_in(committed, path)
    again = (0, 0, 34, 1) if point == "finished" else (34, 0, 0, 1)
    assert (counts(result), result.tally.customers) == (again, 7)
    with acting_for(committed.id):
        assert ImportJob.objects.count() == (2 if point == "finished" else 1)
        assert Installment.objects.count() == 34
        assert Customer.objects.count() == 7
        before_again = dump()
        assert counts(bring_in(committed, path)) == (0, 0, 34, 1)
        assert dump() == before_again


def test_an_outsider_finds_no_job(committed: Cast) -> None:
    job = upload(committed, rows(3))
    outsider = Actor(committed.other_organization.id, now=committed.actor().now, today=committed.actor().today)
    for act in (launch, cancel, run):
        with pytest.raises(ImportJob.DoesNotExist):
            act(outsider, job.id)
    with pytest.raises(ImportJob.DoesNotExist):
        answer(outsider, job.id, {"decimal": "."})
    with acting_for(outsider.organization_id):
        assert list(jobs(outsider.organization_id)) == []
        assert ImportJob.objects.count() == 0


def test_the_same_file_for_two_organizations_is_two_portfolios(committed: Cast, tmp_path: Path) -> None:
    path = csv(tmp_path / "f.csv", rows(3).decode())
    outsider = Actor(committed.other_organization.id, now=committed.actor().now, today=committed.actor().today)
    assert counts(bring_in(committed, path)) == (3, 0, 0, 0)
    assert counts(import_file(outsider, path, "invoices")) == (3, 0, 0, 0)
    with acting_for(outsider.organization_id):
        assert {item.currency for item in Installment.objects.all()} == {"CLP"}
