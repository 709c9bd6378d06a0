"""How often and by how many channels: each rule that counts contacts, at its edges."""

# ruff: noqa: E501 - a table of cases reads best with one a line

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from puntual.conduct.gate import Allowed, Contact, ContactHistory, Refused, Subject, first_moment, may_contact
from puntual.conduct.packs import pack_for, read_policy
from puntual.conduct.tests.test_hours import ZONES, at, consumer


def past(country: str, *entries: str) -> ContactHistory:
    """Contacts written like "call 2026-03-02 10:00", with `talked`, `in` and `other debt` behind them."""
    contacts = []
    for entry in entries:
        channel, day, time, *flags = entry.split(" ", 3)
        said = flags[0] if flags else ""
        moment = at(country, f"{day} {time}")
        contacts.append(Contact(channel, moment, "talked" in said, "in" not in said.split(), "other debt" not in said))
    return ContactHistory(tuple(contacts))


@pytest.mark.parametrize(
    ("country", "history", "channel", "rule", "again"),
    [
        # Chile: one call or visit in seven full days, whichever it was
        ("CL", ["call 2026-03-02 10:00"], "call", "cl-call-or-visit", "2026-03-09 10:00"),
        ("CL", ["visit 2026-03-02 10:00"], "call", "cl-call-or-visit", "2026-03-09 10:00"),
        ("CL", ["call 2026-03-02 10:00 other debt"], "visit", "cl-call-or-visit", "2026-03-09 10:00"),
        ("CL", ["call 2026-03-02 10:00"], "email", None, None),
        ("CL", ["call 2026-02-25 12:00"], "call", None, None),
        ("CL", ["call 2026-03-02 10:00 in talked"], "call", None, None),
        # Chile: two others in seven days, two days apart
        ("CL", ["email 2026-03-03 09:00"], "sms", "cl-other-spacing", "2026-03-05 09:00"),
        ("CL", ["email 2026-03-02 12:00"], "sms", None, None),
        ("CL", ["email 2026-02-26 09:00", "sms 2026-03-01 09:00"], "letter", "cl-other-week", "2026-03-05 09:00"),
        ("CL", ["email 2026-02-25 11:00", "sms 2026-03-01 09:00"], "letter", None, None),
        # Colombia: one a day and one channel a week, the attempt counts
        ("CO", ["call 2026-03-04 08:00"], "call", "co-day", "2026-03-05 07:00"),
        ("CO", ["call 2026-03-03 18:00"], "call", None, None),
        ("CO", ["email 2026-02-27 09:30"], "call", "co-one-channel", "2026-03-06 09:30"),
        ("CO", ["email 2026-02-25 12:00"], "call", None, None),
        ("CO", ["whatsapp 2026-03-02 09:00 in talked"], "call", None, None),
        # Ecuador: one a day in total
        ("EC", ["letter 2026-03-04 08:00"], "email", "ec-day", "2026-03-05 07:00"),
        ("EC", ["email 2026-03-03 19:00"], "email", None, None),
        # Dominican Republic: five a day per debt, over all media
        ("DO", [f"{c} 2026-03-04 09:00" for c in ("call", "sms", "email", "whatsapp", "call")], "sms", "do-day", "2026-03-05 07:00"),
        ("DO", ["call 2026-03-04 09:00"] * 4, "sms", None, None),
        ("DO", ["call 2026-03-04 09:00"] * 4 + ["call 2026-03-04 10:00 other debt"], "call", None, None),
        # United States: seven calls in seven days; the day of a conversation is day 1
        ("US", [f"call 2026-{d} 10:00" for d in ("02-26", "02-27", "02-28", "03-01", "03-02", "03-03", "03-04")], "call", "us-calls", "2026-03-05 08:00"),
        ("US", [f"call 2026-{d} 10:00" for d in ("02-25", "02-27", "02-28", "03-01", "03-02", "03-03", "03-04")], "call", None, None),
        ("US", ["call 2026-03-04 09:00"] * 6, "call", None, None),
        ("US", ["call 2026-02-26 15:00 talked"], "call", "us-after-conversation", "2026-03-05 08:00"),
        ("US", ["call 2026-02-25 20:00 talked"], "call", None, None),
        ("US", ["call 2026-03-03 10:00 in talked"], "call", "us-after-conversation", "2026-03-10 08:00"),
        ("US", ["call 2026-03-03 10:00 talked other debt"], "call", None, None),
        ("US", ["call 2026-03-03 10:00 talked"], "email", None, None),
        # Elsewhere: one a day, three a week, a week of rest after a conversation
        ("UY", ["letter 2026-03-04 08:00"], "email", "generic-day", "2026-03-05 08:00"),
        ("UY", ["email 2026-02-26 09:00", "email 2026-02-28 09:00", "call 2026-03-03 09:00"], "sms", "generic-week", "2026-03-05 09:00"),
        ("UY", [f"sms 2026-{d} 09:00" for d in ("02-26", "02-27", "02-28", "03-02")], "sms", "generic-week", "2026-03-06 09:00"),
        ("UY", ["email 2026-02-26 09:00", "email 2026-02-28 09:00"], "sms", None, None),
        ("UY", ["whatsapp 2026-02-27 10:00 in talked"], "call", "generic-after-conversation", "2026-03-06 10:00"),
        ("UY", ["call 2026-02-27 10:00 talked"], "email", None, None),
        # No limit was found
        ("PE", ["call 2026-03-04 09:00"] * 9, "call", None, None),
        ("MX", ["call 2026-03-04 09:00"] * 9, "call", None, None),
    ],
)  # fmt: skip
def test_on_a_wednesday_at_noon(
    country: str, history: list[str], channel: str, rule: str | None, again: str | None
) -> None:
    noon = at(country, "2026-03-04 12:00")
    answer = may_contact(pack_for(country), consumer(country), channel, noon, past(country, *history), authorized=True)
    if rule is None or again is None:
        assert isinstance(answer, Allowed)
        return
    assert isinstance(answer, Refused)
    assert (answer.rule_id, answer.again_from, answer.law) == (rule, at(country, again), country != "UY")
    days = (answer.again_from.date() - noon.date()).days
    later = answer.again_from.date() if answer.again_from else noon.date()
    planned = first_moment(
        pack_for(country), consumer(country), channel, later, noon, past(country, *history), authorized=True
    )
    assert days >= 1
    assert isinstance(planned, Allowed) and planned.not_before == answer.again_from


