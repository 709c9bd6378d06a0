"""What a note does and what is done with it. Callers import the actions from `outreach.actions`."""

from uuid import UUID

from puntual.audit.actions import Actor, action
from puntual.kernel.problems import N_, Problem
from puntual.organizations.models import Membership
from puntual.organizations.queries import members_of
from puntual.outreach.approving import locked
from puntual.outreach.models import Activity, Mention
from puntual.outreach.notes.naming import named
from puntual.outreach.notes.queries import mentions, unseen

State = Activity.State
DECIDE = (Membership.Role.OWNER, Membership.Role.MANAGER)
"""Who may withdraw what somebody else noted."""
WITHDRAWN = "withdrawn"


def keep_mentions(by: Actor, activity: Activity) -> list[UUID]:
    """Put what was noted into the inbox of each member it names, but whoever wrote it. Part of the action that notes it."""
    if "@" not in activity.note:
        return []
    names = {one.user_id: str(one.user) for one in members_of(by.organization_id, by.today)}
    whom = [key for key in named(activity.note, names) if key != by.user_id]
    Mention.objects.bulk_create(
        Mention(
            organization_id=by.organization_id,
            customer_id=activity.customer_id,
            activity_id=activity.pk,
            user_id=key,
            by_name=by.name[:150],
            at=by.now,
        )
        for key in whom
    )
    return whom


def withdraw_note(by: Actor, activity: Activity, why: str) -> Activity:
    """Take a note of the team back: it stays on record as withdrawn, and leaves the inboxes.

    Raises Problem without a reason, for what is no note, and for another's, unless by an owner or a manager.
    """
    if not why.strip():
        raise Problem(N_("Say why it is withdrawn, in a few words."))
    with action(by, "outreach.withdraw_note", why=why.strip()) as log:
        found = locked(by, activity, State.DONE)
        log.about(found)
        if not is_note(found):
            raise Problem(
                N_("Only a note of the team can be withdrawn: what was said with a customer stays on record.")
            )
        if found.assigned_to != by.user_id and not _decides(by):
            raise Problem(N_("Only whoever wrote it, a manager or an owner can withdraw it."))
        found.state, found.result = State.DROPPED, WITHDRAWN
        found.save(update_fields=["state", "result"])
        Mention.objects.filter(organization_id=by.organization_id, activity_id=found.pk).delete()
    return found


def is_note(activity: Activity) -> bool:
    """Whether it is a note of the team, and no contact, and no task of the manual."""
    return activity.channel == Activity.Channel.INTERNAL and not activity.step


def see_mentions(by: Actor, mention_id: UUID | None = None) -> int:
    """Take one mention of this person, or (None) all of them, as read; returns how many were unread. Of one they stand in for it
    is said who read it meanwhile, and it stays unread for the one who is away.

    Raises Mention.DoesNotExist for another's.
    """
    with action(by, "outreach.see_mentions") as log:
        unread = unseen(by)
        if mention_id is not None:
            unread = unread.filter(pk=mentions(by).get(pk=mention_id).pk)
        seen = unread.filter(user_id=by.person).update(seen_at=by.now)
        in_place = unread.exclude(user_id=by.person).update(stood_in_at=by.now, stood_in_by=by.name[:150])
        log.say(seen=seen, in_place=in_place)
    return seen + in_place


def _decides(by: Actor) -> bool:
    mine = Membership.objects.filter(organization_id=by.organization_id, user_id=by.person, role__in=DECIDE)
    return mine.exists()
