"""Actions on what bears on a claim's limitation. Callers import them from `actions`."""

from datetime import date
from uuid import UUID

from puntual.audit.actions import Actor, action
from puntual.kernel.problems import N_, Problem
from puntual.parties.models import Customer
from puntual.receivables.models import ClaimFact, Invoice
from puntual.receivables.problems import FutureDate, NotOfThisCustomer


def record_claim_fact(
    by: Actor, customer_id: UUID, kind: str, *, on: date, evidence: str, invoice_id: UUID | None = None
) -> ClaimFact:
    """Keep that a debt was acknowledged, sued for, demanded with proof or protested on a day: of one invoice, or of all of them.

    Whether it starts the period anew is for the country's rules to say. Raises DoesNotExist of what is named, NotOfThisCustomer,
    FutureDate, Problem without evidence.
    """
    with action(by, "receivables.claim_fact", kind=kind, on=on, why=evidence) as log:
        made = _keep(by, customer_id, invoice_id, ClaimFact.Kind(kind), on, evidence)
        log.about(made)
    return made


def lift_time_bar(by: Actor, customer_id: UUID, *, why: str, invoice_id: UUID | None = None) -> ClaimFact:
    """Let claims whose period is over be pursued from today: counsel said so, and `why` says who and on what ground.

    Raises as `record_claim_fact`.
    """
    with action(by, "receivables.lift_time_bar", why=why) as log:
        made = _keep(by, customer_id, invoice_id, ClaimFact.Kind.LIFTED, by.today, why)
        log.about(made)
    return made


def withdraw_claim_fact(by: Actor, fact_id: UUID, *, why: str) -> ClaimFact:
    """From today the fact counts no more; it stays readable, and one withdrawn already as it was. Raises DoesNotExist."""
    with action(by, "receivables.withdraw_claim_fact", why=why) as log:
        found = ClaimFact.objects.select_for_update(no_key=True).get(organization_id=by.organization_id, id=fact_id)
        log.about(found)
        if found.withdrawn_on is None:
            found.withdrawn_on, found.withdrawn_by = by.today, by.name
            found.save(update_fields=["withdrawn_on", "withdrawn_by"])
    return found


def _keep(
    by: Actor, customer_id: UUID, invoice_id: UUID | None, kind: ClaimFact.Kind, on: date, evidence: str
) -> ClaimFact:
    customer = Customer.objects.get(organization_id=by.organization_id, id=customer_id)
    if invoice_id is not None:
        invoice = Invoice.objects.get(organization_id=by.organization_id, id=invoice_id)
        if invoice.customer_id != customer.id:
            raise NotOfThisCustomer(invoice.number)
    if on > by.today:
        raise FutureDate(on, by.today)
    if not evidence.strip():
        raise Problem(N_("Say what proves it: a document and its number, or who said so and when."))
    return ClaimFact.objects.create(
        organization_id=by.organization_id,
        customer=customer,
        invoice_id=invoice_id,
        kind=kind,
        on=on,
        evidence=evidence.strip(),
        recorded_at=by.now,
        recorded_by=by.name,
    )