def test_a_limit_that_ends_during_the_day_delays_instead_of_refusing() -> None:
    history = past("CL", "email 2026-03-02 15:30")
    answer = first_moment(
        pack_for("CL"), consumer("CL"), "email", date(2026, 3, 4), at("CL", "2026-03-04 08:00"), history
    )
    assert answer == Allowed(at("CL", "2026-03-04 15:30"), at("CL", "2026-03-04 20:00"))
    now = may_contact(pack_for("CL"), consumer("CL"), "email", at("CL", "2026-03-04 15:29"), history)
    assert isinstance(now, Refused)
    assert (now.rule_id, now.again_from) == ("cl-other-spacing", at("CL", "2026-03-04 15:30"))


def test_two_full_days_across_a_clock_change_are_full_by_the_clock_and_by_the_stopwatch() -> None:
    for last, fine in [("2026-04-04 10:00", "2026-04-06 10:00"), ("2026-09-05 10:00", "2026-09-07 11:00")]:
        history = past("CL", f"letter {last}")
        day = at("CL", fine)
        answer = first_moment(pack_for("CL"), consumer("CL"), "email", day.date(), day.replace(hour=0), history)
        assert isinstance(answer, Allowed) and answer.not_before == day


def test_the_day_of_a_contact_is_the_customers_day() -> None:
    """20:30 on Tuesday in Quito is Wednesday in UTC and in Madrid."""
    said = Contact("letter", datetime(2026, 3, 4, 1, 30, tzinfo=ZoneInfo("UTC")))
    wednesday = at("EC", "2026-03-04 07:00")
    assert isinstance(may_contact(pack_for("EC"), consumer("EC"), "email", wednesday, ContactHistory((said,))), Allowed)


