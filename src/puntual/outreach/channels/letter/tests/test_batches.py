"""Print batches: gathered once, looked at again, printed, posted or put back."""

import csv
import io
from datetime import timedelta
from hashlib import sha256

import pytest
from python_calamine import load_workbook

from conftest import NOW, TODAY
from puntual.kernel.problems import Problem
from puntual.outreach.actions import end_rehearsal, post_batch, put_back, start_batch, sweep_stalled
from puntual.outreach.channels.letter.claiming import to_print
from puntual.outreach.channels.letter.making import make_next
from puntual.outreach.channels.letter.manifest import manifest
from puntual.outreach.channels.letter.models import PrintedLetter, PrintFile
from puntual.outreach.channels.letter.tests.build import batch_of, letter, letters, live, pages
from puntual.outreach.models import Activity, CapturedMessage, Mark
from puntual.outreach.record.models import Attempt, KeptFile
from puntual.receivables.actions import hold


def now(activity: Activity) -> Activity:
    return Activity.objects.get(organization_id=activity.organization_id, pk=activity.pk)


def test_a_letter_is_in_one_batch_only(world) -> None:
    one = letter(world, "Quenara")
    first = start_batch(world.by)
    assert (first.number, first.total, now(one).state) == (1, 1, "attempting")
    with pytest.raises(Problem, match="No letter waits"):
        start_batch(world.by)
    put_back(world.by, first.pk)
    assert now(one).state == "to_do"
    assert start_batch(world.by).number == 2


def test_a_party_gets_one_letter_at_a_time(world) -> None:
    one = letter(world, "Quenara")
    other = letter(world, "Quenara Norte")
    other.customer.party = one.customer.party
    other.customer.save()
    batch = start_batch(live(world.by))
    assert batch.total == 1
    with pytest.raises(Problem):
        start_batch(world.by)


def test_who_paid_or_paused_falls_out_with_the_reason(world) -> None:
    stays = letter(world, "Aromo")
    paused, moved, nowhere = letter(world, "Boldo"), letter(world, "Canelo"), letter(world, "Drimys", address="")
    hold(world.by, reason="dispute", customer_id=paused.customer_id)
    moved.customer.handling = "none"
    moved.customer.save()
    batch = batch_of(live(world.by))
    assert (batch.state, batch.total, batch.made, batch.fell_out) == ("ready", 4, 1, 3)
    found = {one.customer.name: (one.state, one.reason) for one in letters(batch)}
    assert found == {
        "Aromo": ("made", ""),
        "Boldo": ("fell_out", "held"),
        "Canelo": ("fell_out", "stopped"),
        "Drimys": ("fell_out", "no_point"),
    }
    assert [now(one).state for one in (stays, paused, moved, nowhere)] == ["attempting", "lapsed", "lapsed", "lapsed"]


def test_nobody_writes_without_an_address_of_their_own(world) -> None:
    one = letter(world, "Aromo")
    world.creditor.address = ""
    world.creditor.save()
    batch = batch_of(world.by)
    assert batch.state == "closed" and letters(batch)[0].reason == "no_letterhead"
    assert now(one).state == "to_do"


def test_every_letter_begins_on_an_odd_page_and_counts_its_own(world) -> None:
    for name in ("Aromo", "Boldo", "Canelo"):
        letter(world, name)
    batch = batch_of(live(world.by), size=2)
    parts = list(PrintFile.objects.filter(organization_id=batch.organization_id, batch=batch).order_by("part"))
    assert [one.letters for one in parts] == [2, 1]
    kept = letters(batch)
    for part, inside in zip(parts, (kept[:2], kept[2:]), strict=True):
        assert sha256(part.pdf).hexdigest() == part.sha256
        words = pages(part.pdf)
        at = 0
        for one in inside:
            assert one.code in words[at] and f"Página 1 de {one.pages}" in words[at]
            at += one.pages + one.pages % 2
    for one in kept:
        assert one.sha256 == sha256(one.pdf).hexdigest() and len(pages(one.pdf)) == one.pages


