"""The PDFs of invoices: kept once with their hash, found by their number, sent with what is asked for and with nothing else."""

import email
import email.policy
from dataclasses import replace

import pytest
from django.db import DatabaseError, transaction

from puntual.kernel.problems import Problem
from puntual.outreach import invoices_along
from puntual.outreach.models import Activity, CapturedMessage
from puntual.outreach.outbox import send_due
from puntual.outreach.tests.build import World
from puntual.receivables.actions import attach_file, hold, remove_file
from puntual.receivables.files import MOST_BYTES, files_of, matched
from puntual.receivables.models import InvoiceFile
from puntual.strategies import drafts
from puntual.strategies.actions import activate
from puntual.strategies.drafts import make_draft
from puntual.strategies.manual import from_content
from puntual.tenancy.scope import acting_for

PDF = b"%PDF-1.7\n" + b"x" * 100


def _sending(world: World) -> None:
    """The friendly step sends the invoices along."""
    draft = make_draft(world.by, world.version)
    friendly = from_content(draft.content).step("friendly")
    assert friendly
    drafts.change_step(world.by, draft.id, replace(friendly, attach_invoices=True, approval="automatic"))
    world.version = activate(world.by, draft).id


def _sent(world: World) -> tuple[list[tuple[str, bytes]], str]:
    """The files of the only message that left, and its text."""
    assert send_due(world.by.organization_id, world.by.now).counts == {"sent": 1}
    with acting_for(world.by.organization_id):
        mail = email.message_from_bytes(bytes(CapturedMessage.objects.get().raw), policy=email.policy.default)
    files = [(part.get_filename(), part.get_content()) for part in mail.iter_attachments()]
    return files, mail.get_body(("plain",)).get_content()


def test_what_is_asked_for_goes_along_and_nothing_else(committed: World) -> None:
    world, org = committed, committed.by.organization_id
    with acting_for(org):
        _sending(world)
        customer, stranger = world.customer("Uno"), world.customer("Otro")
        asked, held, foreign = (
            world.invoice(who, number, 18) for who, number in ((customer, "F1"), (customer, "F2"), (stranger, "F3"))
        )
        for item in (asked, held, foreign):
            attach_file(world.by, item.invoice_id, f"{item.invoice.number}.pdf", PDF + item.invoice.number.encode())
        gone = attach_file(world.by, asked.invoice_id, "vieja.pdf", PDF + b"old")
        world.plan(customer, [asked, held])
        hold(world.by, reason="dispute", invoice_id=held.invoice_id)
        remove_file(world.by, gone.pk)
    files, _text = _sent(world)
    assert files == [("F1.pdf", PDF + b"F1")]


def test_what_does_not_fit_is_named(committed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world = committed
    monkeypatch.setattr(invoices_along, "MOST_BYTES", 250)
    with acting_for(world.by.organization_id):
        _sending(world)
        customer = world.customer("Uno")
        items = [world.invoice(customer, f"F{n}", 18 + n) for n in (3, 2, 1)]
        for item in items:
            attach_file(world.by, item.invoice_id, f"{item.invoice.number}.pdf", PDF)
        world.plan(customer, items)
    files, text = _sent(world)
    assert [name for name, _content in files] == ["F3.pdf", "F2.pdf"]  # the oldest first
    assert text.rstrip().splitlines()[-1].endswith("F1.")
    with acting_for(world.by.organization_id):
        assert Activity.objects.get().body.rstrip().endswith("F1.")


def test_a_step_that_does_not_say_so_sends_none(committed: World) -> None:
    world = committed
    with acting_for(world.by.organization_id):
        customer = world.customer("Uno")
        item = world.invoice(customer, "F1", 18)
        attach_file(world.by, item.invoice_id, "F1.pdf", PDF)
        world.plan(customer, [item])
    assert _sent(world)[0] == []


def test_the_same_file_is_kept_once_and_never_changed(world: World) -> None:
    item = world.invoice(world.customer("Uno"), "F1", 18)
    first = attach_file(world.by, item.invoice_id, "../../F1.pdf", PDF)
    assert first.name == "F1.pdf" and len(first.digest) == 64
    remove_file(world.by, first.pk)
    assert files_of(world.by.organization_id, [item.invoice_id]) == {}
    assert attach_file(world.by, item.invoice_id, "F1.pdf", PDF).pk == first.pk
    assert [one.pk for one in files_of(world.by.organization_id, [item.invoice_id])[item.invoice_id]] == [first.pk]
    with pytest.raises(DatabaseError), transaction.atomic():
        InvoiceFile.objects.all().delete()


@pytest.mark.parametrize("content", [b"", b"<html><script>x()</script>", b"MZ\x90", PDF + b"x" * MOST_BYTES])
def test_only_a_pdf_of_a_fair_size_is_kept(world: World, content: bytes) -> None:
    item = world.invoice(world.customer("Uno"), "F1", 18)
    with pytest.raises(Problem):
        attach_file(world.by, item.invoice_id, "F1.pdf", content)


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("F001-247.pdf", "F001-247"),
        ("f001_247.PDF", "F001-247"),
        ("Factura F001-247 Quenara.pdf", "F001-247"),
        ("20512333797-01-F001-247.pdf", "F001-247"),  # as Peru's SUNAT names them
        ("F009-247.pdf", None),  # 247 is somebody else's
        ("F009 247.pdf", None),
        ("factura 247.pdf", "247"),
        ("20512333797_01_F001-247.pdf", "F001-247"),
        ("F001-2471.pdf", None),
        ("F001 247 (copia).pdf", "F001-247"),
        ("2026.pdf", "2026"),
        ("A 2026 F001-247.pdf", "F001-247"),  # the longest
        ("logo.pdf", None),
    ],
)
def test_a_file_finds_its_invoice_by_its_name(world: World, name: str, number: str | None) -> None:
    customer = world.customer("Uno")
    for one in ("F001-247", "2026", "247"):
        world.invoice(customer, one, 18)
    found = matched(world.by.organization_id, [name])[name]
    assert (found.invoice.number if found.invoice else None) == number
    assert bool(found.why) == (number is None)
