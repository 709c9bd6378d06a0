"""Mail that came back: found by the letter's code, it no longer counts, and its address is looked at again."""

from datetime import date
from uuid import UUID

from django.utils.translation import gettext, override

from puntual.audit.actions import Actor, action
from puntual.kernel.problems import N_, Problem
from puntual.organizations.models import Organization
from puntual.outreach.approving import locked
from puntual.outreach.channels.letter.codes import read_code
from puntual.outreach.channels.letter.models import PrintedLetter
from puntual.outreach.channels.letter.services import OUTCOMES
from puntual.outreach.marks import manual_of
from puntual.outreach.models import Activity, Mark
from puntual.outreach.points import bounced
from puntual.strategies.manual import FIND_CONTACT

State = Activity.State
FOR_GOOD: frozenset[str] = frozenset({"unknown", "moved"})
"""Nobody of the customer's is at this address: it is not written to again. The other reasons count as a bounce for now."""
REASONS: tuple[str, ...] = ("unknown", "moved", "refused", "unclaimed")


def mark_returned(by: Actor, code: str, reason: str, on: date | None = None) -> PrintedLetter:
    """Note that a posted letter came back, with its code as typed or scanned and one of `REASONS`.

    Its steps were not had after all, its address is marked, and unless it was refused a task to find another appears.
    Raises Problem for a code that is none or of no posted letter, an unknown reason, or a day to come.
    """
    if reason not in REASONS:
        raise Problem(N_("Choose why it came back."))
    came = on or by.today
    if came > by.today:
        raise Problem(N_("It cannot have happened in the future. Check the date."))
    wanted = read_code(code)
    with action(by, "letters.returned", code=wanted, reason=reason, came=came) as log:
        letter = (
            PrintedLetter.objects.select_for_update(no_key=True)
            .defer("pdf")
            .filter(organization_id=by.organization_id, code=wanted)
            .first()
        )
        if letter is None:
            raise Problem(
                N_("There is no letter {code} here. Compare the code with the one on the sheet."), code=wanted
            )
        if letter.state != PrintedLetter.State.POSTED:
            raise Problem(N_("Letter {code} was not posted, or came back already."), code=wanted)
        log.about(letter)
        letter.state, letter.reason, letter.returned_on = PrintedLetter.State.RETURNED, reason, came
        letter.save(update_fields=["state", "reason", "returned_on"])
        activity = locked(by, Activity(pk=letter.activity_id), State.SENT)
        log.say(marks_voided=came_back(by, activity, reason))
    return letter


def came_back(by: Actor, activity: Activity, reason: str) -> int:
    """Take back that anybody had what an activity said, and see to its address; returns how many marks were voided.

    Part of the action that found out.
    """
    organization_id = by.organization_id
    marks = Mark.objects.filter(
        organization_id=organization_id, customer_id=activity.customer_id, activity_id=activity.pk, voided=False
    )
    voided = marks.update(voided=True)
    activity.result = "bounced"
    language = Organization.objects.values_list("language", flat=True).get(pk=organization_id)
    with override(language):
        activity.note = f"{activity.note}\n{gettext(OUTCOMES[reason])}".strip()
    activity.save(update_fields=["result", "note"])
    if activity.point_id:
        bounced(organization_id, activity.point_id, hard=reason in FOR_GOOD)
    if reason != "refused":  # whoever refuses it is found there
        _find_address(by, activity)
    return voided


def _find_address(by: Actor, activity: Activity) -> UUID | None:
    """A task to find an address, unless one is on the list already."""
    tasks = Activity.objects.filter(
        organization_id=by.organization_id, customer_id=activity.customer_id, step=FIND_CONTACT
    )
    if tasks.filter(state=State.TO_DO).exists():
        return None
    same = tasks.filter(lead_id=activity.lead_id, due_generation=activity.due_generation)
    last = same.order_by("-attempt").values_list("attempt", flat=True).first() or 0
    manual = manual_of(activity)
    step = manual.step(activity.step) if manual else None
    made = Activity.objects.create(
        organization_id=by.organization_id,
        customer_id=activity.customer_id,
        day=by.today,
        channel=Activity.Channel.INTERNAL,
        state=State.TO_DO,
        version_id=activity.version_id,
        step=FIND_CONTACT,
        attempt=last + 1,
        lead_id=activity.lead_id,
        due_generation=activity.due_generation,
        items=activity.items,
        item_steps=[FIND_CONTACT] * len(activity.items),
        demand=activity.demand,
        value=activity.value,
        not_before=by.now,
        why={
            "code": FIND_CONTACT,
            "params": {"step": step.name if step else activity.step, "channel": "letter", "unusable": "bounced"},
        },
        created_at=by.now,
    )
    return made.pk
