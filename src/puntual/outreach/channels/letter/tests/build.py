"""What the tests of letters share: letters that wait, the worker that sets them, and the words of a PDF."""

import io
from datetime import timedelta

from pypdf import PdfReader

from puntual.audit.actions import Actor
from puntual.organizations.models import Organization
from puntual.outreach.actions import start_batch
from puntual.outreach.channels.letter.making import make_next
from puntual.outreach.channels.letter.models import PrintBatch, PrintedLetter
from puntual.outreach.models import Activity
from puntual.outreach.tests.build import World

ADDRESS = "Jr. Las Begonias 415, piso 7, San Isidro, Lima 15046"


def letter(world: World, name: str, *, late: int = 40, address: str = ADDRESS, **changes: object) -> Activity:
    """A customer with one invoice and an approved formal letter about it."""
    world.creditor.address = "Av. Javier Prado Este 4200\nSan Isidro, Lima 15036"
    world.creditor.save()
    customer = world.customer(name)
    if address:
        world.point(customer, "post", address)
    item = world.invoice(customer, f"F-{len(world.customers)}", late)
    kind = {"channel": "letter", "state": "to_do", "step": "formal", "tone": "formal", "template": "formal"}
    return world.plan(customer, [item], **{**kind, **changes})


def batch_of(by: Actor, *, size: int = 200, **how: object) -> PrintBatch:
    """A batch of everything that waits, set by the worker."""
    made = start_batch(by, **how)
    while make_next(by, made.pk, size):
        pass
    made.refresh_from_db()
    return made


def letters(batch: PrintBatch) -> list[PrintedLetter]:
    return list(PrintedLetter.objects.filter(organization_id=batch.organization_id, batch=batch).order_by("place"))


def pages(pdf: bytes) -> list[str]:
    """The words of each page, as a reader of PDFs finds them."""
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def live(by: Actor) -> Actor:
    """The organization is live from now on."""
    Organization.objects.filter(pk=by.organization_id).update(mode="live", live_since=by.now - timedelta(days=1))
    return by
