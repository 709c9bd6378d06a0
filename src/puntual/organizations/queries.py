"""Who belongs where."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from puntual.organizations.models import Membership


def memberships_of(user_id: UUID, now: datetime) -> list[Membership]:
    """A person's memberships, by the organization's name, without those whose last day has passed there."""
    found = Membership.objects.filter(user_id=user_id).select_related("organization").order_by("organization__name")
    return [membership for membership in found if _lasts(membership, now)]


def _lasts(membership: Membership, now: datetime) -> bool:
    today = now.astimezone(ZoneInfo(membership.organization.time_zone)).date()
    return membership.ends_on is None or membership.ends_on >= today
