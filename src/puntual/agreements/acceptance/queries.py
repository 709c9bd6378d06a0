"""Reads of acceptances. Each names its organization."""

from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from puntual.agreements.acceptance.actions import MOST_WRONG, hash_of
from puntual.agreements.models import Acceptance, Plan

State = Acceptance.State


def by_secret(organization_id: UUID, secret: bytes) -> Acceptance | None:
    """The acceptance a link's secret belongs to, with its plan and customer."""
    found = Acceptance.objects.filter(organization_id=organization_id, secret_hash=hash_of(secret))
    return found.select_related("plan", "customer__creditor", "customer__party", "point").first()


def acceptances_of(plan: Plan) -> QuerySet[Acceptance]:
    """A plan's links, the latest first, without their documents."""
    rows = Acceptance.objects.filter(organization_id=plan.organization_id, plan=plan)
    return rows.select_related("point").defer("document").order_by("-made_at", "-id")


def standing(found: Acceptance, now: datetime, today: date) -> str:
    """What a link is at a moment: `open`, `used`, `old`, `locked` (too many wrong codes) or `changed`."""
    if found.state in (State.ACCEPTED, State.DECLINED):
        return "used"
    if found.wrong_codes >= MOST_WRONG:
        return "locked"
    if found.state == State.CLOSED:
        return "changed"
    if found.ends_at <= now or (found.plan.offered_until and found.plan.offered_until < today):
        return "old"
    return "open" if found.plan.state == Plan.State.OFFERED else "changed"
