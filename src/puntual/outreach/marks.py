"""What an activity leaves behind on the items it demanded: the step each of them has now had."""

import json
from datetime import datetime

from django.db import connection

from puntual.outreach.models import Activity
from puntual.strategies.manual import Manual, from_content
from puntual.strategies.models import Version

# The tone is that of the step the item itself had reached, which may be softer than the message it rode along in. The lead's
# comes with the activity. A task for the team has none.
_WRITE = """
INSERT INTO outreach_mark (
    id, organization_id, customer_id, installment_id, due_generation, step, tone, activity_id, at, voided
)
SELECT puntual_uuid7(), i.organization_id, i.customer_id, i.id, i.due_generation, had.step,
       coalesce(%(tones)s::jsonb ->> had.step, %(tone)s), %(activity)s, %(at)s, false
FROM unnest(%(items)s::uuid[], %(steps)s::text[]) AS had(item, step)
JOIN receivables_installment i ON i.organization_id = %(organization)s AND i.id = had.item
WHERE had.step <> '' AND had.step <> ALL(%(unproved)s)
ON CONFLICT DO NOTHING
"""


def manual_of(activity: Activity) -> Manual | None:
    """The manual an activity was planned by; None for what a person logged by hand."""
    if activity.version_id is None:
        return None
    version = Version.objects.get(organization_id=activity.organization_id, pk=activity.version_id)
    return from_content(version.content)


def write_marks(activity: Activity, at: datetime, *, proved: bool = False) -> int:
    """Mark the items of an activity that was delivered; returns how many.

    A step the manual requires is had only with its proof: it is left out unless `proved`.
    """
    manual = manual_of(activity)
    steps = manual.steps if manual else ()
    with connection.cursor() as cursor:
        cursor.execute(
            _WRITE,
            {
                "organization": activity.organization_id,
                "activity": activity.pk,
                "at": at,
                "items": activity.items,
                "steps": activity.item_steps,
                "tone": activity.tone,
                "tones": json.dumps({step.code: step.tone for step in steps}),
                "unproved": [] if proved else [step.code for step in steps if step.required],
            },
        )
        written: int = cursor.rowcount
    return written
