"""The pages of letters: what waits, one batch, what was posted, what came back, and the scans of proofs."""

from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from conftest import TODAY, make_member
from puntual.desk.tests.work import now, text
from puntual.outreach.channels.letter.making import make_next
from puntual.outreach.channels.letter.models import DeliveryProof, PrintBatch, PrintedLetter
from puntual.outreach.channels.letter.tests.build import letter, live
from puntual.receivables.actions import hold
from puntual.strategies.actions import activate, import_draft
from puntual.strategies.manual import from_content, to_toml
from puntual.strategies.models import Version
from puntual.tenancy.scope import acting_for

PAGE = "/o/sembria/letters/"


@pytest.fixture
def waiting(world, cast):
    """Two letters that wait, in an organization that is live."""
    with acting_for(cast.id):
        live(world.by)
        return [letter(world, "Aromo"), letter(world, "Boldo")]


@pytest.fixture
def made(owner, world, waiting, cast) -> PrintBatch:
    """Both in a batch that the worker has set."""
    owner.post(f"{PAGE}gather", {"window": "left"})
    return work(world, cast)


def work(world, cast) -> PrintBatch:
    with acting_for(cast.id):
        batch = PrintBatch.objects.latest("number")
        assert not make_next(world.by, batch.pk)
        batch.refresh_from_db()
        return batch


def codes(cast, batch) -> list[str]:
    with acting_for(cast.id):
        rows = PrintedLetter.objects.filter(batch=batch).order_by("place")
        return list(rows.values_list("code", flat=True))


def test_what_waits_is_gathered_printed_and_posted(owner, world, waiting, cast) -> None:
    shown = text(owner, PAGE)
    assert "Aromo" in shown and "Boldo" in shown
    assert "/o/sembria/letters/" in text(owner, "/o/sembria/")
    answer = owner.post(f"{PAGE}gather", {"window": "right"})
    where = answer["Location"]
    assert "progress" in text(owner, where)
    assert owner.get(f"{where}/progress").status_code == 302 and 'max="2"' in text(
        owner, f"{where}/progress", headers={"HX-Request": "true"}
    )
    batch = work(world, cast)
    assert (batch.window, batch.made) == ("right", 2)
    first, second = codes(cast, batch)
    assert first in text(owner, where)
    assert owner.get(f"{where}/print-1.pdf").content.startswith(b"%PDF-")
    assert owner.get(f"{where}/print-2.pdf").status_code == 404
    for form in ("csv", "xlsx", "pdf"):
        assert len(owner.get(f"{where}/manifest.{form}").content) > 100
    assert owner.get(f"{where}/manifest.doc").status_code == 404
    assert first in text(owner, f"{where}/posted")
    answer = owner.post(
        f"{where}/posted", {"on": TODAY.isoformat(), f"number-{first}": "RR1", "out": second, "office": "Correo"}
    )
    assert answer.status_code == 302
    assert "RR1" in text(owner, where)
    assert {now(one).state for one in waiting} == {"sent", "to_do"}


def test_numbers_come_from_a_list(owner, made, cast) -> None:
    first, second = codes(cast, made)
    file = SimpleUploadedFile("n.csv", f"Carta;Número\n{first};RR1\n{second};RR2\n".encode())
    owner.post(f"{PAGE}{made.id}/posted", {"on": TODAY.isoformat(), "numbers": file})
    with acting_for(cast.id):
        assert set(PrintedLetter.objects.values_list("reference", flat=True)) == {"RR1", "RR2"}


def test_a_list_that_cannot_be_read_says_where(owner, made) -> None:
    file = SimpleUploadedFile("n.csv", b"a;b\nc;d\n")
    answer = owner.post(f"{PAGE}{made.id}/posted", {"on": TODAY.isoformat(), "numbers": file})
    assert 'aria-describedby="id_numbers_error"' in answer.content.decode()
    assert answer.status_code == 422 and "c;d" in answer.content.decode()


def test_one_letter_to_look_at(owner, made, cast) -> None:
    with acting_for(cast.id):
        one = PrintedLetter.objects.filter(batch=made).first()
    answer = owner.get(f"{PAGE}one/{one.id}.pdf")
    assert answer.content.startswith(b"%PDF-") and "attachment" in answer["Content-Disposition"]


def test_chosen_letters_only_and_all_put_back(owner, world, waiting, cast) -> None:
    owner.post(f"{PAGE}gather", {"window": "left", "id": str(waiting[0].pk)})
    batch = work(world, cast)
    assert batch.total == 1
    owner.post(f"{PAGE}{batch.id}/put-back")
    assert now(waiting[0]).state == "to_do"
    assert owner.post(f"{PAGE}gather", {"window": "left", "id": "x"}).status_code == 404