def test_contacts_later_that_day_count_and_those_of_later_days_do_not() -> None:
    morning = at("EC", "2026-03-04 08:00")
    today, tomorrow = past("EC", "letter 2026-03-04 18:00"), past("EC", "letter 2026-03-05 18:00")
    assert isinstance(may_contact(pack_for("EC"), consumer("EC"), "email", morning, today), Refused)
    assert isinstance(may_contact(pack_for("EC"), consumer("EC"), "email", morning, tomorrow), Allowed)


def test_colombia_asks_for_authorization_and_bars_visits() -> None:
    noon = at("CO", "2026-03-04 12:00")
    refused = may_contact(pack_for("CO"), consumer("CO"), "email", noon)
    assert isinstance(refused, Refused)
    assert (refused.rule_id, refused.code, refused.again_from) == ("co-authorized", "not_authorized", None)
    visit = first_moment(pack_for("CO"), consumer("CO"), "visit", noon.date(), noon, authorized=True)
    assert isinstance(visit, Refused)
    assert (visit.rule_id, visit.code, visit.again_from) == ("co-no-visits", "forbidden_channel", None)


def test_a_policy_of_fewer_contacts_is_your_policy_and_the_law_is_named_where_both_refuse() -> None:
    weekly = {"id": "weekly", "what": "frequency", "channels": "all", "times": 1, "days": 14, "per": "party"}
    policy = read_policy({"rules": [weekly]}, "acme")
    noon = at("EC", "2026-03-04 12:00")
    for said, rule, law in [("email 2026-03-04 08:00", "ec-day", True), ("email 2026-03-02 08:00", "weekly", False)]:
        answer = may_contact(pack_for("EC"), consumer("EC"), "email", noon, past("EC", said), policy)
        assert isinstance(answer, Refused)
        assert (answer.rule_id, answer.law) == (rule, law)
        assert answer.again_from is not None and answer.again_from > noon + timedelta(days=11)


def test_the_reason_for_a_day_is_the_rule_that_takes_all_of_it() -> None:
    """Chile's spacing would end at 9:00 that day; what takes the day is the house's own fortnight."""
    fortnight = {"id": "fortnight", "what": "frequency", "channels": "all", "times": 1, "days": 14, "per": "party"}
    policy = read_policy({"rules": [fortnight]}, "acme")
    history = past("CL", "email 2026-03-02 09:00")
    answer = first_moment(
        pack_for("CL"), consumer("CL"), "email", date(2026, 3, 4), at("CL", "2026-03-04 08:00"), history, policy
    )
    assert isinstance(answer, Refused)
    assert answer.rule_id == "fortnight"


def test_a_history_without_offsets_is_refused() -> None:
    with pytest.raises(ValueError, match="offset"):
        ContactHistory((Contact("call", datetime(2026, 3, 4, 12)),))  # noqa: DTZ001


def test_companies_are_spared_by_the_same_rules_as_a_default() -> None:
    company = Subject(natural=False, consumer=False, country="CL", time_zone=ZONES["CL"])
    answer = may_contact(
        pack_for("CL"), company, "call", at("CL", "2026-03-04 12:00"), past("CL", "call 2026-03-03 12:00")
    )
    assert isinstance(answer, Refused)
    assert (answer.rule_id, answer.law) == ("cl-call-or-visit", False)


def test_a_colombian_company_needs_no_authorization_but_keeps_the_rest() -> None:
    noon = at("CO", "2026-03-04 12:00")
    company = replace(consumer("CO"), natural=False, consumer=False)
    assert isinstance(may_contact(pack_for("CO"), company, "email", noon), Allowed)
    again = may_contact(pack_for("CO"), company, "email", noon, past("CO", "email 2026-03-04 09:00"))
    assert isinstance(again, Refused)
    assert (again.rule_id, again.law) == ("co-day", False)
    buying = replace(company, consumer=True)
    assert isinstance(may_contact(pack_for("CO"), buying, "email", noon), Refused), "a company may be a consumer too"
