"""Simulated years in every pack and many time zones: nothing the gate allows is ever against the rules, and it allows plenty.

The judge is `naive`, which shares no code with the gate. Then rules are taken out of the packs one by one, and the judge must
notice each: a test that cannot fail proves nothing.
"""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from puntual.conduct.checks import examine
from puntual.conduct.gate import Allowed, Contact, ContactHistory, Refused, Subject, first_moment, may_contact
from puntual.conduct.packs import pack_for, packs
from puntual.conduct.rules import CHANNELS, Duty, Pack
from puntual.conduct.tests.naive import Said, complaints, violations

ZONES = [
    ("PE", "America/Lima"),
    ("CL", "America/Santiago"),
    ("CL", "Pacific/Easter"),
    ("CL", "America/Punta_Arenas"),
    ("CO", "America/Bogota"),
    ("MX", "America/Mexico_City"),
    ("MX", "America/Tijuana"),
    ("MX", "America/Ciudad_Juarez"),
    ("MX", "America/Cancun"),
    ("AR", "America/Argentina/Buenos_Aires"),
    ("BR", "America/Sao_Paulo"),
    ("BR", "America/Rio_Branco"),
    ("EC", "America/Guayaquil"),
    ("EC", "Pacific/Galapagos"),
    ("DO", "America/Santo_Domingo"),
    ("US", "America/New_York"),
    ("US", "America/Phoenix"),
    ("US", "Pacific/Honolulu"),
    ("ES", "Europe/Madrid"),
    ("ES", "Atlantic/Canary"),
    ("UY", "America/Montevideo"),
    ("PY", "America/Asuncion"),
    ("ZZ", "Australia/Lord_Howe"),
    ("ZZ", "Pacific/Kiritimati"),
]
ORDER = sorted(CHANNELS)
MINUTE = timedelta(minutes=1)
LEAP_YEAR = date(2028, 1, 1)


@dataclass
class Year:
    """What one simulated party went through."""

    log: list[Said]
    allowed: Counter[str]
    refused: Counter[str]


def seen(log: list[Said], debt: int) -> ContactHistory:
    recent = [one for one in log[-80:] if log[-1].at - one.at < timedelta(days=31)]
    return ContactHistory(
        tuple(Contact(one.channel, one.at, one.conversation, one.outbound, one.debt == debt) for one in recent)
    )


def simulate(
    pack: Pack,
    country: str,
    zone: str,
    seed: int,
    days: int = 366,
    clock: str | None = None,
    start: date = LEAP_YEAR,
) -> Year:
    """A party with three debts, pursued as hard as the gate lets it; `clock` is a wrong zone to tell the gate."""
    random = Random(seed)
    subject = Subject(natural=True, consumer=True, country=country, time_zone=clock or zone)
    year = Year([], Counter(), Counter())
    for number in range(days):
        if number % 16 > 6:
            continue  # quiet days, so that limits of a week run out
        day = start + timedelta(days=number)
        for _ in range(random.choice((1, 2, 3, 3, 14))):
            midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(clock or zone))
            earliest = max(
                [midnight + timedelta(minutes=random.randrange(-600, 1440))] + [one.at for one in year.log[-1:]]
            )
            if random.random() < 0.03:
                year.log.append(Said(random.randrange(3), "call", earliest, True, False, True))
                continue
            debt, channel = random.randrange(3), random.choice([*ORDER, "call", "call", "call"])
            authorized = random.random() < 0.8
            answer = first_moment(pack, subject, channel, day, earliest, seen(year.log, debt), authorized=authorized)
            if isinstance(answer, Refused):
                year.refused[answer.code] += 1
                continue
            room = answer.until.astimezone(UTC) - answer.not_before.astimezone(UTC)
            at = answer.not_before.astimezone(UTC) + random.choice((0, 0, 1, random.random())) * (room - MINUTE / 60)
            assert isinstance(
                may_contact(pack, subject, channel, at, seen(year.log, debt), authorized=authorized), Allowed
            )
            year.allowed[channel] += 1
            talked = channel in ("call", "visit") and random.random() < 0.1
            year.log.append(Said(debt, channel, at, talked, True, authorized))
    return year


@pytest.mark.parametrize(("country", "zone"), ZONES)
def test_a_year_without_a_violation_and_with_many_contacts(country: str, zone: str) -> None:
    pack = pack_for(country)
    year = simulate(pack, country, zone, seed=hash_of(zone))
    assert violations(pack.country, country, zone, year.log) == []
    possible = CHANNELS - {"visit"} if country == "CO" else CHANNELS
    assert set(year.allowed) == possible
    assert year.allowed.total() >= 60


