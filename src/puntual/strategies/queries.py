"""Which strategy applies to whom, and the manuals in force. Everything runs inside `acting_for` and names its organization."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from puntual.parties.models import Customer
from puntual.strategies.manual import Manual, from_content
from puntual.strategies.models import Assignment, Version

Chosen: TypeAlias = tuple[UUID, Manual]
"""An active version and its manual."""


@dataclass(frozen=True, slots=True)
class Assignments:
    """What applies to whom; ids are text, as in `facts.CustomerFacts`."""

    by_customer: Mapping[str, Chosen]
    by_creditor: Mapping[str, Chosen]
    of_organization: Chosen

    def of(self, customer_id: str, creditor_id: str) -> Chosen:
        """The customer's own, else its creditor's, else the organization's."""
        return self.by_customer.get(customer_id) or self.by_creditor.get(creditor_id) or self.of_organization


def assignments(organization_id: UUID) -> Assignments | None:
    """Every assignment whose strategy has an active version, in two queries; None where the organization has none of its own."""
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
    return Assignments(by_customer, by_creditor, of_organization) if of_organization else None


def strategy_for(organization_id: UUID, customer_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """The version that applies to each of the customers, in three queries; empty where the organization has no manual."""
    scopes = assignments(organization_id)
    if scopes is None:
        return {}
    customers = Customer.objects.filter(organization_id=organization_id, pk__in=customer_ids)
    return {pk: scopes.of(str(pk), str(creditor))[0] for pk, creditor in customers.values_list("id", "creditor")}


def active_manuals(organization_id: UUID) -> dict[UUID, Manual]:
    """The manual of each active version."""
    versions = Version.objects.filter(organization_id=organization_id, state=Version.State.ACTIVE)
    return {pk: from_content(content) for pk, content in versions.values_list("id", "content")}
