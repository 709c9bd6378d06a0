"""A customer's whole record as a document: contacts with their words, answers, payments, pauses and consents, by date.

For a claim, an audit or a customer who asks what was said. It is in the reader's language; what was sent stands as it was sent.
"""

from collections.abc import Iterator
from functools import lru_cache
from hashlib import sha256
from importlib import resources
from typing import Any

from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from puntual.audit.actions import Actor
from puntual.desk import formats, history
from puntual.kernel.documents import pdf
from puntual.kernel.problems import N_, Problem
from puntual.outreach.channels import Document
from puntual.outreach.variables import letterhead_of
from puntual.parties.models import Customer
from puntual.strategies.words import TONES

MOST = 5_000
"""Events in one document: some 800 pages. Nobody has had so many; a file that never ends is no evidence."""
_CHUNK = 200


def evidence(by: Actor, customer: Customer, time_zone: str) -> Document:
    """The record of a customer (with creditor and party) until now; days are those of `time_zone`.

    Must run inside the organization. Raises Problem where there is more than one document can hold.
    """
    events = list(_events(by, history.Whose(customer.id, customer.party_id, time_zone)))
    events.reverse()
    rows = [_row(one) for one in events]
    values = {
        "language": formats.current().language,
        "title": _("Record of contacts and movements"),
        "creditor": customer.creditor.name,
        "letterhead": letterhead_of(customer.creditor),
        "customer": customer.name,
        "about": _("Customer {code}").format(code=customer.code),
        "tax_id": customer.party.tax_id,
        "made": _("Made on {day} at {hour}, time of {place}").format(
            day=formats.long_date(by.today),
            hour=formats.clock(timezone.localtime(by.now)),
            place=formats.city(time_zone),
        ),
        "counted": _("{count} entries").format(count=formats.number(len(rows))),
        "rows": rows,
        "nothing": "" if rows else _("Nothing has happened yet."),
        "seal": _("Fingerprint of the entries (SHA-256): {digest}").format(
            digest=sha256(repr(rows).encode()).hexdigest()
        ),
        "page": _("Page"),
        "of": _("of"),
    }
    name = _("record-{customer}-{date}.pdf").format(customer=slugify(customer.code) or "x", date=by.today.isoformat())
    return Document(name, "application/pdf", pdf(_layout(), values, by.now))


@lru_cache(maxsize=1)
def _layout() -> bytes:
    return resources.files("puntual.desk").joinpath("evidence.typ").read_bytes()


def _events(by: Actor, whose: history.Whose) -> Iterator[history.Event]:
    """Everything, the latest first."""
    before, count = None, 0
    while moments := history.latest(by, whose, "all", before, _CHUNK):
        count += len(moments)
        if count > MOST:
            raise Problem(
                N_("There are more than {most} entries. Export the contacts of a shorter period from the reports."),
                most=MOST,
            )
        yield from history.events(by, whose, moments)
        before = (moments[-1].at, moments[-1].id)


def _row(event: history.Event) -> dict[str, Any]:
    said = event.said
    at = timezone.localtime(event.at)
    return {
        "day": formats.short_date(event.day),
        "hour": formats.clock(at) if event.timed else "",
        "title": said.title,
        "rest": said.rest,
        "who": said.who,
        "text": said.text,
        "subject": said.subject,
        "body": said.body.strip(),
        "tone": said.tone if said.tone in TONES else "",
        "reference": said.reference,
    }
