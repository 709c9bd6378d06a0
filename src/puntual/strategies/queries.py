"""Which strategy applies to whom, and the manuals in force. Everything runs inside `acting_for` and names its organization."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias
from uuid import UUID

from django.db.models import Q

from puntual.parties.models import Customer
from puntual.strategies.experiments import Arm, Split, delayed
from puntual.strategies.manual import Manual, from_content
from puntual.strategies.models import Assignment, Experiment, Version

Chosen: TypeAlias = tuple[UUID, Manual]
"""An active version and its manual."""


@dataclass(frozen=True, slots=True)
class Trial:
    """An experiment as a decision meets it: what each arm follows."""

    split: Split
    arms: Mapping[Arm, Chosen]


@dataclass(frozen=True, slots=True)
class Assignments:
    """What applies to whom; ids are text, as in `facts.CustomerFacts`. `trials` go by the champion's version."""

    by_customer: Mapping[str, Chosen]
    by_creditor: Mapping[str, Chosen]
    of_organization: Chosen
    trials: Mapping[UUID, Trial] = field(default_factory=dict)

    def of(self, customer_id: str, creditor_id: str) -> Chosen:
        """What is assigned to the customer or, while that is being tried against another, what its arm follows."""
        chosen = self.assigned(customer_id, creditor_id)
        if self.trials and (trial := self.trials.get(chosen[0])):
            return trial.arms[trial.split.arm(customer_id)]
        return chosen

    def assigned(self, customer_id: str, creditor_id: str) -> Chosen:
        """The customer's own, else its creditor's, else the organization's."""
        return self.by_customer.get(customer_id) or self.by_creditor.get(creditor_id) or self.of_organization


def assignments(organization_id: UUID, day: date | None = None) -> Assignments | None:
    """Every assignment whose strategy has an active version, in three queries; None where the organization has none of its own.

    With a `day`, the experiments that run on it divide those whom they concern.
    """
    versions = Version.objects.filter(organization_id=organization_id, state=Version.State.ACTIVE)
    active = {
        strategy: (pk, from_content(content))
        for strategy, pk, content in versions.values_list("strategy", "id", "content")
    }
    rows = Assignment.objects.filter(organization_id=organization_id, strategy__in=active)
    by_customer: dict[str, Chosen] = {}
    by_creditor: dict[str, Chosen] = {}
    of_organization: Chosen | None = None
    for customer, creditor, strategy in rows.values_list("customer", "creditor", "strategy"):
        if customer:
            by_customer[str(customer)] = active[strategy]
        elif creditor:
            by_creditor[str(creditor)] = active[strategy]
        else:
            of_organization = active[strategy]
    if of_organization is None:
        return None
    trials = _trials(organization_id, day, active) if day else {}
    return Assignments(by_customer, by_creditor, of_organization, trials)


def _trials(organization_id: UUID, day: date, active: Mapping[UUID, Chosen]) -> dict[UUID, Trial]:
    running = Experiment.objects.filter(
        Q(stopped_on=None) | Q(stopped_on__gt=day),
        organization_id=organization_id,
        starts_on__lte=day,
        ends_on__gte=day,
    )
    trials = {}
    for one in running.filter(champion__in=active):
        version, manual = champion = active[one.champion_id]
        challenger = active.get(one.challenger_id, champion) if one.challenger_id else champion
        arms: dict[Arm, Chosen] = {
            "champion": champion,
            "challenger": challenger,
            "holdback": (version, delayed(manual, one.holdback_days)),
        }
        trials[version] = Trial(Split(str(one.id), one.challenger_share, one.holdback_share), arms)
    return trials


def strategy_for(organization_id: UUID, customer_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """The version assigned to each of the customers, whatever is being tried; empty where the organization has no manual."""
    scopes = assignments(organization_id)
    if scopes is None:
        return {}
    customers = Customer.objects.filter(organization_id=organization_id, pk__in=customer_ids)
    return {pk: scopes.assigned(str(pk), str(creditor))[0] for pk, creditor in customers.values_list("id", "creditor")}


def active_manuals(organization_id: UUID) -> dict[UUID, Manual]:
    """The manual of each active version."""
    versions = Version.objects.filter(organization_id=organization_id, state=Version.State.ACTIVE)
    return {pk: from_content(content) for pk, content in versions.values_list("id", "content")}
