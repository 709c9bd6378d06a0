"""An agreement accepted by its link and code: once, by whoever got it, as it was shown; and nothing by any other link."""

import hashlib
import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from conftest import NOW
from puntual.agreements.acceptance.actions import CODE_LASTS, MOST_WRONG
from puntual.agreements.models import Acceptance, Plan
from puntual.agreements.plans.actions import agree_plan, withdraw
from puntual.agreements.tests.plans import Planned
from puntual.audit.models import Record
from puntual.organizations.actions import actor_of
from puntual.outreach.acceptances import PATH
from puntual.outreach.actions import send_acceptance_link
from puntual.outreach.models import Activity, CapturedMessage
from puntual.parties.models import ContactPoint
from puntual.receivables.models import Hold
from puntual.receivables.tests.build import books_for
from puntual.tenancy.scope import acting_for

BROWSER = "Mozilla/5.0 (Linux; Android 15)"


@pytest.fixture(autouse=True)
def _in_contact_hours(monkeypatch: pytest.MonkeyPatch) -> None:
    """A link is sent like any message: on a Monday morning it may be."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


class Proposed:
    """A plan in rehearsal, offered, and its link sent to a mailbox; the code is read in the capture mailbox."""

    def __init__(self, cast) -> None:
        self.cast = cast
        with acting_for(cast.id):
            self.by = actor_of(cast.organization, timezone.now(), name="Test")
            self.planned = Planned(books_for(self.by))
            self.customer = self.planned.books.customer("Textiles Andinos S.A.C.")
            self.items = [self.planned.books.item(self.customer, "600", late=40)]
            self.plan = agree_plan(
                self.by, self.customer.id, [item.id for item in self.items], self.planned.wish(parts=3, first=30)
            )
            self.point = ContactPoint.objects.create(
                organization_id=cast.id, customer=self.customer, kind="email", value="pagos@andinos.example"
            )
            self.link = self.send()

    def send(self) -> str:
        with acting_for(self.cast.id):
            _made, link = send_acceptance_link(self.by, self.plan.id, self.point.id)
        return link[link.index(PATH) :]

    def code(self, client, link="") -> str:
        assert client.post(f"{link or self.link}/code").status_code == 302
        with acting_for(self.cast.id):
            raw = bytes(CapturedMessage.objects.latest("id").raw).decode()
        return re.search(r"(?<!\d)(\d{6})(?= es su c| is your c)", raw)[1]

    def answer(self, client, code, yes=True, link="", **more):
        given = {"name": "Ana Ruiz, gerente", "code": code, "answer": "yes" if yes else "no", **more}
        address = {"REMOTE_ADDR": "203.0.113.9", "HTTP_USER_AGENT": BROWSER}
        return client.post(link or self.link, given, **address)

    def state(self) -> str:
        with acting_for(self.cast.id):
            return Plan.objects.get(id=self.plan.id).state

    def acceptance(self) -> Acceptance:
        with acting_for(self.cast.id):
            return Acceptance.objects.latest("made_at", "id")

    def age(self, **fields) -> None:
        with acting_for(self.cast.id):
            Acceptance.objects.filter(organization_id=self.cast.id, state="sent").update(**fields)


@pytest.fixture
def proposed(cast) -> Proposed:
    cache.clear()
    return Proposed(cast)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


def test_it_is_read_and_accepted_and_on_record(client, proposed) -> None:
    shown = client.get(proposed.link)
    assert shown.status_code == 200 and proposed.plan.number in shown.content.decode()
    assert "pagos@andinos" not in shown.content.decode()
    pdf = client.get(proposed.link + "/agreement.pdf").content
    code = proposed.code(client)
    assert proposed.answer(client, code).status_code == 200
    kept = proposed.acceptance()
    assert proposed.state() == "active" and kept.state == "accepted"
    assert hashlib.sha256(pdf).hexdigest() == kept.digest and bytes(kept.document) == pdf
    assert (kept.accepted_by, kept.address, kept.browser) == ("Ana Ruiz, gerente", "203.0.113.9", BROWSER)
    assert kept.accepted_at and kept.code_hash == ""
    with acting_for(proposed.cast.id):
        assert (Plan.objects.get().accepted_how, Plan.objects.get().accepted_by) == (Plan.How.LINK, "Ana Ruiz, gerente")
        assert Hold.objects.filter(source_id=proposed.plan.id).exists()
        assert Record.objects.filter(action="agreements.accept_by_link").count() == 1


def test_no_secret_is_kept(client, proposed) -> None:
    code = proposed.code(client)
    kept = proposed.acceptance()
    assert code not in kept.code_hash and proposed.link not in kept.secret_hash
    with acting_for(proposed.cast.id):
        said = Activity.objects.get(customer=proposed.customer, channel="email")
        records = " ".join(str(one.detail) for one in Record.objects.all())
    token = proposed.link.removeprefix(PATH)
    assert token not in said.body and token not in records and code not in records


def test_it_is_declined_with_its_reason(client, proposed) -> None:
    assert proposed.answer(client, proposed.code(client), yes=False, why="En cuatro partes").status_code == 200
    assert proposed.state() == "refused" and proposed.acceptance().state == "declined"
    with acting_for(proposed.cast.id):
        assert Plan.objects.get().ended_why == "En cuatro partes" and not Hold.objects.exists()


def test_a_used_link_opens_nothing_any_more(client, proposed) -> None:
    code = proposed.code(client)
    proposed.answer(client, code)
    for answer in (
        client.get(proposed.link),
        client.get(proposed.link + "/agreement.pdf"),
        client.post(proposed.link + "/code"),
        proposed.answer(client, code),
        proposed.answer(client, code, yes=False),
    ):
        assert answer.status_code == 410
    assert proposed.state() == "active"


@pytest.mark.parametrize("at", [0, 20, 30, 54, -1])
def test_a_changed_link_opens_nothing(client, proposed, at) -> None:
    token = proposed.link.removeprefix(PATH)
    at = at % len(token)
    damaged = PATH + token[:at] + ("B" if token[at] != "B" else "Q") + token[at + 1 :]
    assert client.get(damaged).status_code == 404
    assert proposed.answer(client, "123456", link=damaged).status_code == 404


def test_an_old_link_grants_nothing(client, proposed) -> None:
    code = proposed.code(client)
    proposed.age(ends_at=timezone.now() - timedelta(seconds=1))
    assert client.get(proposed.link).status_code == 410
    assert proposed.answer(client, code).status_code == 410 and proposed.state() == "offered"


def test_an_old_code_does_not_count(client, proposed) -> None:
    code = proposed.code(client)
    proposed.age(code_sent_at=timezone.now() - CODE_LASTS - timedelta(seconds=1))
    assert proposed.answer(client, code).status_code == 422 and proposed.state() == "offered"


def test_without_a_code_nothing_is_accepted(client, proposed) -> None:
    assert proposed.answer(client, "000000").status_code == 422
    assert proposed.answer(client, "").status_code == 422
    assert proposed.state() == "offered" and proposed.acceptance().wrong_codes == 0


def test_five_wrong_codes_close_the_link_over_several_codes(client, proposed) -> None:
    code = proposed.code(client)
    for _each in range(MOST_WRONG - 2):
        assert proposed.answer(client, wrong(code)).status_code == 422
    proposed.age(code_sent_at=timezone.now() - timedelta(minutes=2))
    code = proposed.code(client)
    assert proposed.answer(client, wrong(code)).status_code == 422
    assert proposed.answer(client, wrong(code)).status_code == 410
    assert proposed.answer(client, code).status_code == 410
    assert proposed.state() == "offered" and proposed.acceptance().state == "closed"


def test_codes_cannot_be_asked_for_one_after_the_other(client, proposed) -> None:
    code = proposed.code(client)
    assert client.post(proposed.link + "/code").status_code == 422
    assert proposed.answer(client, code).status_code == 200


def test_a_newer_link_closes_the_one_before(client, proposed) -> None:
    code = proposed.code(client)
    newer = proposed.send()
    assert client.get(proposed.link).status_code == 410
    assert proposed.answer(client, code).status_code == 410
    assert client.get(newer).status_code == 200


def test_a_plan_taken_back_cannot_be_accepted(client, proposed) -> None:
    code = proposed.code(client)
    with acting_for(proposed.cast.id):
        withdraw(proposed.by, proposed.plan.id, "A mistake")
    assert client.get(proposed.link).status_code == 410
    assert proposed.answer(client, code).status_code == 410 and proposed.state() == "withdrawn"


def test_what_was_paid_meanwhile_is_not_accepted(client, proposed) -> None:
    code = proposed.code(client)
    with acting_for(proposed.cast.id):
        proposed.planned.by = proposed.by
        proposed.planned.pay(proposed.customer, "100", *proposed.items)
    assert proposed.answer(client, code).status_code == 410
    assert proposed.state() == "offered" and proposed.acceptance().state == "closed"
    with acting_for(proposed.cast.id):
        assert not Hold.objects.exists()


def test_a_form_of_another_site_is_refused(client, proposed) -> None:
    code = proposed.code(client)
    strict = Client(enforce_csrf_checks=True)
    assert proposed.answer(strict, code).status_code == 403
    assert strict.post(proposed.link + "/code").status_code == 403
    assert proposed.state() == "offered"


def test_a_flood_of_tries_is_stopped(client, proposed) -> None:
    answers = [proposed.answer(client, "").status_code for _each in range(17)]
    assert answers[:15] == [422] * 15 and answers[15:] == [429] * 2
