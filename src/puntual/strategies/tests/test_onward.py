"""A step that met silence goes on by its next channel: tables."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from puntual.strategies.manual import Manual, from_toml, to_toml
from puntual.strategies.outcomes import Do, Nothing
from puntual.strategies.soundness import faults
from puntual.strategies.tests.build import DAY, MANUAL, item, outcome, rules

ALL = frozenset({"email", "sms", "call"})


def _manual(days: int = 3) -> Manual:
    """The friendly step by e-mail, else SMS, else call, each after that many days of silence."""
    steps = tuple(
        replace(step, channels=("email", "sms", "call"), next_after_days=days) if step.code == "friendly" else step
        for step in MANUAL.steps
    )
    return replace(MANUAL, steps=steps)


def _tried(**days_ago: int) -> dict[tuple[str, str], dict[str, date]]:
    return {("6", "friendly"): {channel: DAY - timedelta(days=ago) for channel, ago in days_ago.items()}}


def _decided(tried: dict, *had: str, days: int = 3, reachable: frozenset[str] = ALL, **values: object) -> Do | Nothing:
    return outcome(
        item(6, "100", *had),
        manual=_manual(days),
        given=rules(channels=ALL),
        reachable=reachable,
        tried=tried,
        **values,
    )


@pytest.mark.parametrize(
    ("tried", "had", "channel"),
    [
        ({}, False, "email"),
        ({"email": 2}, True, None),  # the days are not over
        ({"email": 3}, True, "sms"),
        ({"email": 6, "sms": 2}, True, None),
        ({"email": 6, "sms": 3}, True, "call"),
        ({"email": 9, "sms": 6, "call": 3}, True, None),  # the next step is what follows
        ({"email": 2}, False, "email"),  # it was not had, so it is tried again
        ({"email": 3}, False, "sms"),
        ({"email": 9, "sms": 6, "call": 3}, False, "email"),  # nothing else is left
    ],
)
def test_the_channels_follow_each_other(tried: dict[str, int], had: bool, channel: str | None) -> None:
    found = _decided(_tried(**tried), *(["friendly"] if had else []))
    assert (found.channel if isinstance(found, Do) else None) == channel
    if had and isinstance(found, Do):
        assert (found.step, found.why.code) == ("friendly", "next_channel")


@pytest.mark.parametrize(
    ("values", "channel"),
    [
        ({"reachable": frozenset({"email", "call"})}, "call"),  # there is no number for an SMS
        ({"reachable": frozenset({"email"})}, None),
        ({"days": 0}, None),
        ({"stale": True}, "sms"),  # friendly is allowed with old data
        ({"last_contact_on": DAY - timedelta(days=2)}, None),  # the organization's own gap
        ({"hold": "reply"}, None),
    ],
)
def test_what_else_is_asked(values: dict[str, object], channel: str | None) -> None:
    found = _decided(_tried(email=3), "friendly", **values)
    assert (found.channel if isinstance(found, Do) else None) == channel


def test_a_step_that_is_due_goes_before_it() -> None:
    found = outcome(
        item(15, "100", "friendly"),
        manual=_manual(),
        given=rules(channels=ALL),
        reachable=ALL,
        tried={("15", "friendly"): {"email": DAY - timedelta(days=9)}},
    )
    assert isinstance(found, Do) and found.step == "firm"


def test_silence_about_another_item_is_no_reason() -> None:
    found = _decided({("other", "friendly"): {"email": DAY - timedelta(days=9)}}, "friendly")
    assert isinstance(found, Nothing)


@pytest.mark.parametrize(("field", "value"), [("channels", ("email",)), ("day", 0), ("next_after_days", 91)])
def test_where_it_has_no_sense_it_is_refused(field: str, value: object) -> None:
    manual = _manual()
    broken = tuple(replace(one, **{field: value}) if one.code == "friendly" else one for one in manual.steps)
    assert any(fault.field == "next_after_days" for fault in faults(replace(manual, steps=broken)))


def test_it_is_written_and_read() -> None:
    manual = replace(
        _manual(),
        steps=tuple(
            replace(step, attach_invoices=True) if step.code == "friendly" else step for step in _manual().steps
        ),
    )
    assert from_toml(to_toml(manual)) == manual
