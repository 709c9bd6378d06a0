"""Since when something must have happened to what was agreed for it to be valued again, and to which items it did."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.backends.utils import CursorWrapper

SLACK: Final = timedelta(days=1)
"""What was recorded so long before the last time may not have been visible then: an import takes a while."""

_MOVED = """
    CREATE TEMPORARY TABLE agreements_moved ON COMMIT DROP AS
    SELECT e.installment_id AS id FROM receivables_entry e
    WHERE e.organization_id = %(organization)s AND e.kind <> 'issued' AND e.recorded_at >= %(recorded)s
    UNION
    SELECT e.installment_id FROM receivables_entry e
    WHERE e.organization_id = %(organization)s AND e.kind <> 'issued' AND e.effective_on >= %(effective)s
"""


@dataclass(frozen=True, slots=True)
class LastTime:
    """Everything agreed was valued at this moment, as of this day."""

    at: datetime
    day: date

    @property
    def recorded(self) -> datetime:
        """What was recorded from here on may not have been seen."""
        return self.at - SLACK

    @property
    def effective(self) -> date:
        """What counts from here on may not have counted, such as when a day of the past was run."""
        return min(self.day, self.at.date()) - SLACK

    def gather_moved(self, cursor: CursorWrapper, organization_id: UUID) -> None:
        """Put the items to which entries came since then into the temporary table `agreements_moved`.

        A table of its own, because no statistics tell how few of all entries these are.
        """
        cursor.execute("DROP TABLE IF EXISTS pg_temp.agreements_moved")
        cursor.execute(
            _MOVED, {"organization": organization_id, "recorded": self.recorded, "effective": self.effective}
        )
        cursor.execute("ANALYZE agreements_moved")