def test_posted_letters_are_sent_and_their_steps_had(world) -> None:
    kept, left = letter(world, "Aromo"), letter(world, "Boldo")
    batch = batch_of(live(world.by))
    first, second = letters(batch)
    post_batch(world.by, batch.pk, on=TODAY, office="Correo", references={first.code: "RR123"}, left_out=[second.code])
    sent = now(kept)
    assert (sent.state, sent.captured, sent.settled_at) == ("sent", False, NOW)
    assert "F-1" in sent.body and sent.subject and sent.point_id
    assert Mark.objects.filter(activity_id=kept.pk, step="formal", voided=False).count() == 1
    assert now(left).state == "to_do" and not Mark.objects.filter(activity_id=left.pk).exists()
    assert [one.state for one in letters(batch)] == ["posted", "put_back"]
    assert letters(batch)[0].reference == "RR123"
    attempt = Attempt.objects.get(activity_id=kept.pk)
    assert (attempt.recipient_name, attempt.message_id, attempt.signed_by) == ("Aromo", first.code, sent.signed_by)
    assert sha256(KeptFile.objects.get(sha256=attempt.documents[0]["sha256"]).content).hexdigest() == first.sha256
    with pytest.raises(Problem, match="gone on meanwhile"):
        post_batch(world.by, batch.pk, on=TODAY)
    assert list(to_print(world.by)) == [now(left)]


@pytest.mark.parametrize("days", [-1, 1])
def test_it_is_posted_neither_before_it_was_made_nor_tomorrow(world, days) -> None:
    letter(world, "Aromo")
    batch = batch_of(live(world.by))
    with pytest.raises(Problem, match="Give the day"):
        post_batch(world.by, batch.pk, on=TODAY + timedelta(days=days))


def test_a_code_of_another_batch_is_refused(world) -> None:
    letter(world, "Aromo")
    batch = batch_of(live(world.by))
    with pytest.raises(Problem, match="not among the letters"):
        post_batch(world.by, batch.pk, on=TODAY, left_out=["1-0002-65"])


def test_in_rehearsal_every_page_says_so_and_nothing_is_posted(world) -> None:
    one = letter(world, "Aromo")
    batch = batch_of(world.by)
    assert batch.sample and all("MUESTRA" in page for page in pages(letters(batch)[0].pdf))
    post_batch(world.by, batch.pk, on=TODAY)
    assert (now(one).state, now(one).captured) == ("sent", True)
    kept = CapturedMessage.objects.get(activity_id=one.pk)
    assert "Las Begonias" in kept.recipient and "F-1" in bytes(kept.raw).decode()


def test_going_live_puts_samples_back(world) -> None:
    one = letter(world, "Aromo")
    batch = batch_of(world.by)
    end_rehearsal(world.by)
    batch.refresh_from_db()
    assert (batch.state, now(one).state) == ("closed", "to_do")
    assert not batch_of(world.by).sample


def test_a_printed_letter_is_no_interrupted_message(world) -> None:
    one = letter(world, "Aromo")
    batch_of(live(world.by))
    assert sweep_stalled(world.by) == 0
    Activity.objects.filter(pk=one.pk).update(claimed_at=NOW - timedelta(days=1))
    assert sweep_stalled(world.by) == 0 and now(one).state == "attempting"


def test_the_manifest_names_every_letter(world) -> None:
    letter(world, "=Aromo()")
    letter(world, "Boldo")
    batch = batch_of(live(world.by))
    kept = letters(batch)
    rows = list(csv.reader(io.StringIO(manifest(batch, "csv", NOW).content.decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == [one.code for one in kept]
    assert rows[1][2] == "'=Aromo()" and rows[2][9] == kept[1].sha256
    sheet = load_workbook(io.BytesIO(manifest(batch, "xlsx", NOW).content)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in sheet[1:]] == [one.code for one in kept] and sheet[1][2] == "=Aromo()"
    words = " ".join(pages(manifest(batch, "pdf", NOW).content))
    assert all(one.code in words for one in kept)


def test_a_killed_worker_goes_on_where_it_was(world) -> None:
    for name in ("Aromo", "Boldo", "Canelo"):
        letter(world, name)
    batch = start_batch(live(world.by))
    assert make_next(world.by, batch.pk, 2)
    made = PrintedLetter.objects.filter(batch=batch, state="made").count()
    assert not make_next(world.by, batch.pk, 2) and not make_next(world.by, batch.pk, 2)
    assert (made, PrintedLetter.objects.filter(batch=batch, state="made").count()) == (2, 3)
