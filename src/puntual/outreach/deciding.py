"""What is decided at the end of the ladder: place it with an agency, sue, write it off, or keep it."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from puntual.audit.actions import Actor, action
from puntual.kernel.problems import N_, Problem
from puntual.outreach.approving import locked
from puntual.outreach.marks import manual_of
from puntual.outreach.models import Activity
from puntual.outreach.recording import record_result
from puntual.placements.actions import keep_open, place, propose_write_off
from puntual.placements.models import Placement

CHOICES: dict[str, str] = {
    "place": N_("Place it with an agency"),
    "sue": N_("Sue"),
    "write_off": N_("Propose to write it off"),
    "keep": N_("Keep it open"),
}
"""In the order in which they are offered."""
_KINDS = {"place": Placement.Kind.AGENCY, "sue": Placement.Kind.LEGAL}


def is_decision(activity: Activity) -> bool:
    """Whether this is the task in which the manual's ladder ends."""
    manual = manual_of(activity) if activity.channel == Activity.Channel.INTERNAL else None
    step = manual.step(activity.step) if manual else None
    return step is not None and step.internal == "decision"


def decide_end(
    by: Actor,
    activity: Activity,
    choice: str,
    *,
    why: str,
    with_whom: str = "",
    reference: str = "",
    review_on: date | None = None,
) -> UUID:
    """Take the decision, and do it: a placement with an agency or with legal, a proposal to write off, or that it is kept open
    until `review_on` comes of it (its id). All that the task demanded has had the manual's last step.

    Raises Problem for another kind of task, an unknown choice, without a reason, and what the act itself refuses.
    """
    if choice not in CHOICES or not is_decision(activity):
        raise Problem(N_("This is not decided here. Load the page again to see how it stands now."))
    if not why.strip():
        raise Problem(N_("Say why, in a few words: whoever looks at this customer next will want to know."))
    with action(by, "outreach.decide_end", choice=choice, why=why.strip()) as log:
        found = locked(by, activity, Activity.State.TO_DO)
        log.about(found)
        if kind := _KINDS.get(choice):
            amounts = {currency: Decimal(amount) for currency, amount in found.demand.items()}
            made = place(
                by,
                found.customer_id,
                kind,
                with_whom,
                why=why,
                reference=reference,
                handed_over=amounts,
                items=found.items,
                source_id=found.id,
            ).id
        elif choice == "write_off":
            made = propose_write_off(by, found.customer_id, found.items, why=why, source_id=found.id).id
        else:
            made = keep_open(by, found.customer_id, found.items, why=why, source_id=found.id, review_on=review_on).id
        record_result(by, found, "task_not_needed" if choice == "keep" else "task_done", why.strip())
    return made
