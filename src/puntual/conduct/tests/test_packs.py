"""Packs as data: what ships, and how a bad file is refused."""

# ruff: noqa: E501 - a table of bad files reads best with one a line

from datetime import date

import pytest

from puntual.conduct.gate import Subject, duties
from puntual.conduct.packs import pack_for, packs, read_pack, read_policy
from puntual.conduct.rules import NO_POLICY, Duty, Policy
from puntual.kernel.problems import Problem


def test_the_packs_that_ship() -> None:
    assert set(packs()) == {"", "AR", "BR", "CL", "CO", "DO", "EC", "ES", "MX", "PE", "US"}
    assert pack_for("PE").country == "PE"
    assert pack_for("CR") is pack_for("")
    for pack in packs().values():
        for rule in pack.rules:
            assert rule.checked == date(2026, 11, 21)
            assert rule.channels, rule.id
            assert not rule.is_law or (rule.article and rule.source), rule.id
            assert rule.is_law or pack.country == "" or not rule.article, rule.id
    assert not any(rule.is_law for rule in pack_for("").rules)


def test_packs_and_policies_are_values() -> None:
    text = 'country = "XX"\nchecked = 2026-11-21\nrules = []'
    assert read_pack(text, "a.toml") == read_pack(text, "b.toml")
    assert hash(read_pack(text, "a.toml")) == hash(read_pack(text, "b.toml"))
    assert read_policy({}, "acme") == NO_POLICY
    assert hash(Policy()) == hash(NO_POLICY)


def test_duties_by_channel_and_whom_they_bind() -> None:
    agency = Subject(True, True, "US", "America/New_York", third_party_collector=True)
    by_code = {one.code: one for one in duties(pack_for("US"), "email", agency)}
    assert by_code["opt_out"].law
    assert by_code["keep_log"].params == {"years": 3}
    assert not by_code["no_amount_in_preview"].law
    assert "opt_out" not in {one.code for one in duties(pack_for("US"), "call", agency)}
    in_house = Subject(True, True, "US", "America/New_York")
    assert not any(one.law for one in duties(pack_for("US"), "email", in_house))
    bank = Subject(True, True, "MX", "America/Cancun", financial_creditor=True)
    no_money = next(one for one in duties(pack_for("MX"), "call", bank) if one.code == "no_payment_to_agency")
    assert not no_money.law


def test_every_pack_names_the_creditor_and_spares_third_parties() -> None:
    for country, pack in packs().items():
        codes = {rule.value.code for rule in pack.rules if isinstance(rule.value, Duty)}
        assert {"identify_creditor", "debtor_only", "no_amount_in_preview"} <= codes, country


