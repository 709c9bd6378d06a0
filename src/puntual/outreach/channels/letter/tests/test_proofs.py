"""Returned mail, and notices that count once their delivery is proved."""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest

from conftest import NOW, TODAY
from puntual.kernel.problems import Problem
from puntual.outreach.actions import mark_returned, post_batch, record_proof, start_batch
from puntual.outreach.channels.letter.models import DeliveryProof
from puntual.outreach.channels.letter.proving import document_of
from puntual.outreach.channels.letter.tests.build import batch_of, letter, letters, live
from puntual.outreach.models import Activity, Mark
from puntual.outreach.proofs import without_proof
from puntual.parties.models import ContactPoint
from puntual.strategies.actions import activate, import_draft
from puntual.strategies.manual import from_content, to_toml
from puntual.strategies.models import Version

PDF = b"%PDF-1.4 receipt"


@pytest.fixture
def posted(world):
    """A letter that was posted, with its activity."""
    activity = letter(world, "Aromo")
    batch = batch_of(live(world.by))
    post_batch(world.by, batch.pk, on=TODAY)
    return letters(batch)[0], activity


@pytest.fixture
def notice(world):
    """A formal letter that the manual requires, with its proof."""
    manual = from_content(Version.objects.get(pk=world.version).content)
    steps = [replace(one, required=True, proof="El cargo") if one.code == "formal" else one for one in manual.steps]
    version = activate(world.by, import_draft(world.by, to_toml(replace(manual, steps=tuple(steps)))))
    return letter(world, "Boldo", version_id=version.id)


def tasks(customer_id) -> list[Activity]:
    return list(Activity.objects.filter(customer_id=customer_id, step="find_contact", state="to_do"))


@pytest.mark.parametrize(
    ("reason", "bounce", "found"),
    [("unknown", "hard", 1), ("moved", "hard", 1), ("unclaimed", "soft", 1), ("refused", "soft", 0)],
)
def test_a_letter_that_came_back_was_not_had(world, posted, reason, bounce, found) -> None:
    one, activity = posted
    mark_returned(world.by, one.code.replace("-", " "), reason)
    assert not Mark.objects.filter(activity_id=activity.pk, voided=False).exists()
    assert Activity.objects.get(pk=activity.pk).result == "bounced"
    assert ContactPoint.objects.get(customer_id=activity.customer_id, kind="post").bounce == bounce
    assert len(tasks(activity.customer_id)) == found
    with pytest.raises(Problem, match="came back already"):
        mark_returned(world.by, one.code, reason)


def test_only_a_posted_letter_comes_back(world) -> None:
    letter(world, "Aromo")
    code = letters(batch_of(live(world.by)))[0].code
    for text, said in ((code, "was not posted"), ("12-0345-97", "There is no letter"), ("12-0345-98", "not the code")):
        with pytest.raises(Problem, match=said):
            mark_returned(world.by, text, "unknown")
    with pytest.raises(Problem, match="Choose why"):
        mark_returned(world.by, code, "eaten")
    with pytest.raises(Problem, match="future"):
        mark_returned(world.by, code, "unknown", TODAY + timedelta(days=1))


def test_a_required_notice_is_posted_with_a_proof_or_not_at_all(world, notice) -> None:
    live(world.by)
    with pytest.raises(Problem, match="No letter waits"):
        start_batch(world.by)
    with pytest.raises(Problem, match="asks for proof"):
        start_batch(world.by, ids=[notice.pk])
    batch = batch_of(world.by, service="pe-notarial")
    assert (batch.total, batch.made) == (1, 1)
    code = letters(batch)[0].code
    with pytest.raises(Problem, match="by whom"):
        post_batch(world.by, batch.pk, on=TODAY, references={code: "4411"})
    with pytest.raises(Problem, match="number of each letter"):
        post_batch(world.by, batch.pk, on=TODAY, office="Notaría Paredes")
    post_batch(world.by, batch.pk, on=TODAY, office="Notaría Paredes", references={code: "4411"})
    assert not Mark.objects.filter(activity_id=notice.pk, step="formal").exists()
    assert [one.pk for one in without_proof(world.by.organization_id)] == [notice.pk]


def send(world, notice) -> Activity:
    batch = batch_of(live(world.by), service="pe-notarial")
    post_batch(world.by, batch.pk, on=TODAY, office="Notaría", references={letters(batch)[0].code: "4411"})
    return notice


def test_delivered_and_proved_it_was_had(world, notice) -> None:
    send(world, notice)
    proof = record_proof(world.by, notice, "Cargo 4411", on=TODAY, document=document_of("cargo.pdf", PDF))
    assert (proof.had, proof.sha256, proof.content_type) == (True, sha256(PDF).hexdigest(), "application/pdf")
    assert Mark.objects.filter(activity_id=notice.pk, step="formal").exists()
    assert not without_proof(world.by.organization_id).exists()


@pytest.mark.parametrize("outcome", ["refused", "unclaimed", "moved"])
def test_refused_or_unclaimed_was_not_had_where_no_source_says_so(world, notice, outcome) -> None:
    send(world, notice)
    proof = record_proof(world.by, notice, "Devuelta por el notario", outcome=outcome)
    assert not proof.had and not Mark.objects.filter(activity_id=notice.pk, voided=False).exists()
    assert not without_proof(world.by.organization_id).exists()
    assert Activity.objects.get(pk=notice.pk).result == "bounced"


@pytest.mark.parametrize(
    ("name", "content"),
    [("x.pdf", b"<script>alert(1)</script>"), ("x.svg", b"<svg onload=alert(1)>"), ("e.exe", b"MZ\x90")],
)
def test_what_is_no_scan_is_not_kept(name, content) -> None:
    with pytest.raises(Problem, match="no PDF"):
        document_of(name, content)


def test_a_proof_is_words_an_outcome_and_a_day(world, notice) -> None:
    send(world, notice)
    for words, how in ((" ", {}), ("x", {"outcome": "eaten"}), ("x", {"on": TODAY + timedelta(days=1)})):
        with pytest.raises(Problem):
            record_proof(world.by, notice, words, **how)
    assert not DeliveryProof.objects.exists() and NOW
