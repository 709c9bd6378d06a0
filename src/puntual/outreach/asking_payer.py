"""Money came in and nobody can tell what it is for: somebody asks the customer. Callers import this from `actions`."""

from uuid import UUID

from puntual.audit.actions import Actor, action
from puntual.kernel.problems import N_, Problem
from puntual.outreach.models import Activity
from puntual.parties.models import Customer
from puntual.payments.models import BankLine
from puntual.payments.reconciling.running import paid
from puntual.strategies.steps import ASK_PAYER


def ask_payer(by: Actor, customer_id: UUID, line_id: UUID, *, note: str) -> Activity:
    """Put a task on the list of the customer's owner: ask what a bank's line is for. Nothing is sent by itself.

    The line goes on waiting and says who was asked. Asked again, the task that waits says the new note. Raises
    Customer.DoesNotExist, BankLine.DoesNotExist, Problem without a note.
    """
    if not note.strip():
        raise Problem(N_("Write what is to be asked."))
    with action(by, "outreach.ask_payer", line=line_id) as log:
        customer = Customer.objects.get(organization_id=by.organization_id, id=customer_id)
        line = BankLine.objects.select_for_update(no_key=True).get(organization_id=by.organization_id, id=line_id)
        same = {"organization_id": by.organization_id, "customer": customer, "step": ASK_PAYER}
        waiting = Activity.objects.filter(**same, state=Activity.State.TO_DO, why__params__line=str(line.id))
        task = waiting.first()
        if task is None:
            task = Activity(
                **same,
                day=by.today,
                channel=Activity.Channel.INTERNAL,
                state=Activity.State.TO_DO,
                why={"code": ASK_PAYER, "params": _params(line)},
                assigned_to=customer.owner_id,
                created_at=by.now,
            )
        task.note = note.strip()
        task.save()
        line.reason = f"{customer.name}: {note.strip()}"[:200]
        line.save(update_fields=["reason"])
        log.about(task)
        return task


def _params(line: BankLine) -> dict[str, str]:
    return {
        "line": str(line.id),
        "amount": str(paid(line)),
        "currency": line.currency,
        "day": line.booked_on.isoformat(),
    }
