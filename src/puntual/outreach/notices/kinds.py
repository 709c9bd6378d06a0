"""The one registry of notices: of each occasion a manual may speak of, how it is found and what there is to say."""

from collections.abc import Mapping
from typing import NamedTuple

from puntual.outreach.notices import advice, ahead, objections, plans, promises, standing, thanks
from puntual.outreach.notices.told import Coming, Telling


class Kind(NamedTuple):
    """How the occasions of a kind are found for a day, and what is told of each when it is planned, shown and sent."""

    coming: Coming
    told: Telling


KINDS: Mapping[str, Kind] = {
    "plan_missed": Kind(plans.parts_missed, plans.told_part),
    "plan_broken": Kind(plans.broken, plans.told_broken),
    "dispute_answered": Kind(objections.decided, objections.told),
    "plan_agreed": Kind(plans.agreed, plans.told_agreed),
    "promise_reminder": Kind(promises.coming, promises.told),
    "plan_due": Kind(plans.parts_to_come, plans.told_part),
    "approval_asked": Kind(ahead.coming, ahead.told),
    "plan_completed": Kind(plans.completed, plans.told_completed),
    "thank_you": Kind(thanks.coming, thanks.told),
    "reactivation": Kind(plans.settled_cycles, plans.told_settled),
    "recognition": Kind(standing.coming, standing.told),
    "advice": Kind(advice.coming, advice.told),
}
"""By the codes of `strategies.notices.OCCASIONS`, in the same order: the first goes where several meet on a day."""
