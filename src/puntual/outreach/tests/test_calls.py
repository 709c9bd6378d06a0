"""Calls, visits and meetings: one person at a time, what each result means, coming back at an hour, and minutes."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from conftest import NOW, Cast, make_member
from puntual.audit.actions import Actor
from puntual.kernel.problems import Problem
from puntual.organizations.models import Organization
from puntual.outreach.actions import (
    arrange,
    engage,
    fall_to_next_channel,
    postpone,
    record_minutes,
    record_result,
)
from puntual.outreach.claiming import claim
from puntual.outreach.engaging import ENGAGED_FOR, engaged_with
from puntual.outreach.minutes import Agreed, Attendee, MeetingMinutes, minutes_of
from puntual.outreach.models import Activity, Mark, Minutes
from puntual.outreach.prepare import prepare
from puntual.outreach.results import RESULTS
from puntual.outreach.tests.build import World
from puntual.parties.models import ContactPoint
from puntual.receivables.actions import hold
from puntual.strategies.manual import LANGUAGES
from puntual.strategies.texts import builtin, builtin_places
from puntual.tenancy.scope import acting_for

FOUR_PM = datetime(2026, 11, 23, 21, 0, tzinfo=UTC)  # in Lima, that day


def _call(world: World, channel: str = "call") -> Activity:
    customer = world.customer(f"Cliente {len(world.customers)}")
    world.point(customer, "phone", f"+51987650{len(world.customers):03}")
    world.point(customer, "post", "Av. Uno 1, Lima")
    item = world.invoice(customer, f"F001-{len(world.customers)}", 50)
    return world.plan(customer, [item], channel=channel, state="to_do", tone="firm", step="call", template="call")


def _colleague(cast: Cast) -> Actor:
    by = cast.actor()
    return Actor(by.organization_id, by.now, by.today, cast.colleague.id, "Colega")


def test_whoever_calls_has_the_customer_alone(world: World, acting: Cast) -> None:
    call = _call(world)
    other = _colleague(acting)
    engaged = engage(world.by, call)
    assert engaged.until == NOW + ENGAGED_FOR
    assert engage(world.by, call).pk == engaged.pk  # more time, not a second call
    with pytest.raises(Problem, match="is calling this customer"):
        engage(other, call)
    record_result(world.by, call, "no_answer")
    assert not engaged_with(world.by, [call.customer.party_id])


def test_a_call_nobody_ended_gives_the_customer_back(world: World, acting: Cast) -> None:
    call = _call(world)
    engage(world.by, call)
    other = _colleague(acting)
    later = Actor(other.organization_id, NOW + ENGAGED_FOR, other.today, other.user_id, other.name)
    assert engage(later, call).name == "Colega"


def test_no_message_leaves_while_somebody_is_calling(committed: World) -> None:
    org = committed.by.organization_id
    with acting_for(org):
        call = _call(committed)
        second = committed.customer("Su otra cuenta")
        type(second).objects.filter(pk=second.pk).update(party=call.customer.party)
        message = committed.plan(second, [committed.invoice(second, "F9", 18)])
        engage(committed.by, call)
    assert claim(org, NOW) == {}
    assert list(claim(org, NOW + ENGAGED_FOR)) == [message.pk]
    with acting_for(org), pytest.raises(Problem, match="leaving at this moment"):
        engage(committed.by, call)


@pytest.mark.parametrize(
    ("at", "refused"),
    [(NOW, False), (NOW.replace(hour=11), True)],  # 9:12 and 6:12 in Lima
)
def test_the_hours_are_asked_before_the_call(world: World, at: datetime, refused: bool) -> None:
    call = _call(world)
    by = Actor(world.by.organization_id, at, world.by.today, world.by.user_id, "x")
    Activity.objects.update(created_at=at)
    if refused:
        with pytest.raises(Problem, match="Not now"):
            engage(by, call)
    else:
        assert engage(by, call)


def test_what_is_paused_meanwhile_is_not_called(world: World) -> None:
    call = _call(world)
    hold(world.by, reason="dispute", customer_id=call.customer_id)
    with pytest.raises(Problem, match="Not now"):
        engage(world.by, call)


@pytest.mark.parametrize("channel", ["call", "visit", "meeting"])
def test_each_kind_has_its_own_results(channel: str) -> None:
    codes = {code for code, result in RESULTS.items() if channel in result.channels}
    assert {"reached_promises", "reached_refuses", "reached_disputes"} <= codes
    own = {
        "call": {"no_answer", "busy", "voicemail", "wrong_number", "reached_call_back"},
        "visit": {"not_there", "wrong_address", "left_envelope"},
        "meeting": {"reached_held", "not_held", "moved"},
    }
    assert own[channel] <= codes
    assert not codes & set().union(*(each for other, each in own.items() if other != channel))


@pytest.mark.parametrize(
    ("channel", "code", "had"),
    [
        ("call", "busy", False),
        ("call", "voicemail", False),
        ("visit", "left_envelope", True),
        ("visit", "not_there", False),
        ("meeting", "reached_held", True),
        ("meeting", "not_held", False),
    ],
)
def test_what_a_result_means_for_the_step(world: World, channel: str, code: str, had: bool) -> None:
    record_result(world.by, _call(world, channel), code)
    assert Mark.objects.exists() is had


def test_a_wrong_number_is_not_called_again(world: World) -> None:
    call = _call(world)
    phone = ContactPoint.objects.get(kind="phone")
    other = world.point(call.customer, "phone", "+51999999999")
    record_result(world.by, call, "wrong_number", point_id=other.pk)
    retired = dict(ContactPoint.objects.filter(kind="phone").values_list("pk", "retired_on"))
    assert retired == {phone.pk: None, other.pk: world.by.today}


def test_only_the_customers_own_number_can_be_named(world: World) -> None:
    call, another = _call(world), _call(world)
    theirs = ContactPoint.objects.get(kind="phone", customer=another.customer)
    with pytest.raises(Problem, match="no number"):
        record_result(world.by, call, "wrong_number", point_id=theirs.pk)


def test_a_call_back_stands_on_the_list_at_its_hour(world: World) -> None:
    call = _call(world)
    record_result(world.by, call, "reached_call_back", again_at=FOUR_PM)
    again = Activity.objects.get(state="to_do")
    assert (again.attempt, again.step, again.lead_id, again.not_before) == (2, "call", call.lead_id, FOUR_PM)
    assert again.assigned_to == world.by.user_id
    assert Activity.objects.get(pk=call.pk).result == "reached_call_back" and not Mark.objects.exists()
    at_four = Actor(world.by.organization_id, FOUR_PM, world.by.today, world.by.user_id, "x")
    assert engage(at_four, again)  # the customer asked for it: our own manners on frequency do not refuse


@pytest.mark.parametrize("code", ["reached_call_back", None])
@pytest.mark.parametrize(
    ("at", "said"),
    [
        (NOW.replace(hour=13) + timedelta(hours=13), "Choose another moment"),  # 21:00 in Lima
        (datetime(2026, 11, 29, 15, 0, tzinfo=UTC), "Choose another moment"),  # a Sunday
        (NOW - timedelta(hours=1), "within the next 60 days"),
        (NOW + timedelta(days=61), "within the next 60 days"),
    ],
)
def test_outside_contact_hours_nobody_is_called_back(world: World, code: str | None, at: datetime, said: str) -> None:
    call = _call(world)
    with pytest.raises(Problem, match=said):
        if code:
            record_result(world.by, call, code, again_at=at)
        else:
            postpone(world.by, call, at)
    assert Activity.objects.get().state == "to_do"


def test_a_result_without_its_moment_is_refused(world: World) -> None:
    call = _call(world)
    with pytest.raises(Problem, match="Say when"):
        record_result(world.by, call, "reached_call_back")
    with pytest.raises(Problem, match="name no time"):
        record_result(world.by, call, "no_answer", again_at=FOUR_PM)


def test_the_law_on_frequency_refuses_a_call_back(world: World) -> None:
    """Colombia, Ley 2300 de 2023: after a direct contact none in the same week."""
    call = _call(world)
    party, customer = call.customer.party, call.customer
    type(party).objects.filter(pk=party.pk).update(country="CO", kind="natural")
    type(customer).objects.filter(pk=customer.pk).update(time_zone="America/Bogota", consumer=True)
    with pytest.raises(Problem, match="Choose another moment"):
        record_result(world.by, call, "reached_call_back", again_at=FOUR_PM)


def test_a_call_back_has_its_days_before_it_falls_to_the_next_channel(world: World) -> None:
    call = _call(world)
    postpone(world.by, call, NOW + timedelta(days=3))
    for days, fallen in ((3, 0), (7, 1)):
        now = NOW + timedelta(days=days, hours=1)
        later = Actor(world.by.organization_id, now, world.by.today + timedelta(days=days), world.by.user_id, "x")
        assert fall_to_next_channel(later) == fallen


MINUTES = MeetingMinutes(
    [Attendee("Elvira Montalván", "Pagos"), Attendee("Carmen Ríos")],
    [Agreed("Paga la mitad el viernes", "Elvira")],
    text="Cordial.",
)


def test_a_meeting_is_arranged_held_and_written_down(world: World) -> None:
    customer = world.customer("Textiles Quenara")
    world.point(customer, "phone", "+51987650001")
    world.invoice(customer, "F001-1", 50)
    meeting = arrange(world.by, customer, channel="meeting", at=FOUR_PM, note="En su oficina")
    with pytest.raises(Problem, match="under way"):
        arrange(world.by, customer, channel="call", at=FOUR_PM)
    at_four = Actor(world.by.organization_id, FOUR_PM, world.by.today, world.by.user_id, "Ana")
    prepared = prepare(Organization.objects.get(pk=world.by.organization_id), meeting, FOUR_PM)
    assert prepared.wording and "S/" in prepared.wording.text
    engage(at_four, meeting)
    record_result(at_four, meeting, "reached_held", minutes=MINUTES)
    (kept,) = minutes_of(world.by.organization_id, meeting.pk)
    assert kept.attendees[0] == {"name": "Elvira Montalván", "role": "Pagos"}
    assert kept.agreed == [{"what": "Paga la mitad el viernes", "by": "Elvira"}]
    record_minutes(at_four, meeting, MINUTES)
    assert len(minutes_of(world.by.organization_id, meeting.pk)) == 2


def test_minutes_are_never_changed(world: World) -> None:
    meeting = _call(world, "meeting")
    record_result(world.by, meeting, "reached_held", minutes=MINUTES)
    for change in (lambda: Minutes.objects.update(text="x"), lambda: Minutes.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_minutes_are_a_meetings_and_name_who_was_there(world: World) -> None:
    with pytest.raises(Problem, match="of meetings"):
        record_result(world.by, _call(world), "reached_other", minutes=MINUTES)
    with pytest.raises(Problem, match="who was there"):
        record_result(world.by, _call(world, "meeting"), "reached_held", minutes=MeetingMinutes([]))


def test_who_may_not_be_contacted_is_not_met(world: World) -> None:
    customer = world.customer("Uno", handling="none")
    with pytest.raises(Problem):
        arrange(world.by, customer, channel="call", at=FOUR_PM)


def test_an_owner_only_customer_is_its_owners_to_call(world: World, acting: Cast) -> None:
    call = _call(world)
    owner = make_member(acting.organization, "manager", "jefa@sembria.example")
    type(call.customer).objects.filter(pk=call.customer_id).update(handling="owner_only", owner=owner)
    with pytest.raises(Problem, match="one person only"):
        engage(world.by, call)


_BEFORE_KNOWN = {
    "es": ("Si contesta otra persona", "Si atiende otra persona"),
    "en": ("If someone else", "If a voicemail", "If somebody else", "If another person"),
    "pt": ("Se atender outra pessoa", "Se outra pessoa"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_said_to_a_voicemail_or_to_somebody_else_reveals_nothing(language: str) -> None:
    places = [place for place in builtin_places(language) if place.channel in ("call", "visit")]
    assert places
    for place in places:
        text = builtin(place, language)
        assert text
        to_others = [part for part in text.body.split("\n\n") if part.startswith(_BEFORE_KNOWN[language])]
        assert len(to_others) == 1, place
        said = to_others[0]
        for telling in (
            "{total",
            "{invoice",
            "{first_number",
            "{days_late",
            "{due_date",
            "{payment",
            "{offer",
            "{creditor",
        ):
            assert telling not in said, (place, telling)
