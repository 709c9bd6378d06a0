"""Facts, rules and a small replay of days, for the tests of this room."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from puntual.conduct.gate import Subject
from puntual.conduct.rules import Pack
from puntual.kernel.calendars import BusinessCalendar
from puntual.strategies.builtin import builtin
from puntual.strategies.decide import decide
from puntual.strategies.facts import CustomerFacts, Item, Mark
from puntual.strategies.manual import Manual
from puntual.strategies.outcomes import Do, Nothing, Rules

DAY = date(2026, 11, 24)  # a Tuesday
MANUAL = builtin("es")
COMPANY = Subject(natural=False, consumer=False, country="PE", time_zone="America/Lima")
NO_LAW = {"": Pack("", ())}
BOTH = frozenset({"email", "call"})


def rules(day: date = DAY, **values: object) -> Rules:
    """An organization without conduct rules, so that only the manual decides."""
    given: dict[str, object] = {
        "earliest": datetime(day.year, day.month, day.day, 13, tzinfo=UTC),
        "channels": BOTH,
        "calendar": BusinessCalendar("PE"),
        "packs": NO_LAW,
        "tolerance": {"PEN": Decimal(1), "USD": Decimal(1)},
    }
    return Rules(**{**given, **values})


def item(
    late: int, amount: str = "100", *marks: str, day: date = DAY, manual: Manual = MANUAL, **values: object
) -> Item:
    """An item `late` days overdue (to come, if negative) that has had the steps of those codes."""
    due_on = day - timedelta(days=late)
    had = tuple(Mark(code, step.tone if (step := manual.step(code)) else "") for code in marks)
    given: dict[str, object] = {
        "id": f"{late}",
        "currency": "PEN",
        "due_on": due_on,
        "chase_from": due_on,
        "askable": Decimal(amount),
        "marks": had,
    }
    return Item(**{**given, **values})


def facts(*items: Item, **values: object) -> CustomerFacts:
    """A company that can be written to and called, with these items."""
    given: dict[str, object] = {"customer_id": "c", "subject": COMPANY, "reachable": BOTH}
    return CustomerFacts(items=tuple(sorted(items, key=lambda one: one.due_on)), **{**given, **values})


def outcome(*items: Item, manual: Manual = MANUAL, given: Rules | None = None, **values: object) -> Do | Nothing:
    """The decision of `DAY` about these items."""
    return decide(facts(*items, **values), manual, DAY, given or rules())


@dataclass
class Replay:
    """Days one after the other: what is decided is delivered at once and leaves its marks."""

    items: list[Item]
    manual: Manual = MANUAL
    values: dict[str, object] = field(default_factory=dict)
    given: dict[str, object] = field(default_factory=dict)
    log: list[tuple[date, Do]] = field(default_factory=list)

    def run(self, start: date, days: int, before: Callable[["Replay", date], None] | None = None) -> "Replay":
        """Decide `days` days from `start` on; `before` may change the items each morning."""
        for day in (start + timedelta(days=n) for n in range(days)):
            if before:
                before(self, day)
            found = decide(self.facts(day), self.manual, day, rules(day, **self.given))
            if isinstance(found, Do):
                self.log.append((day, found))
                self._mark(found)
        return self

    def facts(self, day: date) -> CustomerFacts:
        """What is known on the morning of `day`."""
        sent = [(on, do) for on, do in self.log if do.channel != "internal" and on > day - timedelta(days=90)]
        tones = {do.tone for _, do in sent}
        return replace(
            facts(*self.items, **self.values),
            last_contact_on=max((on for on, _ in sent), default=None),
            tone_last_on={tone: max(on for on, do in sent if do.tone == tone) for tone in tones},
            tone_rounds={tone: sum(do.tone == tone for _, do in sent) for tone in tones},
            delivered=len(sent),
        )

    def _mark(self, do: Do) -> None:
        for key, code in do.items:
            step = self.manual.step(code)
            mark = Mark(code, step.tone if step else "")
            self.items = [
                one._replace(marks=(*one.marks, mark)) if one.id == key and code else one for one in self.items
            ]

    def steps(self) -> list[tuple[int, str]]:
        """Each step with the age of its lead that day."""
        return [(do.days, do.step) for _, do in self.log]
