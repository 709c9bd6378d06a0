"""What an action on a promise refuses, and why."""

from datetime import date
from decimal import Decimal

from puntual.kernel.money import round_money
from puntual.kernel.problems import N_, Problem


class NotOpen(Problem):
    """The promise was judged, replaced or withdrawn before."""

    def __init__(self) -> None:
        super().__init__(N_("This promise is not open any more. Load the page again to see what it came to."))


class NothingToPromise(Problem):
    """Nothing is open that the promise could be about."""

    def __init__(self, currency: str) -> None:
        super().__init__(
            N_("Nothing in {currency} is open that could be promised: it is paid, or held for another reason."),
            currency=currency,
        )


class MoreThanOwed(Problem):
    """More was promised than is open of what it is about."""

    def __init__(self, amount: Decimal, most: Decimal, currency: str) -> None:
        super().__init__(
            N_("{currency} {amount} is more than the {most} that is open. Promise that at most."),
            currency=currency,
            amount=round_money(amount, currency),
            most=round_money(most, currency),
        )


class DayOutside(Problem):
    """The promised day is past, or too far away to be a promise."""

    def __init__(self, day: date, first: date, last: date) -> None:
        super().__init__(
            N_("Choose a day from {first} to {last}. For more time, grant an extension or agree on a plan."),
            day=day,
            first=first,
            last=last,
        )
