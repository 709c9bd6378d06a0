"""A job's run: chunk after chunk, each landed in one transaction together with how far the job has come.

A run that is killed leaves whole chunks; the next one goes on after the last of them. Two runs of one job at once cannot land a
chunk twice: the second finds that the job has moved on, and gives up.

While one chunk lands, the next is read and its customers are made, by a thread with a connection and a transaction of its own. A
run that is killed or canceled may so leave customers without their documents, which the next one finds there.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from django.db import connection, connections

from puntual.audit.actions import Actor, action
from puntual.intake import snapshots
from puntual.intake.files import same_file, write_rejects_file
from puntual.intake.keeping import from_json
from puntual.intake.landing import LANDINGS
from puntual.intake.landing.base import Arrival, Foreseen, Landed, Landing
from puntual.intake.models import ImportJob, Rejection, SavedMapping
from puntual.intake.reading.proposals import WARNED, Proposal
from puntual.intake.reading.read import read_chunks
from puntual.intake.reading.rejects import pack
from puntual.intake.reading.rows import Chunk
from puntual.intake.results import Note, Tally
from puntual.intake.sentences import Sentence, of_fault, of_message, of_problem
from puntual.kernel.ahead import ahead, at_full_speed
from puntual.kernel.problems import N_, Problem
from puntual.kernel.sheets.layout import Table
from puntual.kernel.sheets.reasons import Reject
from puntual.kernel.sheets.tables import open_table
from puntual.parties.actions import note_data_through
from puntual.payments.models import Payment
from puntual.receivables.models import CreditNote, Invoice
from puntual.tenancy.scope import acting_for

CHUNK = 10_000
"""Rows that land in one transaction."""

Progress = Callable[[int, int | None], None]


class AlreadyRunning(Problem):
    """Another process is at work on this job."""

    def __init__(self) -> None:
        super().__init__(N_("This import is already running elsewhere. Wait for it to end, then look at its result."))


def run(by: Actor, job_id: UUID, *, progress: Progress | None = None, keep_rejects: bool = True) -> ImportJob:
    """Land what is left of a READY or RUNNING job's file, then settle what it means as a whole.

    With `keep_rejects` the refused rows are written to a file as well.

    Ends DONE, CANCELED where somebody asked for it, STOPPED where a snapshot would close too much, FAILED where the file can no
    longer be read (and raises that Problem). Raises AlreadyRunning. Any other exception leaves it RUNNING, to be run again.
    """
    job = _begin(by, job_id)
    try:
        table, proposal = reopen(job)
        runner = _Run(by, job, table, proposal, progress)
        with snapshots.portfolio(by, job, table, proposal) as portfolio, at_full_speed():
            question = portfolio.question() if portfolio and not job.last_line else None
            if question:
                return _end(by, job, ImportJob.State.STOPPED, problem=of_problem(question))
            if not runner.land_all():
                return _end(by, job, ImportJob.State.CANCELED)
            return runner.finish(portfolio, keep_rejects)
    except AlreadyRunning:
        raise
    except Problem as problem:
        _end(by, job, ImportJob.State.FAILED, problem=of_problem(problem))
        raise


def fail(by: Actor, job_id: UUID) -> None:
    """End a job that an error of ours has stopped: a person may try again, and it goes on where it was."""
    with acting_for(by.organization_id):
        job = ImportJob.objects.get(organization_id=by.organization_id, id=job_id)
        message = N_(
            "Something went wrong after line {line}. What has landed stays: try again, and it goes on from there."
        )
        _end(by, job, ImportJob.State.FAILED, problem=of_message(message, {"line": job.last_line}))


def reopen(job: ImportJob) -> tuple[Table, Proposal]:
    """A job's file as it was proposed. Raises Problem where it is gone or has changed."""
    proposal = from_json(job.proposal)
    path = same_file(job)
    mapping = proposal.mapping
    return open_table(path, sheet=mapping.sheet, known_headers=mapping.headers), proposal


def _begin(by: Actor, job_id: UUID) -> ImportJob:
    with action(by, "intake.begin") as log:
        jobs = ImportJob.objects.select_related("creditor").select_for_update(of=("self",), no_key=True)
        job = jobs.get(organization_id=by.organization_id, id=job_id)
        log.about(job)
        log.say(file=job.file_name, kind=job.kind, after_line=job.last_line)
        if job.state not in (ImportJob.State.READY, ImportJob.State.RUNNING):
            raise Problem(N_("This import is not ready to run. Look at its page: it says what it waits for."))
        job.state = ImportJob.State.RUNNING
        job.save(update_fields=["state"])
        return job


