"""Reads of notes: where a person was named, and the notes themselves."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db.models import Q, QuerySet

from puntual.audit.actions import Actor
from puntual.outreach.approving import whose_work
from puntual.outreach.models import Activity, Mention


def mentions(by: Actor) -> QuerySet[Mention]:
    """Where this person was named, or one they stand in for that day, by ("at", "id")."""
    return Mention.objects.filter(organization_id=by.organization_id, user_id__in=whose_work(by))


def unseen(by: Actor) -> QuerySet[Mention]:
    """Those that the person has not read, by ("at", "id"); of another's, what nobody has read in their place."""
    return mentions(by).filter(Q(user_id=by.person) | Q(stood_in_at=None), seen_at=None)


def noted(organization_id: UUID, activity_ids: Collection[UUID]) -> Mapping[UUID, Activity]:
    """The notes with these ids."""
    rows = Activity.objects.filter(organization_id=organization_id, pk__in=activity_ids)
    return {one.pk: one for one in rows} if activity_ids else {}
