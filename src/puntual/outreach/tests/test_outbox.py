"""Sending: who gets it, what is asked again at the last moment, and what each answer of a mail server leads to."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from conftest import NOW, Cast
from puntual.kernel.problems import Problem
from puntual.organizations.models import Organization
from puntual.outreach.actions import resolve_unknown, retry, sweep_stalled
from puntual.outreach.claiming import STALLED_AFTER, claim, give_back, hand_over
from puntual.outreach.models import Activity, CapturedMessage, Mark
from puntual.outreach.outbox import send_due
from puntual.outreach.queries import read
from puntual.outreach.tests.build import World
from puntual.outreach.tests.mailserver import MailServer
from puntual.outreach.tests.noticing import pay
from puntual.parties.models import ContactPoint, Customer, Party, Sender
from puntual.receivables.actions import hold
from puntual.tenancy.scope import acting_for


def _planned(world: World, **changes: object) -> Activity:
    with acting_for(world.by.organization_id):
        customer = world.customer("Textiles Quenara S.A.")
        number = 245 + 2 * len(world.customers)
        items = [world.invoice(customer, f"F001-{number}", 18), world.invoice(customer, f"F001-{number + 1}", 5)]
        return world.plan(customer, items, **changes)


def _send(world: World, after: timedelta = timedelta()) -> dict[str, int]:
    return send_due(world.by.organization_id, NOW + after).counts


def _now(world: World, activity: Activity) -> Activity:
    with acting_for(world.by.organization_id):
        return Activity.objects.get(pk=activity.pk)


def test_a_message_leaves_and_marks_every_item_it_asked_for(live: World, post: MailServer) -> None:
    activity = _planned(live, item_steps=["firm", "friendly"], step="firm", tone="firm", template="firm")
    assert _send(live) == {"sent": 1}
    (mail,) = post.taken
    assert (mail["From"], mail["To"]) == (
        '"Sembria Talento S.A.C." <cobranzas@sembria.example>',
        "Elvira Montalván <pagos@c1.example>",
    )
    assert mail["Message-ID"] == f"<{activity.pk}@127.0.0.1>"
    sent = _now(live, activity)
    assert (sent.state, sent.captured, sent.message_id) == ("sent", False, mail["Message-ID"])
    assert sent.body == mail.get_body(("plain",)).get_content().replace("\r\n", "\n")
    with acting_for(live.by.organization_id):
        assert sorted(Mark.objects.values_list("step", "tone")) == [("firm", "firm"), ("friendly", "friendly")]
    assert _send(live) == {}


def test_in_rehearsal_nothing_leaves(committed: World, post: MailServer) -> None:
    activity = _planned(committed)
    assert _send(committed) == {"sent": 1}
    assert post.taken == []
    assert _now(committed, activity).captured
    with acting_for(committed.by.organization_id):
        message = CapturedMessage.objects.get()
    mail = read(message)
    assert (message.activity_id, mail.recipient) == (activity.pk, "Elvira Montalván <pagos@c1.example>")
    assert "F001-247" in mail.text and "F001-247" in mail.html


def test_live_without_a_mail_server_claims_nothing(committed: World, settings) -> None:
    settings.SMTP_URL = ""
    Organization.objects.update(mode="live")
    activity = _planned(committed)
    assert send_due(committed.by.organization_id, NOW).problem == "no_way_out"
    assert _now(committed, activity).state == "queued"


def test_a_claim_inside_another_transaction_is_refused(world: World) -> None:
    with pytest.raises(RuntimeError):
        send_due(world.by.organization_id, NOW)


def test_nothing_leaves_before_its_time(live: World, post: MailServer) -> None:
    _planned(live, not_before=NOW + timedelta(minutes=5))
    assert _send(live) == {}
    assert _send(live, timedelta(minutes=6)) == {"sent": 1}


def _paid(world: World, customer: Customer) -> None:
    pay(world.by, customer, "9440")


def _party(status: str) -> Callable[[World, Customer], None]:
    def change(world: World, customer: Customer) -> None:
        Party.objects.filter(pk=customer.party_id).update(status=status, status_on=world.by.today)

    return change


def _handling(value: str) -> Callable[[World, Customer], None]:
    return lambda world, customer: Customer.objects.filter(pk=customer.pk).update(handling=value)


def _point(**changes: object) -> Callable[[World, Customer], None]:
    return lambda world, customer: ContactPoint.objects.filter(customer=customer).update(**changes)


def _held(world: World, customer: Customer) -> None:
    hold(world.by, reason="dispute", customer_id=customer.id)


def test_what_changed_since_the_plan_is_asked_again(live: World, post: MailServer) -> None:
    changes: list[tuple[Callable[[World, Customer], None], str]] = [
        (_paid, "settled"),
        (_held, "held"),
        (_party("represented"), "stopped"),
        (_handling("none"), "stopped"),
        (_handling("approve"), "needs_approval"),
        (_point(bounce="hard"), "no_point"),
        (_point(consent="withdrawn"), "no_point"),
        (_point(retired_on=NOW.date()), "no_point"),
    ]
    expected = {}
    for change, reason in changes:
        activity = _planned(live)
        with acting_for(live.by.organization_id):
            change(live, activity.customer)
        expected[activity.pk] = reason
    assert _send(live) == {"lapsed": len(changes)}
    with acting_for(live.by.organization_id):
        assert dict(Activity.objects.values_list("pk", "result")) == expected
    assert post.taken == []


def test_a_part_payment_is_asked_for_less(live: World, post: MailServer) -> None:
    activity = _planned(live)
    with acting_for(live.by.organization_id):
        pay(live.by, activity.customer, "720")
    _send(live)
    text = post.taken[0].get_body(("plain",)).get_content()
    assert "S/\N{NO-BREAK SPACE}8,720.00" in text and "S/\N{NO-BREAK SPACE}4,000.00" in text and "9,440" not in text


def test_when_the_lead_is_paid_the_message_stops(live: World, post: MailServer) -> None:
    """The next item has its own age: it must not hear what was meant for the older one."""
    activity = _planned(live, step="firm", tone="firm", template="firm", item_steps=["firm", "friendly"])
    with acting_for(live.by.organization_id):
        pay(live.by, activity.customer, "4720")
    assert _send(live) == {"lapsed": 1}
    assert _now(live, activity).result == "settled"


def test_before_the_hours_it_waits_for_them(live: World, post: MailServer) -> None:
    activity = _planned(live, not_before=NOW - timedelta(days=1))
    assert _send(live, timedelta(hours=-4)) == {"queued": 1}  # 5:12 in Lima
    assert _now(live, activity).result == "outside_hours"
    assert _send(live, timedelta(hours=-4)) == {}
    assert _send(live) == {"sent": 1}


def test_after_the_hours_it_gives_up(live: World, post: MailServer) -> None:
    activity, short = _planned(live), _planned(live, not_after=NOW + timedelta(hours=1))
    assert _send(live, timedelta(hours=13)) == {"lapsed": 2}  # 22:12 in Lima
    assert {_now(live, activity).result, _now(live, short).result} == {"window_over"}
    assert post.taken == []


def test_what_the_server_answers(live: World, post: MailServer) -> None:
    answers = [
        ("550 5.1.1 No such user", "", "failed", "refused", "hard"),
        ("552 5.2.2 Mailbox full", "", "failed", "refused", "soft"),
        ("550 5.7.1 Relaying denied", "", "failed", "rejected", "none"),
        ("", "554 5.7.1 Looks like spam", "failed", "rejected", "none"),
        ("450 4.2.0 Greylisted", "", "queued", "postponed", "none"),
        ("", "451 4.3.0 Try later", "queued", "postponed", "none"),
        ("", "hang up", "unknown", "interrupted", "none"),
    ]
    expected = {}
    for number, (at_recipient, at_data, *outcome) in enumerate(answers, 1):
        activity = _planned(live)
        post.at_recipient[f"pagos@c{number}.example"] = at_recipient
        post.at_data[f"pagos@c{number}.example"] = at_data
        expected[activity.customer_id] = tuple(outcome)
    assert _send(live) == {"failed": 4, "queued": 2, "unknown": 1}
    with acting_for(live.by.organization_id):
        bounces = dict(ContactPoint.objects.values_list("customer", "bounce"))
        rows = Activity.objects.values_list("customer", "state", "result")
        assert {key: (state, result, bounces[key]) for key, state, result in rows} == expected
        assert not Mark.objects.exists()
    assert _send(live) == {}  # neither what failed nor what waits leaves again at once
    post.at_recipient, post.at_data = {}, {}
    assert _send(live, timedelta(minutes=7)) == {"sent": 2}  # five minutes, a quarter more or less


def test_a_server_that_is_away_stops_the_batch_and_loses_nothing(live: World, settings) -> None:
    settings.SMTP_URL = "smtp://127.0.0.1:9"
    first, second = _planned(live), _planned(live)
    done = send_due(live.by.organization_id, NOW)
    assert (done.counts, done.problem) == ({}, "unreachable")
    assert {_now(live, first).state, _now(live, second).state} == {"queued"}


def test_what_was_claimed_and_never_settled_is_a_persons_to_decide(live: World, post: MailServer) -> None:
    activity = _planned(live)
    org = live.by.organization_id
    claims = claim(org, NOW)
    assert list(claims) == [activity.pk] and claim(org, NOW) == {}
    assert hand_over(org, claims[activity.pk]) and not hand_over(org, claims[activity.pk])
    later = live.by.on(live.by.today, NOW + STALLED_AFTER)
    assert sweep_stalled(live.by) == 0  # a sender at work is not disturbed
    assert sweep_stalled(later) == 1
    assert _send(live, STALLED_AFTER) == {}
    found = resolve_unknown(later, _now(live, activity), arrived=False)
    assert found.state == "failed"
    retry(later, found)
    assert _send(live, STALLED_AFTER) == {"sent": 1}
    assert list(post.deliveries.values()) == [1]


def test_what_was_claimed_and_never_handed_over_leaves_later(live: World, post: MailServer) -> None:
    activity = _planned(live)
    org = live.by.organization_id
    claims = claim(org, NOW)
    later = live.by.on(live.by.today, NOW + STALLED_AFTER)
    assert sweep_stalled(later) == 0
    assert (_now(live, activity).state, _now(live, activity).message_id) == ("queued", "")
    assert not hand_over(org, claims[activity.pk])  # the first sender was only slow: it has lost it
    assert _send(live, STALLED_AFTER) == {"sent": 1}
    assert list(post.deliveries.values()) == [1]


def test_who_says_no_while_the_message_is_made_up_is_not_written_to(live: World, post: MailServer) -> None:
    activity = _planned(live)
    org = live.by.organization_id
    claims = claim(org, NOW)
    with acting_for(org):
        point = ContactPoint.objects.get(customer_id=activity.customer_id)
        ContactPoint.objects.filter(pk=point.pk).update(consent="withdrawn")
    assert not hand_over(org, claims[activity.pk], point.pk)
    give_back(org, claims.values())
    assert _send(live) == {"lapsed": 1}
    assert post.taken == []


def test_an_unknown_one_that_arrived_counts(live: World) -> None:
    activity = _planned(live)
    org = live.by.organization_id
    hand_over(org, claim(org, NOW)[activity.pk])
    later = live.by.on(live.by.today, NOW + STALLED_AFTER)
    sweep_stalled(later)
    resolve_unknown(later, activity, arrived=True)
    with acting_for(live.by.organization_id):
        assert Mark.objects.count() == 2
        assert Activity.objects.get().state == "sent"


def test_only_what_failed_is_sent_again(live: World, post: MailServer) -> None:
    activity = _planned(live)
    _send(live)
    with pytest.raises(Problem):
        retry(live.by, activity)
    assert list(post.deliveries.values()) == [1]


def test_a_creditor_without_a_verified_sender_cannot_write(live: World, post: MailServer) -> None:
    with acting_for(live.by.organization_id):
        Sender.objects.update(verified_at=None, verified_how="")
    activity = _planned(live)
    assert _send(live) == {"failed": 1}
    assert _now(live, activity).result == "no_sender"


def test_a_message_that_cannot_be_made_does_not_stop_the_others(live: World, post: MailServer) -> None:
    broken, fine = _planned(live, template="no-such-text"), _planned(live)
    assert _send(live) == {"failed": 1, "sent": 1}
    assert (_now(live, broken).result, _now(live, fine).state) == ("not_made_up", "sent")


@pytest.mark.parametrize("address", ["pagos@", "pagos", "uno@a.example, dos@b.example", "@", ""])
def test_an_address_that_is_none_fails_with_its_reason(live: World, post: MailServer, address: str) -> None:
    broken, fine = _planned(live), _planned(live)
    with acting_for(live.by.organization_id):
        points = ContactPoint.objects.filter(organization_id=live.by.organization_id, customer_id=broken.customer_id)
        points.update(value=address)
    assert _send(live) == {"failed": 1, "sent": 1}
    assert _now(live, broken).result == "not_made_up"
    assert f"“{address}”" in _now(live, broken).note
    assert _now(live, fine).state == "sent"


def test_another_organization_sends_nothing_of_ours(live: World, post: MailServer, cast: Cast) -> None:
    activity = _planned(live)
    assert send_due(cast.other_organization.id, NOW).counts == {}
    assert _now(live, activity).state == "queued"
    with acting_for(cast.other_organization.id):
        assert not Activity.objects.exists()
