"""What a day would be by a version of a manual: customer by customer, with the reason of each. Nothing is written."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import TextField
from django.db.models.functions import MD5, Cast

from puntual.audit.actions import Actor
from puntual.daily.rules import MORNING
from puntual.daily.run import Sample, rehearse
from puntual.daily.simulate import with_version
from puntual.organizations.models import Organization
from puntual.parties.models import Customer
from puntual.strategies.facts import CustomerFacts
from puntual.strategies.manual import Manual
from puntual.strategies.models import Version
from puntual.strategies.outcomes import Do, Nothing, Reason
from puntual.tenancy.scope import acting_for

MOST = 20_000
"""As many customers are looked at while somebody waits: some two seconds."""
DONE = "done"
LATER = "later"
"""What is shown beside the reasons of `outcomes.Reason`: what would be done, and what other contacts of the day would leave no
room for."""


@dataclass(slots=True)
class Preview:
    """A day as it would be. `counts` has the customers by `DONE`, `LATER` and reason; `shown` those of one of them.

    Of `shown` each has the customer's id, the decision and the manual it comes from, the most valuable first. `sampled` is how
    many customers were looked at where there are too many to look at all of them at once, `customers` how many there are.
    """

    day: date
    counts: Counter[str] = field(default_factory=Counter)
    by_channel: dict[str, int] = field(default_factory=dict)
    by_step: dict[str, int] = field(default_factory=dict)
    refusals: dict[str, int] = field(default_factory=dict)
    shown: list[tuple[UUID, Do | Nothing, Manual]] = field(default_factory=list)
    customers: int = 0
    sampled: int | None = None


def preview(by: Actor, version: Version | None, show: str = DONE, most: int = MOST) -> Preview:
    """What `by.today` would be by a version, a draft too, or by what is in force; for a fair sample of `most` customers where
    there are more. Raises Problem where there is no manual.
    """
    organization = Organization.objects.get(id=by.organization_id)
    chosen: dict[str, tuple[Do, Manual]] = {}
    shown: list[tuple[UUID, Do | Nothing, Manual]] = []

    def seen(facts: CustomerFacts, outcome: Do | Nothing, manual: Manual) -> None:
        if isinstance(outcome, Do):
            chosen[facts.customer_id] = outcome, manual
        elif outcome.reason == show:
            shown.append((UUID(facts.customer_id), outcome, manual))

    with acting_for(organization.id):
        manuals = with_version(organization.id, version) if version else None
        customers = Customer.objects.filter(organization_id=organization.id).count()
        sample = _sample(organization.id, most, customers) if customers > most else None
        report = rehearse(by, organization, manuals, seen, sample)
    done = dict(report.decisions or ())
    if show == DONE:
        shown = [(UUID(customer), do, chosen[customer][1]) for customer, do in done.items()]
    elif show == LATER:
        shown = [(UUID(customer), do, manual) for customer, (do, manual) in chosen.items() if customer not in done]
    counts = Counter(report.nothing)
    full = counts.pop(Reason.CAPACITY.value, 0)
    counts[DONE], counts[LATER] = len(done), len(chosen) - len(done)
    counts[Reason.CONDUCT.value] -= counts[LATER] - full  # they stand among those for whom it is too late
    return Preview(
        by.today,
        counts,
        report.by_channel,
        report.by_step,
        dict(report.refusals),
        shown,
        customers,
        most if sample else None,
    )


def _sample(organization_id: UUID, most: int, customers: int) -> Sample:
    """As many customers as are asked for, drawn by a stable hash: the same ones each time, and fairly."""
    drawn = Customer.objects.filter(organization_id=organization_id).order_by(MD5(Cast("id", TextField())))
    return Sample(list(drawn.values_list("id", flat=True)[:most]), most / customers)


def on_day(by: Actor, organization: Organization, day: date) -> Actor:
    """The same actor on another day, at the hour its day is run; on the actor's own day, now."""
    if day == by.today:
        return by
    return by.on(day, datetime.combine(day, MORNING, ZoneInfo(organization.time_zone)))
