"""A customer asks for time, or for parts, on its own page: somebody answers. Callers import this from `actions`."""

from datetime import timedelta
from typing import Final

from puntual.audit.actions import Actor, action
from puntual.kernel.problems import N_, Problem
from puntual.organizations.calendars import calendar_of
from puntual.outreach.models import Activity
from puntual.parties.models import Customer
from puntual.receivables.actions import hold
from puntual.receivables.models import Hold
from puntual.strategies.steps import ANSWER_REQUEST

HELD_DAYS: Final = 3
"""Business days for which nothing is asked for while the answer is owed by us."""
_AGAIN: Final = timedelta(days=14)
"""For so long after one request another one pauses nothing more."""


def ask_for_time(by: Actor, customer: Customer, *, said: str) -> Activity:
    """Put a task on the list of the customer's owner, with the customer's words, and pause the customer for some days.

    Asked again while the task waits, the task has the new words as well, and nothing is paused for longer. The customer needs its
    creditor. Raises Problem without words.
    """
    if not said.strip():
        raise Problem(N_("Write until when, or in how many parts."))
    with action(by, "outreach.ask_for_time", customer=customer.id) as log:
        Customer.objects.select_for_update(no_key=True).get(organization_id=by.organization_id, id=customer.id)
        same = Activity.objects.filter(
            organization_id=by.organization_id, customer=customer, step=ANSWER_REQUEST, created_at__gte=by.now - _AGAIN
        )
        task = same.filter(state=Activity.State.TO_DO).first()
        if task is not None:
            task.note = f"{task.note}\n\n{said.strip()}"[:4000]
            task.save(update_fields=["note"])
            log.about(task)
            return task
        pauses = not same.exists()
        task = Activity.objects.create(
            organization_id=by.organization_id,
            customer=customer,
            day=by.today,
            channel=Activity.Channel.INTERNAL,
            state=Activity.State.TO_DO,
            step=ANSWER_REQUEST,
            why={"code": ANSWER_REQUEST, "params": {}},
            note=said.strip(),
            assigned_to=customer.owner_id,
            created_at=by.now,
        )
        log.about(task)
        if pauses:
            calendar = calendar_of(by.organization_id, customer.creditor.country)
            hold(
                by,
                reason=Hold.Reason.REPLY,
                customer_id=customer.id,
                until_on=calendar.add_business_days(by.today, HELD_DAYS),
                source_id=task.id,
            )
        log.say(pauses=pauses)
        return task
