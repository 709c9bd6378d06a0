"""A call, a visit or a meeting that no manual asked for: a person arranges it. Callers import this from `actions`."""

from datetime import datetime

from django.db.models import Max

from puntual.audit.actions import Actor, action
from puntual.kernel.problems import N_, Problem
from puntual.outreach.approving import check_allowed
from puntual.outreach.models import Activity
from puntual.outreach.moments import CALL_BACK, check_moment
from puntual.outreach.results import SPOKEN
from puntual.parties.models import Customer

State = Activity.State
_UNDER_WAY = (State.PROPOSED, State.QUEUED, State.TO_DO, State.ATTEMPTING, State.UNKNOWN)


def arrange(by: Actor, customer: Customer, *, channel: str, at: datetime, note: str = "") -> Activity:
    """Put a call, a visit or a meeting that was agreed with the customer on one's own list, for that moment.

    Until it is over the manual takes no step with the customer. The customer needs its party. Raises Problem for another
    channel, a moment conduct would not allow, a customer who is not to be contacted, or with whom something is under way.
    """
    if channel not in SPOKEN:
        raise Problem(N_("Only a call, a visit or a meeting can be arranged."))
    with action(by, "outreach.arrange", channel=channel, at=at) as log:
        check_allowed(by, customer)
        check_moment(by, customer, channel, at)
        others = Activity.objects.filter(
            organization_id=by.organization_id, customer=customer, direction="out", state__in=_UNDER_WAY
        )
        if others.exclude(channel=Activity.Channel.INTERNAL).exists():
            raise Problem(N_("Something is under way with this customer already. See to that first."))
        made = Activity.objects.create(
            organization_id=by.organization_id,
            customer=customer,
            day=by.today,
            channel=channel,
            state=State.TO_DO,
            template="call",
            not_before=at,
            note=note.strip(),
            why={"code": CALL_BACK, "params": {}},
            assigned_to=by.user_id,
            approved_by=by.user_id,
            approved_at=by.now,
            created_at=by.now,
        )
        log.about(made)
    return made


def come_back(by: Actor, activity: Activity, at: datetime) -> Activity:
    """The same again at the moment the customer named: the next attempt, on the same person's list.

    Part of the action that ends this one. Raises Problem for a moment conduct would not allow.
    """
    again = once_more(activity)
    again.day, again.created_at = by.today, by.now
    again.lead_days = None if activity.lead_days is None else activity.lead_days + (by.today - activity.day).days
    again.not_before, again.not_after, again.lapses_at = at, None, None
    again.assigned_to = activity.assigned_to or by.user_id
    again.why = {"code": CALL_BACK, "params": {}}
    again.save(force_insert=True)
    return again


def once_more(activity: Activity) -> Activity:
    """The next attempt of an activity that people make, as it is stored, to do and not saved yet."""
    again = Activity.objects.get(organization_id=activity.organization_id, pk=activity.pk)
    again.pk, again._state.adding = Activity._meta.pk.get_default(), True
    again.attempt = _attempts(activity) + 1
    again.state, again.result, again.settled_at, again.note = State.TO_DO, "", None, ""
    return again


def _attempts(activity: Activity) -> int:
    """How often it was tried or to be tried, with what was taken back."""
    same = Activity.objects.filter(
        organization_id=activity.organization_id,
        customer=activity.customer_id,
        lead_id=activity.lead_id,
        due_generation=activity.due_generation,
        step=activity.step,
    )
    most = same.aggregate(most=Max("attempt"))["most"] if activity.lead_id else None
    return most or activity.attempt
