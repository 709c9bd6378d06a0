"""What the clock does with subscriptions. Arguments are ids and a day; a job may run again from its start."""

from contextlib import suppress
from datetime import date
from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from puntual.analytics.subscriptions.issuing import due, issue
from puntual.analytics.subscriptions.models import Subscription
from puntual.organizations.actions import actor_of
from puntual.organizations.models import Organization
from puntual.tenancy.scope import acting_for


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="analytics.subscriptions")
def issue_everywhere(timestamp: int) -> None:
    """Every ten minutes: a job for each subscription whose day has come and that nothing was sent for."""
    for organization in Organization.objects.order_by("id").iterator():
        with acting_for(organization.id):
            found = due(organization, timezone.now())
        for one in found:
            with suppress(AlreadyEnqueued):
                issue_for.configure(queueing_lock=f"subscription {one.subscription.id}").defer(
                    organization_id=str(organization.id),
                    subscription_id=str(one.subscription.id),
                    due_on=one.on.isoformat(),
                )


@app.task
def issue_for(organization_id: str, subscription_id: str, due_on: str) -> None:
    """Make one subscription's report for one of its days and queue it; nothing where it was deleted meanwhile."""
    by = actor_of(Organization.objects.get(pk=UUID(organization_id)), timezone.now())
    with suppress(Subscription.DoesNotExist):
        issue(by, UUID(subscription_id), date.fromisoformat(due_on))
