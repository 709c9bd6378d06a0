"""What is said of a contact: the message, the call, the note, by whom and what came of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from puntual.desk import formats, words
from puntual.desk.standing import coded
from puntual.organizations.models import User
from puntual.outreach.answers.models import Answer
from puntual.outreach.answers.outcomes import said as outcome
from puntual.outreach.models import Activity
from puntual.outreach.notes.actions import is_note
from puntual.outreach.refusals import CONDUCT, in_words
from puntual.outreach.results import said, state
from puntual.strategies.models import Version
from puntual.strategies.words import BESIDE_STEPS, TONES

State = Activity.State


@dataclass(frozen=True, slots=True)
class Said:
    """One thing in words: `title` stands out, `rest` follows it, `text` below. `page` and `key` say where it is told in full.

    `reference` is the Message-ID of what was sent. `note` is the id of a note that may be withdrawn, by its `author`.
    """

    icon: str
    title: str
    rest: str = ""
    text: str = ""
    who: str = ""
    tone: str = ""
    page: str = ""
    key: UUID | None = None
    subject: str = ""
    body: str = ""
    reference: str = ""
    note: UUID | None = None
    author: UUID | None = None


def steps_of(organization_id: UUID, activities: Collection[Activity]) -> dict[tuple[UUID, str], str]:
    """The names of the steps these activities took, by the version of the manual and the step's code."""
    versions = {activity.version_id for activity in activities if activity.version_id}
    if not versions:
        return {}
    found = Version.objects.filter(organization_id=organization_id, id__in=versions).values_list("id", "content")
    return {(key, step["code"]): step["name"] for key, content in found for step in content["step"]}


def names_of(activities: Collection[Activity]) -> dict[UUID, str]:
    """The names of the members who had to do with these activities."""
    wanted = {key for activity in activities for key in (activity.assigned_to, activity.approved_by) if key}
    return {user.id: str(user) for user in User.objects.filter(id__in=wanted)} if wanted else {}


def contact(
    activity: Activity, steps: Mapping[tuple[UUID, str], str], names: Mapping[UUID, str], answer: Answer | None = None
) -> Said:
    """A message, a call, a visit, a task or a note. `answer` is the one it came by, or that came back because of it."""
    step = steps.get((activity.version_id, activity.step), "") if activity.version_id else ""
    if not step and activity.step in BESIDE_STEPS:
        step = _(BESIDE_STEPS[activity.step])
    return Said(
        words.CHANNEL_ICONS[activity.channel] if activity.step or activity.channel != "internal" else "note",
        _title(activity),
        rest="" if step == _(words.CHANNELS[activity.channel]) else step or activity.step,
        text=" ".join([*_facts(activity), *(_seems(answer) if answer else ())]),
        who=names.get(activity.assigned_to or activity.approved_by or UUID(int=0), ""),
        tone=activity.tone,
        subject=activity.subject if _was_written(activity) else "",
        body=activity.body if _was_written(activity) else "",
        reference=activity.message_id,
        note=activity.pk if is_note(activity) and activity.state == State.DONE else None,
        author=activity.assigned_to,
        page="answer" if answer else "",
        key=answer.id if answer else None,
    )


def _seems(answer: Answer) -> list[str]:
    """What an answer that nobody has read yet seems to say, with the words that say so."""
    if answer.state != Answer.State.UNREAD:
        return []
    return [_("To be read."), *(f"{outcome(one['outcome'])}: “{one['quote']}”" for one in answer.suggestions)]


def _was_written(activity: Activity) -> bool:
    """Whether its words are what somebody wrote, and no draft."""
    return activity.direction == "in" or activity.state in (State.SENT, State.UNKNOWN)


def _title(activity: Activity) -> str:
    if activity.channel == "internal":
        return _("Task") if activity.step else _("Note")
    name = _(words.CHANNELS[activity.channel])
    if activity.direction == "in":
        return _("{channel} from the customer").format(channel=name)
    if activity.tone:
        return _("{channel}, {tone}").format(channel=name, tone=_(TONES[activity.tone]))
    return name


def _facts(activity: Activity) -> list[str]:
    """What it asked for, what became of it, and what a person noted: each a sentence of its own."""
    found = []
    if activity.demand:
        amounts = [coded(Decimal(amount), currency) for currency, amount in sorted(activity.demand.items())]
        found.append(f"{formats.listed(amounts)}.")
    if activity.state != State.DONE:
        found.append(f"{state(activity.state)}.")
    if activity.result:
        found.append(f"{said(activity.result)}.")
    if activity.refusal and activity.result in CONDUCT:
        found.append(in_words(activity.refusal))
    if activity.note:
        found.append(activity.note)
    return found
