"""What a person decides about an activity before it happens. Callers import these from `actions`."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from puntual.audit.actions import Actor, action
from puntual.kernel.problems import N_, Problem
from puntual.organizations.absences.queries import acting_as
from puntual.organizations.models import Membership
from puntual.outreach.channels import AUTOMATIC
from puntual.outreach.models import Activity
from puntual.parties.models import Customer, Party
from puntual.tenancy.scope import acting_for

State = Activity.State
APPROVED_FOR = timedelta(days=7)
"""So long an approved message waits for an hour in which the customer may be reached. It needs no second yes, and is looked at
anew before it leaves; after that it lapses, and the day run decides anew: a yes of last week is not one for ever."""
CHANGED = N_("This changed meanwhile, so nothing was done. Load the page again to see how it stands now.")


def locked(by: Actor, activity: Activity, *states: str) -> Activity:
    """The activity as it is now, with its customer, locked until the transaction ends.

    Raises Activity.DoesNotExist, Problem where it is in none of these states any more.
    """
    found = (
        Activity.objects.select_related("customer__party", "customer__creditor")
        .select_for_update(of=("self",), no_key=True)
        .get(organization_id=by.organization_id, pk=activity.pk)
    )
    if found.state not in states:
        raise Problem(CHANGED)
    return found


def approve(by: Actor, activity: Activity) -> Activity:
    """Let a proposed activity happen: a message is queued, anything else goes on a person's list.

    Raises Problem where it is no longer proposed, expired, or is its customer's owner's to decide.
    """
    with action(by, "outreach.approve") as log:
        found = locked(by, activity, State.PROPOSED)
        log.about(found)
        check_allowed(by, found.customer)
        if found.lapses_at and found.lapses_at <= by.now:
            raise Problem(N_("The time to approve this is over. The next day run decides anew."))
        found.state = State.TO_DO
        if found.channel in AUTOMATIC:
            found.state, found.not_after = State.QUEUED, by.now + APPROVED_FOR
        found.approved_by, found.approved_at = by.user_id, by.now
        found.save(update_fields=["state", "not_after", "approved_by", "approved_at"])
        log.say(step=found.step, channel=found.channel, demand=found.demand)
    return found


_PROPOSED = """
FROM outreach_activity a
JOIN parties_customer c ON c.organization_id = a.organization_id AND c.id = a.customer_id
JOIN parties_party p ON p.organization_id = c.organization_id AND p.id = c.party_id
WHERE a.organization_id = %(organization)s AND a.state = 'proposed' {chosen}
"""
_ALLOWED = """(
    (a.lapses_at IS NULL OR a.lapses_at > %(now)s) AND c.handling <> 'none' AND p.status = 'active'
    AND (c.handling <> 'owner_only' OR c.owner_id IS NULL OR c.owner_id = ANY(%(whose)s))
)"""
# Rows somebody else is deciding on at this moment are left to them.
_APPROVE_MANY = f"""
UPDATE outreach_activity SET
    state = CASE WHEN channel = ANY(%(automatic)s) THEN 'queued' ELSE 'to_do' END,
    not_after = CASE WHEN channel = ANY(%(automatic)s) THEN %(waits_until)s ELSE not_after END,
    approved_by = %(user)s, approved_at = %(now)s
