"""What follows from a provider's report, and from its answer when it took or refused a message. Callers import from `actions`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from django.utils.translation import gettext, override

from puntual.audit.actions import Actor, action
from puntual.organizations.models import Organization
from puntual.outreach.answers.consequences import undelivered
from puntual.outreach.channels import Message, Receipt
from puntual.outreach.channels.sms.codes import bounce_of as sms_bounce
from puntual.outreach.channels.whatsapp.codes import bounce_of as whatsapp_bounce
from puntual.outreach.channels.whatsapp.texts import note_text_state
from puntual.outreach.deliveries.models import Delivery
from puntual.outreach.models import Activity
from puntual.outreach.optout import silence
from puntual.outreach.recording import resolve_unknown
from puntual.parties.consents import silenced
from puntual.tenancy.scope import acting_for

State = Delivery.State


def _smtp_bounce(code: int) -> bool | None:
    return {4: False, 5: True}.get(code // 100)


HARD: Final[Mapping[str, Callable[[int], bool | None]]] = {
    "email": _smtp_bounce,
    "sms": sms_bounce,
    "whatsapp": whatsapp_bounce,
}
"""What a provider's code says of the number, by channel: that it takes no messages for good, not now, or nothing."""
_RANK: Final = {State.TAKEN: 0, State.SENT: 1, State.DELIVERED: 2, State.READ: 3, State.FAILED: 4}
_MOMENTS: Final = {
    State.SENT: "sent_at",
    State.DELIVERED: "delivered_at",
    State.READ: "read_at",
    State.FAILED: "failed_at",
}


@dataclass(frozen=True, slots=True)
class Report:
    """What a provider says became of one message.

    `activity_id` is our own reference where it gave it back. `hard`, of a failure: the number takes no messages for good (True),
    not now (False), or it failed for a reason that says nothing about the number (None). `unsubscribed`: the recipient told the
    provider to stop.
    """

    provider_id: str
    state: Literal["sent", "delivered", "read", "failed"]
    at: datetime
    activity_id: UUID | None = None
    code: int | None = None
    said: str = ""
    hard: bool | None = None
    unsubscribed: bool = False


def note_report(by: Actor, channel: str, report: Report) -> str:
    """Keep what a provider reports of a message by `channel` and do what follows: "changed", "known" or "unknown".

    The same report again, or one that comes late, changes nothing. A failure marks the number and takes back that the step was
    had; a message of unknown fate is known by it. Of a message that is not ours nothing is kept.
    """
    with acting_for(by.organization_id):
        found = _locked(by.organization_id, channel, report)
        if found is None:
            return "unknown"
        activity, delivery = found
        if not _moved(delivery, report) and not (report.unsubscribed and _still_heard(activity)):
            return "known"
        with action(
            by, "outreach.delivery", about=activity, report=report.state, provider_id=report.provider_id
        ) as log:
            delivery.save()
            log.say(code=report.code, said=report.said)
            if activity.state == Activity.State.ATTEMPTING:
                pass  # its sender settles it in a moment, and looks here (`handed_over`)
            elif delivery.state == State.FAILED:
                undelivered(by, activity, hard=report.hard, said=report.said)
            elif activity.state == Activity.State.UNKNOWN:
                resolve_unknown(by, activity, arrived=True)
            if report.unsubscribed and activity.point_id:
                silence(by, activity.point_id, source=_told(by), evidence=report.said)
    return "changed"


def _still_heard(activity: Activity) -> bool:
    """Whether messages still go to where this one went."""
    return activity.point_id is not None and not silenced(activity.organization_id, activity.point_id)


def resolve_known(by: Actor) -> int:
    """Say of messages of unknown fate what their providers reported meanwhile; returns how many are known by it."""
    with acting_for(by.organization_id):
        unknown = Activity.objects.filter(organization_id=by.organization_id, state=Activity.State.UNKNOWN)
        keys = list(unknown.exclude(channel=Activity.Channel.EMAIL).values_list("id", flat=True))
        reported = Delivery.objects.filter(organization_id=by.organization_id, activity_id__in=keys)
        found = list(reported.exclude(state=State.TAKEN)) if keys else []
        for delivery in found:
            activity = Activity.objects.get(organization_id=by.organization_id, pk=delivery.activity_id)
            if delivery.state == State.FAILED:
                undelivered(by, activity, hard=_hard(delivery), said=delivery.said)
            else:
                resolve_unknown(by, activity, arrived=True)
    return len(found)


def handed_over(by: Actor, activity: Activity, message: Message, receipt: Receipt, point_id: UUID | None) -> None:
    """Keep what the provider calls a message that was just settled, and what its answer says of its recipient or of the approved
    text. Part of settling it.

    Its report may have been quicker than its answer: then that it came to nothing is known by now.
    """
    if receipt.unsubscribed and point_id:
        silence(by, point_id, source=_told(by), evidence=receipt.detail)
    if receipt.text_state and message.approved:
        note_text_state(by, message.approved.name, message.approved.language, receipt.text_state, receipt.detail)
    if not receipt.provider_id:
        return
    with action(by, "outreach.handed_over", about=activity, provider_id=receipt.provider_id):
        delivery, new = Delivery.objects.get_or_create(
            organization_id=by.organization_id,
            channel=activity.channel,
            provider_id=receipt.provider_id[:200],
            defaults={"activity_id": activity.pk, "state": State.TAKEN, "taken_at": by.now},
        )
        if not new and delivery.taken_at is None:
            delivery.taken_at = by.now
            delivery.save(update_fields=["taken_at"])
        if delivery.state == State.FAILED:
            activity.refresh_from_db()
            undelivered(by, activity, hard=_hard(delivery), said=delivery.said)


def _locked(organization_id: UUID, channel: str, report: Report) -> tuple[Activity, Delivery] | None:
    """The message a report is about, locked until the transaction ends, and what is kept of it so far."""
    kept = Delivery.objects.filter(
        organization_id=organization_id, channel=channel, provider_id=report.provider_id[:200]
    )
    key = kept.values_list("activity_id", flat=True).first() or report.activity_id
    activities = Activity.objects.select_for_update(no_key=True).filter(
        organization_id=organization_id, channel=channel, direction="out", captured=False
    )
    activity = activities.filter(pk=key).exclude(message_id="").first() if key else None
    if activity is None:
        return None
    # Read again: whoever held the lock may have made it.
    new = Delivery(
        organization_id=organization_id,
        activity_id=activity.pk,
        channel=channel,
        provider_id=report.provider_id[:200],
        state=State.TAKEN,
    )
    return activity, kept.first() or new


def _moved(delivery: Delivery, report: Report) -> bool:
    """Write a report into what is kept; says whether it told anything new."""
    state = State(report.state)
    moment = _MOMENTS[state]
    if getattr(delivery, moment) is not None:
        return False
    setattr(delivery, moment, report.at)
    if state == State.FAILED and delivery.state not in (State.DELIVERED, State.READ):
        delivery.state, delivery.code, delivery.said = state, report.code, report.said[:500]
    elif _RANK[state] > _RANK[State(delivery.state)] and state != State.FAILED:
        delivery.state = state
    return True


def _hard(delivery: Delivery) -> bool | None:
    """What a failure says of the number: it takes no messages for good, not now, or nothing."""
    return HARD[delivery.channel](delivery.code) if delivery.code is not None else None


def _told(by: Actor) -> str:
    """Where an opt-out comes from that reached the provider and not us, in the language of the organization."""
    with override(Organization.objects.get(pk=by.organization_id).language):
        return gettext("Told the provider to stop")
