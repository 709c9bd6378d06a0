"""One activity as a person decides on it: why now, may we, to whom, saying what."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from puntual.audit.actions import Actor
from puntual.conduct.gate import Allowed, Answer, Refused
from puntual.conduct.words import refusal
from puntual.desk import formats, letters, words
from puntual.desk.reach import until
from puntual.kernel.problems import Problem
from puntual.organizations.models import Organization
from puntual.organizations.queries import organization_of
from puntual.outreach.marks import manual_of
from puntual.outreach.models import Activity
from puntual.outreach.origins import Origin, origin_of
from puntual.outreach.points import Recipient
from puntual.outreach.prepare import Prepared, prepare
from puntual.outreach.refusals import CONDUCT, in_words
from puntual.outreach.results import said, state
from puntual.strategies.words import BESIDE_STEPS, sentence

State = Activity.State
OPEN = (State.PROPOSED, State.QUEUED, State.TO_DO)
WRITTEN = frozenset({"email", "whatsapp", "sms", "letter"})


@dataclass(frozen=True, slots=True)
class Light:
    """What conduct says of this moment: `verdict` is may, wait or no, then in words."""

    verdict: str
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Pane:
    """What the page shows of one activity. `stop` says why it must not happen any more; then there is nothing to approve."""

    activity: Activity
    step: str
    why: str
    prepared: Prepared = field(default_factory=Prepared)
    stop: str = ""
    light: Light | None = None
    state: str = ""
    result: str = ""
    subject: str = ""
    text: str = ""
    body: str = ""  # safe HTML
    note: str = ""

    @property
    def spans(self) -> tuple[tuple[str, bool], ...]:
        """The text in pieces, each with whether a variable filled it."""
        return self.prepared.wording.spans if self.prepared.wording else ()

    @property
    def heading(self) -> str:
        """Firme, pedido de fecha."""
        if not self.activity.tone:
            return self.step
        return f"{words.tone(self.activity.tone)}, {self.step[:1].lower()}{self.step[1:]}"

    @property
    def recipient(self) -> Recipient | None:
        return self.prepared.recipient

    @property
    def origin(self) -> Origin | None:
        """From where it would leave; None where its creditor has no verified sender."""
        organization = organization_of(self.activity.organization_id)
        return origin_of(organization, self.activity.customer.creditor, self.activity.channel)


def _result(activity: Activity) -> str:
    """What came of it; where conduct said no, with the rule."""
    if activity.refusal and activity.result in CONDUCT:
        return f"{said(activity.result)}. {in_words(activity.refusal)}"
    return said(activity.result)


def _named(activity: Activity) -> str:
    """What is called by no step of a manual: a task, a notice, something a person arranged."""
    if activity.step in BESIDE_STEPS:
        return _(BESIDE_STEPS[activity.step])
    return activity.step or _(words.CHANNELS[activity.channel])


def pane(organization: Organization, by: Actor, activity: Activity) -> Pane:
    """The activity at this moment: made anew while it is open, and as it was said once it is over.

    Must run inside `acting_for`; the activity needs its customer with party and creditor.
    """
    manual = manual_of(activity)
    step = manual.step(activity.step) if manual else None
    code, params = activity.why.get("code", ""), activity.why.get("params", {})
    shown = Pane(
        activity,
        step.name if step else _named(activity),
        sentence(code, params, formats.money) if code else "",
        state=state(activity.state),
        result=_result(activity),
    )
    if activity.state not in (*OPEN, State.FAILED):
        return replace(shown, subject=activity.subject, text=activity.body, note=_known(activity.note))
    try:
        prepared = prepare(organization, activity, by.now, caller=by.name)
    except Problem as problem:
        return replace(shown, stop=formats.sentence(problem))
    if prepared.stop:
        return replace(shown, stop=said(prepared.stop))
    shown = replace(shown, prepared=prepared, light=_light(prepared.answer, activity.channel, organization, by.now))
    if prepared.wording is None:
        return shown
    return replace(
        shown,
        subject=prepared.wording.subject,
        text=prepared.wording.text,
        body=letters.body(prepared.wording.html),
        note=_(prepared.wording.note) if prepared.wording.note else "",
    )


def _known(note: str) -> str:
    """A note is a person's own words, a mail server's answer, or a sentence of ours in English."""
    return _(note) if note else ""


def _light(answer: Answer | None, channel: str, organization: Organization, now: datetime) -> Light | None:
    written = channel in WRITTEN
    if isinstance(answer, Allowed):
        text = _("May be sent") if written else _("May be called") if channel == "call" else _("May be visited")
        return Light("may", text, _in_place(until(answer), answer.until, organization, now))
    if isinstance(answer, Refused):
        reason = refusal(answer.code, answer.params, law=answer.law)
        if answer.again_from is None:
            return Light("no", _("May not be"), reason)
        again = _in_place(_again(answer.again_from, now), answer.again_from, organization, now)
        return Light("wait", _("Not now"), f"{reason} {again}.")
    return None


def _in_place(said_of_time: str, moment: datetime, organization: Organization, now: datetime) -> str:
    """Hasta las 20:00, hora de Santiago; allí son las 11:12. The clock only where it is another one than here."""
    there, here = now.astimezone(moment.tzinfo), now.astimezone(ZoneInfo(organization.time_zone))
    words = {"when": said_of_time, "city": formats.city(str(moment.tzinfo)), "time": formats.clock(there)}
    if there.utcoffset() == here.utcoffset():
        return _("{when}, {city} time").format(**words)
    return _("{when}, {city} time; it is {time} there").format(**words)


def _again(moment: datetime, now: datetime) -> str:
    """Desde mañana a las 9:00."""
    clock, today = formats.clock(moment), now.astimezone(moment.tzinfo).date()
    if moment.date() == today:
        return _("From {time} on").format(time=clock)
    if moment.date() == today + timedelta(days=1):
        return _("From tomorrow {time} on").format(time=clock)
    return _("From {date} {time} on").format(date=formats.short_date(moment.date(), today), time=clock)
