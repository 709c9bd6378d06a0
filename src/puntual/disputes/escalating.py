"""What the clock does with disputes that nobody answered in time. Callers import it from `actions`."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from puntual.audit.actions import Actor, action
from puntual.disputes.keeping import HELD, team_calendar
from puntual.disputes.models import Dispute, DisputeNote
from puntual.disputes.states import LIVE, review_on
from puntual.disputes.talking import managers_first
from puntual.organizations.models import Organization
from puntual.receivables.actions import redate_holds
from puntual.tenancy.scope import acting_for

# Undecided, and what holds it ends by today: it is held on until it was looked at again.
_TO_REVIEW = """
    SELECT DISTINCT d.id FROM disputes_dispute d
    JOIN receivables_hold h ON h.organization_id = d.organization_id AND h.source_id = d.id AND h.released_on IS NULL
    WHERE d.organization_id = %s AND d.state IN ('open', 'accepted') AND d.deadline < %s AND h.until_on <= %s
"""


class Escalated(NamedTuple):
    """How many disputes went to a manager, and of how many the day of review was put off because nobody had decided."""

    disputes: int
    reviewed: int


def escalate(by: Actor) -> Escalated:
    """Hand the disputes whose day of answer is over to the manager of whoever has them, once each.

    What is disputed is never asked for because nobody answered: where its hold comes to its end undecided, it is held for another
    while. Set-based; a second time the same day nothing changes.
    """
    with acting_for(by.organization_id):
        overdue = Dispute.objects.filter(
            organization_id=by.organization_id, state__in=LIVE, deadline__lt=by.today, escalated_on=None
        )
        late = list(overdue.values_list("id", "owner_id"))
        with connection.cursor() as cursor:
            cursor.execute(_TO_REVIEW, [by.organization_id, by.today, by.today])
            reviewed = [key for (key,) in cursor]
        if not late and not reviewed:
            return Escalated(0, 0)
        with action(by, "disputes.escalate", disputes=len(late), reviewed=len(reviewed)):
            _hand_over(by, late)
            if reviewed:
                organization = Organization.objects.get(id=by.organization_id)
                until = review_on(team_calendar(organization), by.today, by.today)
                redate_holds(by, reviewed, until, reason=HELD)
        return Escalated(len(late), len(reviewed))


def _hand_over(by: Actor, late: Sequence[tuple[UUID, UUID | None]]) -> None:
    """To the first manager who is not the one it belongs to, else the first owner, else whoever there is."""
    whom = managers_first(by.organization_id, by.today)
    to: dict[UUID | None, list[UUID]] = {}
    for dispute_id, owner_id in late:
        manager = next((key for key in whom if key != owner_id), whom[0] if whom else None)
        to.setdefault(manager, []).append(dispute_id)
    for manager, ids in to.items():
        Dispute.objects.filter(organization_id=by.organization_id, id__in=ids).update(
            escalated_on=by.today, escalated_to=manager
        )
    DisputeNote.objects.bulk_create(
        DisputeNote(
            organization_id=by.organization_id,
            dispute_id=dispute_id,
            kind=DisputeNote.Kind.STEP,
            step="escalate",
            at=by.now,
            by_name=by.name,
        )
        for dispute_id, _owner in late
    )
