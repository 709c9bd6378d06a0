"""A party's frequency given out among its customers: who goes first, and never more than the gate allows."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puntual.conduct.allotment import Rank, Wish, allot
from puntual.conduct.gate import Subject
from puntual.conduct.packs import pack_for
from puntual.conduct.tests.naive import Said, violations
from puntual.conduct.tests.test_limits import past

MORNING = datetime(2026, 3, 4, 14, tzinfo=UTC)  # a Wednesday
ZONES = {"UY": "America/Montevideo", "CL": "America/Santiago", "DO": "America/Santo_Domingo", "EC": "America/Guayaquil"}


def wish(key: str, country: str = "UY", channel: str = "email", **changes: object) -> Wish:
    subject = Subject(natural=True, consumer=True, country=country, time_zone=ZONES[country])
    plain = Wish(
        key=key,
        debt=key,
        channel=channel,
        not_before=MORNING,
        rank=Rank.VALUE,
        value=Decimal(10),
        pack=pack_for(country),
        subject=subject,
        history=past(country),
        authorized=True,
    )
    return replace(plain, **changes)


def test_required_first_then_what_was_planned_then_value() -> None:
    wishes = [
        wish("dear", value=Decimal(900)),
        wish("cheap", value=Decimal(1)),
        wish("planned", rank=Rank.PLANNED, value=Decimal(0)),
        wish("required", rank=Rank.REQUIRED, value=Decimal(0)),
    ]
    for order in permutations(wishes):
        assert set(allot(order)) == {"dear", "cheap", "planned"}
        assert set(allot(one for one in order if one.key != "required")) == {"dear", "cheap"}
        assert set(allot(one for one in order if one.rank == Rank.VALUE)) == {"cheap"}


def test_the_refusal_names_the_rule() -> None:
    refused = allot([wish("a"), wish("b")])["b"]
    assert (refused.rule_id, refused.code, refused.law) == ("generic-day", "frequency", False)


@pytest.mark.parametrize(
    ("country", "channels", "losers"),
    [
        ("CL", ("call", "email"), set()),  # a call and a message are counted apart
        ("CL", ("email", "whatsapp"), {"1"}),  # two days between them
        ("DO", ("email",) * 6, set()),  # counted per debt
        ("EC", ("email", "call", "sms"), {"1", "2"}),
    ],
)
def test_as_each_country_counts(country: str, channels: tuple[str, ...], losers: set[str]) -> None:
    wishes = [wish(str(number), country, channel) for number, channel in enumerate(channels)]
    assert set(allot(wishes)) == losers


@given(
    st.sampled_from(sorted(ZONES)),
    st.lists(
        st.tuples(st.sampled_from(["call", "email", "sms", "letter"]), st.integers(0, 5), st.sampled_from(list(Rank))),
        min_size=1,
        max_size=5,
    ),
)
def test_what_is_given_out_breaks_no_rule_and_something_always_is(
    country: str, wanted: list[tuple[str, int, Rank]]
) -> None:
    wishes = [
        wish(str(n), country, channel, not_before=MORNING + timedelta(hours=hour), rank=rank)
        for n, (channel, hour, rank) in enumerate(wanted)
    ]
    refused = allot(wishes)
    assert len(refused) < len(wishes)
    log = [
        Said(int(one.debt), one.channel, one.not_before, False, True, True) for one in wishes if one.key not in refused
    ]
    log.sort(key=lambda one: one.at)
    assert violations("" if country == "UY" else country, country, ZONES[country], log) == []
