"""A version of a manual played over the organization's own history, without writing.

Day by day the facts are what they were; the contacts are those this version would have made. Observing, deciding and planning
are the day run's own, in a private copy of the books (`simulate_world`). Only what people and the post add is taken as given:
whatever is planned is approved and arrives, calls are made and answered, tasks are done, required notices are proved, all on
their day.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from heapq import merge
from threading import BrokenBarrierError
from uuid import UUID

from django.db import connection

from puntual.daily.simulate_days import Days, PartPlayed
from puntual.daily.simulate_made import Made, Said
from puntual.daily.simulate_reader import reading_ahead
from puntual.daily.simulate_together import Seat, Together
from puntual.daily.simulate_world import room_for_a_world, simulated
from puntual.kernel.ahead import at_full_speed
from puntual.kernel.problems import N_, Problem
from puntual.organizations.models import Organization
from puntual.outreach.surroundings import Surroundings
from puntual.parties.models import Customer
from puntual.strategies.manual import from_content
from puntual.strategies.models import Version
from puntual.strategies.queries import Assignments, assignments
from puntual.strategies.queries import Chosen as Followed
from puntual.tenancy.scope import acting_for

MOST_DAYS = 731
_WORTH_PARTING = 1_000
"""Customers; a copy of the books has a price of its own."""
Tell = Callable[[int, int], None]
"""Called with the days done and those there are. May raise to stop."""


@dataclass(frozen=True, slots=True)
class Played:
    """What a replay came to. Readable until it ends."""

    organization_id: UUID
    first: date
    last: date
    parts: "Sequence[Part]"

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
    portfolio is played in two parts side by side, unless this is inside a transaction, of which nobody else sees anything.
    Raises Problem for days the wrong way round or too many of them.
    """
    days = (last - first).days + 1
    if not 0 < days <= MOST_DAYS:
        raise Problem(N_("Choose a first and a last day, at most {most} days from one to the other."), most=MOST_DAYS)
    seats = Together(_parts(organization)).seats()
    with acting_for(organization.id):
        manuals = with_version(organization.id, version)
    with ExitStack() as stack:
        parts = []
        for seat in seats:
            hand = stack.enter_context(ThreadPoolExecutor(1, "part")) if seat.number else None
            part = Part(organization, manuals, first, last, seat, hand)
            stack.callback(part.close)
            parts.append(part)
        with at_full_speed():
            _play(parts, tell, every_day=every_day)
        yield Played(organization.id, first, last, parts)


def _parts(organization: Organization) -> int:
    if connection.in_atomic_block:
        return 1
    with acting_for(organization.id):
        return 2 if Customer.objects.filter(organization_id=organization.id).count() >= _WORTH_PARTING else 1


def _play(parts: "Sequence[Part]", tell: Tell, *, every_day: bool) -> None:
    """Play all parts to their end; the first one here. What ends one ends all."""
    first, *others = parts
    running = [part.hand.submit(part.play_along, every_day) for part in others if part.hand]
    try:
        first.play(tell, every_day)
    except BaseException:
        first.seat.together.leave()
        for one in running:
            failed = one.exception()
            if failed and not isinstance(failed, BrokenBarrierError):
                raise failed  # noqa: B904 - it is what broke the first one off
        raise
    for one in running:
        one.result()


class Part:
    """Some of the customers, in a copy of the books of their own; played, read and left in the thread of `hand`, or here."""

    def __init__(
        self,
        organization: Organization,
        manuals: Assignments,
        first: date,
        last: date,
        seat: Seat,
        hand: Executor | None,
    ) -> None:
        self._organization, self._manuals, self.seat, self.hand = organization, manuals, seat, hand
        self.played = PartPlayed(first, last, Made(organization, first, last))
        self._books = ExitStack()

    def play(self, tell: Tell, every_day: bool) -> None:
        """Open the books and play every day."""
        first, last = self.played.first, self.played.last
        number = (last - first).days + 1
        self._books.enter_context(room_for_a_world())
        self._books.enter_context(acting_for(self._organization.id))
        some = (self.seat.number, self.seat.together.parts)
        opened = simulated(self._organization.id, first, last, Surroundings().rest_days, some)
        world = self._books.enter_context(opened)
        with reading_ahead() as reader:
            days = Days(self._organization, self._manuals, world, self.played, reader, self.seat, every_day=every_day)
            tell(0, number)
            for done in range(number):
                days.day(first + timedelta(days=done))
                tell(done + 1, number)

    def play_along(self, every_day: bool) -> None:
        """Play beside the part that tells how far it is; whatever ends this one ends them all."""
        try:
            self.play(lambda done, days: None, every_day)
        except BaseException:
            self.seat.together.leave()
            raise

    def said(self) -> Iterable[Said]:
        """What happened, in order."""
        return self.hand.submit(list, self.played.made.said()).result() if self.hand else self.played.made.said()

    def first_words(self) -> Counter[int]:
        """See `Played`."""
        found = self.played.made.first_words
        return self.hand.submit(found).result() if self.hand else found()

    def close(self) -> None:
        """Undo everything."""
        if self.hand:
            self.hand.submit(self._books.close).result()
        else:
            self._books.close()