HEAD = 'country = "XX"\nchecked = 2026-11-21\n[[rules]]\nid = "r"\n'
HOURS = HEAD + 'what = "hours"\nchannels = "all"\nconfidence = "M"\n'
TIMES = HEAD + 'what = "frequency"\nchannels = "all"\nconfidence = "M"\nper = "party"\n'


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("country = ", "cannot be read"),
        ('country = "XX"\nrules = []', "“checked” is missing"),
        ('checked = 2026-11-21\nrules = []', "“country” is missing"),
        ('country = "XX"\nchecked = "soon"\nrules = []', "“checked” cannot be “soon”"),
        ('country = "XX"\nchecked = 2026-11-21\nrules = 3', "“rules” cannot be “3”"),
        ('country = "XX"\nchecked = 2026-11-21\nrules = []\nhours = 3', "“hours” has no meaning"),
        (HEAD + 'what = "hours"\nchannels = "all"', "“confidence” is missing"),
        (HEAD + 'what = "hours"\nchannels = "all"\nconfidence = "X"', "“confidence” cannot be “X”"),
        (HEAD + 'what = "hours"\nchannels = ["fax"]\nconfidence = "M"', "“channels” cannot be"),
        (HEAD + 'what = "hours"\nchannels = "some"\nconfidence = "M"', "“channels” cannot be “some”"),
        (HEAD + 'what = "dance"\nchannels = "all"\nconfidence = "M"', "“what” cannot be “dance”"),
        (HOURS, "“hours” is missing"),
        (HOURS + 'hours = "always"', "“hours” cannot be “always”"),
        (HOURS + 'hours = { mon-fry = "08:00-20:00" }', "cannot be “mon-fry”"),
        (HOURS + 'hours = { fri-mon = "08:00-20:00" }', "cannot be “fri-mon”"),
        (HOURS + 'hours = { mon-fri = "08:00-20:00", fri = "09:00-10:00" }', "cannot be “fri”"),
        (HOURS + 'hours = { mon = "8-20" }', "cannot be “8-20”"),
        (HOURS + 'hours = { mon = "20:00-08:00" }', "cannot be “20:00-08:00”"),
        (HOURS + 'hours = { mon = "08:00-24:30" }', "cannot be “08:00-24:30”"),
        (HOURS + "hours = { mon = 8 }", "cannot be “8”"),
        (HOURS + 'hours = { mon = ["08:00-12:00", "11:00-13:00"] }', "cannot be"),
        (TIMES + "times = 0\ndays = 1", "“times” cannot be “0”"),
        (TIMES + "times = true\ndays = 1", "“times” cannot be “True”"),
        (TIMES + "times = 1\ndays = 31", "“days” cannot be “31”"),
        (TIMES + 'times = 1\ndays = 1\nfull_days = "yes"', "“full_days” cannot be “yes”"),
        (TIMES + "times = 1\ndays = 1\ntimez = 2", "“timez” has no meaning"),
        (HEAD + 'what = "duty"\nduty = "sing"\nchannels = "all"\nconfidence = "M"', "“duty” cannot be “sing”"),
        (HEAD + 'what = "duty"\nduty = "keep_log"\nparams = { years = "2" }\nchannels = "all"\nconfidence = "M"', "“params” cannot be"),
        (HEAD + 'what = "consent"\nchannels = "all"\nconfidence = "V"\napplies_to = []\nsource = "s"', "“article” is missing"),
        (HEAD + 'what = "consent"\nchannels = "all"\nconfidence = "V"\narticle = "a"\nsource = "s"', "“applies_to” is missing"),
        (
            HEAD + 'what = "consent"\nchannels = "all"\nconfidence = "V"\narticle = "a"\nsource = "s"\napplies_to = ["natural", "legal"]',
            "“applies_to” cannot be",
        ),
        (HEAD + 'what = "consent"\nchannels = "all"\nconfidence = "M"\n[[rules]]\nid = "r"\nwhat = "consent"\nchannels = "all"\nconfidence = "M"', "two rules are called “r”"),
    ],
)  # fmt: skip
def test_a_bad_file_is_refused_with_the_word_at_fault(text: str, fault: str) -> None:
    with pytest.raises(Problem) as caught:
        read_pack(text, "xx.toml")
    assert fault in str(caught.value)
    assert "xx.toml" in str(caught.value)


def test_a_policy_reads_dates_and_rules_from_plain_data() -> None:
    rule = {"id": "late", "what": "hours", "channels": ["call"], "hours": {"mon-fri": "10:00-18:00"}}
    policy = read_policy({"rules": [rule], "added_holidays": ["2026-12-24", date(2026, 5, 2)]}, "acme")
    assert policy.added == {date(2026, 12, 24), date(2026, 5, 2)}
    assert not policy.rules[0].is_law
    with pytest.raises(Problem, match="“removed_holidays” has no meaning"):
        read_policy({"removed_holidays": ["2026-12-25"]}, "acme")
    with pytest.raises(Problem, match="“added_holidays” cannot be “Christmas”"):
        read_policy({"added_holidays": ["Christmas"]}, "acme")
    with pytest.raises(Problem, match="“added_holidays” cannot be “2026-12-24”"):
        read_policy({"added_holidays": "2026-12-24"}, "acme")
