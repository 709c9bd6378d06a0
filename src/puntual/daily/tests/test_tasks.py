"""When the clock runs a day: once, in the morning of the organization's own place."""

from datetime import UTC, datetime

import pytest

from puntual.audit.models import Record
from puntual.daily import tasks
from puntual.daily.models import DayRun
from puntual.strategies.actions import install_builtin
from puntual.tenancy.scope import acting_for


@pytest.mark.parametrize(
    ("utc", "due"),
    [
        ("2026-11-23T10:29", False),  # 5:29 in Lima
        ("2026-11-23T10:30", True),
        ("2026-11-24T04:59", True),  # 23:59 in Lima
        ("2026-11-24T05:00", False),  # the next day has begun, and it is night
    ],
)
def test_the_day_begins_where_the_organization_is(cast, utc: str, due: bool) -> None:
    install_builtin(cast.actor(), "es")
    assert tasks.day_is_due(cast.organization, datetime.fromisoformat(utc).replace(tzinfo=UTC)) is due


def test_a_day_is_run_once_and_never_without_a_manual(cast) -> None:
    noon = datetime(2026, 11, 23, 17, tzinfo=UTC)
    assert not tasks.day_is_due(cast.organization, noon)
    install_builtin(cast.actor(), "es")
    assert tasks.day_is_due(cast.organization, noon)
    with acting_for(cast.id):
        DayRun.objects.create(organization_id=cast.id, day=noon.date(), started_at=noon)
    assert not tasks.day_is_due(cast.organization, noon)


def test_the_job_runs_the_day(cast) -> None:
    install_builtin(cast.actor(), "es")
    tasks.run_for(str(cast.id))
    with acting_for(cast.id):
        assert DayRun.objects.get().report["planned"] == 0
        assert Record.objects.get(action="analytics.keep_reports").detail == {"kept": []}, "all of it is quick"
