"""Keeping a view of a list, and giving it up."""

from uuid import UUID

from puntual.audit.actions import Actor, action
from puntual.kernel.problems import N_, Problem
from puntual.organizations.models import Membership, SavedView
from puntual.organizations.roles import Permission, may

MOST = 40
"""So many views of one list a person has, and the organization: more is no choice any more."""


def save_view(by: Actor, list_name: str, name: str, query: str, *, shared: bool = False) -> SavedView:
    """Keep a view of a list under a name, for oneself or (`shared`) for everybody; one of that name is replaced.

    Raises Problem without a name, beyond `MOST`, and for a shared one where the member may not change the settings.
    """
    name = " ".join(name.split())
    if not name:
        raise Problem(N_("Give the view a name."))
    with action(by, "organization.save_view", list=list_name, name=name, shared=shared) as log:
        if shared:
            _check_may_share(by)
        user_id = None if shared else by.person
        mine = SavedView.objects.filter(organization_id=by.organization_id, list_name=list_name, user=user_id)
        if not mine.filter(name=name).exists() and mine.count() >= MOST:
            raise Problem(N_("There are {most} views of this list already. Remove one first."), most=MOST)
        found, _made = SavedView.objects.update_or_create(
            organization_id=by.organization_id,
            list_name=list_name,
            user_id=user_id,
            name=name,
            defaults={"query": query, "saved_at": by.now, "saved_by": by.name},
        )
        log.about(found)
        return found


def remove_view(by: Actor, view_id: UUID) -> SavedView:
    """Give a view up: one's own, or a shared one.

    Raises SavedView.DoesNotExist, also for somebody else's; Problem for a shared one and who may not change the settings.
    """
    with action(by, "organization.remove_view") as log:
        found = SavedView.objects.select_for_update().get(organization_id=by.organization_id, id=view_id)
        if found.user_id not in (None, by.user_id):
            raise SavedView.DoesNotExist
        if found.user_id is None:
            _check_may_share(by)
        log.about(found)
        log.say(list=found.list_name, name=found.name, query=found.query)
        found.delete()
        return found


def may_share(role: str) -> bool:
    """Whether a member in this role keeps views for everybody."""
    return may(role, Permission.SETTINGS)


def _check_may_share(by: Actor) -> None:
    member = Membership.objects.filter(organization_id=by.organization_id, user_id=by.person).first()
    if member is None or not may_share(member.role):
        raise Problem(
            N_("Views for everybody are kept by whoever may change the settings. Keep it for yourself, or ask them.")
        )
