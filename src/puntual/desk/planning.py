"""The calculator: what a wish comes to, whether the manual allows it, and who has to be asked if not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from puntual.agreements import beyond
from puntual.agreements.guardrails import Allowance, Within, who_decides
from puntual.agreements.plans.agreeing import asked, excesses_of
from puntual.agreements.plans.queries import Plannable
from puntual.agreements.plans.schedule import Schedule, work_out
from puntual.desk.formats import sentence
from puntual.desk.forms.plans import AMOUNT, PERCENT, CalculatorForm
from puntual.desk.pages import DeskRequest
from puntual.kernel.problems import N_, Problem
from puntual.organizations.calendars import calendar_of
from puntual.parties.models import Customer
from puntual.receivables.models import Hold
from puntual.receivables.queries import active_holds
from puntual.strategies.allowances import offered, within_for

_MONTH = timedelta(days=30)
_UNDER_REVIEW = frozenset({Hold.Reason.DISPUTE, Hold.Reason.PAYMENT_CLAIMED, Hold.Reason.INSTRUMENT})


@dataclass(frozen=True, slots=True)
class Worked:
    """What a wish comes to. `problem` says in words why it comes to nothing; `beyond` which limits it passes, `decides` who then
    has to say yes ("" for nobody).
    """

    schedule: Schedule | None = None
    within: Within | None = None
    beyond: Sequence[str] = ()
    decides: str = ""
    problem: str = ""

    @property
    def allowance(self) -> Allowance | None:
        return self.within.allowance if self.within and self.within.allowance.offer else None


def worked_out(request: DeskRequest, customer: Customer, form: CalculatorForm, principal: Decimal) -> Worked:
    """What the form comes to over `principal`, by the limits for the customer's situation."""
    if not form.is_valid():
        name, errors = next(iter(form.errors.items()))
        label = form.fields[name].label if name in form.fields else ""
        return Worked(problem=f"{label}: {errors[0]}" if label else str(errors[0]))
    try:
        if not principal:
            raise Problem(N_("Tick what the plan is to cover."))
        if len(form.currencies()) > 1:
            raise Problem(N_("A plan is in one currency. Make one for each."))
        calendar = calendar_of(request.organization.id, customer.creditor.country)
        made = work_out(principal, form.currency, form.wish(request.actor.today), calendar)
    except Problem as problem:
        return Worked(problem=sentence(problem))
    within = limits(request, customer, form.currency, made)
    passed = excesses_of(made, within)
    decides = who_decides(within, passed)
    return Worked(made, within, beyond.told(passed), beyond.role(decides) if decides else "")


def limits(request: DeskRequest, customer: Customer, currency: str, made: Schedule) -> Within:
    """What the reader may grant to this customer, of the kind the schedule is."""
    kind, day = "discount" if made.discount else "plan", request.actor.today
    role = request.membership.role
    return within_for(request.organization.id, customer.id, role, day, kind, currency, asked(made))


def starting(request: DeskRequest, customer: Customer, plannable: Sequence[Plannable], currency: str) -> dict[str, Any]:
    """What the calculator begins with: what is overdue and not under review, on the terms of the offer in the address, else in as
    many parts as the manual allows.
    """
    today = request.actor.today
    settles = request.GET.get("kind") == "settlement"
    kind, role = "discount" if settles else "plan", request.membership.role
    offer = request.GET.get("offer", "")
    allowance = offered(request.organization.id, customer.id, role, today, kind, currency, offer).allowance
    # The down payment is one of the parts the manual counts.
    most = allowance.installments - bool(allowance.down_percent) if allowance.installments else 1 if settles else 3
    return {
        "items": _ticked(request, customer, plannable, currency),
        "parts": max(1, min(most, 3)),
        "rhythm": "monthly",
        "rule": "next",
        "first_on": _first_day(today, allowance, settles),
        "down": allowance.down_percent or None,
        "down_as": PERCENT if allowance.down_percent else AMOUNT,
        "discount": allowance.percent or None if settles else None,
        "discount_as": PERCENT,
        "grace_days": 3,
        "source": request.GET.get("source", ""),
    }


def currency_of(plannable: Sequence[Plannable], wanted: str, customer: Customer, today: date) -> str:
    """The currency asked for, else the one of the oldest overdue item, else of any."""
    free = [one.item for one in plannable if one.plan is None]
    found = [item.currency for item in free]
    if wanted in found:
        return wanted
    overdue = [item.currency for item in free if item.due_on < today]
    return (overdue or found or [customer.creditor.currency])[0]


def chosen_currency(plannable: Sequence[Plannable], ticked: Sequence[str], otherwise: str) -> str:
    """The currency of the first ticked item."""
    wanted = set(ticked)
    return next((one.item.currency for one in plannable if str(one.item.installment_id) in wanted), otherwise)


def _ticked(request: DeskRequest, customer: Customer, plannable: Sequence[Plannable], currency: str) -> list[str]:
    today = request.actor.today
    reviewed = {
        hold.installment_id or hold.invoice_id
        for hold in active_holds(request.organization.id, today, [customer.id])
        if hold.reason in _UNDER_REVIEW
    }
    free = [one.item for one in plannable if one.plan is None and one.item.currency == currency]
    free = [item for item in free if not {item.installment_id, item.invoice_id} & reviewed]
    overdue = [item for item in free if item.due_on < today]
    return [str(item.installment_id) for item in overdue or free]


def _first_day(today: date, allowance: Allowance, settles: bool) -> date:
    """In a month; of a settlement within what is allowed, and of a plan with a down payment a month after it."""
    days = min(_MONTH, timedelta(days=allowance.days)) if settles and allowance.days else _MONTH
    return today + days
