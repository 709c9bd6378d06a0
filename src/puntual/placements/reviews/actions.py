"""Keeping a debt open until a day. Callers import these from `placements.actions`."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from puntual.audit.actions import Actor, action
from puntual.kernel.problems import N_, Problem
from puntual.placements.reviews.models import KeptOpen

REVIEW_AFTER = timedelta(days=30)
"""When a debt that is kept open is looked at again, where nobody says another day."""
_FURTHEST = timedelta(days=366)


def keep_open(
    by: Actor, customer_id: UUID, items: Sequence[UUID], *, why: str, source_id: UUID, review_on: date | None = None
) -> KeptOpen:
    """Keep a debt open until a day, on which it is decided again (without one: `REVIEW_AFTER` from today).

    Raises Problem for a day that is not to come, or more than a year away.
    """
    day = review_on or by.today + REVIEW_AFTER
    if not by.today < day <= by.today + _FURTHEST:
        raise Problem(N_("Choose a day from tomorrow on, within a year: then it is decided again."))
    with action(by, "placements.keep_open", review_on=day, why=why.strip()) as log:
        found = KeptOpen.objects.create(
            organization_id=by.organization_id,
            customer_id=customer_id,
            items=list(items),
            why=why.strip(),
            kept_on=by.today,
            kept_by=by.name,
            review_on=day,
            source_id=source_id,
        )
        log.about(found)
    return found


def keep_no_longer(by: Actor, source_id: UUID) -> None:
    """Take back what a decision task brought about, where its day has not come."""
    KeptOpen.objects.filter(organization_id=by.organization_id, source_id=source_id, reviewed_on=None).delete()
