"""How much of a channel a day takes. Callers import this from `actions`."""

from puntual.audit.actions import Actor, action
from puntual.kernel.problems import N_, Problem
from puntual.outreach.models import Activity, Capacity

MOST_PER_DAY = 100_000


def set_capacity(by: Actor, channel: str, per_day: int | None) -> None:
    """Plan at most `per_day` activities of a channel for one day; None plans as many as there are.

    Calls are not limited here but by their callers. Raises ValueError for an unknown channel, Problem outside 0 to 100,000.
    """
    channel = Activity.Channel(channel)
    if per_day is not None and not 0 <= per_day <= MOST_PER_DAY:
        raise Problem(N_("Give a number from 0 to {most}."), most=MOST_PER_DAY)
    with action(by, "capacity.set", channel=channel, per_day=per_day) as log:
        own = Capacity.objects.filter(organization_id=by.organization_id, channel=channel)
        if per_day is None:
            own.delete()
            return
        capacity, _created = Capacity.objects.update_or_create(
            organization_id=by.organization_id, channel=channel, defaults={"per_day": per_day}
        )
        log.about(capacity)
