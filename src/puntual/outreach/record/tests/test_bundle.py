"""A customer's record as files: what left and what came back, word for word, with a manifest that holds."""

import email
import email.policy
import hashlib
import io
import json
import tracemalloc
import zipfile

from conftest import NOW
from puntual.audit.actions import Actor
from puntual.disputes.actions import add_evidence, add_note, open_dispute
from puntual.outreach.answers.actions import land
from puntual.outreach.channels import Document
from puntual.outreach.minutes import Agreed, Attendee, MeetingMinutes, record_minutes
from puntual.outreach.models import Activity, Answer, Attempt, KeptFile
from puntual.outreach.outbox import send_due
from puntual.outreach.record.bundle import write_bundle
from puntual.outreach.tests.build import World
from puntual.outreach.tests.mailserver import MailServer
from puntual.parties.models import Customer
from puntual.receivables.actions import attach_file, remove_file
from puntual.tenancy.scope import acting_for


def _bundle(by: Actor, customer: Customer) -> zipfile.ZipFile:
    out = io.BytesIO()
    write_bundle(by, customer, [Document("record.pdf", "application/pdf", b"%PDF-1")], out)
    return zipfile.ZipFile(out)


def test_everything_is_in_it_and_the_manifest_holds(live: World, post: MailServer) -> None:
    with acting_for(live.by.organization_id):
        customer = live.customer("Textiles Quenara S.A.")
        live.plan(customer, [live.invoice(customer, "F001-1", 18)], step="firm", template="firm", tone="firm")
        other = live.customer("Ñandú S.A.")
        live.plan(other, [live.invoice(other, "F001-2", 18)])
    assert send_due(live.by.organization_id, NOW).counts == {"sent": 2}
    mail = next(one for one in post.taken if "c1.example" in one["To"])
    reply = f"From: pagos@c1.example\nIn-Reply-To: {mail['Message-ID']}\nSubject: Re\n\nYa pagamos.".encode()
    land(live.by, reply)
    with acting_for(live.by.organization_id):
        assert Answer.objects.get().customer_id == customer.id
        bundle = _bundle(live.by, customer)
    names = [name.split("-")[0].split("/")[0] for name in bundle.namelist()]
    assert sorted(names) == [
        "answers",
        "consents.json",
        "deliveries.json",
        "disputes.json",
        "files",
        "manifest.json",
        "messages",
        "minutes.json",
        "record.pdf",
    ]
    manifest = json.loads(bundle.read("manifest.json"))
    assert manifest["customer"]["code"] == customer.code
    for one in manifest["files"]:
        content = bundle.read(one["path"])
        assert (len(content), hashlib.sha256(content).hexdigest()) == (one["size"], one["sha256"])
    assert {one["path"] for one in manifest["files"]} == set(bundle.namelist()) - {"manifest.json"}
    kept = email.message_from_bytes(
        bundle.read(next(name for name in bundle.namelist() if name.startswith("messages/"))),
        policy=email.policy.default,
    )
    for header in ("From", "To", "Reply-To", "Subject", "Message-ID", "Date", "List-Unsubscribe"):
        assert kept[header] == mail[header], header
    said = [one.get_body(("plain",)).get_content().splitlines() for one in (kept, mail)]
    assert said[0] == said[1]
    assert [part.get_content() for part in kept.iter_attachments()] == [
        part.get_content() for part in mail.iter_attachments()
    ]
    assert bundle.read(next(name for name in bundle.namelist() if name.startswith("answers/"))) == reply


def test_disputes_with_what_was_said_and_shown(world: World) -> None:
    customer = world.customer("Textiles Quenara S.A.")
    invoice_id = world.invoice(customer, "F001-1", 18).invoice_id
    made = open_dispute(world.by, invoice_id, reason="price", said="Era otro precio")
    add_note(world.by, made.id, "Mando la orden", kind="customer")
    add_evidence(world.by, made.id, "la orden.pdf", b"%PDF-1 orden")
    bundle = _bundle(world.by, customer)
    (found,) = json.loads(bundle.read("disputes.json"))
    assert (found["invoice"], found["said"], found["state"]) == ("F001-1", "Era otro precio", "open")
    assert [note["text"] for note in found["notes"]] == ["Mando la orden"]
    (path,) = (name for name in bundle.namelist() if name.startswith("disputes/"))
    assert path.endswith("la_orden.pdf") and bundle.read(path) == b"%PDF-1 orden"
    assert found["files"][0]["digest"] == hashlib.sha256(b"%PDF-1 orden").hexdigest()


def test_invoices_as_they_were_supplied_and_what_meetings_came_to(world: World) -> None:
    customer = world.customer("Textiles Quenara S.A.")
    item = world.invoice(customer, "F001/1", 18)
    kept = attach_file(world.by, item.invoice_id, "factura.pdf", b"%PDF-1.4 factura")
    remove_file(world.by, kept.id)
    meeting = world.plan(customer, [item], channel="meeting")
    Activity.objects.filter(pk=meeting.pk).update(state="done", settled_at=NOW)
    for text in ("Se acordó pagar", "Corrección"):
        said = MeetingMinutes([Attendee("Elvira", "billing")], [Agreed("pagar el viernes", "Elvira")], text=text)
        record_minutes(world.by, meeting, said)
    bundle = _bundle(world.by, customer)
    (path,) = (name for name in bundle.namelist() if name.startswith("invoices/"))
    assert path.startswith("invoices/F001_1-") and bundle.read(path) == b"%PDF-1.4 factura"
    first, second = json.loads(bundle.read("minutes.json"))
    assert (first["text"], second["text"]) == ("Se acordó pagar", "Corrección")
    assert first["attendees"] == [{"name": "Elvira", "role": "billing"}] and first["agreed"][0]["by"] == "Elvira"


def test_the_memory_it_takes_does_not_grow_with_the_record(world: World, tmp_path) -> None:
    customer = world.customer("Textiles Quenara S.A.")
    blob = bytes(range(256)) * 1024
    own = {"organization_id": customer.organization_id, "customer": customer}
    for number in range(120):
        content = number.to_bytes(4, "big") + blob
        digest = hashlib.sha256(content).hexdigest()
        KeptFile.objects.create(**own, sha256=digest, kind="application/pdf", size=len(content), content=content)
        Attempt.objects.create(
            **own,
            activity_id=customer.id,
            at=NOW,
            channel="sms",
            sender="+1",
            sender_name="S",
            recipient="+2",
            text="x",
            language="es",
            documents=[{"name": "f.pdf", "kind": "application/pdf", "size": len(content), "sha256": digest}],
        )
    tracemalloc.start()
    with (tmp_path / "out.zip").open("wb") as out:
        write_bundle(world.by, customer, [], out)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 15 << 20  # the files together are 30 MB
    with zipfile.ZipFile(tmp_path / "out.zip") as bundle:
        assert len([name for name in bundle.namelist() if name.startswith("files/")]) == 120
