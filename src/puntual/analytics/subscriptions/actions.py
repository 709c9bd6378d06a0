"""Who subscribes to what: the writers. Sending is `issuing`'s."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from puntual.analytics.reports import REPORTS, UNKNOWN, filters_of
from puntual.analytics.subscriptions.models import Issue, Subscription
from puntual.analytics.subscriptions.schedule import Schedule
from puntual.audit.actions import Actor, action
from puntual.kernel.problems import N_, Problem
from puntual.organizations.models import Membership
from puntual.organizations.queries import members_of
from puntual.organizations.roles import Permission, may
from puntual.parties.models import Creditor

MOST = 100
"""Subscriptions of one organization."""
NOT_A_MEMBER = N_("Choose among the members of the organization who may read this report.")
NOT_YOURS = N_("Only whoever may change the settings decides on what others get. You can take yourself off.")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A subscription somebody wants."""

    report: str
    format: str
    schedule: Schedule
    user_ids: tuple[UUID, ...]
    creditor_id: UUID | None = None


def needed(form: str) -> Permission:
    """What it takes to be sent a report: to read it, or for a file to take it out."""
    return Permission.VIEW if form == Subscription.Format.TABLE else Permission.EXPORT


def readers(by: Actor, form: str) -> list[Membership]:
    """The members to whom a report can be sent that way."""
    members = members_of(by.organization_id, by.today)
    return [one for one in members if one.user.is_active and may(one.role, needed(form))]


def subscribe(by: Actor, wanted: Wanted) -> Subscription:
    """Send a report by e-mail from the next day of its schedule on.

    Raises Problem for a report or a format there is not, for nobody or somebody it cannot be sent to, for others where one may
    only decide for oneself, and for more than `MOST`.
    """
    if wanted.report not in REPORTS:
        raise Problem(UNKNOWN, name=wanted.report, names=", ".join(sorted(REPORTS)))
    if wanted.format not in Subscription.Format.values:
        raise Problem(N_("Choose a format: a table in the message, PDF, XLSX or CSV."))
    if wanted.creditor_id and "creditor" not in filters_of(wanted.report):
        raise Problem(N_("This report is about everybody who owes. Choose all creditors."))
    with action(by, "subscription.make", report=wanted.report) as log:
        _check_readers(by, wanted)
        mine = Subscription.objects.filter(organization_id=by.organization_id)
        if mine.count() >= MOST:
            raise Problem(N_("There are {most} subscriptions. Delete one first."), most=MOST)
        creditor = (
            Creditor.objects.get(organization_id=by.organization_id, pk=wanted.creditor_id)
            if wanted.creditor_id
            else None
        )
        made = Subscription.objects.create(
            organization_id=by.organization_id,
            report=wanted.report,
            format=wanted.format,
            every=wanted.schedule.every,
            on=wanted.schedule.on,
            creditor=creditor,
            user_ids=sorted(set(wanted.user_ids)),
            since=by.today + timedelta(days=1),
            made_by=by.user_id,
            made_by_name=by.name,
            created_at=by.now,
        )
        log.about(made)
        log.say(format=made.format, every=made.every, on=made.on, to=[str(one) for one in made.user_ids])
    return made


def pause_subscription(by: Actor, subscription_id: UUID) -> Subscription:
    """Send nothing until it is resumed. Raises Subscription.DoesNotExist, and Problem where it is others' alone."""
    with action(by, "subscription.pause") as log:
        found = _mine(by, subscription_id)
        log.about(found)
        if found.paused_at is None:
            found.paused_at = by.now
            found.save(update_fields=["paused_at"])
    return found


def resume_subscription(by: Actor, subscription_id: UUID) -> Subscription:
    """Go on from the next day of its schedule; what fell into the pause is not made up for. Raises as `pause_subscription`."""
    with action(by, "subscription.resume") as log:
        found = _mine(by, subscription_id)
        log.about(found)
        if found.paused_at is not None:
            found.paused_at, found.since = None, by.today + timedelta(days=1)
            found.save(update_fields=["paused_at", "since"])
    return found


def end_subscription(by: Actor, subscription_id: UUID) -> None:
    """Delete it with the list of what it sent; a member who may decide only for themself is taken off, and the others stay.

    Raises Subscription.DoesNotExist, and Problem for whoever is neither on it nor may decide for others.
    """
    with action(by, "subscription.end") as log:
        found = _locked(by, subscription_id)
        log.about(found)
        log.say(report=found.report)
        others = [one for one in found.user_ids if one != by.user_id]
        if others and not may_decide(by, found):
            if by.user_id not in found.user_ids:
                raise Problem(NOT_YOURS)
            found.user_ids = others
            found.save(update_fields=["user_ids"])
            log.say(taken_off=str(by.user_id))
            return
        Issue.objects.filter(organization_id=by.organization_id, subscription=found).delete()
        found.delete()


def may_decide(by: Actor, subscription: Subscription) -> bool:
    """Whether somebody may pause or delete it for everybody on it: their own alone, or with the settings."""
    return set(subscription.user_ids) == {by.user_id} or _may_for_others(by)


def _check_readers(by: Actor, wanted: Wanted) -> None:
    allowed: Collection[UUID] = {one.user_id for one in readers(by, wanted.format)}
    if not wanted.user_ids or not set(wanted.user_ids) <= set(allowed):
        raise Problem(NOT_A_MEMBER)
    if set(wanted.user_ids) != {by.user_id} and not _may_for_others(by):
        raise Problem(NOT_YOURS)


def _may_for_others(by: Actor) -> bool:
    """Whether who acts may change the settings; the clock and the command line may."""
    if by.user_id is None:
        return True
    membership = next((one for one in members_of(by.organization_id, by.today) if one.user_id == by.user_id), None)
    return membership is not None and may(membership.role, Permission.SETTINGS)


def _mine(by: Actor, subscription_id: UUID) -> Subscription:
    found = _locked(by, subscription_id)
    if not may_decide(by, found):
        raise Problem(NOT_YOURS)
    return found


def _locked(by: Actor, subscription_id: UUID) -> Subscription:
    rows = Subscription.objects.filter(organization_id=by.organization_id).select_for_update()
    return rows.get(pk=subscription_id)
