"""The life of an import job: uploaded, asked about, run, canceled, taken up again. Callers import it from `actions`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from puntual.audit.actions import Actor, action
from puntual.intake.files import keep_upload, sha256
from puntual.intake.keeping import to_json
from puntual.intake.models import ImportJob, SavedMapping
from puntual.intake.reading.fields import Kind
from puntual.intake.reading.mapping import Mapping as ColumnMapping
from puntual.intake.reading.mapping import MappingProblem
from puntual.intake.reading.propose import propose
from puntual.intake.tasks import run_import
from puntual.kernel.ids import uuid7
from puntual.kernel.problems import N_, Problem
from puntual.kernel.sheets.headers import header_signature
from puntual.kernel.sheets.layout import Table
from puntual.kernel.sheets.tables import open_table
from puntual.organizations.models import Organization
from puntual.parties.actions import create_creditor
from puntual.parties.models import Creditor

Answer = str | int | Sequence[str]
_DECISIONS = ("date_order", "decimal", "currency", "dollar", "terms_days", "sheet")
State = ImportJob.State


def start(
    by: Actor,
    blocks: Iterable[bytes],
    *,
    name: str,
    kind: str,
    creditor_id: UUID | None = None,
    snapshot_on: date | None = None,
) -> ImportJob:
    """Take an uploaded file in and look at it; nothing of it lands yet. The job is READY, or ASKING what only a person can say.

    `blocks` are the file's bytes (`UploadedFile.chunks()`). Raises Problem where the file cannot be kept, is no spreadsheet, or
    is of several creditors that it does not name; Creditor.DoesNotExist.
    """
    with action(by, "intake.start", file=name, kind=kind) as log:
        creditor = Creditor.objects.get(organization_id=by.organization_id, id=creditor_id) if creditor_id else None
        job_id = uuid7()
        path = keep_upload(by.organization_id, job_id, name, blocks)
        try:
            job = make_job(by, path, Kind(kind), name=name, creditor=creditor, snapshot_on=snapshot_on)
        except BaseException:
            path.unlink()
            raise
        job.id = job_id
        job.save(force_insert=True)
        log.about(job)
        return job


def make_job(
    by: Actor,
    path: Path,
    kind: Kind,
    *,
    name: str,
    creditor: Creditor | None,
    snapshot_on: date | None,
    given: ColumnMapping | None = None,
) -> ImportJob:
    """A job, not yet saved, for a file that lies at `path`, with what is made of it: READY, or ASKING."""
    creditor = creditor or only_creditor(by)
    if snapshot_on and snapshot_on > by.today:
        raise Problem(N_("A snapshot of {day} lies in the future. Give the day of the file."), day=snapshot_on)
    if snapshot_on and kind is not Kind.INVOICES:
        raise Problem(N_("A snapshot is a list of open invoices. Import this file without a snapshot date."))
    job = ImportJob(
        organization_id=by.organization_id,
        kind=kind,
        creditor=creditor,
        file_name=Path(name).name[:255],
        path=str(path),
        sha256=sha256(path),
        snapshot_on=snapshot_on,
        created_by=by.user_id,
        created_at=by.now,
    )
    _propose(job, given or ColumnMapping())
    return job


def _propose(job: ImportJob, given: ColumnMapping) -> None:
    """Look at the file with these decisions, and note what is made of it."""
    table = open_table(Path(job.path), sheet=given.sheet, known_headers=given.headers)
    remembered = _remembered(job, table)
    currency = job.creditor.currency if job.creditor else Organization.objects.get(id=job.organization_id).currency
    proposal = propose(table, Kind(job.kind), given=given, remembered=remembered, currency=currency)
    if job.creditor is None and ("creditor" not in proposal.readings or job.snapshot_on):
        raise WhoseFile(Creditor.objects.filter(organization_id=job.organization_id))
    job.mapping, job.proposal, job.total_lines = given.to_toml(), to_json(proposal), table.lines
    job.state = State.ASKING if proposal.questions else State.READY


def _remembered(job: ImportJob, table: Table) -> ColumnMapping | None:
    saved = SavedMapping.objects.filter(
        organization_id=job.organization_id, kind=job.kind, signature=header_signature(table.headers)
    ).first()
    return ColumnMapping.from_toml(saved.mapping) if saved else None


class WhoseFile(Problem):
    """Nothing tells which of several creditors a file is of."""

    def __init__(self, creditors: Iterable[Creditor]) -> None:
        super().__init__(
            N_("There are several creditors: {creditors}. Say whose file this is (--creditor)."),
            creditors=", ".join(sorted(creditor.code for creditor in creditors)),
        )


def only_creditor(by: Actor) -> Creditor | None:
    """The organization's creditor where it has one, made from the organization where it has none; None where it has several."""
    found = list(Creditor.objects.filter(organization_id=by.organization_id).order_by("id")[:2])
    if found:
        return found[0] if len(found) == 1 else None
    home = Organization.objects.get(id=by.organization_id)
    return create_creditor(
        by, code=home.slug, name=home.name, country=home.country, currency=home.currency, language=home.language
    )


