"""Before the due date: what a customer says is missing of an invoice becomes a task. Callers import this from `actions`."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import override

from puntual.audit.actions import Actor, action
from puntual.organizations.models import Organization
from puntual.outreach.models import Activity
from puntual.receivables.models import Invoice, Reception
from puntual.receivables.reception import MISSING
from puntual.receivables.reception import record_reception as write_down
from puntual.strategies.steps import GIVE_MISSING

State = Activity.State


def record_reception(
    by: Actor,
    invoice_id: UUID,
    *,
    approved: bool,
    missing: Collection[str] = (),
    said_by: str = "",
    said_on: date | None = None,
    note: str = "",
) -> Reception:
    """Write down what a customer said of an invoice. What is missing becomes a task of the customer's owner, one for each
    invoice; once it is approved the task is done.

    Raises what `receivables.reception.record_reception` raises.
    """
    with action(by, "outreach.record_reception", approved=approved) as log:
        said = write_down(
            by, invoice_id, approved=approved, missing=missing, said_by=said_by, said_on=said_on, note=note
        )
        invoice = Invoice.objects.select_related("customer").get(organization_id=by.organization_id, id=invoice_id)
        log.about(invoice)
        tasks = Activity.objects.filter(
            organization_id=by.organization_id,
            customer_id=invoice.customer_id,
            step=GIVE_MISSING,
            state=State.TO_DO,
            why__params__invoice=str(invoice.id),
        )
        if approved:
            tasks.update(state=State.DONE, result="task_done", settled_at=by.now)
            return said
        task = tasks.first() or Activity(
            organization_id=by.organization_id,
            customer_id=invoice.customer_id,
            step=GIVE_MISSING,
            day=by.today,
            channel=Activity.Channel.INTERNAL,
            state=State.TO_DO,
            why={"code": GIVE_MISSING, "params": {"invoice": str(invoice.id), "number": invoice.number}},
            assigned_to=invoice.customer.owner_id,
            created_at=by.now,
        )
        # A task is read by whoever does it, not by whoever wrote it down: it is in the organization's language.
        with override(Organization.objects.get(pk=by.organization_id).language):
            lacks = ", ".join(_(MISSING[code]) for code in said.missing)
        task.note = ". ".join(text for text in (lacks, said.note) if text)
        task.save()
        return said
