"""The credit policy in force and customers' applications. Everything runs inside `acting_for` and names its organization."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from puntual.strategies.credit.models import CreditApplication, CreditDocument, CreditPolicy
from puntual.strategies.credit.policy import Policy, Rule, from_content, rule_from_content
from puntual.strategies.segment_queries import figures_of, memberships_now


def versions(organization_id: UUID) -> QuerySet[CreditPolicy]:
    """Every version, the latest first."""
    return CreditPolicy.objects.filter(organization_id=organization_id).order_by("-number")


def in_force(organization_id: UUID) -> CreditPolicy | None:
    """The version that counts now."""
    return versions(organization_id).filter(state=CreditPolicy.State.ACTIVE).first()


def draft(organization_id: UUID) -> CreditPolicy | None:
    """The version that is still written."""
    return versions(organization_id).filter(state=CreditPolicy.State.DRAFT).first()


def policy_of(version: CreditPolicy) -> Policy:
    """What a version says."""
    return from_content(version.content)


def rule_now(organization_id: UUID, customer_id: UUID, day: date, policy: Policy) -> Rule:
    """The rule that counts for a customer, by the segments it is in now."""
    among = memberships_now(organization_id, [customer_id], day).get(customer_id, frozenset())
    return policy.rule_for(among)


def applications_of(organization_id: UUID, customer_id: UUID) -> QuerySet[CreditApplication]:
    """A customer's applications, the latest first."""
    rows = CreditApplication.objects.filter(organization_id=organization_id, customer_id=customer_id)
    return rows.order_by("-asked_on", "-id")


def waiting(organization_id: UUID) -> QuerySet[CreditApplication]:
    """The applications nobody decided yet, the oldest first."""
    rows = CreditApplication.objects.filter(organization_id=organization_id, state=CreditApplication.State.OPEN)
    return rows.select_related("customer__creditor").order_by("asked_on", "id")


def documents_of(organization_id: UUID, applications: Collection[UUID]) -> QuerySet[CreditDocument]:
    """What came in for these applications, without the files themselves."""
    rows = CreditDocument.objects.filter(organization_id=organization_id, application_id__in=applications)
    return rows.defer("content").order_by("received_at", "id")


@dataclass(frozen=True, slots=True)
class Needed:
    """A document the rule asks for, and what came in for it."""

    document: str
    received: tuple[CreditDocument, ...]


def checklist(application: CreditApplication, received: Sequence[CreditDocument]) -> list[Needed]:
    """The documents the application's rule asks for, in its order, then those nobody asked for."""
    asked = rule_of(application).documents
    names = dict.fromkeys((*asked, *(one.document for one in received)))
    return [Needed(name, tuple(one for one in received if one.document == name)) for name in names]


def missing(application: CreditApplication, received: Sequence[CreditDocument]) -> list[str]:
    """The documents the rule asks for of which nothing came in."""
    there = {one.document for one in received}
    return [name for name in rule_of(application).documents if name not in there]


def rule_of(application: CreditApplication) -> Rule:
    """The rule the application stands under."""
    return rule_from_content(application.rule)


def ledger_facts(organization_id: UUID, customer_id: UUID, day: date) -> dict[str, Any]:
    """What the ledger knows of a customer, as a decision keeps it: amounts by currency as text, None where nobody knows."""
    found = figures_of(organization_id, [customer_id], day).get(customer_id)
    if found is None:
        return {}
    return {
        "open": {currency: format(amount, "f") for currency, amount in found.open.items()},
        "overdue": {currency: format(amount, "f") for currency, amount in found.overdue.items()},
        "days_overdue": found.days_overdue,
        "known_days": found.known_days,
        "invoices": found.invoices,
        "usual_delay": found.usual_delay,
        "paid_late": found.paid_late,
        "broken_promises": found.broken_promises,
        "promises_kept": found.promises_kept,
    }
