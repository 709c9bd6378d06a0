"""Actions on customers and on the party behind them. Callers import them from `actions`."""

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from puntual.audit.actions import Actor, action
from puntual.kernel.problems import N_, Problem
from puntual.organizations.models import Membership
from puntual.parties.models import Customer, Party


def set_handling(by: Actor, customer_id: UUID, handling: str, *, why: str, owner_id: UUID | None = None) -> Customer:
    """Say how a customer is handled from now on: automatic, approve each, owner only, none; and whose customer it is.

    Raises Customer.DoesNotExist, ValueError for an unknown handling, Problem without a reason, for "owner only" without an owner,
    and for an owner who is no member (any more).
    """
    handling = Customer.Handling(handling)
    if not why.strip():
        raise Problem(N_("Say why, in a few words: whoever looks at this customer next will want to know."))
    if handling == Customer.Handling.OWNER_ONLY and owner_id is None:
        raise Problem(N_("Choose the person who alone handles this customer."))
    with action(by, "customer.set_handling", why=why.strip()) as log:
        customer = Customer.objects.select_for_update(no_key=True).get(
            organization_id=by.organization_id, id=customer_id
        )
        log.about(customer)
        if owner_id is not None and not _members(by).filter(user_id=owner_id).exists():
            raise Problem(N_("This person is no longer a member. Choose another one."))
        log.say(before=customer.handling, after=handling, owner=owner_id)
        if customer.owner_id != owner_id:
            customer.owned_by = Customer.Owned.HAND
        customer.handling, customer.owner_id = handling, owner_id
        customer.save(update_fields=["handling", "owner", "owned_by"])
        return customer


def set_party_status(by: Actor, party_id: UUID, status: str, *, on: date, evidence: str) -> Party:
    """Say that a party has died, is insolvent, is represented or disputes who owes, or that it is active again, since a day.

    Anything but active stops every contact with all its customers, whatever a manual says; that is why the evidence is
    kept: a resolution, a power of attorney, who said so. Raises Party.DoesNotExist, ValueError for an unknown status,
    Problem without evidence or for a day to come.
    """
    status = Party.Status(status)
    if not evidence.strip():
        raise Problem(N_("Say what proves it: a document and its number, or who said so and when."))
    if on > by.today:
        raise Problem(N_("{day} lies in the future. Give the day since when it is so."), day=on)
    with action(by, "party.set_status", why=evidence.strip()) as log:
        party = Party.objects.select_for_update(no_key=True).get(organization_id=by.organization_id, id=party_id)
        log.about(party)
        log.say(before=party.status, after=status, on=on)
        party.status, party.status_on, party.status_evidence = status, on, evidence.strip()
        party.save(update_fields=["status", "status_on", "status_evidence"])
        return party


def _members(by: Actor) -> QuerySet[Membership]:
    return Membership.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=by.today), organization_id=by.organization_id
    )
