"""A snapshot: the file is a creditor's whole open portfolio of a date. What is not in it is missing.

Missing is first only a doubt: the item is held. The next snapshot without it, or a person, confirms that it was settled outside.
Where too much would go missing at once, or the date is before the last one's, the job stops before anything lands and asks.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Max

from puntual.audit.actions import Actor, action
from puntual.intake.models import Change, ImportJob
from puntual.intake.reading.proposals import Proposal
from puntual.intake.reading.read import read_chunks
from puntual.intake.reading.rows import InvoiceRow
from puntual.kernel.problems import N_, Problem
from puntual.kernel.references import document_key
from puntual.kernel.sheets.layout import Table
from puntual.receivables.bulk import close_outside_many, hold_many, release_many
from puntual.receivables.models import Hold
from puntual.receivables.postings import closed_through
from puntual.tenancy.scope import acting_for
from puntual.tenancy.staging import copy_rows

_TABLE: Final = "intake_in_file"
_MOST_MISSING: Final = Decimal("0.10")

# The creditor's open items that a file of that day would name, and the doubt about each. Charges are our own, not in its books.
_OPEN = """
    SELECT i.id, i.currency, i.open_amount, f.number_key IS NOT NULL AS there, h.id AS hold_id, h.from_on
    FROM receivables_invoice v
    JOIN receivables_installment i ON i.organization_id = v.organization_id AND i.invoice_id = v.id AND i.open_amount > 0
    LEFT JOIN (SELECT DISTINCT number_key FROM intake_in_file) f ON f.number_key = v.number_key
    LEFT JOIN LATERAL (
        SELECT id, from_on FROM receivables_hold
        WHERE organization_id = %(organization)s AND customer_id = i.customer_id AND installment_id = i.id
          AND reason = 'missing' AND released_on IS NULL
        LIMIT 1
    ) h ON true
    WHERE v.organization_id = %(organization)s AND v.creditor_id = %(creditor)s AND v.kind = 'invoice'
      AND v.withdrawn_on IS NULL AND v.issued_on <= %(day)s
"""


class Share(NamedTuple):
    """What would newly go missing of what is open in one currency."""

    currency: str
    items: int
    open_items: int
    amount: Decimal
    open_amount: Decimal

    @property
    def too_much(self) -> bool:
        """Whether more than a tenth would go, of the items or of their value."""
        return self.items > _MOST_MISSING * self.open_items or self.amount > _MOST_MISSING * self.open_amount


class Portfolio:
    """One snapshot beside what is open. `keys` of the file lie in a temporary table while this lives."""

    def __init__(self, by: Actor, job: ImportJob) -> None:
        self.by = by
        self.job = job
        self._parameters: dict[str, Any] = {
            "organization": by.organization_id,
            "creditor": job.creditor_id,
            "day": job.snapshot_on,
        }

    def question(self) -> Problem | None:
        """What a person has to confirm before this snapshot lands; None where it may, or where one has confirmed."""
        if self.job.confirmed:
            return None
        last = _last_snapshot(self.job)
        if last and self.day < last:
            return Problem(
                N_(
                    "The last snapshot of this creditor is of {last}, later than {day}. Confirm that this file is to count."
                ),
                last=last,
                day=self.day,
            )
        for share in self._shares():
            if share.too_much:
                return Problem(
                    N_(
                        "{items} of {open_items} open items ({amount} of {open_amount} {currency}) are not in this snapshot,"
                        " more than a tenth. Confirm that the file is complete."
                    ),
                    **share._asdict(),
                )
        return None

    @property
    def day(self) -> date:
        """The day of the snapshot."""
        day: date = self._parameters["day"]
        return day

    def _shares(self) -> list[Share]:
        statement = f"""
            SELECT currency, count(*) FILTER (WHERE new), count(*), coalesce(sum(open_amount) FILTER (WHERE new), 0),
                   sum(open_amount)
            FROM (SELECT *, NOT there AND hold_id IS NULL AS new FROM ({_OPEN}) o) o
            GROUP BY currency ORDER BY currency
        """
        with acting_for(self.by.organization_id), connection.cursor() as cursor:
            cursor.execute(statement, self._parameters)
            return [Share(*row) for row in cursor.fetchall()]

    def settle(self) -> dict[str, Any]:
        """Once the rows have landed: hold what is missing, settle outside what was missing before, release what is back."""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT id, there, hold_id, from_on FROM ({_OPEN}) o", self._parameters)
            rows = cursor.fetchall()
        missing = [id for id, there, hold, _since in rows if not there and hold is None]
        confirmed = {id: hold for id, there, hold, since in rows if not there and hold and since < self.day}
        back = {id: hold for id, there, hold, _since in rows if there and hold}
        hold_many(
            self.by,
            missing,
            reason=Hold.Reason.MISSING,
            from_on=self.day,
            source_id=self.job.id,
            note=self.job.file_name,
        )
        _close(self.by, self.job, confirmed, self.day)
        _release(self.by, self.job, back)
        return {"held": len(missing), "settled_outside": len(confirmed), "back": len(back)}


@contextmanager
def portfolio(by: Actor, job: ImportJob, table: Table, proposal: Proposal) -> Iterator[Portfolio | None]:
    """The job's snapshot beside what is open; None where the job is none. Reads the whole file once."""
    if not job.snapshot_on:
        yield None
        return
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{_TABLE}")  # of a run in this session that failed
        cursor.execute(f"CREATE TEMPORARY TABLE {_TABLE} (number_key text)")
        for keys in _keys(table, proposal):
            copy_rows(cursor, _TABLE, ("number_key",), ((key,) for key in keys))
        cursor.execute(f"ANALYZE {_TABLE}")
    yield Portfolio(by, job)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {_TABLE}")