def test_nothing_to_gather_is_said(owner, world, cast) -> None:
    assert owner.get(PAGE).status_code == 200
    assert owner.post(f"{PAGE}gather", {"window": "left"}).status_code == 422


def test_a_letter_that_came_back_is_typed_in(owner, made, cast) -> None:
    owner.post(f"{PAGE}{made.id}/posted", {"on": TODAY.isoformat()})
    code = codes(cast, made)[0]
    given = {"code": code.replace("-", " "), "reason": "moved", "on": TODAY.isoformat()}
    assert code in owner.post(f"{PAGE}returned", given, follow=True).content.decode()
    assert owner.post(f"{PAGE}returned", given).status_code == 422
    assert owner.post(f"{PAGE}returned", {**given, "code": "7"}).status_code == 422


def test_paid_since_it_was_printed_is_marked(owner, made, waiting, cast) -> None:
    with acting_for(cast.id):
        hold(cast.actor(), reason="dispute", customer_id=waiting[0].customer_id)
    shown = text(owner, f"{PAGE}{made.id}")
    assert shown.count("#i-ban") == 1


def test_who_only_reads_changes_nothing(client, made, cast) -> None:
    auditor = make_member(cast.organization, "auditor", "auditor@sembria.example")
    client.force_login(auditor, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(PAGE).status_code == 200
    for address in (f"{PAGE}gather", f"{PAGE}{made.id}/posted", f"{PAGE}{made.id}/put-back", f"{PAGE}returned"):
        assert client.post(address).status_code == 403


def test_a_scan_is_filed_with_its_proof(owner, world, cast) -> None:
    with acting_for(cast.id):
        live(world.by)
        manual = from_content(Version.objects.get(pk=world.version).content)
        steps = [replace(one, required=True, proof="El cargo") if one.code == "formal" else one for one in manual.steps]
        version = activate(world.by, import_draft(world.by, to_toml(replace(manual, steps=tuple(steps)))))
        notice = letter(world, "Canelo", version_id=version.id)
    assert owner.post(f"{PAGE}gather", {"window": "left", "id": str(notice.pk)}).status_code == 422
    owner.post(f"{PAGE}gather", {"window": "left", "service": "pe-notarial"})
    batch = work(world, cast)
    where = f"{PAGE}{batch.id}"
    assert owner.post(f"{where}/posted", {"on": TODAY.isoformat()}).status_code == 422
    (code,) = codes(cast, batch)
    owner.post(f"{where}/posted", {"on": TODAY.isoformat(), "office": "Notaría", f"number-{code}": "4411"})
    bad = SimpleUploadedFile("x.pdf", b"<script>alert(1)</script>")
    page = "/o/sembria/activities/proofs/"
    refused = owner.post(f"{page}{notice.pk}", {"proof": "Cargo", "outcome": "delivered", "document": bad})
    said = refused.content.decode()
    assert "x.pdf" in said and 'name="proof" value="Cargo"' in said, "what was typed stays"
    scan = SimpleUploadedFile("cargo.pdf", b"%PDF-1.7 cargo", content_type="text/html")
    owner.post(f"{page}{notice.pk}", {"proof": "Cargo 4411", "outcome": "delivered", "document": scan})
    with acting_for(cast.id):
        proof = DeliveryProof.objects.get()
    answer = owner.get(f"{page}file/{proof.pk}")
    assert answer.content == b"%PDF-1.7 cargo" and answer["Content-Type"] == "application/pdf"
    assert "attachment" in answer["Content-Disposition"] and "Cargo 4411" in text(owner, page)


def test_another_organizations_letters_lead_nowhere(made, cast) -> None:
    outsider = Client()
    outsider.force_login(cast.outsider, backend="allauth.account.auth_backends.AuthenticationBackend")
    with acting_for(cast.id):
        one = PrintedLetter.objects.filter(batch=made).first()
    place = "/o/lonkura/letters"
    for address in (f"{made.id}", f"{made.id}/progress", f"{made.id}/print-1.pdf", f"{made.id}/manifest.csv"):
        assert outsider.get(f"{place}/{address}").status_code == 404
    assert outsider.get(f"{place}/one/{one.id}.pdf").status_code == 404
    for address in ("posted", "put-back"):
        assert outsider.post(f"{place}/{made.id}/{address}", {"on": TODAY.isoformat()}).status_code == 404
    given = {"code": one.code, "reason": "moved", "on": TODAY.isoformat()}
    assert outsider.post(f"{place}/returned", given).status_code == 422
    assert outsider.post(f"{place}/gather", {"window": "left", "id": str(one.activity_id)}).status_code == 422
