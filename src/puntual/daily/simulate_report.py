"""What a replay came to, as values that can be kept: JSON, with amounts of people and days, and the list of what was said."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from statistics import fmean, median
from typing import Any
from uuid import UUID

from django.db.models import Q

from puntual.daily.simulate import Played
from puntual.daily.simulate_made import Said
from puntual.organizations.absences.queries import away_on
from puntual.organizations.models import Membership
from puntual.outreach.results import SPOKEN
from puntual.strategies.outcomes import INTERNAL


@dataclass(slots=True)
class Report:
    """The sums of a replay. `contacts` and `waiting` are by channel, one number per day from `first` on.

    `waiting` counts what was beyond the channel's capacity that day, `approvals` the messages somebody had to approve. `steps`
    has [step, channel, tone, contacts], `tasks` [step, times]. `refusals` counts contacts that conduct put off, by rule. `late`
    is the mean and `late_median` the median of the days past due when an item that fell due in that time was first spoken of,
    over `late_items` of them. `callers` people of today's team make `calls_per_day` together.
    """

    first: str
    last: str
    days: int
    contacts: dict[str, list[int]] = field(default_factory=dict)
    waiting: dict[str, list[int]] = field(default_factory=dict)
    approvals: list[int] = field(default_factory=list)
    steps: list[list[Any]] = field(default_factory=list)
    tasks: list[list[Any]] = field(default_factory=list)
    customers: int = 0
    refusals: dict[str, int] = field(default_factory=dict)
    late: float | None = None
    late_median: float | None = None
    late_items: int = 0
    callers: int = 1
    calls_per_day: int = 0

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)


def report(played: Played, said: Iterable[Said]) -> Report:
    """Sum up a replay while it can be read; `said` is what it made."""
    days = (played.last - played.first).days + 1
    contacts: defaultdict[str, list[int]] = defaultdict(lambda: [0] * days)
    waiting: defaultdict[str, list[int]] = defaultdict(lambda: [0] * days)
    approvals = [0] * days
    steps: Counter[tuple[str, str, str]] = Counter()
    tasks: Counter[str] = Counter()
    customers = set()
    for one in said:
        if one.direction != "out":
            continue
        if one.channel == INTERNAL:
            tasks[one.step] += 1
            continue
        day = (one.day - played.first).days
        contacts[one.channel][day] += 1
        steps[one.step, one.channel, one.tone] += 1
        customers.add(one.customer_id)
        approvals[day] += one.approved
    for on, over in played.waiting.items():
        for channel, count in over.items():
            waiting[channel][(on - played.first).days] = count
    late = list(played.first_words().elements())
    callers, calls = calling(played.organization_id, played.last)
    return Report(
        first=played.first.isoformat(),
        last=played.last.isoformat(),
        days=days,
        contacts=dict(contacts),
        waiting=dict(waiting),
        approvals=approvals,
        steps=[[*key, count] for key, count in sorted(steps.items())],
        tasks=[[step, count] for step, count in sorted(tasks.items())],
        customers=len(customers),
        refusals=dict(played.refusals.most_common()),
        late=fmean(late) if late else None,
        late_median=float(median(late)) if late else None,
        late_items=len(late),
        callers=callers,
        calls_per_day=calls,
    )


def calling(organization_id: UUID, day: date) -> tuple[int, int]:
    """How many people call, and how many calls they make in a day; whom the plan counts on (`outreach.plan.room_left`)."""
    members = Membership.objects.filter(Q(ends_on=None) | Q(ends_on__gte=day), organization_id=organization_id)
    members = members.exclude(user__in=away_on(organization_id, day))
    per_day = list(members.filter(role__in=["collector", "manager"]).values_list("calls_per_day", flat=True))
    per_day = per_day or list(members.filter(role="owner").values_list("calls_per_day", flat=True))
    if not sum(per_day):
        return 1, Membership._meta.get_field("calls_per_day").default
    return len(per_day), sum(per_day)


def activities(said: Iterable[Said], *, tasks: bool) -> Iterator[dict[str, Any]]:
    """What was said as `puntual strategy simulate --json` lists it: contacts, or else the `tasks` for the team."""
    for one in said:
        if (one.channel == INTERNAL) == tasks:
            yield {
                "at": one.at.isoformat(),
                "customer": one.customer,
                "party": one.party,
                "country": one.country,
                "time_zone": one.time_zone,
                "channel": one.channel,
                "direction": one.direction,
                "conversation": one.channel in SPOKEN and one.conversation,
                "step": one.step,
                "tone": one.tone,
            }
