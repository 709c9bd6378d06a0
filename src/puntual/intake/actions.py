"""What one does with files: bring one in at once, or as a job with a page. Homes go by subject."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

from puntual.audit.actions import Actor
from puntual.intake.jobs import answer, cancel, confirm, launch, make_job, start
from puntual.intake.models import ImportJob
from puntual.intake.queries import proposal_of, result_of
from puntual.intake.reading.fields import Kind
from puntual.intake.reading.mapping import Mapping as ColumnMapping
from puntual.intake.reading.proposals import Question
from puntual.intake.results import ImportResult
from puntual.intake.running import Progress, run
from puntual.intake.sentences import Translate, as_written
from puntual.intake.snapshots import confirm_missing
from puntual.intake.undoing import undo
from puntual.kernel.problems import N_, Problem, Written, as_data
from puntual.parties.matching import folded
from puntual.parties.models import Creditor
from puntual.tenancy.scope import acting_for

__all__ = [
    "NeedsConfirmation",
    "Undecided",
    "answer",
    "cancel",
    "confirm",
    "confirm_missing",
    "import_file",
    "launch",
    "start",
    "undo",
]

State = ImportJob.State


class Undecided(Problem):
    """A file leaves something open that a command cannot ask; each question names the key that decides it."""

    def __init__(self, questions: tuple[Question, ...]) -> None:
        super().__init__(
            N_("{questions}\nDecide it in a mapping file (--map): {options}."),
            questions="\n".join(map(_asked, questions)),
            options=", ".join(question.option for question in questions),
        )
        self.questions = questions

    def text(self, translate: Translate = as_written, written: Written = as_data) -> str:
        """The questions in the language `translate` speaks."""
        questions = "\n".join(_asked(question, translate) for question in self.questions)
        return translate(self.message).format(**{**self.details, "questions": questions})


def _asked(question: Question, translate: Translate = as_written) -> str:
    choices = " | ".join(choice.value for choice in question.choices)
    return f"{question.text(translate)} [{question.option}" + (f": {choices}]" if choices else "]")


class NeedsConfirmation(Problem):
    """A snapshot stopped to ask. The same import with `confirm` goes on."""


def import_file(
    by: Actor,
    path: Path,
    kind: str,
    *,
    mapping: ColumnMapping | str | None = None,
    creditor: Creditor | str | None = None,
    check: bool = False,
    snapshot_on: date | None = None,
    currency: str | None = None,
    confirm: bool = False,
    progress: Progress | None = None,
) -> ImportResult:
    """Import a file at once, in this process; with `check` say what would happen and write nothing.

    `kind` is invoices, customers, payments or balances (one the mapping names goes before it); `mapping` a Mapping or the text of
    a mapping file; `creditor` one, or its code or name; `currency` that of rows which name none. A killed import of the same file
    goes on where it was. Raises Undecided, NeedsConfirmation, jobs.WhoseFile, MappingProblem and files' Problems.
    """
    given = ColumnMapping.from_toml(mapping) if isinstance(mapping, str) else mapping or ColumnMapping()
    if currency:
        given = ColumnMapping.from_toml(replace(given, currency=currency).to_toml())
    asked = partial(_prepare, by, Path(path), Kind(given.kind or kind), given, creditor, snapshot_on, confirm)
    if not check:
        with acting_for(by.organization_id):
            job = _unfinished(asked())
        return _land(by, job, progress, keep_rejects=True)
    with _written_nowhere(by) as kept:
        job = asked()
        job.save(force_insert=True)
        kept.append(_land(by, job, progress, keep_rejects=False))
    return replace(kept[0], check=True)


def _prepare(
    by: Actor,
    path: Path,
    kind: Kind,
    given: ColumnMapping,
    creditor: Creditor | str | None,
    snapshot_on: date | None,
    confirmed: bool,
) -> ImportJob:
    """A job, not yet saved, about whose file nothing is open."""
    job = make_job(
        by, path.resolve(), kind, creditor=_creditor(by, creditor), snapshot_on=snapshot_on, given=given, name=path.name
    )
    if job.state == State.ASKING:
        raise Undecided(proposal_of(job).questions)
    job.confirmed = confirmed
    return job


def _creditor(by: Actor, named: Creditor | str | None) -> Creditor | None:
    if not isinstance(named, str):
        return named
    creditors = Creditor.objects.filter(organization_id=by.organization_id).order_by("id")
    for creditor in creditors:
        if named == creditor.code or folded(named) in (folded(creditor.code), folded(creditor.name)):
            return creditor
    raise Problem(
        N_("There is no creditor “{creditor}”. There are: {creditors}."),
        creditor=named,
        creditors=", ".join(creditor.code for creditor in creditors),
    )


def _unfinished(job: ImportJob) -> ImportJob:
    """The same import where it was left: killed, stopped, failed. Else `job` itself, saved."""
    same = {
        name: getattr(job, name) for name in ("organization_id", "kind", "creditor", "sha256", "snapshot_on", "mapping")
    }
    left = (
        ImportJob.objects.filter(
            **same, state__in=(State.RUNNING, State.STOPPED, State.FAILED, State.CANCELED), proposal=job.proposal
        )
        .select_related("creditor")
        .order_by("-created_at")
        .first()
    )
    if left is None:
        job.save(force_insert=True)
        return job
    left.state, left.confirmed, left.path = State.READY, left.confirmed or job.confirmed, job.path
    left.save(update_fields=["state", "confirmed", "path"])
    return left


def _land(by: Actor, job: ImportJob, progress: Progress | None, *, keep_rejects: bool) -> ImportResult:
    job = run(by, job.id, progress=progress, keep_rejects=keep_rejects)
    with acting_for(by.organization_id):
        if job.state == State.STOPPED:
            raise NeedsConfirmation(job.problem["message"], **job.problem["details"])
        return result_of(job)


class _Discard(Exception):
    """Ends a transaction of which nothing is to stay."""


@contextmanager
def _written_nowhere(by: Actor) -> Iterator[list[ImportResult]]:
    """Everything inside happens, is seen there, and is taken back."""
    try:
        with acting_for(by.organization_id):
            yield []
            raise _Discard
    except _Discard:
        return
