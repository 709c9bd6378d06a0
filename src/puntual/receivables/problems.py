"""What the ledger refuses, each with its name: the API tells them apart by it, people read the sentence."""

from datetime import date
from decimal import Decimal

from puntual.kernel.money import round_money
from puntual.kernel.problems import N_, Problem


class FutureDate(Problem):
    """A posting was dated after the actor's today."""

    def __init__(self, day: date, today: date) -> None:
        super().__init__(
            N_("{day} lies in the future; today is {today}. Give today's date or an earlier one."), day=day, today=today
        )


class ClosedPeriod(Problem):
    """A posting was dated in a period whose books are closed."""

    def __init__(self, day: date, through: date) -> None:
        super().__init__(
            N_("The books are closed through {through}, so nothing can be dated {day}. Give a later date."),
            day=day,
            through=through,
        )


class NotPositive(Problem):
    """An amount that has to be above zero is not."""

    def __init__(self, amount: Decimal) -> None:
        super().__init__(N_("{amount} is not an amount above zero. Give one."), amount=amount)


class DocumentDiffers(Problem):
    """The number is taken by a document with other content; `differs` names its fields that are not the same."""

    def __init__(self, number: str, differs: tuple[str, ...]) -> None:
        super().__init__(
            N_(
                "{number} already exists with another customer, date or amount. Check the number, or correct that document."
            ),
            number=number,
        )
        self.differs = differs


class MoreThanOpen(Problem):
    """More was about to be set against an item than is open on it."""

    def __init__(self, number: str, asked: Decimal, available: Decimal, currency: str) -> None:
        super().__init__(
            N_("{asked} {currency} is more than the {available} {currency} there are on {number}. Give at most that."),
            number=number,
            asked=round_money(asked, currency),
            available=round_money(available, currency),
            currency=currency,
        )


class NothingOpen(Problem):
    """There is nothing left to act on."""

    def __init__(self, number: str) -> None:
        super().__init__(N_("Nothing is open on {number}, so there is nothing to do."), number=number)


class NotOfThisCustomer(Problem):
    """An item was named that this money or credit cannot settle."""

    def __init__(self, number: str) -> None:
        super().__init__(
            N_("{number} belongs to another customer or is in another currency. Choose one of the same customer."),
            number=number,
        )


class NotReversible(Problem):
    """A posting that is undone by another action, or has been already."""


class NotACharge(Problem):
    """Only interest and fees are waived; an invoice is canceled or credited."""

    def __init__(self, number: str) -> None:
        super().__init__(
            N_("{number} is an invoice, and only charges are waived. Cancel it or issue a credit note."), number=number
        )


class BatchInUse(Problem):
    """An import cannot be undone: its documents have been used since."""

    def __init__(self, numbers: list[str]) -> None:
        super().__init__(
            N_(
                "This import cannot be undone: {numbers} have payments or credits recorded since. "
                "Take those off first, then undo it again."
            ),
            numbers=", ".join(numbers),
        )


class EndsWithItsSource(Problem):
    """A hold stands for a promise, a plan, an extension, a dispute or an instrument that still lives."""

    def __init__(self) -> None:
        super().__init__(
            N_(
                "This pause belongs to something that was agreed or is under review. End that, and the pause ends with it."
            )
        )
