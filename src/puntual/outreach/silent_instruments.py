"""A letra, a check or a debit is past its day and its grace, and neither money nor a word came: somebody finds out."""

from collections.abc import Collection
from uuid import UUID

from puntual.audit.actions import Actor, action
from puntual.outreach.models import Activity
from puntual.payments.instruments.actions import mature
from puntual.payments.models import Instrument
from puntual.strategies.steps import ASK_INSTRUMENT

State = Activity.State


def ask_for_silent_instruments(by: Actor) -> int:
    """Put a task on the list of each customer's owner, once for each instrument; how many are new.

    Set-based, for the day run. A task whose instrument has been paid, returned or given back meanwhile lapses.
    """
    found = mature(by)
    _lapse_answered(by)
    if not found:
        return 0
    with action(by, "outreach.ask_for_silent_instruments", found=len(found)):
        Activity.objects.bulk_create(
            Activity(
                organization_id=by.organization_id,
                customer_id=one.customer_id,
                step=ASK_INSTRUMENT,
                day=by.today,
                channel=Activity.Channel.INTERNAL,
                state=State.TO_DO,
                why={"code": ASK_INSTRUMENT, "params": _params(one)},
                assigned_to=one.customer.owner_id,
                created_at=by.now,
            )
            for one in found
        )
    return len(found)


def _lapse_answered(by: Actor) -> None:
    tasks = Activity.objects.filter(organization_id=by.organization_id, step=ASK_INSTRUMENT, state=State.TO_DO)
    about = {task.id: UUID(task.why["params"]["instrument"]) for task in tasks}
    silent = _silent(by.organization_id, set(about.values()))
    answered = [task for task, instrument in about.items() if instrument not in silent]
    if answered:
        with action(by, "outreach.lapse_answered_instruments", lapsed=len(answered)):
            tasks.filter(id__in=answered).update(state=State.LAPSED, result="settled", settled_at=by.now)


def _silent(organization_id: UUID, instruments: Collection[UUID]) -> set[UUID]:
    rows = Instrument.objects.filter(organization_id=organization_id, id__in=instruments, asked_on__isnull=False)
    return set(rows.filter(state__in=("received", "deposited")).values_list("id", flat=True))


def _params(one: Instrument) -> dict[str, str]:
    return {
        "instrument": str(one.id),
        "number": one.number,
        "amount": str(one.amount),
        "currency": one.currency,
        "day": one.expected_on.isoformat(),
    }
