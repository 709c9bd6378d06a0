"""What goes out on a day, to whom, and never twice."""

from datetime import date, timedelta

import pytest
from django.db import connection
from openpyxl import load_workbook

from conftest import NOW, TODAY, Cast, make_member
from puntual.analytics.subscriptions.actions import (
    Wanted,
    end_subscription,
    pause_subscription,
    resume_subscription,
    subscribe,
)
from puntual.analytics.subscriptions.issuing import due, issue, send_one_now
from puntual.analytics.subscriptions.models import Issue, Subscription
from puntual.analytics.subscriptions.schedule import Schedule
from puntual.audit.models import Record
from puntual.kernel.problems import Problem
from puntual.organizations.models import Membership, Organization, User
from puntual.outreach.models import Activity
from puntual.outreach.staff.models import StaffMail
from puntual.outreach.tests.build import World, make_world

WEEKLY = Schedule("week", 1)
MONDAY = TODAY + timedelta(days=7)


@pytest.fixture
def world(acting: Cast) -> World:
    made = make_world(acting.actor())
    made.invoice(made.customer("Textiles Quenara"), "F-1", 40, "1200.00")
    return made


def _subscribed(cast: Cast, report: str = "aging", form: str = "pdf", schedule: Schedule = WEEKLY) -> Subscription:
    people = (cast.owner.id, cast.colleague.id)
    return subscribe(cast.actor(), Wanted(report, form, schedule, people))


def _mails() -> list[StaffMail]:
    return list(StaffMail.objects.order_by("id"))


def test_each_reader_gets_it_in_their_own_language_once(acting: Cast, world: World) -> None:
    User.objects.filter(pk=acting.colleague.id).update(language="pt")
    made = _subscribed(acting)
    by = acting.actor(MONDAY, NOW + timedelta(days=7))
    assert issue(by, made.id, MONDAY) == 2
    assert issue(by, made.id, MONDAY) == 0
    first, second = sorted(_mails(), key=lambda one: one.language)
    assert (first.user_id, first.language, second.user_id, second.language) == (
        acting.owner.id,
        "es",
        acting.colleague.id,
        "pt",
    )
    assert first.subject.startswith("Antigüedad") and first.subject != second.subject
    assert bytes(first.content).startswith(b"%PDF") and first.file_name == "sembria-aging-2026-11-29.pdf"
    assert "1,200.00" in first.text and "/o/sembria/reports/aging?as_of=2026-11-29" in first.text
    one = Issue.objects.get()
    assert (one.due_on, one.as_of, one.mails) == (MONDAY, MONDAY - timedelta(days=1), 2)
    assert Record.objects.filter(action="subscription.issue").count() == 1
    assert not Activity.objects.exists()  # no customer was contacted


