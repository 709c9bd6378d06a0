"""Sending what members are to read: claim, look again, deliver, settle; by the same way out as everything else.

A claim is committed before its message leaves and settled right after; what a crash leaves between the two is unknown and never
sent again by itself: whoever misses it asks for another one. In rehearsal the only way out is the capture mailbox.
"""

import random
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import connection
from django.utils.translation import override

from puntual.audit.actions import Actor, action
from puntual.organizations.actions import actor_of
from puntual.organizations.models import Membership, Organization
from puntual.organizations.queries import members_of
from puntual.organizations.roles import may
from puntual.outreach.channels import Document, Message, Receipt, Undeliverable
from puntual.outreach.channels.capture import CaptureTransport
from puntual.outreach.origins import Origin, origin_of
from puntual.outreach.providers.backoff import MOST_TRIES, before_next_try
from puntual.outreach.providers.way import Way, ways_out
from puntual.outreach.staff.models import StaffMail
from puntual.outreach.ways import host_name
from puntual.parties.models import Creditor
from puntual.tenancy.scope import acting_for

State = StaffMail.State
EMAIL: Final = "email"


def send_staff_mail(organization_id: UUID, now: datetime, limit: int = 500) -> dict[str, int]:
    """Send what is due, one message after the other; how many are in which state then.

    Must not be called inside a transaction, since each claim has to be committed before its message leaves. Raises Problem where
    an address or a limit in the environment cannot be read.
    """
    if connection.in_atomic_block:
        raise RuntimeError("a claim inside another transaction would vanish with it, and its message be sent again")
    counts: Counter[str] = Counter()
    organization = Organization.objects.get(pk=organization_id)
    way = _way(organization)
    if way is None:
        return {}
    started = time.monotonic()

    def clock() -> datetime:
        return now + timedelta(seconds=time.monotonic() - started)

    try:
        while sum(counts.values()) < limit and way.most(clock()) != 0:
            if not way.turn(clock):
                break
            by = actor_of(organization, clock())
            mail = _claim(by)
            if mail is None:
                break
            counts[_send(by, organization, mail, way, clock)] += 1
    finally:
        way.close()
    return dict(counts)


def _way(organization: Organization) -> Way | None:
    if not organization.is_live:
        return Way([EMAIL], lambda: CaptureTransport(organization.id))
    return next((way for way in ways_out() if EMAIL in way.channels), None)


def _claim(by: Actor) -> StaffMail | None:
    """The next message, committed as this sender's alone."""
    with acting_for(by.organization_id):
        due = StaffMail.objects.filter(organization_id=by.organization_id, state=State.QUEUED, not_before__lte=by.now)
        mail = due.order_by("not_before", "id").select_for_update(skip_locked=True).first()
        if mail is not None:
            mail.state, mail.claimed_at = State.ATTEMPTING, by.now
            mail.save(update_fields=["state", "claimed_at"])
    return mail


def _send(by: Actor, organization: Organization, mail: StaffMail, way: Way, clock: Callable[[], datetime]) -> str:
    with acting_for(organization.id):
        member = _reader(by, mail)
        with override(mail.language):
            origin = staff_origin(organization)
    if member is None:
        return _settle(by, mail, State.DROPPED, "no_member")
    if origin is None:
        return _settle(by, mail, State.FAILED, "no_sender")
    try:
        receipt = way.deliver(_message(by, organization, mail, member, origin))
    except Undeliverable as error:
        return _settle(by, mail, State.FAILED, str(error))
    by = actor_of(organization, clock())
    way.note(receipt, by.now)
    return _settled(by, mail, receipt)


def _reader(by: Actor, mail: StaffMail) -> Membership | None:
    """The member it is for, asked again now: whoever left, or may not see it any more, is sent nothing."""
    members = members_of(by.organization_id, by.today)
    return next(
        (
            one
            for one in members
            if one.user_id == mail.user_id and one.user.is_active and may(one.role, mail.permission)
        ),
        None,
    )


def staff_origin(organization: Organization) -> Origin | None:
    """From where members are written to: the first creditor's sender there is. Inside `acting_for`."""
    creditors = Creditor.objects.filter(organization_id=organization.id).order_by("id")
    return next((found for one in creditors if (found := origin_of(organization, one, EMAIL))), None)


def _message(by: Actor, organization: Organization, mail: StaffMail, member: Membership, origin: Origin) -> Message:
    file = Document(mail.file_name, mail.content_type, bytes(mail.content)) if mail.file_name else None
    return Message(
        message_id=f"<{mail.id}@{host_name()}>",
        at=by.now,
        sender_name=organization.name,
        sender=origin.address,
        reply_to=organization.email or origin.reply_to,
        recipient_name=str(member.user),
        recipient=member.user.email,
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        language=mail.language,
        documents=(file,) if file else (),
        reference=str(mail.id),
    )


def _settled(by: Actor, mail: StaffMail, receipt: Receipt) -> str:
    match receipt.outcome:
        case "sent":
            return _settle(by, mail, State.SENT, "")
        case "interrupted":
            return _settle(by, mail, State.UNKNOWN, receipt.detail)
        case "unreachable":
            return _settle(by, mail, State.QUEUED, receipt.detail)
        case "postponed" | "busy" if mail.tries + 1 < MOST_TRIES:
            mail.tries += 1
            wait = before_next_try(mail.tries, random.random())  # noqa: S311 - not a secret
            return _settle(by, mail, State.QUEUED, receipt.detail, not_before=by.now + wait, tries=mail.tries)
        case _:
            return _settle(by, mail, State.FAILED, receipt.detail)


def _settle(by: Actor, mail: StaffMail, state: State, result: str, **changes: object) -> str:
    """Write down what became of it; what has ended is kept without what it said."""
    if state != State.QUEUED:
        changes |= {"text": "", "html": "", "content": b"", "settled_at": by.now}
    with action(by, "outreach.send_staff_mail", about=mail, state=state, result=result) as log:
        live = Organization.objects.get(pk=by.organization_id).is_live
        captured = state == State.SENT and not live
        StaffMail.objects.filter(
            organization_id=by.organization_id, pk=mail.pk, state__in=[State.ATTEMPTING, State.UNKNOWN]
        ).update(state=state, result=result[:500], captured=captured, **changes)
        log.say(to=str(mail.user_id))
    return state
