"""Which views of a list a member has."""

from uuid import UUID

from django.db.models import Q

from puntual.organizations.models import SavedView


def views_of(organization_id: UUID, user_id: UUID | None, list_name: str) -> list[SavedView]:
    """Those for everybody by name, then the member's own by name."""
    rows = SavedView.objects.filter(
        Q(user__isnull=True) | Q(user_id=user_id), organization_id=organization_id, list_name=list_name
    )
    return sorted(rows, key=lambda one: (one.user_id is not None, one.name.casefold()))
