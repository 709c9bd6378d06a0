"""When customers answer and in which parts of the year they pay otherwise."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from random import Random
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import Cast
from puntual.analytics.rhythm.answering import FEW, MOST, Answering, answering, window
from puntual.analytics.rhythm.keeping import keep_rhythms
from puntual.analytics.rhythm.models import CustomerRhythm
from puntual.analytics.rhythm.reading import NOTHING, rhythm_of, rhythms, worked_out
from puntual.analytics.rhythm.seasons import Season, Times, seasons
from puntual.analytics.rhythm.words import answer_said, answers_said, best_said, season_said, seasons_short, within
from puntual.analytics.work.beside import kept_beside
from puntual.outreach.answers.models import Answer
from puntual.outreach.models import Activity
from puntual.outreach.tests.build import World, make_world
from puntual.parties.models import Customer
from puntual.payments.actions import Designation, record_payment
from puntual.tenancy.scope import acting_for

LIMA = ZoneInfo("America/Lima")


@pytest.mark.parametrize(
    ("hours", "found"),
    [
        ({}, None),
        ({9: 3, 10: 1}, (9, 10)),
        ({9: 2, 10: 2, 15: 1}, (9, 11)),
        ({8: 1, 9: 1, 10: 1, 15: 1, 20: 1}, (8, 11)),
        (dict.fromkeys(range(8, 20), 1), None),
        ({0: 2, 23: 2}, (0, 1)),
        ({23: 3, 0: 1}, (23, 24)),
    ],
)
def test_the_fewest_hours_that_hold_half(hours: dict[int, int], found: tuple[int, int] | None) -> None:
    assert window(hours) == found


@given(st.dictionaries(st.integers(0, 23), st.integers(1, 9)))
def test_a_window_holds_half_and_no_narrower_one_does(hours: dict[int, int]) -> None:
    found, total = window(hours), sum(hours.values())

    def held(start: int, until: int) -> int:
        return sum(n for hour, n in hours.items() if start <= hour < until)

    widths = [
        until - start
        for start in range(24)
        for until in range(start + 1, min(start + 4, 25))
        if 2 * held(start, until) >= total
    ]
    if found:
        assert 2 * held(*found) >= total and found[1] - found[0] == min(widths) <= 3 and found[1] <= 24
    else:
        assert not total or not widths


def test_what_is_usual_is_said_from_four_answers_on() -> None:
    few = answering("email", 9, [60, 60, 60], [9, 9, 9], [], [])
    assert (few.answered, few.minutes, few.window) == (3, None, None) and answers_said([few]) == ""
    known = answering("email", 9, [10, 90, 170, 5000], [9, 9, 10, 22], [], [2, 4, 30])
    assert (known.minutes, known.window, known.paid, known.days) == (170, (9, 10), 3, 4)
    assert Answering.restored(_as_json(known)) == known


def _as_json(one: Answering) -> dict:
    return {**one.kept(), "hours": {str(hour): n for hour, n in one.hours.items()}, "tried": {}}


@pytest.mark.parametrize(
    ("tried", "said"),
    [
        ([9] * 8, None),  # nobody ever called at another hour
        ([9] * 8 + [15] * 3, None),  # too seldom to know
        ([9] * 8 + [15] * 8, (9, 10)),
        ([9] * 12 + [15] * 4, None),  # as often as at three
    ],
)
def test_the_hours_of_calls_are_compared_with_those_beside(tried: list[int], said: tuple[int, int] | None) -> None:
    reached = [9] * 6 + [15] * 2
    assert answering("call", len(tried), [], reached, tried, []).window == said


def test_hours_and_days_in_words() -> None:
    one = answering("whatsapp", 12, [100, 130, 170, 175], [9, 9, 10, 11], [], [])
    said = {"en": "WhatsApp: answered 4 of the last 12, usually within 3 hours, mostly between 9 and 10."}
    with translation.override("en"):
        assert answer_said(one) == said["en"]
        assert [within(minutes) for minutes in (0, 60, 61, 1440, 1441, 2880)] == [
            "within 1 hour",
            "within 1 hour",
            "within 2 hours",
            "within 24 hours",
            "within 2 days",
            "within 2 days",
        ]
        december = season_said(Season("month", 12, 9, 3, 7))
        assert december == "What is expected in December is paid 9 days later than the rest (seen in 3 years, 7 items)."
    with translation.override("es"):
        assert season_said(Season("month", 12, 9, 3, 7)).startswith(
            "Lo que se espera en diciembre se paga 9 días más tarde"
        )
        assert season_said(Season("third", 3, -1, 8, 9)).count("día ") == 1


def times(days: dict[date, float]) -> list[Times]:
    """What the database gives for one item on each of these days."""
    parts: dict[tuple[str, int], list[float]] = defaultdict(list)
    months: dict[tuple[int, int], list[float]] = defaultdict(list)
    for day, late in days.items():
        months[day.year, day.month].append(late)
        parts["third", min((day.day - 1) // 10, 2) + 1].append(late)
    for (_year, month), each in months.items():
        parts["month", month].append(sum(each) / len(each))
    return [
        Times(part, which, len(each), len(each), sum(each), sum(x * x for x in each), min(each), max(each))
        for (part, which), each in parts.items()
    ]


def monthly(late, years: int = 3) -> dict[date, float]:
    return {date(2022 + year, month, 5): late(2022 + year, month) for year in range(years) for month in range(1, 13)}


def test_a_month_that_is_always_late_is_a_season() -> None:
    found = seasons(times(monthly(lambda year, month: 2 + (year + month) % 3 + (14 if month == 12 else 0))))
    assert [(one.part, one.which, one.days, one.times) for one in found] == [("month", 12, 10, 3)], (
        "14 days later, drawn to nothing by one time of four"
    )
    assert seasons(times(monthly(lambda year, month: 30.0 if (year, month) == (2023, 12) else 3.0))) == [], (
        "one bad year"
    )
    assert seasons(times(monthly(lambda year, month: 20.0 * (month == 12), years=1))) == [], "one year is none"
    assert seasons(times(monthly(lambda year, month: 20.0 * (month == 12), years=2))) == [], "two items are few"
    assert seasons(times(monthly(lambda year, month: 2.0 * (month == 12)))) == [], "two days are nothing to speak of"
    assert seasons([]) == []


def test_the_end_of_the_month_is_a_season() -> None:
    days = {date(2024, month, day): 10.0 * (day > 20) + month % 2 for month in range(1, 13) for day in (3, 14, 25)}
    assert [(one.part, one.which, one.times) for one in seasons(times(days))] == [
        ("third", 1, 12),
        ("third", 2, 12),
        ("third", 3, 12),
    ]


def test_who_has_no_season_is_seldom_said_to_have_one() -> None:
    """Two thousand customers with three years of months, late by chance, a tenth of them very late: at most one in twenty."""
    draw, said = Random(7), 0
    for _customer in range(2000):
        usual, spread = draw.uniform(-3, 40), draw.choice([1, 4, 9])
        days = monthly(
            lambda _year, _month, usual=usual, spread=spread: (
                round(draw.gauss(usual, spread)) if draw.random() > 0.1 else usual + draw.randrange(20, 60)
            )
        )
        said += bool(seasons(times(days)))
    assert said / 2000 <= 0.05, said


def test_planted_seasons_are_found() -> None:
    draw, said = Random(8), 0
    for _customer in range(300):
        month = draw.randrange(1, 13)
        found = seasons(times(monthly(lambda _y, m, month=month: round(draw.gauss(5, 3)) + 15 * (m == month))))
        said += [(one.part, one.which) for one in found] == [("month", month)]
    assert said / 300 >= 0.8, said


@pytest.fixture
def world(cast: Cast) -> World:
    with acting_for(cast.id):
        return make_world(cast.actor())


class Talk:
    """What is said to a customer and what it says, at hours of Lima, days before today."""

    def __init__(self, world: World, name: str, zone: str = "America/Lima") -> None:
        self.world = world
        self.customer = world.customer(name, time_zone=zone)
        self.item = world.invoice(self.customer, f"F-{name}", 300, "100.00")

    def said(self, days: int, hour: int, channel: str = "email", **changes) -> Activity:
        at = self.at(days, hour)
        values = {"state": "sent", "lead_id": self.item.id, "lead_days": 300 - days, "settled_at": at, "created_at": at}
        return Activity.objects.create(
            organization_id=self.world.by.organization_id,
            customer=self.customer,
            channel=channel,
            day=at.date(),
            step="s",
            attempt=Activity.objects.count() + 1,
            **{**values, **changes},
        )

    def answered(self, days: int, hour: int, *, to: Activity | None = None, kind: str = "reply") -> None:
        made = self.said(days, hour, direction="in", state="done", lead_id=None, lead_days=None)
        Answer.objects.create(
            organization_id=self.world.by.organization_id,
            customer=self.customer,
            kind=kind,
            state="noted",
            digest=str(made.id),
            received_at=made.settled_at,
            raw=b"",
            size=0,
            recorded_id=made.id,
            activity_id=to.id if to else None,
        )

    def at(self, days: int, hour: int) -> datetime:
        day = self.world.by.today - timedelta(days=days)
        return datetime(day.year, day.month, day.day, hour, 30, tzinfo=LIMA)

    def rhythm(self):
        return rhythm_of(self.world.by.organization_id, self.customer.id, self.world.by.today)


def test_what_came_of_contacts(world: World, cast: Cast) -> None:
    with acting_for(cast.id):
        talk = Talk(world, "Madrid", zone="Europe/Madrid")
        for days in (90, 80, 70, 60):
            talk.said(days, 8)
            talk.answered(days, 10)
        first = talk.said(50, 8)
        talk.said(49, 8, "whatsapp")
        talk.answered(48, 8, to=first)  # names the mail, though the message came later
        talk.said(45, 8)
        talk.answered(30, 8)  # fifteen days later is no answer
        talk.said(29, 8)
        talk.answered(29, 9, kind="auto_reply")
        talk.said(28, 8, result="bounced")
        talk.said(27, 8, captured=True)
        for days, result in ((20, "no_answer"), (19, "reached_promises"), (18, "wrong_number")):
            talk.said(days, 11, "call", state="done", result=result)
        mail, whatsapp, call = (_of(talk.rhythm(), channel) for channel in ("email", "whatsapp", "call"))
        assert (mail.contacts, mail.answered, mail.minutes) == (7, 5, 120)
        assert sum(n for hour, n in mail.hours.items() if hour in (16, 17)) == 4, (
            "at ten in Lima it is late afternoon there"
        )
        assert (whatsapp.contacts, whatsapp.answered) == (1, 0)
        assert (call.contacts, call.answered, sum(call.tried.values())) == (3, 1, 3)
        assert rhythm_of(cast.id, talk.customer.id, world.by.today - timedelta(days=200)) == NOTHING


def _of(rhythm, channel: str) -> Answering:
    return next(one for one in rhythm.answers if one.channel == channel)


def test_only_the_last_contacts_count_and_money_after_them(world: World, cast: Cast) -> None:
    with acting_for(cast.id):
        talk = Talk(world, "Muchos")
        for days in range(MOST + 6, 0, -1):
            talk.said(days * 5, 9)
        assert _of(talk.rhythm(), "email").contacts == MOST and _of(talk.rhythm(), "email").paid == 0
        on = world.by.today - timedelta(days=3)
        record_payment(
            world.by,
            customer_id=talk.customer.id,
            reference="P",
            received_on=on,
            currency="PEN",
            amount=talk.item.open_amount,
            designations=[Designation(talk.item.id, talk.item.open_amount)],
        )
        assert (_of(talk.rhythm(), "email").paid, _of(talk.rhythm(), "email").days) == (1, 2)


def test_looking_only_at_what_is_new_comes_to_the_same(world: World, cast: Cast) -> None:
    """Whatever happens between two days, the rows are those of working everybody out anew."""
    with acting_for(cast.id):
        draw = Random(3)
        talks = [Talk(world, f"C{number}") for number in range(4)]
        for talk in talks:
            for days in range(40, 20, -1):
                talk.said(days, draw.randrange(8, 18), draw.choice(["email", "whatsapp"]))
                if draw.random() < 0.5:
                    talk.answered(days, 19)
        before = world.by
        assert keep_rhythms(before) == len(talks)
        later = cast.actor(today=before.today + timedelta(days=1), now=before.now + timedelta(days=1))
        talks[0].said(-1, 8, created_at=later.now, settled_at=later.now)
        record_payment(
            later,
            customer_id=talks[1].customer.id,
            reference="Q",
            received_on=before.today,
            currency="PEN",
            amount=talks[1].item.open_amount,
            designations=[Designation(talks[1].item.id, talks[1].item.open_amount)],
        )
        assert keep_rhythms(later) >= 2
        ids = list(Customer.objects.filter(organization_id=cast.id).values_list("id", flat=True))
        assert rhythms(cast.id, later.today, ids) == worked_out(cast.id, later.today, ids)
        assert CustomerRhythm.objects.filter(organization_id=cast.id).count() == len(talks)
        for who in ids:
            kept = kept_beside(cast.id, uuid4(), who)
            assert kept == (None, rhythms(cast.id, later.today, ids).get(who, NOTHING).answers)
        past = before.today - timedelta(days=30)
        assert rhythms(cast.id, past, ids) == worked_out(cast.id, past, ids) != rhythms(cast.id, later.today, ids)


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 20000), st.integers(0, 23)), max_size=MOST))
def test_kept_and_restored_is_the_same(told: list[tuple[int, int]]) -> None:
    one = answering("email", MOST, [wait for wait, _hour in told], [hour for _wait, hour in told], [], [])
    assert Answering.restored(_as_json(one)) == one
    assert (one.minutes is None) == (len(told) < FEW)


def test_a_sentence_begins_with_a_capital() -> None:
    with translation.override("es"):
        said = answer_said(answering("call", 8, [], [9, 10, 10, 10], [9, 10, 10, 10, 15, 15, 16, 17], []))
    assert said == "Llamada: se habló en 4 de las últimas 8 veces, sobre todo entre las 10 y las 11."


def test_what_stands_in_a_table() -> None:
    calls = answering("call", 8, [], [9, 10, 10, 10], [9, 10, 10, 10, 15, 15, 16, 17], [])
    mails = answering("email", 9, [60] * 4, [8, 12, 16, 20], [], [])
    with translation.override("en"):
        assert [best_said(ways) for ways in ([calls, mails], [mails], [])] == ["Call, 10–11", "E-mail", ""]
        assert seasons_short([Season("month", 12, 9, 3, 7), Season("third", 3, -4, 8, 9)]) == (
            "in December +9, from the 21st on −4"
        )
