"""The first part of a day: what was agreed is valued by the money that came, and what nobody answered in time is handed on.

Each room does its own, for everybody at once; doing it twice the same day changes nothing.
"""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from puntual.agreements.last_time import LastTime
from puntual.agreements.plans.actions import expire
from puntual.agreements.plans.actions import value as value_plans
from puntual.agreements.plans.valuing import PlansValued
from puntual.agreements.promises.valuing import Valued as PromisesValued
from puntual.agreements.promises.valuing import value as value_promises
from puntual.agreements.terms.actions import take_effect
from puntual.audit.actions import Actor
from puntual.daily.models import DayRun
from puntual.disputes.actions import escalate
from puntual.outreach.silent_instruments import ask_for_silent_instruments
from puntual.payments.receipts import RECEIPTS


@dataclass(frozen=True, slots=True)
class Valued:
    """What became of promises, plans, offers of plans, disputes and instruments, and how many changed terms begin to hold."""

    promises: PromisesValued = field(default_factory=PromisesValued)
    plans: PlansValued = field(default_factory=PlansValued)
    expired: int = 0
    escalated: int = 0
    instruments: int = 0  # past their day without a word: somebody finds out
    terms: int = 0

    def as_json(self) -> dict[str, int]:
        """Only what there was, for a day's report."""
        found = {
            **{f"promises_{state}": count for state, count in self.promises.as_json().items()},
            "parts_paid": self.plans.paid,
            "parts_missed": self.plans.missed,
            "plans_completed": self.plans.completed,
            "plans_broken": self.plans.broken,
            "offers_expired": self.expired,
            "disputes_escalated": self.escalated,
            "instruments_silent": self.instruments,
            "terms_begun": self.terms,
        }
        return {name: count for name, count in found.items() if count}


def value_agreements(by: Actor) -> Valued:
    """Value everything that was agreed as of `by.today`. What is broken or over holds nothing from then on."""
    terms = take_effect(by)
    last = _last_time(by.organization_id, by.now)
    plans = value_plans(by, since=last)
    expired = expire(by)
    promises = value_promises(by, RECEIPTS, last)
    return Valued(promises, plans, expired, escalate(by).disputes, ask_for_silent_instruments(by), terms)


def _last_time(organization_id: UUID, now: datetime) -> LastTime | None:
    """When a day was run before this, and which."""
    runs = DayRun.objects.filter(organization_id=organization_id, started_at__lt=now)
    last = runs.order_by("-started_at").values_list("started_at", "day").first()
    return LastTime(*last) if last else None