def _end(by: Actor, job: ImportJob, state: str, problem: Sentence | None = None) -> ImportJob:
    with action(by, f"intake.{state}", about=job, file=job.file_name, after_line=job.last_line):
        job.state, job.problem, job.cancel_asked, job.finished_at = state, problem or {}, False, by.now
        job.save(update_fields=["state", "problem", "cancel_asked", "finished_at"])
        return job


def _without_waiting_for_the_disk() -> None:
    """In this transaction. The job's end waits once for all: a chunk that a power cut takes has not moved the job either."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit TO off")


class _Run:
    """One run over one file."""

    def __init__(self, by: Actor, job: ImportJob, table: Table, proposal: Proposal, progress: Progress | None) -> None:
        self.by = by
        self.job = job
        self.table = table
        self.proposal = proposal
        self.progress = progress
        self.tally = Tally.from_json(job.result)
        self.arrival = Arrival(by, job, table, proposal, job.creditor)
        self.landing: Landing = LANDINGS[job.kind](self.arrival)
        self.customers: set[int] = set()

    def land_all(self) -> bool:
        """Land every chunk that is left; False where somebody asked to stop."""
        if self.job.last_line:
            self.customers = self._customers_so_far()
        else:
            warnings = self.proposal.warnings
            self.tally.warn(Note(0, "", "", of_message(WARNED[one.code], one.details)) for one in warnings)
        # Inside somebody else's transaction, as for a check, another connection would not see it nor be taken back with it.
        makes_customers = self.landing.makes_customers and not connection.in_atomic_block
        with ThreadPoolExecutor(1, "reading") as hand:
            try:
                for chunk, foreseen in ahead(self._foreseen(makes_customers), hand):
                    if not self._land(chunk, foreseen):
                        return False
                    if self.progress:
                        self.progress(self.job.last_line, self.job.total_lines)
            finally:
                hand.submit(connections.close_all)
        return True

    def _foreseen(self, makes_customers: bool) -> Iterator[tuple[Chunk, Foreseen]]:
        """The chunks that are left, with what can be worked out and made before they land."""
        for chunk in read_chunks(self.table, self.proposal, after_line=self.job.last_line, size=CHUNK):
            foreseen = self.landing.foresee(chunk.rows)
            if makes_customers and chunk.rows:
                with action(self.by, "intake.customers", about=self.job, through_line=chunk.last_line):
                    _without_waiting_for_the_disk()
                    foreseen = foreseen._replace(found=self.landing.whose.find(foreseen))
                    foreseen = self.landing.decide_ahead(chunk.rows, foreseen)
            yield chunk, foreseen

    def _customers_so_far(self) -> set[int]:
        """Those for whom an earlier run of this job brought something new."""
        with acting_for(self.by.organization_id):
            brought = {"organization_id": self.by.organization_id, "batch_id": self.job.id}
            return {
                customer_id.int
                for table in (Invoice, CreditNote, Payment)
                for customer_id in table._default_manager.filter(**brought)
                .values_list("customer_id", flat=True)
                .distinct()
            }

    def _land(self, chunk: Chunk, foreseen: Foreseen) -> bool:
        with action(self.by, "intake.chunk", about=self.job, after_line=self.job.last_line) as log:
            jobs = ImportJob.objects.filter(organization_id=self.by.organization_id).select_for_update(no_key=True)
            stored = jobs.get(id=self.job.id)
            if stored.cancel_asked or stored.state == ImportJob.State.CANCELED:
                return False
            if stored.last_line != self.job.last_line or stored.state != ImportJob.State.RUNNING:
                raise AlreadyRunning
            _without_waiting_for_the_disk()
            landed = self.landing.land(chunk.rows, foreseen) if chunk.rows else []
            self._count(landed)
            refused = [one for one in landed if one.problem]
            self._reject(chunk.rejects, refused, self._cells(refused))
            self._note(chunk)
            stored.last_line = chunk.last_line
            stored.result = self.tally.to_json()
            stored.save(update_fields=["last_line", "result"])
            log.say(through_line=chunk.last_line, rows=len(landed), refused=len(chunk.rejects) + len(refused))
        self.job.last_line, self.job.result = stored.last_line, stored.result
        return True

    def _count(self, landed: Sequence[Landed]) -> None:
        tally = self.tally
        good = [one for one in landed if one.problem is None]
        for state, count in Counter(one.state for one in good).items():
            setattr(tally, state, getattr(tally, state) + count)
        for one in good:
            if amount := self.landing.amount(one.row):
                tally.add(*amount)
        self.customers.update(one.customer_id.int for one in good if one.customer_id)
        tally.customers = max(tally.customers, len(self.customers))
        tally.creditors |= self.arrival.creditors

    def _cells(self, refused: Sequence[Landed]) -> dict[int, tuple[str, ...]]:
        """The cells of rows that could be read but not landed, as they are in the file."""
        wanted = {one.row.line for one in refused}
        found: dict[int, tuple[str, ...]] = {}
        for block in self.table.blocks(self.job.last_line, CHUNK) if wanted else ():
            for line, cells in zip(block.lines, block.rows, strict=True):
                if line in wanted:
                    found[line] = tuple(cells)
            if len(found) == len(wanted):
                break
        return found

    def _reject(self, unread: Sequence[Reject], refused: Sequence[Landed], cells: dict[int, tuple[str, ...]]) -> None:
        """Keep the refused rows: those that could not be read, and those the ledger does not take."""
        self.tally.rejected += len(unread) + len(refused)
        rows = []
        for reject in unread:
            by_cell: dict[tuple[str, str], list[Sentence]] = {}
            for fault in reject.faults:
                by_cell.setdefault((fault.column[:200], fault.value), []).append(of_fault(fault))
            rows += [
                self._rejection(reject.line, column, value, sentences, () if place else reject.cells)
                for place, ((column, value), sentences) in enumerate(by_cell.items())
            ]
        for one in refused:
            reading = self.proposal.readings.get(one.field)
            row = cells[one.row.line]
            value = " ".join(row[column] for column in reading.columns) if reading else ""
            sentences = [of_problem(one.problem)] if one.problem else []
            rows.append(self._rejection(one.row.line, reading.header if reading else "", value, sentences, row))
        Rejection.objects.bulk_create(rows)

    def _rejection(
        self, line: int, column: str, value: str, reasons: list[Sentence], cells: Sequence[str]
    ) -> Rejection:
        return Rejection(
            organization_id=self.by.organization_id,
            job_id=self.job.id,
            line=line,
            column=column[:200],
            value=value[:500],
            reasons=reasons,
            cells=pack(cells),
        )

    def _note(self, chunk: Chunk) -> None:
        """Take what is worth knowing of the rows that landed into the tally."""
        self.tally.skipped += len(chunk.skipped)
        notes = [Note(one.line, one.fault.column, one.fault.value, of_fault(one.fault)) for one in chunk.remarks]
        self.tally.warn(notes + self.arrival.notes)
        self.arrival.notes.clear()

    def _write_rejects(self) -> str:
        try:
            return str(write_rejects_file(self.job, self.table))
        except OSError as error:
            message = N_("The file of refused rows could not be written: {error}.")
            self.tally.warn([Note(0, "", "", of_message(message, {"error": error.strerror or error}))])
            return ""

    def _remember_mapping(self) -> None:
        """For the next file with this header."""
        SavedMapping.objects.update_or_create(
            organization_id=self.by.organization_id,
            kind=self.job.kind,
            signature=self.proposal.signature,
            defaults={
                "name": self.job.file_name[:150],
                "mapping": self.proposal.mapping.to_toml(),
                "saved_at": self.by.now,
            },
        )

    def finish(self, portfolio: snapshots.Portfolio | None, keep_rejects: bool) -> ImportJob:
        """What the whole file means: what is missing from a snapshot, and until when the creditor is known."""
        by, job = self.by, self.job
        with action(by, "intake.finish", about=job, file=job.file_name) as log:
            if portfolio:
                self.tally.missing = portfolio.settle()
            day = job.snapshot_on or by.today
            invoices = day if job.kind in (ImportJob.Kind.INVOICES, ImportJob.Kind.BALANCES) else None
            tells_payments = job.kind == ImportJob.Kind.PAYMENTS or "paid_on" in self.proposal.readings
            for creditor_id in sorted(self.tally.creditors) if invoices or tells_payments else ():
                note_data_through(by, creditor_id, invoices=invoices, bank=day if tells_payments else None)
            self._remember_mapping()
            if self.tally.rejected and keep_rejects:
                job.rejects_path = self._write_rejects()
            job.result = self.tally.to_json()
            job.save(update_fields=["result", "rejects_path"])
            log.say(**{name: getattr(self.tally, name) for name in ("created", "updated", "unchanged", "rejected")})
            return _end(by, job, ImportJob.State.DONE)
