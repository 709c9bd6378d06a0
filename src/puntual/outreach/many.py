"""Deciding on many contacts at once, and saying what was left as it is. Callers import these from `actions`."""

from collections.abc import Collection
from uuid import UUID

from puntual.audit.actions import Actor, action
from puntual.kernel.bulk import Outcome
from puntual.kernel.problems import N_, Problem
from puntual.outreach.approving import approvable, approve_many
from puntual.outreach.models import Activity

State = Activity.State
DROPPABLE = (State.PROPOSED, State.QUEUED, State.TO_DO, State.FAILED)
NOT_YOURS = N_("Its time is over, or it is another person's to decide")
NOT_WAITING = N_("It does not wait for approval any more")
HAPPENED = N_("It has happened already, or somebody decided on it")


def approve_chosen(by: Actor, activity_ids: Collection[UUID]) -> Outcome:
    """Approve these where they wait for it and the member may; see `approve_many`."""
    with action(by, "outreach.approve_chosen"):
        rows = Activity.objects.filter(organization_id=by.organization_id, id__in=list(activity_ids))
        chosen = rows.count()
        allowed, refused = approvable(by, ids=activity_ids)
        done = approve_many(by, ids=activity_ids)
        left = {NOT_YOURS: refused + allowed - done, NOT_WAITING: chosen - allowed - refused}
        return Outcome(done, {why: count for why, count in left.items() if count})


def drop_many(by: Actor, activity_ids: Collection[UUID], *, why: str) -> Outcome:
    """Decide against these where they have not happened; their steps are not proposed again for the same items.

    Raises Problem without a reason.
    """
    if not why.strip():
        raise Problem(N_("Say why, in a few words: whoever looks at this customer next will want to know."))
    with action(by, "outreach.drop_many", why=why.strip()) as log:
        mine = Activity.objects.filter(organization_id=by.organization_id, id__in=list(activity_ids))
        chosen = mine.count()
        # Rows somebody else is deciding on at this moment are left to them.
        waiting = mine.filter(state__in=DROPPABLE).order_by("id").select_for_update(no_key=True, skip_locked=True)
        ids = list(waiting.values_list("id", flat=True))
        done = mine.filter(id__in=ids).update(
            state=State.DROPPED, result="dropped", note=why.strip(), settled_at=by.now
        )
        log.say(ids=ids)
        return Outcome(done, {HAPPENED: chosen - done} if chosen > done else {})