def _keys(table: Table, proposal: Proposal) -> Iterator[set[str]]:
    """The documents the file names, by chunk; also those of rows it refuses: they are not missing."""
    numbers = proposal.readings["number"].columns
    for chunk in read_chunks(table, proposal):
        named = {row.number for row in chunk.rows if isinstance(row, InvoiceRow) and not row.credit_note}
        for reject in chunk.rejects:
            parts = [reject.cells[column].strip() for column in numbers if column < len(reject.cells)]
            named.add("-".join(filter(None, parts)))
        yield {key for key in map(_key, named) if key}


def _key(number: str) -> str:
    try:
        return document_key(number)
    except Problem:
        return ""


def _last_snapshot(job: ImportJob) -> date | None:
    if job.creditor_id is None:
        return None
    last: date | None = (
        ImportJob.objects.filter(
            organization_id=job.organization_id, creditor_id=job.creditor_id, state=ImportJob.State.DONE
        ).aggregate(last=Max("snapshot_on"))
    )["last"]
    return last


def confirm_missing(by: Actor, job_id: UUID) -> int:
    """A person says that what a snapshot did not name is settled, without waiting for the next one; how many items that were.

    Raises ImportJob.DoesNotExist.
    """
    with action(by, "intake.confirm_missing") as log:
        job = ImportJob.objects.get(organization_id=by.organization_id, id=job_id)
        log.about(job)
        holds = Hold.objects.filter(
            organization_id=by.organization_id, source_id=job.id, reason=Hold.Reason.MISSING, released_on=None
        )
        doubted = dict(holds.values_list("installment_id", "id"))
        _close(by, job, doubted, job.snapshot_on or by.today)
        log.say(settled_outside=len(doubted))
        return len(doubted)


def _close(by: Actor, job: ImportJob, doubted: dict[UUID, UUID], day: date) -> None:
    """Settle the items outside; their holds (by item) end."""
    if not doubted or job.creditor_id is None:
        return
    closed = closed_through(by.organization_id, {job.creditor_id})[job.creditor_id]
    effective_on = by.today if closed and day <= closed else day
    close_outside_many(by, list(doubted), effective_on=effective_on, why=job.file_name, batch_id=job.id)
    _release(by, job, doubted)


def _release(by: Actor, job: ImportJob, held: dict[UUID, UUID]) -> None:
    """End the holds of these items, and keep which ones they were."""
    if not held:
        return
    release_many(by, list(held), reason=Hold.Reason.MISSING, why=job.file_name)
    Change.objects.bulk_create(
        Change(organization_id=by.organization_id, job=job, kind=Change.Kind.HOLD_RELEASED, object_id=hold)
        for hold in held.values()
    )
