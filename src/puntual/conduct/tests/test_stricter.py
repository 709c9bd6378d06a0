"""An organization's own rules: on top of the law, never instead of it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import Cast
from puntual.audit.models import Record
from puntual.conduct.actions import add_rule, end_rule
from puntual.conduct.gate import Allowed, Contact, ContactHistory, Refused, Subject, first_moment, may_contact
from puntual.conduct.packs import pack_for, read_policy
from puntual.conduct.policies import policy_for
from puntual.conduct.queries import own_rules, policies_of
from puntual.conduct.rules import CHANNELS, CONDITIONS, Policy
from puntual.conduct.tests.test_simulation import ZONES
from puntual.kernel.problems import Problem
from puntual.organizations.actions import set_holiday

ORDER = sorted(CHANNELS)
_channels = st.lists(st.sampled_from(ORDER), min_size=1, unique=True)
_span = st.tuples(st.integers(0, 22), st.integers(1, 23)).map(lambda pair: sorted((pair[0], pair[0] + pair[1])))
_hours = st.dictionaries(
    st.sampled_from(["mon-fri", "sat", "sun"]),
    _span.map(lambda span: f"{span[0]:02}:00-{min(span[1], 24):02}:00"),
)
_days = st.integers(1, 30)
_flag = st.booleans()
_per = st.sampled_from(["party", "debt"])
_weekdays = st.lists(st.sampled_from(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]), unique=True, max_size=3)
_kinds = st.one_of(
    st.fixed_dictionaries({"what": st.just("hours"), "hours": _hours}),
    st.fixed_dictionaries({"what": st.just("days_off"), "weekdays": _weekdays, "holidays": _flag}),
    st.fixed_dictionaries(
        {"what": st.just("frequency"), "times": st.integers(1, 9), "days": _days, "full_days": _flag, "per": _per}
    ),
    st.fixed_dictionaries(
        {
            "what": st.just("spacing"),
            "after": st.sampled_from(["attempt", "conversation"]),
            "days": _days,
            "full_days": _flag,
            "per": _per,
        }
    ),
    st.fixed_dictionaries({"what": st.just("one_channel"), "days": _days, "full_days": _flag, "per": _per}),
    st.fixed_dictionaries({"what": st.sampled_from(["consent", "forbidden_channel"])}),
)
_conditions = st.fixed_dictionaries(
    {"channels": _channels, "not_for": st.lists(st.sampled_from(sorted(CONDITIONS)), unique=True, max_size=2)}
)
_AT = datetime(2026, 1, 1, 3, tzinfo=UTC)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """Any policy that can be written at all."""
    rules: list[dict[str, Any]] = [
        {"id": f"own-{number}", **draw(_kinds), **draw(_conditions)} for number in range(draw(st.integers(0, 4)))
    ]
    added = draw(st.lists(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=5))
    return read_policy({"rules": rules, "added_holidays": added}, "any")


@settings(max_examples=300, deadline=None)
@given(
    policies(),
    st.sampled_from(ZONES),
    st.sampled_from(ORDER),
    st.integers(0, 700 * 24 * 60),
    st.lists(st.tuples(st.sampled_from(ORDER), st.integers(1, 20 * 1440), _flag, _flag, _flag), max_size=8),
    st.tuples(_flag, _flag, _flag, _flag, _flag),
)
def test_no_policy_makes_a_contact_possible_that_was_not(
    policy: Policy,
    place: tuple[str, str],
    channel: str,
    minutes: int,
    before: list[tuple[str, int, bool, bool, bool]],
    about: tuple[bool, bool, bool, bool, bool],
) -> None:
    country, zone = place
    natural, consumer, financial, third_party, authorized = about
    subject = Subject(natural, consumer, country, zone, None, financial, third_party)
    pack, at = pack_for(country), _AT + timedelta(minutes=minutes)
    history = ContactHistory(
        tuple(Contact(by, at - timedelta(minutes=ago), talked, ours, same) for by, ago, talked, ours, same in before)
    )
    without = may_contact(pack, subject, channel, at, history, authorized=authorized)
    under = may_contact(pack, subject, channel, at, history, policy, authorized=authorized)
    assert not (isinstance(without, Refused) and isinstance(under, Allowed))
    day = at.date()
    first = first_moment(pack, subject, channel, day, at, history, authorized=authorized)
    later = first_moment(pack, subject, channel, day, at, history, policy, authorized=authorized)
    if isinstance(later, Allowed):
        assert isinstance(first, Allowed) and first.not_before <= later.not_before
    if isinstance(under, Refused) and under.rule_id.startswith("own-"):
        assert not under.law


def test_own_rules_come_on_top_by_country_and_from_their_day(acting: Cast) -> None:
    by = acting.actor()
    everywhere = add_rule(by, "", "forbidden_channel", ["visit"])
    add_rule(by, "PE", "hours", ["call"], hours={"mon-fri": "10:00-17:00"})
    set_holiday(by, "PE", date(2026, 12, 24), works=False, name="Nochebuena")
    set_holiday(by, "PE", date(2026, 12, 25), works=True, name="Navidad")
    found = policies_of(by.organization_id)
    assert {rule.id for rule in policy_for(found, "CL").rules} == {f"own-{everywhere.id}"}
    assert len(policy_for(found, "PE").rules) == 2
    assert policy_for(found, "PE").added == {date(2026, 12, 24)}
    assert policies_of(by.organization_id, by.today - timedelta(days=1))[""].rules == ()


def test_a_day_taken_out_of_the_calendar_stays_without_contact(acting: Cast) -> None:
    by = acting.actor()
    set_holiday(by, "PE", date(2026, 12, 25), works=True)
    noon = datetime(2026, 12, 25, 17, tzinfo=UTC)
    subject = Subject(True, True, "PE", "America/Lima")
    policy = policy_for(policies_of(by.organization_id), "PE")
    assert isinstance(may_contact(pack_for("PE"), subject, "call", noon, policy=policy), Refused)


def test_ending_a_rule_keeps_what_it_was(acting: Cast) -> None:
    by = acting.actor()
    rule = add_rule(by, "", "frequency", ["call"], times=2, days=30, per="party")
    later = by.on(by.today + timedelta(days=40), by.now + timedelta(days=40))
    end_rule(later, rule.id)
    end_rule(later.on(later.today + timedelta(days=1), later.now), rule.id)  # once more changes nothing
    assert own_rules(by.organization_id) == []
    assert own_rules(by.organization_id, later.today - timedelta(days=1)) == [rule]
    assert own_rules(by.organization_id, later.today) == []
    assert Record.objects.filter(action="conduct.add_rule").get().detail["rule"]["times"] == 2


@pytest.mark.parametrize(
    ("country", "what", "channels", "values", "fault"),
    [
        ("XX", "forbidden_channel", ["visit"], {}, "XX"),
        ("", "forbidden_channel", [], {}, "channel"),
        ("", "hours", ["call"], {"hours": {"mon-fri": "17:00-10:00"}}, "17:00-10:00"),
        ("", "frequency", ["call"], {"times": 0, "days": 7, "per": "party"}, "times"),
        ("", "hours", ["call"], {"hours": {}, "loosen": True}, "loosen"),
    ],
)
def test_what_is_no_rule_is_refused(
    acting: Cast, country: str, what: str, channels: list[str], values: dict[str, Any], fault: str
) -> None:
    with pytest.raises(Problem, match=fault):
        add_rule(acting.actor(), country, what, channels, **values)
    assert own_rules(acting.organization.id) == []


def test_one_organization_does_not_see_the_rules_of_another(acting: Cast) -> None:
    add_rule(acting.actor(), "", "forbidden_channel", ["visit"])
    assert own_rules(acting.other_organization.id) == []
