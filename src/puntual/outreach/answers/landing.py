"""A message lands: kept once, threaded, and its consequences drawn. Callers import this from `actions`."""

import hashlib
from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from puntual.audit.actions import Actor, Log, action
from puntual.organizations.models import Organization
from puntual.outreach.answers.consequences import asked_to_stop, came_back, complained, lives
from puntual.outreach.answers.models import Answer
from puntual.outreach.answers.reading import Kind, ReadMail, Suggestion, asks_for_silence, read_mail, suggest
from puntual.outreach.answers.reading.parts import MOST_BYTES, MOST_TEXT, Attachment
from puntual.outreach.answers.threading import Thread, thread, thread_number
from puntual.outreach.models import Activity
from puntual.parties.models import Customer
from puntual.receivables.actions import hold
from puntual.receivables.models import Hold

State = Answer.State


@dataclass(frozen=True, slots=True)
class Incoming:
    """Something that came in by a channel, read, with nothing done about it yet.

    `channel` is one of Activity.Channel; `digest` is what makes it the same when it comes again. `sender` is an e-mail address or
    a number in E.164 form. The other fields are those of `reading.ReadMail`; `size` is that of the whole, of which `raw` may be
    the beginning.
    """

    channel: str
    digest: str
    kind: Kind
    sender: str
    text: str
    raw: bytes
    size: int
    sender_name: str = ""
    subject: str = ""
    sent_at: datetime | None = None
    message_id: str = ""
    signature: str = ""
    said: str = ""
    hard: bool | None = None
    failed: bool = False
    until: date | None = None
    addresses: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    limits: tuple[str, ...] = ()


def land(by: Actor, raw: bytes) -> tuple[Answer, bool]:
    """Keep a raw e-mail and do what follows from it; says whether it is new. The same message again changes nothing.

    A bounce marks its address and takes back that the step was had; a complaint withdraws the consent; an automatic reply is
    noted; anybody's own words pause the customer until a person has recorded what came of them.
    """
    mail = read_mail(raw, by.today)
    return _take_in(by, _of_mail(mail, raw), mail)


def land_text(
    by: Actor,
    *,
    channel: str,
    key: str,
    number: str,
    text: str,
    name: str = "",
    sent_at: datetime | None = None,
    about: UUID | None = None,
    attachments: tuple[Attachment, ...] = (),
    raw: bytes = b"",
) -> tuple[Answer, bool]:
    """Keep somebody's words that came by SMS or WhatsApp, and do what follows from them; says whether they are new.

    `key` is the provider's own for the message: the same one again changes nothing. `number` is the sender's in E.164 form.
    `about` is the activity the provider says it answers; without it, the last message that went to that number lately. `raw` is
    what the provider sent, kept as it came. Everything else is as with `land`.
    """
    digest = hashlib.sha256(f"{channel}\0{key}".encode(errors="replace")).hexdigest()
    said = text.replace("\x00", "")[:MOST_TEXT]
    zone = ZoneInfo(Organization.objects.get(pk=by.organization_id).time_zone)
    incoming = Incoming(
        channel=channel,
        digest=digest,
        kind="reply",
        sender=number[:254],
        text=said,
        raw=raw[:MOST_BYTES],
        size=len(raw),
        sender_name=name.replace("\x00", "")[:200],
        sent_at=sent_at and sent_at.astimezone(zone),  # "tomorrow" is counted from the day it was there
        message_id=key[:500],
        addresses=(number[:254],),
        attachments=attachments,
    )
    return _take_in(by, incoming, about)


def _take_in(by: Actor, incoming: Incoming, about: ReadMail | UUID | None) -> tuple[Answer, bool]:
    """Keep what came in and draw its consequences: one entry in the log, whichever way it came."""
    with action(by, "outreach.land_answer", kind=incoming.kind, channel=incoming.channel) as log:
        if known := Answer.objects.filter(organization_id=by.organization_id, digest=incoming.digest).first():
            log.about(known)
            log.say(again=True)
            return known, False
        if isinstance(about, ReadMail):
            found = thread(by.organization_id, about, by.now)
        else:
            found = thread_number(by.organization_id, incoming.channel, incoming.sender, by.now, about)
        answer = _answer(by, incoming, found)
        try:
            with transaction.atomic():
                answer.save(force_insert=True)
        except IntegrityError:  # the same message landed at the same moment
            known = Answer.objects.get(organization_id=by.organization_id, digest=incoming.digest)
            log.about(known)
            log.say(again=True)
            return known, False
        log.about(answer)
        log.say(threaded=found.how, customer=answer.customer_id, sender=incoming.sender)
        _follow(by, log, answer, incoming, found)
    return answer, True


def _of_mail(mail: ReadMail, raw: bytes) -> Incoming:
    return Incoming(
        channel=Activity.Channel.EMAIL,
        digest=_digest(mail),
        kind=mail.kind,
        sender=mail.sender,
        text=mail.text,
        raw=raw[:MOST_BYTES],
        size=len(raw),
        sender_name=mail.sender_name,
        subject=mail.subject,
        sent_at=mail.sent_at,
        message_id=mail.message_id[:500],
        signature=mail.signature,
        said=mail.said,
        hard=mail.hard,
        failed=mail.failed,
        until=mail.until,
        addresses=mail.addresses,
        attachments=mail.attachments,
        limits=mail.limits,
    )


