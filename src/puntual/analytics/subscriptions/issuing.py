"""What goes out on a day: each subscription's report is made once per language, and queued for its readers in one transaction.

What leaves does so by `outreach`'s outbox for members: no customer is written to, and in rehearsal nothing leaves.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import override

from puntual.analytics import reports
from puntual.analytics.subscriptions.actions import NOT_A_MEMBER, needed, readers
from puntual.analytics.subscriptions.composing import Frame, compose, nothing_to_send
from puntual.analytics.subscriptions.models import Issue, Subscription
from puntual.analytics.subscriptions.schedule import Schedule
from puntual.analytics.titles import title_of
from puntual.audit.actions import Actor, action
from puntual.kernel.ids import uuid7
from puntual.kernel.problems import Problem
from puntual.organizations.calendars import calendar_of
from puntual.organizations.models import Membership, Organization
from puntual.outreach.formats import locale_of
from puntual.outreach.staff.actions import Letter, queue_staff_mail

MORNING: Final = time(7)
"""Reports go out from then on where the organization is: the day run has kept its figures since half past five."""


@dataclass(frozen=True, slots=True)
class Due:
    """A subscription, and the day it is due on and nothing was sent for."""

    subscription: Subscription
    on: date


def due(organization: Organization, now: datetime) -> list[Due]:
    """What is to be sent now: of each subscription its latest day, where nothing was sent for that. Inside `acting_for`."""
    local = now.astimezone(ZoneInfo(organization.time_zone))
    if local.time() < MORNING:
        return []
    rows = list(Subscription.objects.filter(organization_id=organization.id, paused_at=None).select_related("creditor"))
    if not rows:
        return []
    calendar = calendar_of(organization.id, organization.country)
    wanted = [Due(one, schedule_of(one).latest(local.date(), calendar)) for one in rows]
    wanted = [one for one in wanted if one.on >= one.subscription.since]
    sent = set(
        Issue.objects.filter(organization_id=organization.id, due_on__in={one.on for one in wanted}).values_list(
            "subscription_id", "due_on"
        )
    )
    return [one for one in wanted if (one.subscription.id, one.on) not in sent]


def schedule_of(subscription: Subscription) -> Schedule:
    """When it goes out."""
    return Schedule(subscription.every, subscription.on)


def issue(by: Actor, subscription_id: UUID, due_on: date) -> int:
    """Make the report of a subscription for one of its days and queue it for its readers; how many messages were queued.

    Once per subscription and day: doing it again, or twice at once, queues nothing. A member who left, or may not see the report
    any more, gets nothing. Raises Subscription.DoesNotExist.
    """
    rows = Subscription.objects.filter(organization_id=by.organization_id).select_related("creditor")
    with reports.snapshot(by.organization_id):
        subscription = rows.get(pk=subscription_id)
        if _is_done(subscription, due_on):
            return 0
        since, as_of = schedule_of(subscription).about(due_on)
        letters, problem = _letters(by, subscription, subscription.user_ids, since, as_of, f"{due_on}")
    with action(by, "subscription.issue", about=subscription, due_on=due_on) as log:
        _one_at_a_time(subscription_id)
        if not rows.filter(pk=subscription_id).exists() or _is_done(rows.get(pk=subscription_id), due_on):
            return 0
        mails = queue_staff_mail(by, letters)
        Issue.objects.create(
            organization_id=by.organization_id,
            subscription=subscription,
            due_on=due_on,
            as_of=as_of,
            mails=mails,
            problem=problem,
            made_at=by.now,
        )
        log.say(report=subscription.report, as_of=as_of, mails=mails)
    return mails


def send_one_now(by: Actor, subscription_id: UUID, user_ids: Collection[UUID] | None = None) -> int:
    """Queue the report as of today, beside the schedule, for these members or else for whoever acts; how many messages.

    Raises Subscription.DoesNotExist, Problem where no such member may read it, and what the report refuses.
    """
    rows = Subscription.objects.filter(organization_id=by.organization_id).select_related("creditor")
    with reports.snapshot(by.organization_id):
        subscription = rows.get(pk=subscription_id)
        whom = [by.person] if user_ids is None else user_ids
        letters, problem = _letters(by, subscription, whom, None, by.today, f"now {uuid7()}")
    if not letters:
        raise Problem(NOT_A_MEMBER)
    with action(by, "subscription.send_one", about=subscription) as log:
        log.say(report=subscription.report, problem=problem)
        return queue_staff_mail(by, letters)


def _is_done(subscription: Subscription, due_on: date) -> bool:
    """Whether nothing is to be sent for that day, or any more."""
    sent = Issue.objects.filter(organization_id=subscription.organization_id, subscription=subscription, due_on=due_on)
    return subscription.paused_at is not None or sent.exists()


def _letters(
    by: Actor, subscription: Subscription, user_ids: Collection[UUID], since: date | None, as_of: date, period: str
) -> tuple[list[Letter], str]:
    """Each reader's message, the report made once for each language; and why there is none, where the report refuses."""
    organization = Organization.objects.get(pk=by.organization_id)
    by_language: dict[str, list[Membership]] = defaultdict(list)
    for one in readers(by, subscription.format):
        if one.user_id in user_ids:
            by_language[one.user.language or organization.language].append(one)
    found: list[Letter] = []
    problem = ""
    for language, members in by_language.items():
        with override(language):
            frame = Frame(organization, locale_of(language, organization.country), by.now, _why(subscription))
            try:
                report = reports.build(
                    subscription.report, organization.id, as_of, since=since, creditor=subscription.creditor_id
                )
                composed = compose(report, subscription.format, frame)
            except Problem as refused:
                problem = refused.text(_)
                composed = nothing_to_send(title_of(subscription.report), problem, frame)
        found += [
            Letter(
                user_id=one.user_id,
                needs=needed(subscription.format),
                reference=f"{subscription.id} {period} {one.user_id}",
                subject=composed.subject,
                text=composed.text,
                html=composed.html,
                language=language,
                file=composed.file,
                about_id=subscription.id,
            )
            for one in members
        ]
    return found, problem


def _why(subscription: Subscription) -> str:
    return _("You get this because {name} subscribed you to it.").format(name=subscription.made_by_name)


def _one_at_a_time(subscription_id: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('subscription ' || %s, 0))", [str(subscription_id)]
        )
