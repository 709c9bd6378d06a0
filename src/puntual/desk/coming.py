"""The next step with a customer, and why, in one sentence: what is under way, else what today decides."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from puntual.audit.actions import Actor
from puntual.daily.why import Explanation
from puntual.desk import customers, formats
from puntual.desk.reach import when
from puntual.desk.words import CHANNELS
from puntual.kernel.problems import N_
from puntual.outreach.marks import manual_of
from puntual.outreach.models import Activity
from puntual.outreach.queries import OPEN_STATES
from puntual.outreach.results import said
from puntual.parties.models import Customer
from puntual.strategies.outcomes import Do
from puntual.strategies.steps import BESIDE
from puntual.strategies.words import BESIDE_STEPS, REASONS, TASKS, sentence

State = Activity.State

# With `{when}` where the moment is still to come. `{step}` is the step's name in the manual.
_PLANNED = {
    "proposed": (N_("If you approve it, “{step}” leaves now"), N_("If you approve it, “{step}” leaves {when}")),
    "queued": (N_("“{step}” leaves now"), N_("“{step}” leaves {when}")),
    "to_do": (N_("“{step}” is to be done now"), N_("“{step}” is to be done {when}")),
    "attempting": (N_("“{step}” is leaving at this moment"),) * 2,
    "unknown": (N_("It is not known whether “{step}” arrived"),) * 2,
    "failed": (N_("“{step}” could not be sent"),) * 2,
}


@dataclass(frozen=True, slots=True)
class Coming:
    """The next step: `title` says what and when, `text` why. `activity` is what is under way, if anything is."""

    title: str
    text: str
    tone: str = ""
    how: str = ""
    again: str = ""
    activity: Activity | None = None

    @property
    def state(self) -> str:
        return self.activity.state if self.activity else ""


def under_way(organization_id: UUID, customer_id: UUID) -> Activity | None:
    """What has been planned for a customer and has not ended; the latest, where there are several.

    Agreeing on another way to reach them holds up no step, so it is in the queue and not here.
    """
    mine = Activity.objects.filter(organization_id=organization_id, customer_id=customer_id, direction="out")
    return mine.filter(state__in=OPEN_STATES).exclude(step__in=BESIDE).order_by("-created_at", "-id").first()


def coming(by: Actor, customer: Customer, explanation: Explanation | None, activity: Activity | None) -> Coming | None:
    """The next step in words; None where nothing is under way and no manual decides."""
    if activity is not None:
        return _planned(by, customer, activity)
    return _decided(explanation) if explanation else None


def _planned(by: Actor, customer: Customer, activity: Activity) -> Coming:
    manual = manual_of(activity)
    step = manual.step(activity.step) if manual else None
    # What a person arranged is no step of a manual.
    task = BESIDE_STEPS.get(activity.step) or CHANNELS[activity.channel]
    name = step.name if step else _(task)
    later = activity.not_before is not None and activity.not_before > by.now
    words = _(_PLANNED[activity.state][later]).format(step=name, when=_moment(by, customer, activity.not_before))
    why = activity.why
    reason = sentence(why["code"], why.get("params", {}), formats.money) if why.get("code") else ""
    if activity.state in (State.FAILED, State.UNKNOWN) and activity.result:
        reason = f"{said(activity.result)}."
    return Coming(
        f"{words}.", reason, activity.tone, customers.said(activity.tone, activity.channel), activity=activity
    )


def _moment(by: Actor, customer: Customer, moment: datetime | None) -> str:
    """hoy a las 12:00 de Santiago, where that is not the team's own time."""
    if moment is None:
        return ""
    there = moment.astimezone(ZoneInfo(customer.time_zone))
    text = when(there, by.now)
    if there.utcoffset() == timezone.localtime(moment).utcoffset():
        return text
    return _("{when}, {city} time").format(when=text, city=formats.city(customer.time_zone))


def _decided(explanation: Explanation) -> Coming:
    decision = explanation.decision
    if not isinstance(decision, Do):
        again = decision.again_on
        return Coming(
            f"{_(REASONS[decision.reason])}.",
            explanation.text,
            again=_("Looked at again on {day}.").format(day=formats.long_date(again)) if again else "",
        )
    step = explanation.manual.step(decision.step) if explanation.manual else None
    name = step.name if step else _(TASKS[decision.step]) if decision.step in TASKS else decision.step
    return Coming(
        _("Today's step is “{step}”; the day run proposes it.").format(step=name),
        explanation.text,
        decision.tone,
        customers.said(decision.tone, decision.channel),
    )
