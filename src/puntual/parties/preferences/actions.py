"""Writing down a preference. Callers import this from `parties.actions`."""

from typing import Any, Final
from uuid import UUID

from puntual.audit.actions import Actor, action
from puntual.kernel.problems import N_, Problem
from puntual.parties.models import Customer, Person
from puntual.parties.preferences.models import Preference

LEAST_HOURS: Final = 2
"""A shorter time could not be kept by anybody who writes to many."""


def set_preference(
    by: Actor,
    customer_id: UUID,
    *,
    person_id: UUID | None = None,
    channel: str = "",
    hours: tuple[int, int] | None = None,
    source: str = Preference.Source.TEAM,
) -> Preference | None:
    """Keep how a customer, or one person there, prefers to be reached, in place of what was known; nothing of both is none.

    `hours` are whole hours of the day, from and until, where the customer is. Raises Customer.DoesNotExist,
    Person.DoesNotExist (also for a person of another customer), ValueError for an unknown channel, Problem for hours in the
    wrong order or too short.
    """
    channel = Preference.Channel(channel).value if channel else ""
    if hours is not None and not (hours[0] >= 0 and hours[0] + LEAST_HOURS <= hours[1] <= 24):
        raise Problem(N_("Give at least {n} hours, from the earlier to the later."), n=LEAST_HOURS, beside="last")
    with action(by, "preference.set", channel=channel, hours=list(hours or ()), source=source) as log:
        customer = Customer.objects.select_for_update(no_key=True).get(
            organization_id=by.organization_id, pk=customer_id
        )
        log.about(customer)
        person = None
        if person_id is not None:
            person = Person.objects.get(organization_id=by.organization_id, customer=customer, pk=person_id)
            log.say(person=person.pk)
        mine = Preference.objects.filter(organization_id=by.organization_id, customer=customer, person=person)
        if not channel and hours is None:
            mine.delete()
            return None
        first, last = hours or (None, None)
        values: dict[str, Any] = {"channel": channel, "hours_from": first, "hours_until": last, "source": source}
        values |= {"recorded_at": by.now, "recorded_by": by.name[:150]}
        kept, _new = Preference.objects.update_or_create(
            organization_id=by.organization_id, customer=customer, person=person, defaults=values
        )
        return kept
