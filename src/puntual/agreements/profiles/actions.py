"""The action on findings. Callers import it from `agreements.actions`."""

from datetime import date
from uuid import UUID

from puntual.agreements.profiles.findings import REASONS
from puntual.agreements.profiles.models import Finding
from puntual.agreements.profiles.queries import current
from puntual.audit.actions import Actor, action
from puntual.kernel.problems import N_, Problem
from puntual.parties.models import Customer


def record_finding(
    by: Actor,
    customer_id: UUID,
    *,
    willing: bool | None,
    able: bool | None,
    reason: str,
    evidence: str,
    found_on: date | None = None,
    source_id: UUID | None = None,
) -> Finding:
    """Keep what was found out about a customer, on `found_on` (today unless given); the latest day counts.

    Raises Customer.DoesNotExist; Problem where it says nothing, without evidence, with a reason nobody knows or of a day to come.
    """
    if willing is None and able is None and not reason:
        raise Problem(
            N_("Say at least one thing: whether they want to pay, whether they can, or why it is late."),
            beside="reason",
        )
    if not evidence.strip():
        raise Problem(N_("Write what was said or seen: without it nobody can rely on this later."))
    if reason and reason not in REASONS:
        raise Problem(N_("“{reason}” is no reason of the list. Choose one of it."), reason=reason)
    day = found_on or by.today
    if day > by.today:
        raise Problem(N_("{day} is still to come. Give the day it was found out."), day=day)
    with action(by, "agreements.finding", willing=willing, able=able, reason=reason, why=evidence.strip()) as log:
        customer = Customer.objects.select_for_update(no_key=True).get(
            organization_id=by.organization_id, pk=customer_id
        )
        made = Finding.objects.create(
            organization_id=by.organization_id,
            customer=customer,
            willing=willing,
            able=able,
            reason=reason,
            evidence=evidence.strip(),
            found_on=day,
            source_id=source_id,
            recorded_at=by.now,
            recorded_by=by.name,
        )
        log.about(made)
        log.say(customer=customer.pk, found_on=day)
        counts = current(by.organization_id, customer_id)
        if counts:
            customer.willing, customer.able, customer.arrears_reason = counts.willing, counts.able, counts.reason
            customer.save(update_fields=["willing", "able", "arrears_reason"])
    return made