def _digest(mail: ReadMail) -> str:
    """What makes a message the same whichever way it came: the servers on the way each add lines of their own."""
    sent = mail.sent_at.isoformat() if mail.sent_at else ""
    files = [f"{one.name}\0{one.size}" for one in mail.attachments]
    told = [
        mail.message_id,
        *mail.message_ids,
        mail.sender,
        sent,
        mail.subject,
        mail.text,
        mail.signature,
        mail.said,
        *mail.addresses,
        *files,
    ]
    return hashlib.sha256("\0".join(told).encode(errors="replace")).hexdigest()


def _answer(by: Actor, incoming: Incoming, found: Thread) -> Answer:
    sent_at = incoming.sent_at
    wrote_on = sent_at.date() if sent_at and sent_at <= by.now else by.today
    words = incoming.kind in ("reply", "other", "auto_reply")
    suggestions = suggest(incoming.text, wrote_on, subject=incoming.subject) if words else ()
    activity = found.activity
    customer = activity.customer_id if activity else None
    silent = _stops(incoming)
    if silent and customer is None and len(found.candidates) == 1:  # whose the address is decides whom it silences
        customer = found.candidates[0]
    owner = Customer.objects.values_list("owner_id", flat=True).get(pk=customer) if customer else None
    state = _state(by, incoming, found, suggestions)
    of_sender = [point.id for point in found.points if customer in (None, point.customer_id)]
    return Answer(
        organization_id=by.organization_id,
        channel=incoming.channel,
        digest=incoming.digest,
        kind=incoming.kind,
        state=state,
        outcome="opt_out" if state == State.NOTED and silent else "",
        received_at=by.now,
        sent_at=sent_at,
        message_id=incoming.message_id,
        sender=incoming.sender,
        sender_name=incoming.sender_name,
        subject=incoming.subject,
        text=incoming.text,
        signature=incoming.signature,
        said=incoming.said,
        hard=incoming.hard,
        until=incoming.until,
        addresses=list(incoming.addresses),
        attachments=[asdict(one) for one in incoming.attachments],
        suggestions=[_kept(one) for one in suggestions],
        limits=list(incoming.limits),
        raw=incoming.raw,
        size=incoming.size,
        customer_id=customer,
        threaded=found.how or (Answer.Threaded.ADDRESS if customer else ""),
        candidates=[] if customer else found.candidates,
        activity_id=activity.id if activity else None,
        point_id=next(iter(of_sender), activity.point_id if activity else None),
        assigned_to=owner,
    )


def _state(by: Actor, incoming: Incoming, found: Thread, suggestions: tuple[Suggestion, ...]) -> str:
    """Whether a person has to read it: people's words, and a machine's that say that somebody has left or is away for days."""
    known = bool(found.activity or found.points)
    if incoming.kind == "reply" or (incoming.kind == "other" and known):
        return State.NOTED if known and _stops(incoming) else State.UNREAD
    if incoming.kind != "auto_reply" or not known:
        return State.NOTED
    left = any(one.outcome == "wrong_person" for one in suggestions)
    return State.UNREAD if left or (incoming.until and incoming.until > by.today) else State.NOTED


def _stops(incoming: Incoming) -> bool:
    """Whether somebody's whole message is a word that asks for silence: there is nothing in it to read."""
    return incoming.kind == "reply" and not incoming.attachments and asks_for_silence(incoming.text, incoming.subject)


def _kept(one: Suggestion) -> dict[str, str]:
    """A suggestion as it is stored; what is not there is left out."""
    told = {name: str(value) for name, value in asdict(one).items() if value not in (None, "")}
    return {"outcome": one.outcome, "quote": one.quote, **told}


def _follow(by: Actor, log: Log, answer: Answer, incoming: Incoming, found: Thread) -> None:
    if incoming.kind == "bounce" and found.activity:
        came_back(by, log, found, hard=incoming.hard, failed=incoming.failed, said=incoming.said)
    elif incoming.kind == "complaint":
        complained(by, answer, found)
    elif incoming.kind == "reply":
        lives(by, found)
    if answer.outcome == "opt_out":
        asked_to_stop(by, answer, found)
    if answer.state == State.UNREAD and incoming.kind != "auto_reply":
        for customer in [answer.customer_id] if answer.customer_id else answer.candidates:
            hold(by, reason=Hold.Reason.REPLY, customer_id=customer, note=answer.subject, source_id=answer.id)
    if answer.customer_id and incoming.kind in ("reply", "other", "auto_reply"):
        take_down(by, answer, answer.customer_id)


def take_down(by: Actor, answer: Answer, customer_id: UUID) -> None:
    """Put an answer on its customer's record, as an incoming activity. Part of the action that learned whose it is."""
    made = Activity.objects.create(
        organization_id=by.organization_id,
        customer_id=customer_id,
        day=by.today,
        direction="in",
        channel=answer.channel,
        state=Activity.State.DONE,
        step="",
        settled_at=_when(answer, by.now),
        subject=answer.subject,
        body=answer.text,
        point_id=answer.point_id,
        message_id=answer.message_id[:200],
        created_at=by.now,
    )
    answer.recorded_id = made.id
    answer.save(update_fields=["recorded_id"])


def _when(answer: Answer, now: datetime) -> datetime:
    """When it was written, as far as that can be believed."""
    return answer.sent_at if answer.sent_at and answer.sent_at <= now else now


def held_by(organization_id: UUID, answer: Answer) -> list[UUID]:
    """The pauses this unread answer brought."""
    customers = [answer.customer_id, *answer.candidates]
    holds = Hold.objects.filter(
        organization_id=organization_id,
        customer_id__in=[one for one in customers if one],
        source_id=answer.id,
        reason=Hold.Reason.REPLY,
        released_on=None,
    )
    return list(holds.values_list("id", flat=True))
