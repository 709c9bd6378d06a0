"""Reads of answers. The lists carry no raw messages and no order of their own; each says by which columns an index holds it."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q, QuerySet

from puntual.outreach.answers.models import Answer
from puntual.outreach.models import Activity
from puntual.parties.models import Customer


def unread(organization_id: UUID) -> QuerySet[Answer]:
    """What waits for a person, by ("received_at", "id"): the oldest, which are the overdue ones, first."""
    return everything(organization_id).filter(state=Answer.State.UNREAD)


def everything(organization_id: UUID) -> QuerySet[Answer]:
    """Whatever came in, by ("received_at", "id")."""
    return Answer.objects.filter(organization_id=organization_id).select_related("customer").defer("raw")


def answered(answer: Answer) -> Activity | None:
    """Our message it answers, where that is known."""
    if answer.activity_id is None:
        return None
    return Activity.objects.filter(organization_id=answer.organization_id, pk=answer.activity_id).first()


def came_of(organization_id: UUID, customer_id: UUID, activity_ids: Collection[UUID]) -> dict[UUID, Answer]:
    """By activity of a customer, the answer that is on record as it, or that says it came back or was unwanted."""
    mine = Answer.objects.filter(organization_id=organization_id, customer_id=customer_id).defer("raw")
    keys = list(activity_ids)
    back = Q(activity_id__in=keys, kind__in=(Answer.Kind.BOUNCE, Answer.Kind.COMPLAINT))
    rows = list(mine.filter(back | Q(recorded_id__in=keys)).order_by("id"))
    found = {one.activity_id: one for one in rows if one.kind in (Answer.Kind.BOUNCE, Answer.Kind.COMPLAINT)}
    found |= {one.recorded_id: one for one in rows}
    return {activity: found[activity] for activity in keys if activity in found}


def candidates(answer: Answer) -> list[Customer]:
    """Whose it may be, by name."""
    found = Customer.objects.filter(organization_id=answer.organization_id, pk__in=answer.candidates)
    return list(found.select_related("creditor").order_by("search_name", "id"))
