"""What is said and shown about a dispute: kept as it is, told by its content, never changed."""

import io
import zipfile

import pytest
from django.db import DatabaseError, transaction

from puntual.disputes import actions
from puntual.disputes.evidence import MOST_BYTES, document_of
from puntual.disputes.models import Dispute, DisputeNote, Evidence
from puntual.disputes.queries import evidence, notes, untold
from puntual.disputes.tests.build import disputed
from puntual.kernel.problems import Problem
from puntual.receivables.tests.build import Books


def office(folder: str, **more: str) -> bytes:
    """The same bytes whenever it is made: tests are named by them."""
    out = io.BytesIO()
    files = {"[Content_Types].xml": "<Types/>", f"{folder}/document.xml": "<x/>"}
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in (files | {f"{folder}/{name}.bin": text for name, text in more.items()}).items():
            archive.writestr(zipfile.ZipInfo(name), text)
    return out.getvalue()


GOOD = [
    ("orden", b"%PDF-1.7\n...", "orden.pdf", "application/pdf"),
    ("foto.exe", b"\x89PNG\r\n\x1a\n...", "foto.png", "image/png"),
    ("a.jpeg", b"\xff\xd8\xff\xe0...", "a.jpg", "image/jpeg"),
    ("f.gif", b"GIF89a...", "f.gif", "image/gif"),
    ("s.tiff", b"II*\x00...", "s.tif", "image/tiff"),
    ("w", b"RIFF\x10\x00\x00\x00WEBPVP8 ", "w.webp", "image/webp"),
    ("i.heic", b"\x00\x00\x00\x18ftypheic....", "i.heic", "image/heic"),
    (
        "acta.docx",
        office("word"),
        "acta.docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    ("guía.xlsx", office("xl"), "guía.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("m", b"From: a@b.example\r\nSubject: Orden\r\nDate: x\r\n\r\nHola", "m.eml", "message/rfc822"),
    ("C:\\notas\\nota.md", "Llegó roto: señal".encode(), "nota.txt", "text/plain"),
    ("../../etc/passwd", b"hola", "passwd.txt", "text/plain"),
]


@pytest.mark.parametrize(("name", "content", "kept", "kind"), GOOD)
def test_a_file_is_what_its_content_says(name: str, content: bytes, kept: str, kind: str) -> None:
    found = document_of(name, content)
    assert (found.name, found.kind, len(found.digest)) == (kept, kind, 64)


BAD = [
    b"",
    b"MZ\x90\x00",
    b"<!DOCTYPE html><script>alert(1)</script>",
    b"  <svg onload=alert(1)>",
    b"\xef\xbb\xbf<html>",
    b"#!/bin/sh\nrm -rf /",
    b"\x00\x01\x02binary",
    b"PK\x03\x04 any other archive",
    office("word", vbaProject="macros"),
    b"%PDF-" + b"x" * MOST_BYTES,
]


@pytest.mark.parametrize("content", BAD, ids=range(len(BAD)))
def test_what_nobody_should_open_is_refused(content: bytes) -> None:
    with pytest.raises(Problem, match=r"f\.pdf"):
        document_of("f.pdf", content)


def test_evidence_is_kept_once_and_never_changed(books: Books) -> None:
    made = disputed(books, books.item(books.customer()))
    kept = actions.add_evidence(books.by, made.id, "orden.pdf", b"%PDF-1", theirs=True)
    assert actions.add_evidence(books.by, made.id, "otra.pdf", b"%PDF-1").id == kept.id
    assert [one.name for one in evidence(books.org, [made.id])] == ["orden.pdf"]
    for change in (
        lambda: Evidence.objects.filter(id=kept.id).update(name="x"),
        lambda: Evidence.objects.filter(id=kept.id).delete(),
        lambda: DisputeNote.objects.all().delete(),
        lambda: Dispute.objects.filter(id=made.id).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_so_many_files_and_no_more(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("puntual.disputes.talking.MOST_FILES", 2)
    made = disputed(books, books.item(books.customer()))
    for number in range(2):
        actions.add_evidence(books.by, made.id, "a.txt", b"%d" % number)
    with pytest.raises(Problem, match="2 files"):
        actions.add_evidence(books.by, made.id, "a.txt", b"3")


def test_the_talk_and_what_of_it_the_customer_may_read(books: Books) -> None:
    made = disputed(books, books.item(books.customer()))
    actions.add_note(books.by, made.id, "Ventas dice que no")
    actions.add_note(books.by, made.id, "¿Me mandan la orden?", kind="ours")
    actions.add_note(books.by, made.id, "Va adjunta", kind="customer")
    assert [note.text for note in notes(made)] == ["Ventas dice que no", "¿Me mandan la orden?", "Va adjunta"]
    assert [note.text for note in notes(made, inner=False)] == ["¿Me mandan la orden?", "Va adjunta"]
    for text in (" ", "x" * 10_001):
        with pytest.raises(Problem):
            actions.add_note(books.by, made.id, text)
    with pytest.raises(ValueError):
        actions.add_note(books.by, made.id, "x", kind="step")


def test_who_was_not_told_yet(books: Books) -> None:
    made = disputed(books, books.item(books.customer()))
    actions.add_note(books.by, made.id, "La revisamos", kind="ours")
    assert not untold(books.org).exists()
    later = books.on(books.by.today.replace(day=24))
    actions.reject(later, made.id, cause="customer", why="El contrato lo dice")
    assert list(untold(books.org)) == [made]
    actions.add_note(later, made.id, "Le explicamos por qué", kind="ours")
    assert not untold(books.org).exists()


def test_it_is_given_to_members_only(acting, books: Books) -> None:
    made = disputed(books, books.item(books.customer()))
    assert actions.assign(books.by, made.id, acting.colleague.id).owner_id == acting.colleague.id
    with pytest.raises(Problem):
        actions.assign(books.by, made.id, acting.outsider.id)
    assert [note.step for note in notes(made)] == ["assign"]
