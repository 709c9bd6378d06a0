"""Reads of approvals. Each runs inside `acting_for` and names its organization."""

from uuid import UUID

from django.db.models import QuerySet

from puntual.agreements.models import Approval, Extension, Plan
from puntual.organizations.roles import AUTHORITY

Decision = Approval.Decision


def approvals(organization_id: UUID, decision: str = "") -> QuerySet[Approval]:
    """All that was asked for, or what was decided so; with customers."""
    rows = Approval.objects.filter(organization_id=organization_id).select_related("customer__creditor")
    return rows.filter(decision=decision) if decision else rows


def waiting_for(organization_id: UUID, user_id: UUID | None, role: str) -> QuerySet[Approval]:
    """What waits for a member: of their role or less, and not asked for by themselves."""
    if role not in AUTHORITY:
        return Approval.objects.none()
    reached = AUTHORITY[: AUTHORITY.index(role) + 1]
    rows = approvals(organization_id, Decision.WAITING).filter(needs_role__in=reached)
    return rows.exclude(asked_by_id=user_id) if user_id else rows


def subject_of(approval: Approval) -> Extension | Plan | None:
    """What an approval is about."""
    table: type[Extension | Plan] = Extension if approval.kind == "extension" else Plan
    return table.objects.filter(organization_id=approval.organization_id, pk=approval.subject_id).first()
