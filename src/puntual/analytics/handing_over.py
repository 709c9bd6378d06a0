"""Handing over all that is a member's: customers, what they have to do, answers, disputes, alerts, portfolios."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet

from puntual.analytics.alerts.models import Alert
from puntual.audit.actions import Actor, action
from puntual.disputes.actions import assign_many
from puntual.disputes.models import Dispute
from puntual.disputes.states import LIVE
from puntual.kernel.problems import N_, Problem
from puntual.organizations.absences.actions import set_absence
from puntual.organizations.actions import end_membership
from puntual.organizations.models import Absence, Membership, Organization
from puntual.outreach.answers.models import Answer
from puntual.outreach.models import Activity
from puntual.outreach.queries import OPEN_STATES
from puntual.parties.models import Customer
from puntual.strategies.models import PortfolioRule

_LOOKED_BACK = timedelta(days=30)
"""So long after their last day a member's things are looked for by the clock."""


def leave(by: Actor, membership_id: UUID, *, last_day: date, successor_id: UUID | None = None) -> Membership:
    """A member signs in for the last time on `last_day`, and what is theirs goes to the successor from the day after; without one
    customers are nobody's, and the portfolios' rules give them away again.

    Raises Membership.DoesNotExist, Problem where no owner would be left, for a successor who may not do the work, and without
    one where they alone handle a customer.
    """
    with action(by, "member.leave", last_day=last_day, successor=successor_id) as log:
        # Locked in the order every action locks: the organization first.
        Organization.objects.select_for_update().get(pk=by.organization_id)
        found = Membership.objects.get(organization_id=by.organization_id, pk=membership_id)
        log.about(found)
        alone = _customers(by, found.user_id).filter(handling=Customer.Handling.OWNER_ONLY).count()
        if alone and successor_id is None:
            raise Problem(N_("This person alone handles some customers ({n}). Choose who takes over."), n=alone)
        if successor_id is not None:
            _away_until(by, found.user_id, last_day)
            set_absence(by, found.user_id, successor_id, starts_on=last_day + timedelta(days=1))
        found = end_membership(by, membership_id, last_day=last_day)
        if last_day < by.today:
            hand_over(by, found.user_id, successor_id)
    return found


def hand_over_left(by: Actor) -> int:
    """Hand over what still is of members whose last day has passed: to whom was named then. Returns of how many people."""
    left = Membership.objects.filter(
        organization_id=by.organization_id, ends_on__lt=by.today, ends_on__gte=by.today - _LOOKED_BACK
    )
    named = Absence.objects.filter(organization_id=by.organization_id, ends_on=None, starts_on__lte=by.today)
    successors = dict(named.values_list("user", "substitute"))
    given = 0
    for user_id in left.values_list("user", flat=True):
        successor = successors.get(user_id)
        if successor or any(rows.exists() for rows in _movable(by, user_id)):
            given += bool(hand_over(by, user_id, successor))
    return given


def hand_over(by: Actor, user_id: UUID, successor_id: UUID | None) -> dict[str, int]:
    """Give all that is one member's to another, or to nobody; how many of each kind that were. Doing it again changes nothing.

    A dispute always has somebody who sees to it, and a customer whom only one person handles too: without a successor these stay.
    """
    customers, live = _customers(by, user_id), _disputes(by, user_id)
    with action(by, "member.hand_over", user=user_id, to=successor_id) as log:
        if successor_id is None:
            given = {"customers": _free(customers).update(owner=None, owned_by="")}
        else:
            given = {"customers": customers.update(owner=successor_id)}
            given["disputes"] = assign_many(by, list(live.values_list("id", flat=True)), successor_id).done
            rules = PortfolioRule.objects.filter(organization_id=by.organization_id, member=user_id)
            given["portfolios"] = rules.update(member=successor_id)
        for rows in _to_do(by, user_id):
            given[rows.model._meta.model_name or ""] = rows.update(assigned_to=successor_id)
        _stand_in_no_more(by, user_id, successor_id)
        given = {kind: n for kind, n in given.items() if n}
        log.say(given=given)
    return given


def _customers(by: Actor, user_id: UUID) -> QuerySet[Customer]:
    return Customer.objects.filter(organization_id=by.organization_id, owner=user_id)


def _disputes(by: Actor, user_id: UUID) -> QuerySet[Dispute]:
    return Dispute.objects.filter(organization_id=by.organization_id, owner=user_id, state__in=LIVE)


def _free(customers: QuerySet[Customer]) -> QuerySet[Customer]:
    return customers.exclude(handling=Customer.Handling.OWNER_ONLY)


def _to_do(by: Actor, user_id: UUID) -> tuple[QuerySet[Any], ...]:
    """What waits for the member: contacts and tasks, answers, alerts."""
    whose = {"organization_id": by.organization_id, "assigned_to": user_id}
    return (
        Activity.objects.filter(**whose, state__in=OPEN_STATES),
        Answer.objects.filter(**whose, state=Answer.State.UNREAD),
        Alert.objects.filter(**whose, state=Alert.State.OPEN),
    )


def _movable(by: Actor, user_id: UUID) -> tuple[QuerySet[Any], ...]:
    """What goes away from the member even without a successor."""
    return (_free(_customers(by, user_id)), *_to_do(by, user_id))


def _away_until(by: Actor, user_id: UUID, last_day: date) -> None:
    """What they were to be away beyond their last day no longer matters: from then on it is the successor's."""
    beyond = Absence.objects.filter(
        Q(ends_on=None) | Q(ends_on__gt=last_day), organization_id=by.organization_id, user=user_id
    )
    beyond.filter(starts_on__gt=last_day).delete()
    beyond.update(ends_on=last_day)


def _stand_in_no_more(by: Actor, user_id: UUID, successor_id: UUID | None) -> None:
    """Whom they were to stand in for has the successor, or nobody named; their own absence has come to its end."""
    rows = Absence.objects.filter(Q(ends_on=None) | Q(ends_on__gte=by.today), organization_id=by.organization_id)
    rows.filter(user=user_id).delete()
    for_others = rows.filter(substitute=user_id)
    if successor_id is not None:
        for_others.exclude(user=successor_id).update(substitute=successor_id)
    for_others.filter(Q(substitute=user_id) | Q(user=F("substitute"))).delete()
