"""Pausing many customers at once. Callers import it from `actions`."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import Q

from puntual.audit.actions import Actor, action
from puntual.kernel.bulk import Outcome
from puntual.kernel.problems import N_, Problem
from puntual.parties.models import Customer
from puntual.receivables.models import Hold

PAUSED = N_("It is paused for at least as long already")


def pause_customers(
    by: Actor, customer_ids: Collection[UUID], *, reason: str, until_on: date, note: str = ""
) -> Outcome:
    """Pause these customers whole, from today through a day; one that is paused whole for as long already is left as it is.

    Raises ValueError for an unknown reason, Problem for a day that is past.
    """
    if until_on < by.today:
        raise Problem(N_("Choose a day that is still to come."))
    with action(by, "receivables.pause_customers", reason=reason, until=until_on, why=note) as log:
        mine = Customer.objects.filter(organization_id=by.organization_id, id__in=list(customer_ids))
        found = set(mine.order_by("id").select_for_update(no_key=True).values_list("id", flat=True))
        whole = Hold.objects.filter(
            Q(until_on__isnull=True) | Q(until_on__gte=until_on),
            organization_id=by.organization_id,
            customer__in=found,
            invoice__isnull=True,
            installment__isnull=True,
            released_on__isnull=True,
            from_on__lte=by.today,
            stops_chasing=True,
        )
        wanted = found - set(whole.values_list("customer_id", flat=True))
        Hold.objects.bulk_create(
            Hold(
                organization_id=by.organization_id,
                customer_id=customer_id,
                reason=Hold.Reason(reason),
                from_on=by.today,
                until_on=until_on,
                note=note,
                created_by=by.name,
            )
            for customer_id in sorted(wanted)
        )
        log.say(customers=sorted(wanted))
        paused = len(found) - len(wanted)
        return Outcome(len(wanted), {PAUSED: paused} if paused else {})
