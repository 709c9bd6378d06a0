"""Which strategy applies to whom, and the manuals in force. Everything runs inside `acting_for` and names its organization."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from django.db.models import Q

from puntual.kernel.remembering import remembered
from puntual.parties.models import Customer
from puntual.strategies.experiments import Arm, Split, delayed
from puntual.strategies.later import with_later
from puntual.strategies.manual import Manual, from_content
from puntual.strategies.models import Assignment, Experiment, Version
from puntual.strategies.segment_queries import memberships

Chosen: TypeAlias = tuple[UUID, Manual]
"""An active version and its manual."""
NOWHERE: frozenset[str] = frozenset()
"""The segments of a customer who is in none."""


@dataclass(frozen=True, slots=True)
class Trial:
    """An experiment as a decision meets it: what each arm follows."""

    split: Split
    arms: Mapping[Arm, Chosen]


class Scope(StrEnum):
    """Why a strategy applies to a customer, the closest first."""

    CUSTOMER = "customer"
    SEGMENT = "segment"
    CREDITOR = "creditor"
    ORGANIZATION = "organization"


@dataclass(frozen=True, slots=True)
class Assignments:
    """What applies to whom; ids are text, as in `facts.CustomerFacts`, segments are codes in the organization's order.

    `trials` go by the champion's version.
    """

    by_customer: Mapping[str, Chosen]
    by_creditor: Mapping[str, Chosen]
    of_organization: Chosen
    trials: Mapping[UUID, Trial] = field(default_factory=dict)
    by_segment: Mapping[str, Chosen] = field(default_factory=dict)

    def of(self, customer_id: str, creditor_id: str, segments: frozenset[str] = NOWHERE) -> Chosen:
        """What is assigned to the customer or, while that is being tried against another, what its arm follows."""
        chosen = self.assigned(customer_id, creditor_id, segments)
        if self.trials and (trial := self.trials.get(chosen[0])):
            return trial.arms[trial.split.arm(customer_id)]
        return chosen

    def assigned(self, customer_id: str, creditor_id: str, segments: frozenset[str] = NOWHERE) -> Chosen:
        """The customer's own, else that of its first segment with one, else its creditor's, else the organization's."""
        if customer_id in self.by_customer:
            return self.by_customer[customer_id]
        if segments and self.by_segment and (code := self._first(segments)):
            return self.by_segment[code]
        return self.by_creditor.get(creditor_id) or self.of_organization

    def scope(self, customer_id: str, creditor_id: str, segments: frozenset[str] = NOWHERE) -> tuple[Scope, str]:
        """What `assigned` went by, and the segment's code where it was one."""
        if customer_id in self.by_customer:
            return Scope.CUSTOMER, ""
        if code := self._first(segments):
            return Scope.SEGMENT, code
        return (Scope.CREDITOR if creditor_id in self.by_creditor else Scope.ORGANIZATION), ""

    def _first(self, segments: frozenset[str]) -> str:
        return next((code for code in self.by_segment if code in segments), "")


@remembered
def in_force(organization_id: UUID) -> dict[UUID, Chosen]:
    """By strategy, its active version and the manual in it."""
    versions = Version.objects.filter(organization_id=organization_id, state=Version.State.ACTIVE)
    rows = versions.values_list("strategy", "id", "content", "predates_notices")
    found = {strategy: (pk, from_content(content), older) for strategy, pk, content, older in rows}
    return {strategy: (pk, with_later(manual) if older else manual) for strategy, (pk, manual, older) in found.items()}


def assignments(organization_id: UUID, day: date | None = None) -> Assignments | None:
    """Every assignment whose strategy has an active version, in three queries; None where the organization has none of its own.

    With a `day`, the experiments that run on it divide those whom they concern.
    """
    active = in_force(organization_id)
    rows = Assignment.objects.filter(organization_id=organization_id, strategy__in=active)
    by_customer: dict[str, Chosen] = {}
    by_creditor: dict[str, Chosen] = {}
    by_segment: dict[str, Chosen] = {}
    of_organization: Chosen | None = None
    ordered = rows.order_by("segment__position", "segment__code")
    for customer, creditor, segment, strategy in ordered.values_list(
        "customer", "creditor", "segment__code", "strategy"
    ):
        if customer:
            by_customer[str(customer)] = active[strategy]
        elif segment:
            by_segment[segment] = active[strategy]
        elif creditor:
            by_creditor[str(creditor)] = active[strategy]
        else:
            of_organization = active[strategy]
    if of_organization is None:
        return None
    trials = _trials(organization_id, day, active) if day else {}
    return Assignments(by_customer, by_creditor, of_organization, trials, by_segment)


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
    """The version assigned to each of the customers, whatever is being tried; empty where the organization has no manual.

    Segments go by the kept figures.
    """
    scopes = assignments(organization_id)
    if scopes is None:
        return {}
    segments = memberships(organization_id, customer_ids) if scopes.by_segment else {}
    customers = Customer.objects.filter(organization_id=organization_id, pk__in=customer_ids)
    return {
        pk: scopes.assigned(str(pk), str(creditor), segments.get(pk, NOWHERE))[0]
        for pk, creditor in customers.values_list("id", "creditor")
    }


def active_manuals(organization_id: UUID) -> dict[UUID, Manual]:
    """The manual of each active version."""
    return dict(in_force(organization_id).values())


def occasions_of(organization_id: UUID, template: str) -> frozenset[str]:
    """The notices that a text is for, by the manuals in force; none where a step uses it too."""
    manuals = active_manuals(organization_id).values()
    if any(step.template == template for manual in manuals for step in manual.steps):
        return frozenset()
    return frozenset(one.code for manual in manuals for one in manual.notices if one.template == template)


def steps_of_others(organization_id: UUID, role: str) -> dict[UUID, list[str]]:
    """By version in force, the steps that go to members in another role; none for an owner and a manager, who see to all."""
    if role in ("owner", "manager"):
        return {}
    return {
        version: codes
        for version, manual in active_manuals(organization_id).items()
        if (codes := [step.code for step in manual.steps if step.assignee not in ("", role)])
    }
