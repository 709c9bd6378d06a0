"""When a customer has to be decided on again: the next day on which the answer may be another one, if nothing happens meanwhile.

A replay asks only then. Too early is never wrong, only slower; what comes from outside (postings, holds, consents) is known to
`simulate_world` by its days.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from datetime import date, timedelta

from puntual.kernel.calendars import BusinessCalendar
from puntual.outreach.observe import ROUNDS_DAYS
from puntual.strategies.facts import CustomerFacts, Item
from puntual.strategies.ladder import ladder
from puntual.strategies.manual import Manual
from puntual.strategies.outcomes import Nothing

_DAY = timedelta(days=1)


class Wake:
    """The customers to be asked about again, by day, for the days from `first` to `last`; ids are text, as in the facts."""

    def __init__(self, first: date, last: date, calendar: BusinessCalendar) -> None:
        self._first, self._last, self._calendar = first, last, calendar
        self._on: defaultdict[date, set[str]] = defaultdict(set)
        self._comes: dict[Manual, list[list[date]]] = {}
        self._days: dict[tuple[Manual, date, date], list[date]] = {}

    def take(self, day: date) -> set[str]:
        """Those to be asked about on `day`; they are forgotten."""
        return self._on.pop(day, set())

    def tomorrow(self, customer_id: str, day: date) -> None:
        """Ask again on the next day."""
        self.on(customer_id, day + _DAY)

    def contacted(self, customer_id: str, day: date) -> None:
        """Ask again tomorrow, and when the contact no longer counts as a round."""
        self.tomorrow(customer_id, day)
        self.on(customer_id, day + timedelta(days=ROUNDS_DAYS))

    def next_step(self, facts: CustomerFacts, manual: Manual, day: date, lead: Item | None = None) -> date | None:
        """The next day on which an item reaches another step, or is chased; None for none in the time played.

        Where an overdue item leads, the others have no step of their own until they lead.
        """
        if lead is None or lead.due_on >= day:
            coming = [found for item in facts.items if (found := self._next(item, manual, day))]
        else:
            falling = (one for item in facts.items for one in (item.due_on + _DAY, item.chase_from))
            coming = [one for one in falling if one > day]
            if found := self._next(lead, manual, day):
                coming.append(found)
        return min(coming, default=None)

    def after(self, facts: CustomerFacts, nothing: Nothing, manual: Manual, day: date) -> None:
        """Note when a decision for nothing has to be made anew."""
        step = self.next_step(facts, manual, day)
        if step:
            self.on(facts.customer_id, step)
        if nothing.again_on:
            self.on(facts.customer_id, max(nothing.again_on, day + _DAY))

    def on(self, customer_id: str, day: date) -> None:
        """Ask again on `day`."""
        if day <= self._last:
            self._on[day].add(customer_id)

    def _next(self, item: Item, manual: Manual, day: date) -> date | None:
        """The next day on which the item reaches a step, or is chased."""
        key = manual, item.due_on, item.chase_from
        days = self._days.get(key)
        if days is None:
            found = {item.due_on + _DAY, item.chase_from}
            for comes in self._rungs(manual):
                place = bisect_left(comes, item.due_on)
                if place < len(comes):
                    found.add(self._first + place * _DAY)
            days = self._days[key] = sorted(found)
        place = bisect_right(days, day)
        return days[place] if place < len(days) else None

    def _rungs(self, manual: Manual) -> list[list[date]]:
        """For each step and day the latest due date that has reached it; it never falls from one day to the next."""
        if manual not in self._comes:
            length = (self._last - self._first).days + 1
            days = [self._first + n * _DAY for n in range(length)]
            each = [ladder(manual, day, self._calendar, manual.segments).rungs for day in days]
            self._comes[manual] = [[rung.come for rung in day] for day in zip(*each, strict=True)]
        return self._comes[manual]
