"""What was said and what came back stays as it was: for the app, and for the owner of the tables."""

import hashlib
from datetime import timedelta

import psycopg
import pytest
from django.db import DatabaseError, connection

from conftest import NOW, _owner
from puntual.outreach.answers.actions import land
from puntual.outreach.models import Activity, Answer, Attempt, KeptFile
from puntual.outreach.outbox import send_due
from puntual.outreach.tests.build import World
from puntual.outreach.tests.mailserver import MailServer
from puntual.tenancy.scope import acting_for

SENT = [
    "UPDATE outreach_activity SET body = 'something else'",
    "UPDATE outreach_activity SET subject = 'something else'",
    "UPDATE outreach_activity SET settled_at = settled_at - interval '1 day'",
    "UPDATE outreach_activity SET claimed_at = NULL",
    "UPDATE outreach_activity SET point_id = gen_random_uuid()",
    "UPDATE outreach_activity SET demand = '{}'",
    "UPDATE outreach_activity SET customer_id = gen_random_uuid()",
    "UPDATE outreach_activity SET tone = 'final'",
    "UPDATE outreach_activity SET signed_by = 'Somebody'",
    "UPDATE outreach_activity SET captured = true",
    "UPDATE outreach_activity SET state = 'queued'",
    "UPDATE outreach_activity SET state = 'unknown'",
    "UPDATE outreach_activity SET note = 'over it'",
    "DELETE FROM outreach_activity",
    "UPDATE outreach_attempt SET text = 'something else'",
    "DELETE FROM outreach_attempt",
    "UPDATE outreach_keptfile SET content = ''",
    "DELETE FROM outreach_keptfile",
]
ANSWERED = [
    "UPDATE outreach_answer SET text = 'I owe it all'",
    "UPDATE outreach_answer SET raw = ''",
    "UPDATE outreach_answer SET received_at = now()",
    "DELETE FROM outreach_answer",
]


@pytest.fixture
def sent(live: World, post: MailServer) -> Activity:
    """A message that left, with the account statement."""
    with acting_for(live.by.organization_id):
        customer = live.customer("Textiles Quenara S.A.")
        items = [live.invoice(customer, "F001-1", 18)]
        activity = live.plan(customer, items, step="firm", template="firm", tone="firm")
    assert send_due(live.by.organization_id, NOW).counts == {"sent": 1}
    with acting_for(live.by.organization_id):
        Activity.objects.update(note="kept")
        land(live.by, b"From: pagos@c1.example\nTo: cobranzas@sembria.example\nSubject: Re\n\nYa pagamos.")
        return Activity.objects.get(pk=activity.pk)


def test_the_owner_changes_nothing_of_it(sent: Activity) -> None:
    with _owner() as owner:
        for statement in SENT + ANSWERED:
            with pytest.raises(psycopg.errors.CheckViolation):
                owner.execute(statement)


def test_the_app_changes_nothing_of_it_even_when_it_says_it_forgets(live: World, sent: Activity) -> None:
    for statement in SENT + ANSWERED:
        with pytest.raises(DatabaseError), acting_for(live.by.organization_id), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('puntual.forgetting', 'on', true)")
            cursor.execute(statement)


def test_what_may_still_be_written_down(live: World, sent: Activity) -> None:
    with acting_for(live.by.organization_id):
        rows = Activity.objects.filter(pk=sent.pk)
        rows.update(result="bounced", note=f"{sent.note} and what came after")
        rows.update(state="failed")
        rows.update(state="queued", not_before=NOW + timedelta(days=1))
        answer = Answer.objects.get()
        Answer.objects.update(state="settled", outcome="paid", settled_at=NOW, settled_by="Carmen")
        with pytest.raises(DatabaseError), acting_for(live.by.organization_id):
            Answer.objects.update(outcome="no_action")
        assert Answer.objects.get().text == answer.text


def test_an_attempt_says_everything_that_left(live: World, sent: Activity, post: MailServer) -> None:
    (mail,) = post.taken
    with acting_for(live.by.organization_id):
        attempt = Attempt.objects.get(activity_id=sent.pk)
        files = list(KeptFile.objects.all())
    assert (attempt.message_id, attempt.subject, attempt.recipient) == (
        mail["Message-ID"],
        mail["Subject"],
        "pagos@c1.example",
    )
    assert attempt.text == sent.body == mail.get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert (attempt.signed_by, sent.signed_by) == ("Carmen Ríos", "Carmen Ríos")
    attached = [part.get_content() for part in mail.iter_attachments()]
    assert [bytes(one.content) for one in files] == attached
    assert [one["sha256"] for one in attempt.documents] == [hashlib.sha256(one).hexdigest() for one in attached]


def test_what_may_have_left_is_kept_word_for_word(live: World, post: MailServer) -> None:
    with acting_for(live.by.organization_id):
        customer = live.customer("Textiles Quenara S.A.")
        activity = live.plan(customer, [live.invoice(customer, "F001-1", 18)])
    post.at_data["pagos@c1.example"] = "hang up"
    assert send_due(live.by.organization_id, NOW).counts == {"unknown": 1}
    with acting_for(live.by.organization_id):
        assert "F001-1" in Attempt.objects.get(activity_id=activity.pk).text


def test_a_rehearsal_is_no_record(committed: World) -> None:
    with acting_for(committed.by.organization_id):
        customer = committed.customer("Textiles Quenara S.A.")
        committed.plan(customer, [committed.invoice(customer, "F001-1", 18)])
    assert send_due(committed.by.organization_id, NOW).counts == {"sent": 1}
    with acting_for(committed.by.organization_id):
        assert not Attempt.objects.exists()
        Activity.objects.update(state="lapsed", result="rehearsed")
