"""Writing absences down, and ending them."""

from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q

from puntual.audit.actions import Actor, action
from puntual.kernel.problems import N_, Problem
from puntual.organizations.absences.models import Absence
from puntual.organizations.models import Membership, Organization
from puntual.organizations.roles import Permission, may


def set_absence(
    by: Actor, user_id: UUID, substitute_id: UUID, *, starts_on: date, ends_on: date | None = None, note: str = ""
) -> Absence:
    """A member is away through `ends_on` (None: until told otherwise), and the substitute does their work from the first day on.

    Raises Problem for days in the wrong order or that are over, one who is no member, oneself as substitute, a substitute who
    may not do the work, and days of which some are in another absence.
    """
    if ends_on is not None and (ends_on < starts_on or ends_on < by.today):
        raise Problem(N_("Give the first and the last day of the absence, in this order."), beside="ends_on")
    with action(by, "absence.set", user=user_id, substitute=substitute_id, starts_on=starts_on, ends_on=ends_on) as log:
        # Under the organization's lock: of two absences at once that overlap, one is refused.
        Organization.objects.select_for_update(no_key=True).get(pk=by.organization_id)
        absent, other = _member(by, user_id), _member(by, substitute_id)
        if user_id == substitute_id:
            raise Problem(N_("Choose somebody else as substitute."), beside="substitute")
        if may(absent.role, Permission.CONTACT) and not may(other.role, Permission.CONTACT):
            raise Problem(
                N_("{name} may not contact customers. Choose another substitute."),
                name=str(other.user),
                beside="substitute",
            )
        mine = Absence.objects.filter(organization_id=by.organization_id, user_id=user_id)
        until = Q() if ends_on is None else Q(starts_on__lte=ends_on)
        if mine.filter(until, Q(ends_on=None) | Q(ends_on__gte=starts_on)).exists():
            raise Problem(N_("Some of these days are in another absence of this person. Change that one first."))
        found = Absence.objects.create(
            organization_id=by.organization_id,
            user_id=user_id,
            substitute_id=substitute_id,
            starts_on=starts_on,
            ends_on=ends_on,
            note=note.strip()[:200],
            recorded_at=by.now,
            recorded_by=by.name,
        )
        log.about(found)
    return found


def end_absence(by: Actor, absence_id: UUID) -> None:
    """The person is back today; an absence that has not begun does not come about. Raises Absence.DoesNotExist."""
    with action(by, "absence.end") as log:
        found = Absence.objects.select_for_update().get(organization_id=by.organization_id, pk=absence_id)
        log.about(found)
        log.say(user=found.user_id, substitute=found.substitute_id, starts_on=found.starts_on, ends_on=found.ends_on)
        if found.starts_on >= by.today:
            found.delete()
        elif found.ends_on is None or found.ends_on >= by.today:
            found.ends_on = by.today - timedelta(days=1)
            found.save(update_fields=["ends_on"])


def _member(by: Actor, user_id: UUID) -> Membership:
    lasting = Membership.objects.filter(Q(ends_on=None) | Q(ends_on__gte=by.today), organization_id=by.organization_id)
    found = lasting.filter(user_id=user_id).select_related("user").first()
    if found is None:
        raise Problem(N_("This person is no longer a member. Choose another one."))
    return found
