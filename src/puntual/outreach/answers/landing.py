"""A message lands: kept once, threaded, and its consequences drawn. Callers import this from `actions`."""

import hashlib
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext

from puntual.audit.actions import Actor, Log, action
from puntual.organizations.models import Organization
from puntual.outreach.answers.models import Answer
from puntual.outreach.answers.reading import ReadMail, Suggestion, read_mail, suggest
from puntual.outreach.answers.reading.parts import MOST_BYTES
from puntual.outreach.answers.threading import Thread, thread
from puntual.outreach.models import Activity, Mark
from puntual.outreach.points import bounced
from puntual.parties.actions import record_consent
from puntual.parties.models import Customer
from puntual.receivables.actions import hold
from puntual.receivables.models import Hold

State = Answer.State


def land(by: Actor, raw: bytes) -> tuple[Answer, bool]:
    """Keep a raw message and do what follows from it; says whether it is new. The same message again changes nothing.

    A bounce marks its address and takes back that the step was had; a complaint withdraws the consent; an automatic reply is
    noted; anybody's own words pause the customer until a person has recorded what came of them.
    """
    mail = read_mail(raw, by.today)
    digest = _digest(mail)
    with action(by, "outreach.land_answer", kind=mail.kind) as log:
        if known := Answer.objects.filter(organization_id=by.organization_id, digest=digest).first():
            log.about(known)
            log.say(again=True)
            return known, False
        found = thread(by.organization_id, mail, by.now)
        answer = _answer(by, mail, found, digest, raw)
        try:
            with transaction.atomic():
                answer.save(force_insert=True)
        except IntegrityError:  # the same message landed at the same moment
            known = Answer.objects.get(organization_id=by.organization_id, digest=digest)
            log.about(known)
            log.say(again=True)
            return known, False
        log.about(answer)
        log.say(threaded=found.how, customer=answer.customer_id, sender=mail.sender)
        _follow(by, log, answer, mail, found)
    return answer, True


def _digest(mail: ReadMail) -> str:
    """What makes a message the same whichever way it came: the servers on the way each add lines of their own."""
    sent = mail.sent_at.isoformat() if mail.sent_at else ""
    files = [f"{one.name}\0{one.size}" for one in mail.attachments]
    told = [
        mail.message_id,
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


def _answer(by: Actor, mail: ReadMail, found: Thread, digest: str, raw: bytes) -> Answer:
    wrote_on = mail.sent_at.date() if mail.sent_at and mail.sent_at <= by.now else by.today
    words = mail.kind in ("reply", "other", "auto_reply")
    suggestions = suggest(mail.text, wrote_on, subject=mail.subject) if words else ()
    activity = found.activity
    customer = activity.customer_id if activity else None
    owner = Customer.objects.values_list("owner_id", flat=True).get(pk=customer) if customer else None
    of_sender = [point.id for point in found.points if customer in (None, point.customer_id)]
    return Answer(
        organization_id=by.organization_id,
        digest=digest,
        kind=mail.kind,
        state=_state(mail, found, suggestions),
        received_at=by.now,
        sent_at=mail.sent_at,
        message_id=mail.message_id[:500],
        sender=mail.sender,
        sender_name=mail.sender_name,
        subject=mail.subject,
        text=mail.text,
        signature=mail.signature,
        said=mail.said,
        hard=mail.hard,
        until=mail.until,
        addresses=list(mail.addresses),
        attachments=[asdict(one) for one in mail.attachments],
        suggestions=[_kept(one) for one in suggestions],
        limits=list(mail.limits),
        raw=raw[:MOST_BYTES],
        size=len(raw),
        customer_id=customer,
        threaded=found.how,
        candidates=found.candidates,
        activity_id=activity.id if activity else None,
        point_id=next(iter(of_sender), activity.point_id if activity else None),
        assigned_to=owner,
    )


def _state(mail: ReadMail, found: Thread, suggestions: tuple[Suggestion, ...]) -> str:
    """Whether a person has to read it: people's words, and a machine's that say that somebody has left."""
    known = bool(found.activity or found.points)
    if mail.kind == "reply" or (mail.kind == "other" and known):
        return State.UNREAD
    left = any(one.outcome == "wrong_person" for one in suggestions)
    return State.UNREAD if mail.kind == "auto_reply" and left and known else State.NOTED


def _kept(one: Suggestion) -> dict[str, str]:
    """A suggestion as it is stored; what is not there is left out."""
    told = {name: str(value) for name, value in asdict(one).items() if value not in (None, "")}
    return {"outcome": one.outcome, "quote": one.quote, **told}


def _follow(by: Actor, log: Log, answer: Answer, mail: ReadMail, found: Thread) -> None:
    match mail.kind:
        case "bounce":
            _came_back(by, log, mail, found)
        case "complaint":
            _complained(by, mail, found)
    if answer.state == State.UNREAD and mail.kind != "auto_reply":
        for customer in [answer.customer_id] if answer.customer_id else answer.candidates:
            hold(by, reason=Hold.Reason.REPLY, customer_id=customer, note=answer.subject, source_id=answer.id)
    if answer.customer_id and mail.kind in ("reply", "other", "auto_reply"):
        take_down(by, answer, answer.customer_id)


def _came_back(by: Actor, log: Log, mail: ReadMail, found: Thread) -> None:
    """Mark the address, and take back that anybody had the step. A report about a message that is not ours changes nothing."""
    activity = found.activity
    if activity is None:
        return
    organization_id = by.organization_id
    if activity.point_id:
        bounced(organization_id, activity.point_id, hard=mail.hard is True)
    own = next((point.value.lower() for point in found.points if point.id == activity.point_id), None)
    if mail.hard is True:  # an address that does not exist exists for nobody
        for point in found.points:
            if point.id != activity.point_id and point.value.lower() == own:
                bounced(organization_id, point.id, hard=True)
    if not mail.failed:
        return
    marks = Mark.objects.filter(
        organization_id=organization_id, customer_id=activity.customer_id, activity_id=activity.id, voided=False
    )
    log.say(hard=mail.hard, marks_voided=marks.update(voided=True), activity=activity.id)
    Activity.objects.filter(organization_id=organization_id, pk=activity.id).update(
        state=Activity.State.SENT, result="bounced", note=mail.said
    )


def _complained(by: Actor, mail: ReadMail, found: Thread) -> None:
    """Nobody is written to any more where a message was called unwanted."""
    activity = found.activity
    points = [activity.point_id] if activity else [point.id for point in found.points]
    organization = Organization.objects.get(pk=by.organization_id)
    with translation.override(organization.language):
        reported = gettext("Reported our message as unwanted")
    source = f"{reported} ({mail.said})" if mail.said else reported
    for point in points:
        if point:
            record_consent(by, point, purpose="collections", granted=False, given_on=by.today, source=source[:200])


def take_down(by: Actor, answer: Answer, customer_id: UUID) -> None:
    """Put an answer on its customer's record, as an incoming activity. Part of the action that learned whose it is."""
    made = Activity.objects.create(
        organization_id=by.organization_id,
        customer_id=customer_id,
        day=by.today,
        direction="in",
        channel=Activity.Channel.EMAIL,
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