def hash_of(text: str) -> int:
    return sum(place * ord(letter) for place, letter in enumerate(text, 1))


WITHOUT = [
    pytest.param(country, rule.id, id=rule.id)
    for country, pack in packs().items()
    for rule in pack.rules
    if not isinstance(rule.value, Duty)
]


@pytest.mark.parametrize(("country", "rule"), WITHOUT)
def test_a_pack_without_one_of_its_rules_is_caught(country: str, rule: str) -> None:
    place, zone = next((one, zone) for one, zone in ZONES if one == country or (one == "UY" and not country))
    whole = pack_for(country)
    broken = replace(whole, rules=tuple(one for one in whole.rules if one.id != rule))
    assert len(broken.rules) == len(whole.rules) - 1
    year = simulate(broken, place, zone, seed=7, days=200)
    assert violations(country, place, zone, year.log) != []


def test_a_gate_that_reads_the_wrong_clock_is_caught() -> None:
    year = simulate(pack_for("CL"), "CL", "Pacific/Easter", seed=7, days=200, clock="America/Santiago")
    assert violations("CL", "CL", "Pacific/Easter", year.log) != []


@st.composite
def _cases(draw: st.DrawFn) -> tuple[str, str, list[Said], Said]:
    """A customer with any past at all, lawful or not, and one more contact."""
    country, zone = draw(st.sampled_from(ZONES))
    start = datetime(2026, 1, 1, 3, tzinfo=UTC)
    at = start + draw(st.integers(0, 700 * 24 * 60)) * MINUTE
    about = st.builds(lambda days, minutes: days * 1440 + minutes, st.sampled_from((1, 2, 7)), st.integers(-300, 0))
    gaps = draw(st.lists(st.integers(1, 4 * 1440) | about, max_size=9))
    channels = st.sampled_from(ORDER)
    log, then = [], at
    for gap in gaps:
        then -= gap * MINUTE
        log.insert(
            0, Said(draw(st.integers(0, 1)), draw(channels), then, draw(st.booleans()), draw(st.booleans()), True)
        )
    return country, zone, log, Said(0, draw(channels), at, False, True, draw(st.booleans()))


@settings(max_examples=400, deadline=None)
@given(_cases())
def test_gate_and_judge_agree_on_every_moment(case: tuple[str, str, list[Said], Said]) -> None:
    country, zone, log, new = case
    pack = pack_for(country)
    subject = Subject(natural=True, consumer=True, country=country, time_zone=zone)
    history = seen(log, new.debt)
    answer = may_contact(pack, subject, new.channel, new.at, history, authorized=new.authorized)
    faults = complaints(pack.country, country, zone, new, log)
    assert isinstance(answer, Allowed) == (faults == [])
    checks = examine(pack, subject, new.channel, new.at, history, authorized=new.authorized)
    assert all(check.kept for check in checks) == (faults == [])
    if isinstance(answer, Allowed):
        assert answer.not_before == new.at < answer.until
    if isinstance(answer, Refused) and answer.again_from:
        later = replace(new, at=answer.again_from)
        assert complaints(pack.country, country, zone, later, log) == []
        before = replace(new, at=answer.again_from.astimezone(UTC) - MINUTE)
        assert complaints(pack.country, country, zone, before, log) != []


@settings(max_examples=15, deadline=None)
@given(_cases(), st.integers(0, 3))
def test_the_first_moment_of_a_day_is_the_first_minute_the_judge_lets_pass(
    case: tuple[str, str, list[Said], Said], ahead: int
) -> None:
    country, zone, log, new = case
    pack = pack_for(country)
    subject = Subject(natural=True, consumer=True, country=country, time_zone=zone)
    day = new.at.astimezone(ZoneInfo(zone)).date() + timedelta(days=ahead)
    history = seen(log, new.debt)
    answer = first_moment(pack, subject, new.channel, day, new.at, history, authorized=new.authorized)
    first = next(
        (
            at
            for at in (new.at + n * MINUTE for n in range((ahead + 1) * 24 * 60 + 120))
            if at.astimezone(ZoneInfo(zone)).date() == day
            and complaints(pack.country, country, zone, replace(new, at=at), log) == []
        ),
        None,
    )
    assert (answer.not_before if isinstance(answer, Allowed) else None) == first
