"""Messages to members leave by the outbox, once, to whoever is still a member; and are no contact with any customer."""

from datetime import timedelta

import pytest

from conftest import NOW, Cast
from puntual.organizations.models import Membership, Organization
from puntual.organizations.roles import Permission
from puntual.outreach.channels import Document
from puntual.outreach.claiming import STALLED_AFTER
from puntual.outreach.models import Activity, CapturedMessage, Mark
from puntual.outreach.queries import read
from puntual.outreach.staff.actions import KEPT, Letter, queue_staff_mail, tidy_staff_mail
from puntual.outreach.staff.models import StaffMail
from puntual.outreach.staff.sending import send_staff_mail
from puntual.outreach.tests.build import World, make_world
from puntual.outreach.tests.mailserver import MailServer, mail_server
from puntual.parties.models import Sender
from puntual.tenancy.scope import acting_for


@pytest.fixture
def committed(transactional_db: None, cast: Cast) -> World:
    with acting_for(cast.id):
        return make_world(cast.actor())


@pytest.fixture
def post(settings):
    with mail_server() as (server, url):
        settings.SMTP_URL = url
        yield server


def _queue(cast: Cast, reference: str = "r", **changes: object) -> StaffMail:
    letter = {
        "user_id": cast.owner.id,
        "needs": Permission.EXPORT,
        "reference": reference,
        "subject": "Antigüedad",
        "text": "Hola",
        "html": "<p>Hola</p>",
        "language": "es",
        "file": Document("a.pdf", "application/pdf", b"%PDF-1.7"),
        **changes,
    }
    queue_staff_mail(cast.actor(), [Letter(**letter)])
    with acting_for(cast.id):
        return StaffMail.objects.get(reference=reference)


def _now(mail: StaffMail) -> StaffMail:
    with acting_for(mail.organization_id):
        return StaffMail.objects.get(pk=mail.pk)


def _live(cast: Cast) -> None:
    Organization.objects.filter(pk=cast.id).update(mode="live", live_since=NOW)


def test_it_leaves_once_and_then_only_that_is_kept(committed: World, cast: Cast, post: MailServer) -> None:
    _live(cast)
    mail = _queue(cast)
    assert queue_staff_mail(cast.actor(), [Letter(cast.owner.id, Permission.VIEW, "r", "s", "t", "h", "es")]) == 0
    assert send_staff_mail(cast.id, NOW) == {"sent": 1}
    assert send_staff_mail(cast.id, NOW) == {}
    (taken,) = post.taken
    assert taken["To"] == "Owner <owner@sembria.example>" and taken["Auto-Submitted"] == "auto-generated"
    assert taken["From"].startswith("Sembria <") and taken["Message-ID"] == f"<{mail.id}@127.0.0.1>"
    assert [part.get_filename() for part in taken.iter_attachments()] == ["a.pdf"]
    kept = _now(mail)
    assert (kept.state, kept.captured, kept.text, bytes(kept.content)) == ("sent", False, "", b"")
    with acting_for(cast.id):
        assert not Activity.objects.exists() and not Mark.objects.exists()


def test_in_rehearsal_it_stays_in_the_capture_mailbox(committed: World, cast: Cast, post: MailServer) -> None:
    mail = _queue(cast)
    assert send_staff_mail(cast.id, NOW) == {"sent": 1}
    assert post.taken == [] and _now(mail).captured
    with acting_for(cast.id):
        caught = CapturedMessage.objects.get()
    assert (caught.activity_id, read(caught).recipient) == (mail.id, "Owner <owner@sembria.example>")


def test_whoever_left_or_may_not_read_it_any_more_is_sent_nothing(
    committed: World, cast: Cast, post: MailServer
) -> None:
    _live(cast)
    gone, refused = _queue(cast, user_id=cast.colleague.id), _queue(cast, "s", needs=Permission.MEMBERS)
    Membership.objects.filter(user=cast.colleague).update(ends_on=cast.actor().today - timedelta(days=1))
    Membership.objects.filter(user=cast.owner).update(role="manager")
    assert send_staff_mail(cast.id, NOW) == {"dropped": 2}
    assert post.taken == [] and _now(gone).result == _now(refused).result == "no_member"


@pytest.mark.parametrize(
    ("reply", "state", "waits"),
    [("550 5.1.1 no such user", "failed", False), ("451 later", "queued", True), ("hang up", "unknown", False)],
)
def test_what_the_server_answers(
    committed: World, cast: Cast, post: MailServer, reply: str, state: str, waits: bool
) -> None:
    _live(cast)
    if reply == "hang up":
        post.at_data["owner@sembria.example"] = reply
    else:
        post.at_recipient["owner@sembria.example"] = reply
    mail = _queue(cast)
    assert send_staff_mail(cast.id, NOW) == {state: 1}
    kept = _now(mail)
    assert (kept.state, kept.not_before > NOW, bool(kept.text)) == (state, waits, waits)
    assert send_staff_mail(cast.id, NOW) == {}  # not again at once, and what is unknown never


def test_without_a_verified_sender_it_says_so(committed: World, cast: Cast, post: MailServer) -> None:
    _live(cast)
    with acting_for(cast.id):
        Sender.objects.all().delete()
    mail = _queue(cast)
    assert send_staff_mail(cast.id, NOW) == {"failed": 1} and _now(mail).result == "no_sender"


def test_what_a_killed_sender_left_is_unknown_and_never_sent_again(
    committed: World, cast: Cast, post: MailServer
) -> None:
    _live(cast)
    mail = _queue(cast)
    with acting_for(cast.id):
        StaffMail.objects.update(state="attempting", claimed_at=NOW)
    assert tidy_staff_mail(cast.actor(now=NOW + timedelta(minutes=1))) == 0
    assert tidy_staff_mail(cast.actor(now=NOW + STALLED_AFTER + timedelta(minutes=1))) == 1
    assert _now(mail).state == "unknown" and send_staff_mail(cast.id, NOW + timedelta(hours=1)) == {}
    tidy_staff_mail(cast.actor(now=NOW + KEPT + timedelta(days=1)))
    with acting_for(cast.id):
        assert not StaffMail.objects.exists()