def answer(by: Actor, job_id: UUID, answers: Mapping[str, Answer]) -> ImportJob:
    """Decide what a file leaves open, or decide otherwise than proposed; the job is READY once nothing is open.

    A key is a question's option, or any key of the mapping file: `date_order`, `decimal`, `currency`, `dollar`, `terms_days`,
    `sheet`, and `columns.<field>` with a header, several, or "" to leave the field out. Raises ImportJob.DoesNotExist,
    MappingProblem for what cannot be, Problem where the job has begun.
    """
    with action(by, "intake.answer", answers=dict(answers)) as log:
        job = locked(by, job_id, State.ASKING, State.READY)
        log.about(job)
        _propose(job, with_answers(ColumnMapping.from_toml(job.mapping), answers))
        job.save()
        return job


def with_answers(mapping: ColumnMapping, answers: Mapping[str, Answer]) -> ColumnMapping:
    """`mapping` with these decisions; an empty one is left to the file again. Raises MappingProblem."""
    columns = dict(mapping.columns)
    values: dict[str, Any] = {}
    for option, value in answers.items():
        field = option.removeprefix("columns.")
        if field != option:
            headers = [value] if isinstance(value, str) else [str(header) for header in cast(Sequence[str], value)]
            columns[field] = tuple(header for header in headers if header)
        elif option in _DECISIONS:
            values[option] = str(value).strip() or None
        else:
            raise MappingProblem(N_("There is nothing to decide about “{option}”. Reload the page."), option=option)
    if days := values.get("terms_days"):
        if not days.isdecimal():
            raise MappingProblem(N_("“{value}” is not a number of days."), value=days)
        values["terms_days"] = int(days)
    # Through the mapping file's own reader, which checks every value.
    return ColumnMapping.from_toml(replace(mapping, columns=columns, **values).to_toml())


def launch(by: Actor, job_id: UUID) -> ImportJob:
    """Let a worker land a READY job, or go on with one that was canceled or has failed.

    Raises ImportJob.DoesNotExist, Problem in any other state.
    """
    with action(by, "intake.launch") as log:
        job = locked(by, job_id, State.READY, State.CANCELED, State.FAILED)
        log.about(job)
        _defer(job)
        return job


def confirm(by: Actor, job_id: UUID) -> ImportJob:
    """Go on with a snapshot that stopped to ask: a person has looked at what it would close.

    Raises ImportJob.DoesNotExist, Problem where the job asks nothing.
    """
    with action(by, "intake.confirm") as log:
        job = locked(by, job_id, State.STOPPED)
        log.about(job)
        job.confirmed = True
        _defer(job)
        return job


def _defer(job: ImportJob) -> None:
    """To a worker, in this transaction: without it there is no task, and without the task no RUNNING job."""
    job.state, job.problem, job.cancel_asked, job.finished_at = State.RUNNING, {}, False, None
    job.save()
    run_import.defer(organization_id=str(job.organization_id), job_id=str(job.id))


def cancel(by: Actor, job_id: UUID) -> ImportJob:
    """Stop a job. A running one ends after the chunk it is at: what has landed stays, and `launch` goes on from there. One whose
    process was killed is ended by the worker.

    Raises ImportJob.DoesNotExist, Problem where the job has ended.
    """
    with action(by, "intake.cancel") as log:
        job = locked(by, job_id, State.ASKING, State.READY, State.STOPPED, State.RUNNING)
        log.about(job)
        if job.state == State.RUNNING:
            job.cancel_asked = True
            run_import.defer(organization_id=str(job.organization_id), job_id=str(job.id))
        else:
            job.state, job.finished_at = State.CANCELED, by.now
        job.save(update_fields=["state", "cancel_asked", "finished_at"])
        return job


class WrongState(Problem):
    """The job is not where this can be done."""

    def __init__(self, job: ImportJob) -> None:
        super().__init__(
            N_("The import of {file} has gone on meanwhile. Reload the page to see where it is."), file=job.file_name
        )


def locked(by: Actor, job_id: UUID, *states: str) -> ImportJob:
    """A job, locked, that is in one of these states. Raises ImportJob.DoesNotExist, WrongState."""
    jobs = ImportJob.objects.select_related("creditor").select_for_update(of=("self",), no_key=True)
    job = jobs.get(organization_id=by.organization_id, id=job_id)
    if job.state not in states:
        raise WrongState(job)
    return job
