"""How each provider stands, for a page: is it used, since when not and why, what waits for it, and what is left of its limit."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from django.conf import settings
from django.db.models import Sum
from django.utils.translation import gettext as _

from puntual.kernel.problems import Problem
from puntual.outreach.models import Activity, Provider, ProviderHour
from puntual.outreach.providers.backoff import FAILURES_UNTIL_DOWN
from puntual.outreach.providers.limits import NONE, Limits, read_limits
from puntual.outreach.ways import provider_of, set_up

State = Literal["working", "failing", "down", "resting", "full"]
_DAY: Final = timedelta(hours=25)


@dataclass(frozen=True, slots=True)
class Standing:
    """One provider as an organization sees it. `waiting` and `sent` are its own messages, due now and sent of today's.

    `since` and `next_try` are given where it is not working; `used` of `limits.per_day` counts everybody's in the last day.
    """

    channel: str
    host: str
    state: State
    why: str
    detail: str
    since: datetime | None
    next_try: datetime | None
    waiting: int
    sent: int
    limits: Limits
    used: int | None


def standings(organization_id: UUID, now: datetime, today: date) -> list[Standing]:
    """The providers of the channels that are set up. Raises Problem where the limits cannot be read."""
    limits = read_limits(settings.LIMITS)
    known = {one.name: one for one in Provider.objects.all()}
    own = Activity.objects.filter(organization_id=organization_id, direction="out")
    found = []
    for channel in sorted(set_up()):
        name = provider_of(channel)
        mine = own.filter(channel=channel)
        one, limit = known.get(name) or Provider(name=name), limits.get(channel, NONE)
        state = _state(one, now)
        found.append(
            Standing(
                channel,
                name.removeprefix(channel).strip(),
                state,
                why(state, one.reason),
                one.detail if one.failures else "",
                one.failing_since,
                _next_try(one, now),
                mine.filter(state=Activity.State.QUEUED, not_before__lte=now).count(),
                mine.filter(state=Activity.State.SENT, day=today, captured=False).count(),
                limit,
                _used(name, now) if limit.per_day is not None else None,
            )
        )
    return found


def why(state: State, reason: str) -> str:
    """What keeps a provider from being used, as one reads it; empty where nothing does."""
    if state == "working":
        return ""
    if state == "full":
        return _("As many messages as may leave in one day have left. The others wait for the next hours with room.")
    return {
        "unreachable": _("It cannot be reached, or does not let us in. Nothing is lost: what is due waits."),
        "busy": _("It takes no more messages for now. Nothing is lost: what is due waits."),
        "interrupted": _(
            "It takes messages and does not confirm them. They are among those to clear up; the others wait."
        ),
    }.get(reason, _("It does not work as it should. What is due waits."))


def problem_of_limits() -> str:
    """What is wrong with the limits in the environment, or nothing."""
    try:
        read_limits(settings.LIMITS)
    except Problem as problem:
        return problem.text()
    return ""


def _state(one: Provider, now: datetime) -> State:
    if one.failures >= FAILURES_UNTIL_DOWN:
        return "down"
    if one.failures:
        return "resting" if one.reason == "busy" else "failing"
    return "full" if one.full_until and one.full_until > now else "working"


def _next_try(one: Provider, now: datetime) -> datetime | None:
    times = [at for at in (one.rest_until if one.failures else None, one.full_until) if at and at > now]
    return max(times, default=None)


def _used(name: str, now: datetime) -> int:
    hours = ProviderHour.objects.filter(provider=name, hour__gt=now - _DAY)
    return hours.aggregate(used=Sum("sent"))["used"] or 0
