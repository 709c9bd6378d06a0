"""What a step's message may offer to a customer: the step's own offer, or the one of its kind that is for the situation."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from puntual.agreements.guardrails import Situation
from puntual.outreach.marks import manual_of
from puntual.outreach.models import Activity
from puntual.strategies.allowances import followed_by
from puntual.strategies.situations import applying
from puntual.strategies.steps import Manual, Offer


def offers_for(organization_id: UUID, activities: Sequence[Activity], day: date) -> dict[UUID, Offer | None]:
    """By activity, for those whose step names an offer: what applies; None where nothing of the kind does. Inside `acting_for`.

    The customers' situations are only looked at where offers of the kind depend on more than the step's day.
    """
    named: dict[UUID, tuple[Activity, Manual, Offer]] = {}
    for activity in activities:
        manual = manual_of(activity)
        step = manual.step(activity.step) if manual else None
        offer = manual.offer(step.offer) if manual and step and step.offer else None
        if manual and offer:
            named[activity.id] = activity, manual, offer
    depending = [activity.customer_id for activity, manual, offer in named.values() if _depends(manual, offer)]
    followed = followed_by(organization_id, set(depending), day) if depending else {}
    return {
        pk: _of(manual, offer, activity, followed[activity.customer_id].situations)
        if _depends(manual, offer) and activity.customer_id in followed
        else offer
        for pk, (activity, manual, offer) in named.items()
    }


def _depends(manual: Manual, offer: Offer) -> bool:
    """Whether who may hear the offer depends on the balance, a segment or a last day. One for paying early is for each item."""
    if offer.kind == "early_payment":
        return False
    among = [one for one in manual.offers if one.kind == offer.kind]
    return any(one.balance_from or one.balance_below or one.segments or one.to_day is not None for one in among)


def _of(manual: Manual, offer: Offer, activity: Activity, situations: Mapping[str, Situation]) -> Offer | None:
    """The step's own offer where it applies, else the first of its kind that does, in the first currency that is asked for."""
    for currency in sorted(activity.demand or situations):
        if here := situations.get(currency):
            found = [one for one in applying(manual.offers, here) if one.kind == offer.kind]
            return offer if offer in found else next(iter(found), None)
    return None
