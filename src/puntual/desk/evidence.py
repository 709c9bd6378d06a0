"""A customer's whole record as a document: contacts with their words, answers, payments, pauses and consents, by date.

For a claim, an audit or a customer who asks what was said. It is in the reader's language; what was sent stands as it was sent.
With the messages and files themselves it is a ZIP (see `outreach.record.bundle`).
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from hashlib import sha256
from importlib import resources
from typing import IO, Any
from uuid import UUID

from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from puntual.audit.actions import Actor
from puntual.desk import formats, history
from puntual.desk.history.proof import details, supplied
from puntual.kernel.documents import pdf
from puntual.kernel.problems import N_, Problem
from puntual.outreach.channels import Document
from puntual.outreach.record.bundle import Written, write_bundle
from puntual.outreach.record.retention import forgotten, legal_hold
from puntual.outreach.variables import letterhead_of
from puntual.parties.models import Customer
from puntual.strategies.words import TONES

MOST = 5_000
"""Events in one document: some 800 pages. Nobody has had so many; a file that never ends is no evidence."""
PART = 1_000
"""Events in each document of a bundle, which has as many documents as it needs."""
_CHUNK = 200


def evidence(by: Actor, customer: Customer, time_zone: str) -> Document:
    """The record of a customer (with creditor and party) until now; days are those of `time_zone`.

    Must run inside the organization. Raises Problem where there is more than one document can hold.
    """
    moments = _moments(by, customer, time_zone)
    if len(moments) > MOST:
        raise Problem(N_("There are more than {most} entries. Take the record with its files instead."), most=MOST)
    return _document(by, customer, time_zone, moments, _name(by, customer, "pdf"))


def evidence_files(by: Actor, customer: Customer, time_zone: str, out: IO[bytes]) -> list[Written]:
    """Write the record with the messages, answers and files themselves to `out`, as a ZIP; returns what is in it.

    Must run inside the organization; the memory it takes does not grow with the record.
    """
    moments = _moments(by, customer, time_zone)

    def documents() -> Iterator[Document]:
        starts = range(0, max(len(moments), 1), PART)
        for number, start in enumerate(starts, 1):
            name = _("record") + (f"-{number:03}" if len(starts) > 1 else "") + ".pdf"
            yield _document(by, customer, time_zone, moments[start : start + PART], name)

    return write_bundle(by, customer, documents(), out)


def bundle_name(by: Actor, customer: Customer) -> str:
    """What the ZIP is called."""
    return _name(by, customer, "zip")


def _name(by: Actor, customer: Customer, kind: str) -> str:
    name = _("record-{customer}-{date}.pdf").format(customer=slugify(customer.code) or "x", date=by.today.isoformat())
    return name.removesuffix("pdf") + kind


def _document(by: Actor, customer: Customer, time_zone: str, moments: Sequence[history.Moment], name: str) -> Document:
    rows = list(_rows(by, customer, time_zone, moments))
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
        "kept": _kept(customer),
        "rows": rows,
        "nothing": "" if rows else _("Nothing has happened yet."),
        "seal": _("Fingerprint of the entries (SHA-256): {digest}").format(
            digest=sha256(repr(rows).encode()).hexdigest()
        ),
        "page": _("Page"),
        "of": _("of"),
    }
    return Document(name, "application/pdf", pdf(_layout(), values, by.now))


@lru_cache(maxsize=1)
def _layout() -> bytes:
    return resources.files("puntual.desk").joinpath("evidence.typ").read_bytes()


def _kept(customer: Customer) -> list[str]:
    """What a reader has to know about the record as a whole."""
    said = []
    if gone := forgotten(customer):
        day = formats.long_date(timezone.localtime(gone.forgotten_at).date())
        said.append(
            _("Words, files and addresses until {day} were forgotten, as the period of retention asks.").format(day=day)
        )
    if held := legal_hold(customer):
        said.append(_("Kept for a matter: {reason}").format(reason=held.reason))
    return said


def _moments(by: Actor, customer: Customer, time_zone: str) -> list[history.Moment]:
    """When everything happened, the earliest first."""
    found: list[history.Moment] = []
    before: tuple[Any, UUID] | None = None
    whose = history.Whose(customer.id, customer.party_id, time_zone)
    while moments := history.latest(by, whose, history.EVERYTHING, before, _CHUNK):
        found += moments
        before = (moments[-1].at, moments[-1].id)
    found.reverse()
    return found


def _rows(by: Actor, customer: Customer, time_zone: str, moments: Sequence[history.Moment]) -> Iterator[dict[str, Any]]:
    whose = history.Whose(customer.id, customer.party_id, time_zone)
    for start in range(0, len(moments), _CHUNK):
        some = moments[start : start + _CHUNK]
        more = details(by.organization_id, [moment.id for moment in some if moment.kind == "activity"])
        files = supplied(by.organization_id, [moment.id for moment in some if moment.kind == "issued"])
        for moment, event in zip(some, history.events(by, whose, some), strict=True):
            yield _row(event, more.get(moment.id, files.get(moment.id, [])))


def _row(event: history.Event, more: list[str]) -> dict[str, Any]:
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
        "more": more,
    }
