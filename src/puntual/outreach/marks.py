"""What an activity leaves behind on the items it demanded: the step each of them has now had."""

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from puntual.kernel.remembering import remembered
from puntual.outreach.models import Activity
from puntual.strategies.later import manual_of as manual_in
from puntual.strategies.manual import Manual
from puntual.strategies.models import Version

# The tone is that of the step the item itself had reached, which may be softer than the message it rode along in. The lead's
# comes with the activity. A task for the team has none.
MARK = """
INSERT INTO outreach_mark (
    id, organization_id, customer_id, installment_id, due_generation, step, tone, activity_id, at, voided
)
SELECT puntual_uuid7(), i.organization_id, i.customer_id, i.id, i.due_generation, had.step,
       coalesce(%(tones)s::jsonb ->> had.step, a.tone), a.id, %(at)s, false
FROM {activities} a
CROSS JOIN unnest(a.items, a.item_steps) AS had(item, step)
JOIN receivables_installment i ON i.organization_id = %(organization)s AND i.id = had.item
WHERE a.organization_id = %(organization)s AND had.step <> '' AND had.step <> ALL(%(unproved)s)
ON CONFLICT DO NOTHING
"""
"""Marks what some `activities` demanded: a table, or rows of one."""
_OF = "(SELECT * FROM outreach_activity WHERE organization_id = %(organization)s AND id = ANY(%(activities)s))"


def manual_of(activity: Activity) -> Manual | None:
    """The manual an activity was planned by; None for what a person logged by hand."""
    return _manual(activity.organization_id, activity.version_id) if activity.version_id else None


@remembered
def _manual(organization_id: UUID, version_id: UUID) -> Manual:
    return manual_in(Version.objects.get(organization_id=organization_id, pk=version_id))


def write_marks(activity: Activity, at: datetime, *, proved: bool = False) -> int:
    """Mark the items of an activity that was delivered, as it is stored; returns how many.

    A step the manual requires is had only with its proof: it is left out unless `proved`.
    """
    return write_marks_of([activity], at, proved=proved)


def write_marks_of(activities: Sequence[Activity], at: datetime, *, proved: bool = False) -> int:
    """The same for several of one organization, in one statement for each manual they come from."""
    by_version: dict[UUID | None, list[Activity]] = defaultdict(list)
    for activity in activities:
        by_version[activity.version_id].append(activity)
    written = 0
    with connection.cursor() as cursor:
        for group in by_version.values():
            values = {"activities": [one.pk for one in group], **mark_values(group[0], at, proved=proved)}
            cursor.execute(MARK.format(activities=_OF), values)
            written += cursor.rowcount
    return written


def mark_values(activity: Activity, at: datetime, *, proved: bool = False) -> dict[str, Any]:
    """The values of a `MARK` for activities of the same manual."""
    manual = manual_of(activity)
    steps = manual.steps if manual else ()
    return {
        "organization": activity.organization_id,
        "at": at,
        "tones": json.dumps({step.code: step.tone for step in steps}),
        "unproved": [] if proved else [step.code for step in steps if step.required],
    }
