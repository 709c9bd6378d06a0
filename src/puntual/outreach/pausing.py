"""A person's "not now". Callers import this from `actions`."""

from datetime import date

from puntual.audit.actions import Actor, action
from puntual.kernel.problems import N_, Problem
from puntual.outreach.approving import locked
from puntual.outreach.models import Activity
from puntual.receivables.actions import hold
from puntual.receivables.models import Hold

State = Activity.State


def pause(
    by: Actor,
    activity: Activity,
    until: date,
    why: str,
    *,
    whole_customer: bool,
    reason: str = Hold.Reason.PERSON,
) -> Activity:
    """Wait through a day with the customer, or only with what this activity asks for, and give the activity up.

    From the day after, the day run decides anew. `reason` is one of Hold.Reason. Raises Problem without a reason in words, for a
    day that is not to come, or where the activity has happened already.
    """
    if not why.strip():
        raise Problem(N_("Say why, in a few words: whoever looks at this customer next will want to know."))
    if until < by.today:
        raise Problem(N_("Choose a day that is still to come."), until=until)
    with action(by, "outreach.pause", until=until, why=why) as log:
        found = locked(by, activity, State.PROPOSED, State.QUEUED, State.TO_DO)
        log.about(found)
        note = why.strip()
        if whole_customer or not found.items:
            hold(by, reason=reason, customer_id=found.customer_id, until_on=until, note=note)
        else:
            for item in found.items:
                hold(by, reason=reason, installment_id=item, until_on=until, note=note)
        found.state, found.result, found.note, found.settled_at = State.LAPSED, "held", note, by.now
        found.save(update_fields=["state", "result", "note", "settled_at"])
    return found
