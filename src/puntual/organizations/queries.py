"""Who belongs where."""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from puntual.kernel.remembering import remembered
from puntual.kernel.text import fold
from puntual.organizations.models import Membership, Organization


@remembered
def organization_of(organization_id: UUID) -> Organization:
    """An organization. Raises Organization.DoesNotExist."""
    return Organization.objects.get(pk=organization_id)


def memberships_of(user_id: UUID, now: datetime) -> list[Membership]:
    """A person's memberships, by the organization's name, without those whose last day has passed there."""
    found = Membership.objects.filter(user_id=user_id).select_related("organization").order_by("organization__name")
    return [membership for membership in found if _lasts(membership, now)]


def _lasts(membership: Membership, now: datetime) -> bool:
    today = now.astimezone(ZoneInfo(membership.organization.time_zone)).date()
    return membership.ends_on is None or membership.ends_on >= today


def free_slug(name: str) -> str:
    """A short name for the address of an organization called `name`, with a number where others have the same."""
    plain = "".join(letter for letter in fold(name) if letter.isascii())
    base = "-".join(plain.split())[:36].strip("-") or "organization"
    taken = set(Organization.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for slug in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if slug not in taken)


def members_of(organization_id: UUID, today: date) -> list[Membership]:
    """Who signs in to an organization on a day, by role and name."""
    lasting = Membership.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today), organization_id=organization_id)
    order = {role: place for place, role in enumerate(Membership.Role.values)}
    return sorted(lasting.select_related("user"), key=lambda each: (order[each.role], str(each.user).casefold()))
