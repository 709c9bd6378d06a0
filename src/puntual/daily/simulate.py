"""A version of a manual played over the organization's own history, without writing.

Day by day the facts are what they were; the contacts are those this version would have made. Observing, deciding and planning
are the day run's own, in a private copy of the books (`simulate_world`). Only what people and the post add is taken as given:
whatever is planned is approved and arrives, calls are made and answered, tasks are done, required notices are proved, all on
their day.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from heapq import merge
from uuid import UUID

from django.db import connection

from puntual.daily.simulate_beside import beside
from puntual.daily.simulate_made import Said
from puntual.daily.simulate_part import Job, Part, Tell, Told
from puntual.daily.simulate_together import Seat
from puntual.kernel.problems import N_, Problem
from puntual.organizations.models import Organization
from puntual.parties.models import Customer
from puntual.strategies.manual import from_content
from puntual.strategies.models import Version
from puntual.strategies.queries import Assignments, assignments
from puntual.strategies.queries import Chosen as Followed
from puntual.tenancy.scope import acting_for

MOST_DAYS = 731
_WORTH_PARTING = 1_000
"""Customers; a copy of the books has a price of its own."""


@dataclass(frozen=True, slots=True)
class Played:
    """What a replay came to. Readable until it ends."""

    organization_id: UUID
    first: date
    last: date
    parts: Sequence[Part | Told]

    @property
    def decisions(self) -> int:
        """How many customers were decided on, each as often as that was."""
        return sum(part.played.decisions for part in self.parts)

    @property
    def refusals(self) -> Counter[str]:
        """The contacts that conduct put off, each once and by the first rule that stood against it."""
        return sum((part.played.refusals for part in self.parts), Counter())

    @property
    def waiting(self) -> dict[date, dict[str, int]]:
        """The contacts beyond a channel's capacity, by day and channel."""
        found: defaultdict[date, Counter[str]] = defaultdict(Counter)
        for part in self.parts:
            for day, channels in part.played.waiting.items():
                found[day] += channels
        return {day: dict(channels) for day, channels in found.items()}

    def said(self) -> Iterator[Said]:
        """Everything that happened from the first day to the last, contacts of the customers' own included, in order."""
        return merge(*(part.said() for part in self.parts), key=lambda one: one.at)

    def first_words(self) -> Counter[int]:
        """How many days after their due date items were first spoken of, for those that fell due in the time played: how many
        after each number of days.
        """
        return sum((part.first_words() for part in self.parts), Counter())


def with_version(organization_id: UUID, version: Version) -> Assignments:
    """What would apply to whom, were the version in force.

    One of a strategy that nobody follows stands for the organization's own. Experiments are left out. Must run inside
    `acting_for`. Raises Problem where the version cannot be followed.
    """
    chosen: Followed = version.id, from_content(version.content)
    found = assignments(organization_id)
    if found is None:
        return Assignments({}, {}, chosen)
    active = Version.objects.filter(
        organization_id=organization_id, strategy=version.strategy_id, state=Version.State.ACTIVE
    )
    replaced = active.values_list("id", flat=True).first()

    def instead(followed: Mapping[str, Followed]) -> dict[str, Followed]:
        return {scope: chosen if one[0] == replaced else one for scope, one in followed.items()}

    scopes = (found.by_customer, found.by_segment, found.by_creditor)
    followed = any(one[0] == replaced for scope in scopes for one in scope.values())
    own = not followed or found.of_organization[0] == replaced
    return replace(
        found,
        by_customer=instead(found.by_customer),
        by_segment=instead(found.by_segment),
        by_creditor=instead(found.by_creditor),
        of_organization=chosen if own else found.of_organization,
    )


@contextmanager
def replayed(
    organization: Organization,
    version: Version,
    first: date,
    last: date,
    *,
    tell: Tell = lambda done, days: None,
    every_day: bool = False,
) -> Iterator[Played]:
    """Play a version, a draft too, from `first` through `last`; what was made can be read until the end of the block.

    A customer is decided on where something may have changed; with `every_day` on every day, which gives the same. A large
    portfolio is played in two parts side by side, unless this is inside a transaction, of which no other process sees anything.
    Raises Problem for days the wrong way round or too many of them, and where the part beside was ended from outside.
    """
    days = (last - first).days + 1
    if not 0 < days <= MOST_DAYS:
        raise Problem(N_("Choose a first and a last day, at most {most} days from one to the other."), most=MOST_DAYS)
    with acting_for(organization.id):
        manuals = with_version(organization.id, version)
        parted = Customer.objects.filter(organization_id=organization.id).count() >= _WORTH_PARTING
    parted = parted and not connection.in_atomic_block
    job = Job(organization, manuals, first, last, parts=1 + parted, every_day=every_day)
    with ExitStack() as stack:
        other = stack.enter_context(beside(job)) if parted else None
        part = stack.enter_context(Part.opened(job, Seat(0, other.line if other else None)))
        try:
            part.play(tell)
            parts: list[Part | Told] = [part, other.told()] if other else [part]
        except (EOFError, ConnectionError):
            raise Problem(N_("The replay was ended from outside before it was done. Start it again.")) from None
        yield Played(organization.id, first, last, parts)