WHERE organization_id = %(organization)s AND id IN (SELECT a.id {_PROPOSED} AND {_ALLOWED} FOR UPDATE OF a SKIP LOCKED)
"""
_APPROVABLE = f"SELECT count(*) FILTER (WHERE {_ALLOWED}), count(*) FILTER (WHERE NOT {_ALLOWED}) {_PROPOSED}"


def approvable(
    by: Actor, *, ids: Collection[UUID] | None = None, tone: str | None = None, channel: str | None = None
) -> tuple[int, int]:
    """How many `approve_many` would approve with the same choice, and how many of it it would leave as they are."""
    conditions, values = _chosen(by, ids, tone, channel)
    with acting_for(by.organization_id), connection.cursor() as cursor:
        cursor.execute(_APPROVABLE.format(chosen=conditions), values)
        allowed, left = cursor.fetchone()
    return allowed, left


def approve_many(
    by: Actor, *, ids: Collection[UUID] | None = None, tone: str | None = None, channel: str | None = None
) -> int:
    """Approve everything proposed that is among `ids`, of that tone and by that channel; returns how many.

    What is expired, or is another person's to decide, is left as it is. Raises ValueError where nothing is named at all.
    """
    conditions, values = _chosen(by, ids, tone, channel)
    with action(by, "outreach.approve_many", tone=tone, channel=channel) as log, connection.cursor() as cursor:
        cursor.execute(_APPROVE_MANY.format(chosen=conditions), values)
        log.say(approved=cursor.rowcount, ids=None if ids is None else list(ids))
        approved: int = cursor.rowcount
    return approved


def _chosen(
    by: Actor, ids: Collection[UUID] | None, tone: str | None, channel: str | None
) -> tuple[str, dict[str, Any]]:
    """The conditions of a choice, and the values of its statement."""
    chosen = {"a.id = ANY(%(ids)s)": ids, "a.tone = %(tone)s": tone, "a.channel = %(channel)s": channel}
    if all(value is None for value in chosen.values()):
        raise ValueError("approving everything has to be said: name ids, a tone or a channel")
    conditions = " ".join(f"AND {condition}" for condition, value in chosen.items() if value is not None)
    values: dict[str, Any] = {
        "organization": by.organization_id,
        "automatic": list(AUTOMATIC),
        "user": by.user_id,
        "whose": list(whose_work(by)),
        "now": by.now,
        "waits_until": by.now + APPROVED_FOR,
        "ids": list(ids or ()),
        "tone": tone,
        "channel": channel,
    }
    return conditions, values


def drop(by: Actor, activity: Activity, why: str) -> Activity:
    """Decide against an activity that has not happened; its step is not proposed again for the same item.

    Raises Problem without a reason, or where it happened already.
    """
    if not why.strip():
        raise Problem(N_("Say why, in a few words: whoever looks at this customer next will want to know."))
    with action(by, "outreach.drop", why=why) as log:
        found = locked(by, activity, State.PROPOSED, State.QUEUED, State.TO_DO, State.FAILED)
        log.about(found)
        found.state, found.result, found.note, found.settled_at = State.DROPPED, "dropped", why.strip(), by.now
        found.save(update_fields=["state", "result", "note", "settled_at"])
    return found


def reassign(by: Actor, activity: Activity, user_id: UUID | None) -> Activity:
    """Give an activity to a member, or to nobody in particular. Raises Problem where that person is no member any more."""
    with action(by, "outreach.reassign", to=user_id) as log:
        if user_id:
            membership = Membership.objects.filter(organization_id=by.organization_id, user_id=user_id).first()
            if membership is None or (membership.ends_on and membership.ends_on < by.today):
                raise Problem(N_("This person is no longer a member. Choose another one."))
        found = locked(by, activity, State.PROPOSED, State.QUEUED, State.TO_DO)
        log.about(found)
        found.assigned_to = user_id
        found.save(update_fields=["assigned_to"])
    return found


def check_allowed(by: Actor, customer: Customer) -> None:
    """What no approval loosens: a party's status, how the customer is handled, and by whom."""
    if customer.handling == Customer.Handling.NONE or customer.party.status != Party.Status.ACTIVE:
        raise Problem(
            N_("{customer} is not to be contacted. Change that on the customer's page first."), customer=customer
        )
    alone = customer.handling == Customer.Handling.OWNER_ONLY and customer.owner_id
    if alone and customer.owner_id not in whose_work(by):
        raise Problem(
            N_("{customer} is handled by one person only. Ask {owner}."), customer=customer, owner=customer.owner
        )


def whose_work(by: Actor) -> frozenset[UUID]:
    """Whose work is this person's today: their own, and that of those they stand in for. The clock and keys have none."""
    return acting_as(by.organization_id, by.user_id, by.today) if by.user_id else frozenset()
