"""Who is away, and who stands in."""

from datetime import date
from uuid import UUID

from django.db.models import Q

from puntual.kernel.remembering import remembered
from puntual.organizations.absences.models import Absence
from puntual.organizations.absences.standing_in import final_stand_ins
from puntual.organizations.models import Membership
from puntual.organizations.roles import AUTHORITY


def absences_of(organization_id: UUID, today: date) -> list[Absence]:
    """Those of a day and to come, by their first day."""
    rows = Absence.objects.filter(_lasting(today), organization_id=organization_id)
    return list(rows.select_related("user", "substitute").order_by("starts_on", "id"))


@remembered
def away_on(organization_id: UUID, day: date) -> dict[UUID, UUID]:
    """Who is away that day, each with who is named as substitute."""
    rows = Absence.objects.filter(_lasting(day), organization_id=organization_id, starts_on__lte=day)
    return dict(rows.order_by("starts_on", "id").values_list("user", "substitute"))


def stand_ins(organization_id: UUID, day: date) -> dict[UUID, UUID]:
    """Who does the work of each who is away that day; nobody where all who could are away too."""
    return final_stand_ins(away_on(organization_id, day))


def acting_as(organization_id: UUID, user_id: UUID, day: date) -> frozenset[UUID]:
    """Whose work is a person's that day: their own, and that of those they stand in for."""
    return frozenset({user_id, *(who for who, by in stand_ins(organization_id, day).items() if by == user_id)})


def _lasting(day: date) -> Q:
    return Q(ends_on=None) | Q(ends_on__gte=day)


def authority_of(organization_id: UUID, user_id: UUID | None, role: str, day: date) -> str:
    """The role in which a member in `role` decides that day: the highest of their own and those they stand in for."""
    others = acting_as(organization_id, user_id, day) - {user_id} if user_id and role in AUTHORITY else frozenset()
    if not others:
        return role
    members = Membership.objects.filter(organization_id=organization_id, user_id__in=others, role__in=AUTHORITY)
    return max((role, *members.values_list("role", flat=True)), key=AUTHORITY.index)
