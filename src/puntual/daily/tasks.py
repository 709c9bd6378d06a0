"""The clock's day: each organization's is run once, early in its own morning. Arguments are ids; a job may run again."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import InterfaceError, OperationalError
from django.utils import timezone
from django.utils.translation import override
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import JobDeferrer

from puntual.analytics.alerts.actions import raise_alerts
from puntual.analytics.forecasts import keep_forecast
from puntual.analytics.handing_over import hand_over_left
from puntual.analytics.keeping import keep_months
from puntual.analytics.kept.keeping import keep_reports
from puntual.analytics.learning.actions import learn_scores
from puntual.analytics.letter.keeping import keep_letter
from puntual.analytics.rhythm.keeping import keep_rhythms
from puntual.analytics.work.ranking import rank_work
from puntual.daily.models import DayRun
from puntual.daily.rules import MORNING
from puntual.daily.run import run_day
from puntual.daily.simulate_running import fail, play
from puntual.kernel.problems import Problem
from puntual.organizations.actions import actor_of
from puntual.organizations.models import Organization, User
from puntual.outreach.reviewing import raise_reviews
from puntual.receivables.portfolio import compact_portfolio
from puntual.strategies.portfolios.actions import apply_rules
from puntual.strategies.queries import assignments
from puntual.tenancy.scope import acting_for

# Long enough for a database that restarts.
_RETRY = RetryStrategy(max_attempts=6, exponential_wait=3, retry_exceptions={InterfaceError, OperationalError})


def day_is_due(organization: Organization, now: datetime) -> bool:
    """Whether it is past 5:30 where the organization is, it has a manual, and nobody has run its day yet."""
    local = now.astimezone(ZoneInfo(organization.time_zone))
    if local.time() < MORNING:
        return False
    with acting_for(organization.id):
        ran = DayRun.objects.filter(organization_id=organization.id, day=local.date()).exists()
        return not ran and assignments(organization.id) is not None


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="daily.run")
def run_everywhere(timestamp: int) -> None:
    """Every ten minutes: a job for each organization whose day has begun and was not run."""
    for organization in Organization.objects.order_by("id").iterator():
        if day_is_due(organization, timezone.now()):
            with suppress(AlreadyEnqueued):
                job_for(organization.id).defer(organization_id=str(organization.id))


def job_for(organization_id: UUID) -> JobDeferrer:
    """The job that runs an organization's day; it waits at most once."""
    return run_for.configure(queueing_lock=f"daily.run {organization_id}")


@app.task
def run_for(organization_id: str, user_id: str = "") -> None:
    """Run the day of one organization, for the person who asked for it, and put what people have to do in its order: first hand
    over what is of members who left, afterwards bring up again what was kept open until today, and give new customers away by the
    portfolios' rules. Fold the deltas of the day before, keep the months that are over for the reports and the letter about the
    last, and when customers answer and pay; and try once a month whether a learned model gives better chances. Last, work out
    the reports that take long.
    """
    organization = Organization.objects.get(pk=UUID(organization_id))
    user = User.objects.filter(id=UUID(user_id)).first() if user_id else None
    by = actor_of(organization, timezone.now(), name=str(user or "Puntual"))
    by = replace(by, user_id=user.id if user else None)
    compact_portfolio(by)
    hand_over_left(by)
    run_day(by)
    raise_reviews(by)
    apply_rules(by)
    rank_work(by)
    raise_alerts(by)
    keep_months(by)
    keep_forecast(by)
    keep_rhythms(by)
    learn_scores(by)
    keep_letter(by)
    keep_reports(replace(by, now=timezone.now()), organization.language)


@app.task(name="daily.play_replay", queue="replays", retry=_RETRY)
def play_replay(organization_id: str, replay_id: str) -> None:
    """Play a version over the past; may run again from its start at any time."""
    organization = Organization.objects.get(pk=UUID(organization_id))
    by = actor_of(organization, timezone.now())
    with override(organization.language):
        try:
            play(by, UUID(replay_id))
        except Problem as problem:
            fail(by, UUID(replay_id), problem)
        except (InterfaceError, OperationalError):
            raise  # the database went away: again in a while
        except Exception:
            fail(by, UUID(replay_id))
            raise
