"""Hours and days off, country by country, to the minute and across clock changes."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from puntual.conduct.gate import Allowed, Refused, Subject, first_moment, may_contact
from puntual.conduct.packs import pack_for, read_pack, read_policy
from puntual.conduct.windows import openings, zone_of
from puntual.kernel.problems import Problem

ZONES = {
    "PE": "America/Lima",
    "CL": "America/Santiago",
    "CO": "America/Bogota",
    "MX": "America/Mexico_City",
    "AR": "America/Argentina/Buenos_Aires",
    "BR": "America/Sao_Paulo",
    "EC": "America/Guayaquil",
    "DO": "America/Santo_Domingo",
    "US": "America/New_York",
    "ES": "Europe/Madrid",
    "UY": "America/Montevideo",
}


def consumer(country: str, zone: str | None = None) -> Subject:
    return Subject(
        natural=True,
        consumer=True,
        country=country,
        time_zone=zone or ZONES[country],
        financial_creditor=True,
        third_party_collector=True,
    )


def at(country: str, text: str, zone: str | None = None) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone or ZONES[country]))


WEDNESDAY, FRIDAY, SATURDAY, SUNDAY = "2026-03-04", "2026-03-06", "2026-03-07", "2026-03-08"


@pytest.mark.parametrize(
    ("country", "day", "first", "last"),
    [
        ("PE", WEDNESDAY, "07:00", "19:59"),
        ("CL", WEDNESDAY, "08:00", "19:59"),
        ("CL", SATURDAY, "08:00", "19:59"),
        ("CO", FRIDAY, "07:00", "18:59"),
        ("CO", SATURDAY, "08:00", "14:59"),
        ("MX", WEDNESDAY, "07:00", "21:59"),
        ("MX", SUNDAY, "07:00", "21:59"),
        ("AR", WEDNESDAY, "08:00", "19:59"),
        ("AR", SATURDAY, "09:00", "12:59"),
        ("BR", WEDNESDAY, "08:00", "19:59"),
        ("BR", SATURDAY, "08:00", "13:59"),
        ("EC", FRIDAY, "07:00", "19:59"),
        ("DO", WEDNESDAY, "07:00", "19:59"),
        ("DO", SATURDAY, "09:00", "12:59"),
        ("US", SUNDAY, "08:00", "20:59"),
        ("ES", WEDNESDAY, "09:00", "19:59"),
        ("UY", WEDNESDAY, "08:00", "19:59"),
        ("UY", SATURDAY, "09:00", "12:59"),
    ],
)
@pytest.mark.parametrize("channel", ["call", "email"])
def test_the_first_and_the_last_minute(country: str, day: str, first: str, last: str, channel: str) -> None:
    minute = timedelta(minutes=1)
    for moment, fine in [
        (at(country, f"{day} {first}") - minute, False),
        (at(country, f"{day} {first}"), True),
        (at(country, f"{day} {last}:59"), True),
        (at(country, f"{day} {last}") + minute, False),
    ]:
        answer = may_contact(pack_for(country), consumer(country), channel, moment, authorized=True)
        assert isinstance(answer, Allowed) == fine, moment
        if isinstance(answer, Refused):
            assert answer.code == ("before_hours" if moment < at(country, f"{day} {first}") else "after_hours")


@pytest.mark.parametrize(
    ("country", "day", "code", "again"),
    [
        ("PE", SATURDAY, "weekday", "2026-03-09 07:00"),
        ("PE", "2026-07-28", "holiday", "2026-07-30 07:00"),
        ("CL", SUNDAY, "weekday", "2026-03-09 08:00"),
        ("CL", "2026-09-18", "holiday", "2026-09-21 08:00"),
        ("CO", SUNDAY, "weekday", "2026-03-09 07:00"),
        ("CO", "2026-03-23", "holiday", "2026-03-24 07:00"),
        ("AR", "2026-05-25", "holiday", "2026-05-26 08:00"),
        ("BR", "2026-04-21", "holiday", "2026-04-22 08:00"),
        ("EC", SATURDAY, "weekday", "2026-03-09 07:00"),
        ("EC", "2026-08-10", "holiday", "2026-08-11 07:00"),
        ("DO", "2026-02-27", "holiday", "2026-02-28 09:00"),
        ("ES", "2026-10-12", "holiday", "2026-10-13 09:00"),
        ("UY", "2026-08-25", "holiday", "2026-08-26 08:00"),
    ],
)
def test_days_off(country: str, day: str, code: str, again: str) -> None:
    noon = at(country, f"{day} 12:00")
    answer = may_contact(pack_for(country), consumer(country), "call", noon, authorized=True)
    assert isinstance(answer, Refused)
    assert (answer.code, answer.again_from) == (code, at(country, again))
    planned = first_moment(
        pack_for(country), consumer(country), "call", noon.date(), noon - timedelta(days=1), authorized=True
    )
    assert isinstance(planned, Refused)
    assert (planned.code, planned.again_from) == (code, at(country, again))


def test_holidays_of_a_region_and_of_the_house() -> None:
    arica = Subject(True, True, "CL", ZONES["CL"], subdivision="AP")
    day = at("CL", "2027-06-07 12:00")  # Asalto y Toma del Morro de Arica, a Monday
    assert isinstance(may_contact(pack_for("CL"), arica, "call", day), Refused)
    assert isinstance(may_contact(pack_for("CL"), consumer("CL"), "call", day), Allowed)
    house = read_policy({"added_holidays": ["2026-03-04"]}, "acme")
    assert isinstance(
        may_contact(pack_for("PE"), consumer("PE"), "call", at("PE", "2026-03-04 12:00"), policy=house), Refused
    )


def test_the_clock_on_the_customers_wall_counts() -> None:
    moment = datetime(2026, 3, 4, 12, 30, tzinfo=UTC)
    cases = {"America/Tijuana": False, "America/Mexico_City": False, "America/Cancun": True}
    for zone, fine in cases.items():
        answer = may_contact(pack_for("MX"), consumer("MX", zone), "call", moment)
        assert isinstance(answer, Allowed) == fine
    easter, mainland = consumer("CL", "Pacific/Easter"), consumer("CL")
    evening = at("CL", "2026-03-04 21:30")
    assert isinstance(may_contact(pack_for("CL"), mainland, "call", evening), Refused)
    assert isinstance(may_contact(pack_for("CL"), easter, "call", evening), Allowed)


@pytest.mark.parametrize(
    ("country", "zone", "before", "after"),
    [
        ("CL", "America/Santiago", "2026-04-04", "2026-04-06"),  # clocks back: from -03:00 to -04:00
        ("CL", "America/Santiago", "2026-09-05", "2026-09-07"),  # clocks forward
        ("MX", "America/Tijuana", "2026-03-07", "2026-03-08"),
        ("MX", "America/Ciudad_Juarez", "2026-10-31", "2026-11-01"),
        ("US", "America/New_York", "2026-03-07", "2026-03-08"),
        ("US", "America/New_York", "2026-10-31", "2026-11-01"),
        ("ES", "Europe/Madrid", "2026-03-27", "2026-03-30"),
        ("ES", "Europe/Madrid", "2026-10-23", "2026-10-26"),
    ],
)
def test_hours_stay_local_when_the_clocks_change(country: str, zone: str, before: str, after: str) -> None:
    openings_at = []
    for text in (before, after):
        day = date.fromisoformat(text)
        midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
        answer = first_moment(pack_for(country), consumer(country, zone), "call", day, midnight)
        if isinstance(answer, Refused):  # Easter Saturday is a holiday in Chile
            answer = first_moment(pack_for(country), consumer(country, zone), "letter", day, midnight)
        assert isinstance(answer, Allowed)
        openings_at.append(answer.not_before.utcoffset())
    assert openings_at[0] != openings_at[1]
    monday = first_moment(pack_for(country), consumer(country, zone), "call", date.fromisoformat(after), midnight)
    assert isinstance(monday, Allowed)
    assert monday.not_before.hour == {"CL": 8, "MX": 7, "US": 8, "ES": 9}[country]
    assert monday.until.hour == {"CL": 20, "MX": 22, "US": 21, "ES": 20}[country]


CHANGES = [  # days on which the clocks change, at night, some of them at midnight
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("America/Santiago", date(2026, 4, 4)),
    ("America/Santiago", date(2026, 9, 6)),
    ("America/Havana", date(2026, 3, 8)),
    ("America/Havana", date(2026, 11, 1)),
    ("Europe/Madrid", date(2026, 3, 29)),
    ("Europe/Madrid", date(2026, 10, 25)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
]


@settings(deadline=None)
@given(st.sampled_from(CHANGES), st.integers(0, 1439), st.integers(1, 1440))
@example(CHANGES[1], 90, 480)
@example(CHANGES[1], 30, 60)
@example(CHANGES[0], 150, 480)
@example(CHANGES[0], 30, 120)
@example(CHANGES[5], 0, 1440)
def test_an_opening_never_leaves_its_hours_whatever_the_clocks_do(
    change: tuple[str, date], start: int, length: int
) -> None:
    zone, day = change
    end = min(start + length, 1440)
    for opening in openings(((start, end),), day, ZoneInfo(zone)):
        moment = opening.start
        while moment < opening.end:
            wall = moment.astimezone(ZoneInfo(zone))
            assert wall.date() == day
            assert start <= wall.hour * 60 + wall.minute < end
            moment += timedelta(minutes=7)


def test_a_letter_has_no_hours() -> None:
    answer = first_moment(pack_for("MX"), consumer("MX"), "letter", date(2026, 3, 8), at("MX", "2026-03-08 03:15"))
    assert answer == Allowed(at("MX", "2026-03-08 03:15"), at("MX", "2026-03-09 00:00"))


def test_a_day_that_is_over_where_the_customer_lives() -> None:
    night = at("PE", "2026-03-04 23:00")  # already Thursday in Madrid
    answer = first_moment(pack_for("ES"), consumer("ES"), "email", date(2026, 3, 4), night)
    assert isinstance(answer, Refused)
    assert (answer.code, answer.law, answer.again_from) == ("day_over", False, at("ES", "2026-03-05 09:00"))


def test_planning_starts_at_the_earliest_moment_given() -> None:
    day = date(2026, 3, 4)
    for earliest, expected in [
        ("2026-03-03 09:00", "07:00"),
        ("2026-03-04 06:59", "07:00"),
        ("2026-03-04 11:11", "11:11"),
    ]:
        answer = first_moment(pack_for("PE"), consumer("PE"), "email", day, at("PE", earliest))
        assert answer == Allowed(at("PE", f"2026-03-04 {expected}"), at("PE", "2026-03-04 20:00"))


def test_the_law_or_your_policy() -> None:
    evening = at("PE", "2026-03-04 21:00")
    company = Subject(natural=False, consumer=False, country="PE", time_zone=ZONES["PE"])
    for subject, channel, law in [
        (consumer("PE"), "call", True),
        (consumer("PE"), "email", False),  # the law speaks of calls and visits
        (company, "call", False),
    ]:
        answer = may_contact(pack_for("PE"), subject, channel, evening)
        assert isinstance(answer, Refused)
        assert (answer.rule_id, answer.law) == ("pe-hours", law)
    in_house = Subject(natural=True, consumer=True, country="US", time_zone=ZONES["US"])
    refused = may_contact(pack_for("US"), in_house, "call", at("US", "2026-03-04 22:00"))
    assert isinstance(refused, Refused) and not refused.law
    borrowed = may_contact(pack_for("PE"), consumer("UY"), "call", at("UY", "2026-03-04 21:00"))
    assert isinstance(borrowed, Refused) and not borrowed.law


NARROW = {
    "rules": [
        {
            "id": "siesta",
            "what": "hours",
            "channels": "all",
            "hours": {"mon-fri": ["09:00-13:00", "15:00-23:00"]},
        }
    ]
}


@pytest.mark.parametrize(
    ("time", "rule", "code", "law"),
    [
        ("06:59", "pe-hours", "before_hours", True),
        ("08:00", "siesta", "before_hours", False),
        ("13:00", "siesta", "before_hours", False),
        ("20:00", "pe-hours", "after_hours", True),
        ("23:00", "pe-hours", "after_hours", True),
    ],
)
def test_a_policy_only_narrows_and_the_law_speaks_first(time: str, rule: str, code: str, law: bool) -> None:
    policy = read_policy(NARROW, "acme")
    answer = may_contact(pack_for("PE"), consumer("PE"), "call", at("PE", f"2026-03-04 {time}"), policy=policy)
    assert isinstance(answer, Refused)
    assert (answer.rule_id, answer.code, answer.law) == (rule, code, law)
    fine = may_contact(pack_for("PE"), consumer("PE"), "call", at("PE", "2026-03-04 15:00"), policy=policy)
    assert fine == Allowed(at("PE", "2026-03-04 15:00"), at("PE", "2026-03-04 20:00"))


def test_the_law_is_named_first_wherever_it_stands_in_the_pack() -> None:
    manners = (
        '[[rules]]\nid = "manners"\nwhat = "hours"\nchannels = "all"\nconfidence = "M"\nhours.mon-sun = "09:00-18:00"\n'
    )
    law = manners.replace("manners", "law").replace('"M"', '"V"\napplies_to = []\narticle = "1"\nsource = "s"')
    pack = read_pack(f'country = "PE"\nchecked = 2026-11-21\n{manners}{law}', "xx.toml")
    answer = may_contact(pack, consumer("PE"), "call", at("PE", "2026-03-04 08:00"))
    assert isinstance(answer, Refused)
    assert (answer.rule_id, answer.law) == ("law", True)


def test_a_weekday_off_is_off() -> None:
    policy = read_policy({"rules": [{"id": "off", "what": "days_off", "channels": "all", "weekdays": ["wed"]}]}, "acme")
    answer = may_contact(pack_for("MX"), consumer("MX"), "letter", at("MX", "2026-03-04 12:00"), policy=policy)
    assert isinstance(answer, Refused)
    assert (answer.code, answer.params["weekday"]) == ("weekday", 2)
    assert answer.again_from == at("MX", "2026-03-05 00:00")


def test_hours_that_never_meet_say_so_without_a_date() -> None:
    night = {"id": "night", "what": "hours", "channels": "all", "hours": {"mon-sun": "21:00-24:00"}}
    policy = read_policy({"rules": [night]}, "acme")
    answer = first_moment(
        pack_for("PE"), consumer("PE"), "call", date(2026, 3, 4), at("PE", "2026-03-04 10:00"), policy=policy
    )
    assert isinstance(answer, Refused)
    assert (answer.rule_id, answer.again_from) == ("night", None)


def test_half_a_pack_is_half_a_pack() -> None:
    pack = read_pack('country = "PE"\nchecked = 2026-11-21\nrules = []', "empty.toml")
    midnight = at("PE", "2026-07-28 00:00")
    assert may_contact(pack, consumer("PE"), "call", midnight) == Allowed(midnight, midnight + timedelta(days=1))


def test_times_need_an_offset_and_zones_and_channels_a_known_name() -> None:
    naive = datetime(2026, 3, 4, 12)  # noqa: DTZ001
    with pytest.raises(ValueError, match="offset"):
        may_contact(pack_for("PE"), consumer("PE"), "call", naive)
    with pytest.raises(ValueError, match="channel"):
        may_contact(pack_for("PE"), consumer("PE"), "fax", at("PE", "2026-03-04 12:00"))
    with pytest.raises(Problem, match="America/Lima"):
        zone_of("America/Nowhere")
    with pytest.raises(Problem):
        zone_of("../etc/passwd")
