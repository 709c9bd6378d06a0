"""Reads of notes: where a person was named, and the notes themselves."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db.models import QuerySet

from puntual.audit.actions import Actor
from puntual.outreach.models import Activity, Mention


def mentions(by: Actor) -> QuerySet[Mention]:
    """Where this person was named, by ("at", "id")."""
    return Mention.objects.filter(organization_id=by.organization_id, user_id=by.person)


def unseen(by: Actor) -> QuerySet[Mention]:
    """Those that the person has not read, by ("at", "id")."""
    return mentions(by).filter(seen_at=None)


def noted(organization_id: UUID, activity_ids: Collection[UUID]) -> Mapping[UUID, Activity]:
    """The notes with these ids."""
    rows = Activity.objects.filter(organization_id=organization_id, pk__in=activity_ids)
    return {one.pk: one for one in rows} if activity_ids else {}