def test_a_job_that_was_killed_begins_anew(acting: Cast, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    made = _subscribed(acting)

    def killed(*args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Issue.objects, "create", killed)
    with pytest.raises(KeyboardInterrupt):
        issue(acting.actor(MONDAY), made.id, MONDAY)
    monkeypatch.undo()
    assert _mails() == []  # what was queued before it was killed went with it
    assert issue(acting.actor(MONDAY), made.id, MONDAY) == 2 and len(_mails()) == 2


def test_due_from_seven_in_the_morning_on_and_missed_days_once(acting: Cast, world: World) -> None:
    made = _subscribed(acting, schedule=Schedule("day"))
    organization = acting.organization
    early = NOW.replace(day=24, hour=11, minute=59)  # 6:59 in Lima
    assert due(organization, NOW) == []  # not on the day it was made
    assert due(organization, early) == []
    assert [one.on for one in due(organization, early + timedelta(minutes=1))] == [date(2026, 11, 24)]
    issue(acting.actor(date(2026, 11, 24)), made.id, date(2026, 11, 24))
    assert due(organization, early + timedelta(minutes=11)) == []
    assert [one.on for one in due(organization, NOW + timedelta(days=5))] == [
        date(2026, 11, 27)
    ]  # on Saturday: Friday's


def test_a_report_that_is_refused_is_called_by_its_name(
    acting: Cast, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = _subscribed(acting)

    def refuse(*args: object, **kwargs: object) -> None:
        raise Problem("Nothing today.")

    monkeypatch.setattr("puntual.analytics.reports.build", refuse)
    assert issue(acting.actor(MONDAY), made.id, MONDAY) == 2
    assert {(one.subject, "Nothing today." in one.text) for one in _mails()} == {("Antigüedad de saldos", True)}


def test_a_pause_is_not_made_up_for(acting: Cast, world: World) -> None:
    made = _subscribed(acting, schedule=Schedule("day"))
    pause_subscription(acting.actor(), made.id)
    later = acting.actor(MONDAY, NOW + timedelta(days=7))
    assert due(acting.organization, later.now) == [] and issue(later, made.id, MONDAY) == 0
    resume_subscription(later, made.id)
    assert due(acting.organization, later.now) == []
    assert [one.on for one in due(acting.organization, later.now + timedelta(days=1))] == [MONDAY + timedelta(days=1)]


def test_whoever_left_gets_nothing(acting: Cast, world: World) -> None:
    made = _subscribed(acting)
    Membership.objects.filter(user=acting.colleague).update(ends_on=TODAY)
    assert issue(acting.actor(MONDAY), made.id, MONDAY) == 1
    assert [one.user_id for one in _mails()] == [acting.owner.id]


def test_a_table_stands_in_the_message(acting: Cast, world: World) -> None:
    made = _subscribed(acting, form="table")
    issue(acting.actor(MONDAY), made.id, MONDAY)
    mail = _mails()[0]
    assert not mail.file_name and "Textiles Quenara" in mail.text and "<td" in mail.html
    assert "<script" not in mail.html


def test_what_a_name_says_is_text(acting: Cast, world: World) -> None:
    world.invoice(world.customer("<b>Malo</b> & Cía"), "F-2", 10)
    made = _subscribed(acting, form="table")
    issue(acting.actor(MONDAY), made.id, MONDAY)
    assert "&lt;b&gt;Malo&lt;/b&gt; &amp; Cía" in _mails()[0].html


def test_a_workbook(acting: Cast, world: World, tmp_path) -> None:
    made = _subscribed(acting, "top-customers", "xlsx")
    issue(acting.actor(MONDAY), made.id, MONDAY)
    path = tmp_path / "report.xlsx"
    path.write_bytes(bytes(_mails()[0].content))
    assert load_workbook(path).sheetnames == ["PEN"]


def test_a_report_too_long_for_paper_says_so(acting: Cast, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("puntual.analytics.printing.MOST_ROWS", 0)
    made = _subscribed(acting)
    issue(acting.actor(MONDAY), made.id, MONDAY)
    mail = _mails()[0]
    assert not mail.file_name and "más de 0 filas" in mail.text


def test_one_now_only_to_whoever_asks(acting: Cast, world: World) -> None:
    made = _subscribed(acting)
    send_one_now(acting.actor(), made.id)
    send_one_now(acting.actor(), made.id)
    assert [one.user_id for one in _mails()] == [acting.owner.id] * 2
    assert not Issue.objects.exists()  # its day is still to come


def test_who_decides_for_whom(acting: Cast, world: World) -> None:
    from dataclasses import replace

    both = _subscribed(acting)
    colleague = replace(acting.actor(), user_id=acting.colleague.id)
    with pytest.raises(Problem, match="settings"):
        subscribe(colleague, Wanted("aging", "pdf", WEEKLY, (acting.owner.id,)))
    own = subscribe(colleague, Wanted("aging", "csv", WEEKLY, (acting.colleague.id,)))
    with pytest.raises(Problem, match="settings"):
        pause_subscription(colleague, both.id)
    end_subscription(colleague, both.id)  # takes the colleague off, the owner stays
    both.refresh_from_db()
    assert both.user_ids == [acting.owner.id]
    with pytest.raises(Problem, match="settings"):
        end_subscription(colleague, both.id)
    end_subscription(colleague, own.id)
    assert list(Subscription.objects.all()) == [both]
    outsider = make_member(Organization.objects.get(slug="lonkura"), "manager", "x@lonkura.example")
    with pytest.raises(Problem, match="members"):
        subscribe(acting.actor(), Wanted("aging", "pdf", WEEKLY, (outsider.id,)))
    with pytest.raises(Problem, match="There is no report"):
        subscribe(acting.actor(), Wanted("nothing", "pdf", WEEKLY, (acting.owner.id,)))


def test_two_workers_at_once_send_one(acting: Cast, world: World) -> None:
    """The second waits for the first's lock and then finds its day done; without the lock the unique key refuses."""
    made = _subscribed(acting)
    issue(acting.actor(MONDAY), made.id, MONDAY)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND granted"
        )
        assert cursor.fetchone()[0] > 0
