"""One part of a replay: some of the customers, in a copy of the books of their own."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

from puntual.daily.simulate_days import Days, PartPlayed
from puntual.daily.simulate_made import Made, Said
from puntual.daily.simulate_reader import reading_ahead
from puntual.daily.simulate_together import Seat
from puntual.daily.simulate_world import World, room_for_a_world, simulated
from puntual.kernel.ahead import at_full_speed
from puntual.organizations.models import Organization
from puntual.outreach.surroundings import Surroundings
from puntual.strategies.queries import Assignments
from puntual.tenancy.scope import acting_for

Tell = Callable[[int, int], None]
"""Called with the days done and those there are. May raise to stop."""


@dataclass(frozen=True, slots=True)
class Job:
    """What is played, by whose manuals, from which day to which, and in how many parts."""

    organization: Organization
    manuals: Assignments
    first: date
    last: date
    parts: int
    every_day: bool


@dataclass(frozen=True, slots=True)
class Told:
    """What a part that was played elsewhere came to."""

    played: PartPlayed
    contacts: Sequence[Said]
    words: Counter[int]

    def said(self) -> Sequence[Said]:
        """Everything that happened, in order."""
        return self.contacts

    def first_words(self) -> Counter[int]:
        """See `Made`."""
        return self.words


class Part:
    """A part that is played here."""

    def __init__(self, job: Job, seat: Seat, world: World) -> None:
        self._job, self._seat, self._world = job, seat, world
        self._made = Made(job.organization, job.first, job.last)
        self.played = PartPlayed(job.first, job.last)

    @classmethod
    @contextmanager
    def opened(cls, job: Job, seat: Seat) -> Iterator["Part"]:
        """Make the copy; whatever is played in it is undone on leaving."""
        id, rest_days = job.organization.id, Surroundings().rest_days
        with (
            room_for_a_world(),
            acting_for(id),
            simulated(id, job.first, job.last, rest_days, (seat.number, job.parts)) as world,
        ):
            yield cls(job, seat, world)

    def play(self, tell: Tell) -> None:
        """Play every day."""
        job = self._job
        number = (job.last - job.first).days + 1
        with at_full_speed(), reading_ahead() as reader:
            days = Days(
                job.organization,
                job.manuals,
                self._world,
                self._made,
                self.played,
                reader,
                self._seat,
                every_day=job.every_day,
            )
            tell(0, number)
            for done in range(number):
                days.day(job.first + timedelta(days=done))
                tell(done + 1, number)

    def said(self) -> Iterator[Said]:
        """Everything that happened, in order."""
        return self._made.said()

    def first_words(self) -> Counter[int]:
        """See `Made`."""
        return self._made.first_words()

    def told(self) -> Told:
        """All of it, to be handed on."""
        return Told(self.played, list(self.said()), self.first_words())
