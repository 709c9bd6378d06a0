"""Who gets which customer next. Callers import `take_next` and `next_for` from `outreach.actions`."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from puntual.audit.actions import Actor, action
from puntual.organizations.models import Organization
from puntual.outreach.approving import whose_work
from puntual.outreach.engaging import reserve, try_lock
from puntual.outreach.models import Activity, Engaged
from puntual.outreach.moments import CALL_BACK
from puntual.outreach.queries import for_role, to_make
from puntual.outreach.queue.models import Turn
from puntual.outreach.queue.resting import Looked, Resting
from puntual.outreach.queue.turns import begin_of_today
from puntual.parties.models import Customer, Party
from puntual.tenancy.scope import acting_for

_FEW = 25
"""So many of what a person has taken, or promised to call back, are looked at."""


@dataclass(frozen=True, slots=True)
class Next:
    """What a person got from the queue, if anything, and who was left out of it for now."""

    activity: Activity | None
    resting: Resting


def take_next(by: Actor, role: str, channel: str = "call") -> Activity | None:
    """What `next_for` gives."""
    return next_for(by, role, channel).activity


def next_for(by: Actor, role: str, channel: str = "call") -> Next:
    """Give a person the next customer to call, visit or meet, and keep the customer for them for a while.

    What they have taken and not finished comes first, then call-backs whose hour has come, then what is worth most: of their own
    portfolio and those they stand in for, then of nobody's, then to help out of everybody's. Whom conduct refuses at this minute
    is left out until it does not. Two people never get the same party, and no message leaves for it meanwhile. None where nothing
    is left that this member in `role` may do now.
    """
    with acting_for(by.organization_id):
        looked = Looked(by, Organization.objects.get(pk=by.organization_id))
        rows = open_to(by, role, channel)
        for one in _candidates(by, rows, looked):
            if not try_lock(one.customer.party_id):
                continue
            with action(by, "outreach.take", about=one):
                if reserve(by, one):
                    return Next(one, looked.resting(rows))
        return Next(None, looked.resting(rows))


def nobody_now(by: Actor, role: str, channel: str = "call") -> Resting | None:
    """Who is left out where `next_for` would give nobody at this minute; None where it would give somebody. Takes nothing."""
    with acting_for(by.organization_id):
        looked = Looked(by, Organization.objects.get(pk=by.organization_id))
        rows = open_to(by, role, channel)
        return None if next(looked.awake(rows), None) else looked.resting(rows)


def _candidates(by: Actor, rows: QuerySet[Activity], looked: Looked) -> Iterator[Activity]:
    """In their order; each list is asked only where those before gave nothing."""
    mine = Engaged.objects.filter(
        organization_id=by.organization_id, activity_id=OuterRef("pk"), user_id=by.user_id, until__gt=by.now
    )
    held = list(Engaged.objects.filter(organization_id=by.organization_id, user_id=by.user_id, until__gt=by.now)[:_FEW])
    if held:
        yield from looked.allowed(rows.filter(Exists(mine), pk__in=[one.activity_id for one in held]))
    yield from looked.allowed(due_call_backs(rows, by)[:_FEW])
    owned = Customer.objects.filter(organization_id=by.organization_id, owner__isnull=False)
    if owned.exists():
        if owned.filter(owner_id__in=whose_work(by)).exists():
            yield from looked.awake(rows.filter(customer__owner_id__in=whose_work(by)))
        yield from looked.awake(rows.filter(customer__owner_id=None))
    yield from looked.awake(rows)


def due_call_backs(rows: QuerySet[Activity], by: Actor) -> QuerySet[Activity]:
    """Of these rows what a customer asked this person for, or somebody they stand in for, at an hour that has come; the one that
    waits longest first.
    """
    asked_for = rows.filter(assigned_to__in=whose_work(by), why__code=CALL_BACK, not_before__lte=by.now)
    return asked_for.order_by("not_before", "id")


def open_to(by: Actor, role: str, channel: str) -> QuerySet[Activity]:
    """What this person may do now: of their role, nobody else's (but that of those they stand in for), not passed over today,
    nobody on it, by ("value", "id").
    """
    whose = whose_work(by)
    engaged = Engaged.objects.filter(
        organization_id=by.organization_id, party_id=OuterRef("customer__party_id"), until__gt=by.now
    )
    passed = Turn.objects.filter(
        organization_id=by.organization_id,
        user_id=by.person,
        activity_id=OuterRef("pk"),
        kind=Turn.Kind.SKIP,
        taken_back_at=None,
        at__gte=begin_of_today(by),
    )
    others = Q(customer__handling=Customer.Handling.OWNER_ONLY) & ~Q(customer__owner_id__in=whose)
    rows = for_role(by.organization_id, to_make(by.organization_id, by.now, channel=channel), role)
    rows = rows.filter(Q(assigned_to=None) | Q(assigned_to__in=whose), customer__party__status=Party.Status.ACTIVE)
    rows = rows.filter(Q(not_after=None) | Q(not_after__gt=by.now) | Q(day__lt=by.today))
    rows = rows.exclude(customer__handling=Customer.Handling.NONE).exclude(others & Q(customer__owner_id__isnull=False))
    return rows.filter(~Exists(engaged.exclude(user_id=by.user_id)), ~Exists(passed))
