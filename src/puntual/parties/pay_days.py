"""When a customer pays by its own rules. Pure: no clock, no database."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from puntual.kernel.calendars import BusinessCalendar

ARRIVES_AFTER = 2
"""Business days from a customer's pay day until its money is seen at the bank: only then somebody is reminded."""

_DAY = timedelta(days=1)
_LOOK_BACK = 10  # days: a pay day that falls on a holiday is paid on the next working day, even after a long weekend


@dataclass(frozen=True, slots=True)
class PayDays:
    """The days on which a customer pays: of the month (one a month does not have means its last), of the week (0: Monday).

    An invoice that reached it less than `cut_off_days` before a pay day waits for the next one; `cap_days` after the due date is
    the longest anybody waits.
    """

    days: frozenset[int] = frozenset()
    weekdays: frozenset[int] = frozenset()
    cut_off_days: int = 0
    cap_days: int = 15

    def __bool__(self) -> bool:
        return bool(self.days or self.weekdays)

    def named(self, day: date) -> bool:
        """Whether the rules name this day, worked or not."""
        if day.weekday() in self.weekdays or day.day in self.days:
            return True
        return day.day == monthrange(day.year, day.month)[1] and any(each > day.day for each in self.days)


def pay_day(due_on: date, issued_on: date, rules: PayDays, calendar: BusinessCalendar) -> date | None:
    """The first day on or after `due_on` on which the customer pays an invoice issued on `issued_on`; None without pay days.

    A day of the rules that nobody works on is paid on the next working day.
    """
    if not rules:
        return None
    counts_from = issued_on + timedelta(days=rules.cut_off_days)
    day = max(due_on - _LOOK_BACK * _DAY, counts_from)
    while True:
        if rules.named(day) and (paid_on := calendar.next_business_day(day)) >= due_on:
            return paid_on
        day += _DAY


def expected_on(due_on: date, issued_on: date, rules: PayDays, calendar: BusinessCalendar) -> date | None:
    """The day from which an unpaid invoice is late by the customer's own rules: its first pay day on or after the due date, and
    the business days money takes to be seen, but never more than the cap after the due date. None where that is no later.
    """
    paid_on = pay_day(due_on, issued_on, rules, calendar)
    if paid_on is None:
        return None
    seen_on = min(calendar.add_business_days(paid_on, ARRIVES_AFTER), due_on + timedelta(days=rules.cap_days))
    return seen_on if seen_on > due_on else None
