"""The clock's tasks: one job per organization with something to do, never two of the same."""

from datetime import timedelta

import pytest
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.testing import InMemoryConnector

from puntual.outreach import tasks
from puntual.outreach.models import Activity
from puntual.outreach.tests.build import World
from puntual.tenancy.scope import acting_for


@pytest.fixture
def jobs():
    connector = InMemoryConnector()
    with app.replace_connector(connector):
        yield connector.jobs


def _queued(world: World) -> Activity:
    with acting_for(world.by.organization_id):
        customer = world.customer("Textiles Quenara S.A.")
        return world.plan(customer, [world.invoice(customer, "F001-1", 18)], not_before=timezone.now())


def test_only_an_organization_with_something_due_gets_a_job_and_only_one(committed: World, jobs: dict) -> None:
    tasks.send_everywhere(0)
    assert jobs == {}
    _queued(committed)
    tasks.send_everywhere(0)
    tasks.send_everywhere(0)
    (job,) = jobs.values()
    assert job["task_name"] == "puntual.outreach.tasks.send_for"
    assert job["args"] == {"organization_id": str(committed.by.organization_id)}


def test_the_sweeper_is_called_where_something_was_claimed(committed: World, jobs: dict) -> None:
    activity = _queued(committed)
    tasks.sweep_everywhere(0)
    assert jobs == {}
    with acting_for(committed.by.organization_id):
        Activity.objects.update(state="attempting", claimed_at=timezone.now() - timedelta(hours=1))
    tasks.sweep_everywhere(0)
    (job,) = jobs.values()
    tasks.sweep_for(**job["args"])
    with acting_for(committed.by.organization_id):
        assert Activity.objects.get(pk=activity.pk).state == "unknown"


def test_a_job_may_run_again_from_its_start(committed: World) -> None:
    _queued(committed)
    organization = str(committed.by.organization_id)
    for task in (tasks.tidy_for, tasks.send_for, tasks.send_for, tasks.sweep_for):
        task(organization_id=organization)
    with acting_for(committed.by.organization_id):
        assert Activity.objects.count() == 1
