"""What the program does by itself when something comes back: with an address, with a step that was had, with a consent."""

from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext

from puntual.audit.actions import Actor, Log, action
from puntual.kernel.problems import N_
from puntual.organizations.models import Organization
from puntual.outreach.answers.models import Answer
from puntual.outreach.answers.threading import NUMBERED, Thread
from puntual.outreach.models import Activity, Mark
from puntual.outreach.optout import silence
from puntual.outreach.points import bounced, heard_from


def undelivered(by: Actor, activity: Activity, *, hard: bool | None, said: str) -> None:
    """Note that a provider, which had taken a message, could not deliver it: nobody has had its step.

    `hard`: True, there is nobody at that address or number; False, not now; None, for a reason that says nothing about it.
    Once is enough.
    """
    if activity.result == "bounced":
        return
    with action(by, "outreach.undelivered", about=activity, hard=hard, said=said) as log:
        came_back(by, log, Thread(activity=activity), hard=hard, failed=True, said=said)


def came_back(by: Actor, log: Log, found: Thread, *, hard: bool | None, failed: bool, said: str) -> None:
    """Mark the address, and take back that anybody had the step. Part of the action that learned it.

    Where the server still tries nothing has come back yet: it says so once more when it gives up.
    """
    activity, organization_id = found.activity, by.organization_id
    if activity is None or not failed:
        return
    if activity.point_id and activity.result != "bounced":
        bounced(organization_id, activity.point_id, hard=hard, channel=activity.channel)
    own = next((point.value.lower() for point in found.points if point.id == activity.point_id), None)
    if hard is True:  # an address that does not exist exists for nobody
        for point in found.points:
            if point.id != activity.point_id and point.value.lower() == own:
                bounced(organization_id, point.id, hard=True, channel=activity.channel)
    marks = Mark.objects.filter(
        organization_id=organization_id, customer_id=activity.customer_id, activity_id=activity.id, voided=False
    )
    log.say(hard=hard, marks_voided=marks.update(voided=True), activity=activity.id)
    Activity.objects.filter(organization_id=organization_id, pk=activity.id).update(
        state=Activity.State.SENT, result="bounced", note=f"{activity.note}\n{said}".strip()
    )


def complained(by: Actor, answer: Answer, found: Thread) -> None:
    """Nobody is written to any more where a message was called unwanted."""
    own = [found.activity.point_id] if found.activity else []
    points = own or [point.id for point in found.points]
    reported = _in_its_language(by, N_("Reported our message as unwanted"))
    source = f"{reported} ({answer.said})" if answer.said else reported
    for point in points:
        if point:
            silence(by, point, source=source[:200], source_id=answer.id)


def asked_to_stop(by: Actor, answer: Answer, found: Thread) -> None:
    """Nobody is written to any more from where the one word came that asks for it."""
    mine = [point.id for point in found.points if answer.customer_id in (None, point.customer_id)]
    source = _in_its_language(by, N_("Answered our message"))
    points: list[UUID | None] = [*mine] or [answer.point_id]
    for point in points:
        if point:
            silence(by, point, source=source, evidence=answer.text or answer.subject, source_id=answer.id)


def lives(by: Actor, found: Thread) -> None:
    """Somebody writes from there: what came back before was not for good."""
    for point in found.points:
        if (point.bounce != point.Bounce.NONE or not point.takes_sms) and point.kind in ("email", *NUMBERED):
            heard_from(by.organization_id, point.id)


def _in_its_language(by: Actor, words: str) -> str:
    """A sentence that is kept, in the language of the organization."""
    with translation.override(Organization.objects.get(pk=by.organization_id).language):
        return gettext(words)
