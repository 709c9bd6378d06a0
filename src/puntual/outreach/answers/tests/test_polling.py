"""The mailbox is polled: what is unread lands once, is marked as read after it landed, and nothing is lost on the way."""

from collections.abc import Iterator

import pytest

from conftest import NOW, Cast
from puntual.kernel.problems import Problem
from puntual.outreach.answers import polling
from puntual.outreach.answers.models import Answer
from puntual.outreach.answers.polling import poll
from puntual.outreach.answers.reading.parts import MOST_BYTES
from puntual.outreach.answers.tests.mailstore import MailStore, mail_store
from puntual.outreach.answers.tests.post import letter
from puntual.outreach.answers.tests.test_landing import sent
from puntual.outreach.tests.build import World
from puntual.parties.models import Creditor
from puntual.receivables.models import Hold
from puntual.tenancy.scope import acting_for


@pytest.fixture
def store() -> Iterator[MailStore]:
    with mail_store() as server:
        yield server


def _answers(world: World) -> list[tuple[str, str]]:
    with acting_for(world.by.organization_id):
        return list(Answer.objects.order_by("id").values_list("kind", "text"))


def test_what_is_unread_lands_and_is_then_read(committed: World, store: MailStore) -> None:
    with acting_for(committed.by.organization_id):
        customer = committed.customer("Textiles Quenara S.A.")
        key = sent(committed, customer).message_id
    store.put(
        letter("Pagaremos el viernes.", answers=key),
        letter("Novedades", sender="noreply@bank.example", key="<n@b.example>"),
    )
    assert poll(store.url, NOW).counts == {"landed": 2}
    assert [one.flags for one in store.messages] == [{"\\Seen"}, {"\\Seen"}]
    assert _answers(committed) == [("reply", "Pagaremos el viernes."), ("other", "Novedades")]
    with acting_for(committed.by.organization_id):
        assert Hold.objects.get().customer_id == customer.id
    assert poll(store.url, NOW).counts == {}
    assert "UID EXPUNGE" not in store.commands and "EXPUNGE" not in store.commands


def test_what_somebody_opened_before_us_lands_too(committed: World, store: MailStore) -> None:
    """A person who reads the mailbox, or stars a message in it, hides nothing; what was unclear is tried again once unflagged."""
    store.keywords = True
    store.put(letter("Ya pagamos."), letter("Hola", key="<b@c.example>"))
    store.messages[0].flags.add("\\Seen")
    store.messages[1].flags.add("\\Flagged")
    assert poll(store.url, NOW).counts == {"landed": 2}
    assert [one.flags for one in store.messages] == [{"\\Seen", "$Puntual"}, {"\\Seen", "\\Flagged", "$Puntual"}]
    assert poll(store.url, NOW).counts == {}


@pytest.mark.parametrize("at", ["UID FETCH", "UID STORE"])
def test_a_connection_that_breaks_loses_nothing_and_doubles_nothing(
    committed: World, store: MailStore, at: str
) -> None:
    store.put(letter("Ya pagamos."))
    store.hang_up_at = at
    assert poll(store.url, NOW).problem
    assert store.messages[0].flags == set()
    store.hang_up_at = ""
    assert poll(store.url, NOW).counts == ({"landed": 1} if at == "UID FETCH" else {"known": 1})
    assert len(_answers(committed)) == 1 and store.messages[0].flags == {"\\Seen"}


def test_a_landing_that_fails_leaves_the_message_for_a_person(
    committed: World, store: MailStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: object) -> None:
        raise ValueError("cannot be kept")

    store.put(letter("Ya pagamos."))
    monkeypatch.setattr(polling, "land", broken)
    assert poll(store.url, NOW).counts == {"flagged": 1}
    assert store.messages[0].flags == {"\\Flagged"}


def test_what_was_unclear_is_tried_again_once_somebody_unflags_it(
    committed: World, store: MailStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: object) -> None:
        raise ValueError("cannot be kept")

    store.keywords = True
    store.put(letter("Ya pagamos."))
    with monkeypatch.context() as patched:
        patched.setattr(polling, "land", broken)
        assert poll(store.url, NOW).counts == {"flagged": 1}
    assert poll(store.url, NOW).counts == {}
    store.messages[0].flags.remove("\\Flagged")
    assert poll(store.url, NOW).counts == {"landed": 1}


def test_no_more_than_is_kept_is_fetched(committed: World, store: MailStore) -> None:
    store.put(letter("Ya pagamos.") + b"x" * (MOST_BYTES + 1000))
    assert poll(store.url, NOW).counts == {"landed": 1}
    with acting_for(committed.by.organization_id):
        answer = Answer.objects.get()
        assert (answer.limits, len(answer.raw)) == (["too_large"], MOST_BYTES)


def test_each_organization_gets_its_own(committed: World, cast: Cast, store: MailStore) -> None:
    """By the message it answers, by the address it was sent to; what is nobody's is flagged."""
    other = cast.other_organization
    with acting_for(other.id):
        Creditor.objects.create(
            organization_id=other.id,
            code="x",
            name="X",
            country="CL",
            currency="CLP",
            language="es",
            email="cobros@x.example",
        )
    with acting_for(committed.by.organization_id):
        key = sent(committed, committed.customer("Textiles Quenara S.A.")).message_id
    to_other = letter("Hola", key="<b@c.example>").replace(b"cobranzas@sembria.example", b"Cobros+1@X.example")
    to_nobody = letter("Hola", sender="otro@z.example", key="<c@c.example>").replace(
        b"cobranzas@sembria.example", b"nadie@y.example"
    )
    store.put(
        letter("Hola", answers=key).replace(b"cobranzas@sembria.example", b"nadie@y.example"), to_other, to_nobody
    )
    assert poll(store.url, NOW).counts == {"landed": 2, "flagged": 1}
    assert len(_answers(committed)) == 1
    with acting_for(other.id):
        assert Answer.objects.count() == 1
    assert store.messages[2].flags == {"\\Flagged"}


def test_a_mailbox_for_all_knows_whose_by_the_sender(committed: World, cast: Cast, store: MailStore) -> None:
    """Sent to the mailbox itself, about no message: the one organization that knows the sender gets it; two are too many."""
    with acting_for(committed.by.organization_id):
        committed.customer("Quenara", email="pagos@c1.example")
    to_all = b"respuestas@instalacion.example"
    known = letter("Hola", key="<b@c.example>").replace(b"cobranzas@sembria.example", to_all)
    stranger = letter("Hola", sender="otro@z.example", key="<c@c.example>").replace(
        b"cobranzas@sembria.example", to_all
    )
    store.put(known, stranger)
    assert cast.other_organization.id != committed.by.organization_id
    assert poll(store.url, NOW).counts == {"landed": 1, "flagged": 1}
    assert _answers(committed) == [("reply", "Hola")]


def test_a_wrong_password_and_a_closed_door_are_said(committed: World, store: MailStore) -> None:
    assert "wrong password" in poll(store.url.replace("pass%40word", "other"), NOW).problem
    assert poll("imap://a:b@127.0.0.1:1/INBOX", NOW).problem
    with pytest.raises(Problem, match="PUNTUAL_IMAP_URL"):
        poll("smtp://mail.example.com", NOW)


def test_it_is_never_done_inside_a_transaction(world: World) -> None:
    with pytest.raises(RuntimeError, match="could be lost"):
        poll("imap://a:b@127.0.0.1:1", NOW)
