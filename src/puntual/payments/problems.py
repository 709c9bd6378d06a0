"""What this room refuses, each with its name: the API tells them apart by it, people read the sentence."""

from datetime import date
from decimal import Decimal

from puntual.kernel.money import round_money
from puntual.kernel.problems import N_, Problem


class ReferenceTaken(Problem):
    """The reference belongs to a payment or refund with other content; `differs` names its fields that are not the same."""

    def __init__(self, reference: str, differs: tuple[str, ...]) -> None:
        super().__init__(
            N_(
                "Reference {reference} already exists with another customer, date or amount. Check it or use another one."
            ),
            reference=reference,
        )
        self.differs = differs


class AlreadyReversed(Problem):
    """The payment was reversed before."""

    def __init__(self, reference: str, reversed_on: date) -> None:
        super().__init__(
            N_("Payment {reference} was reversed on {reversed_on}. Record the money again if it came after all."),
            reference=reference,
            reversed_on=reversed_on,
        )


class MoreThanOnAccount(Problem):
    """More was about to be taken than the payment still has on account."""

    def __init__(self, reference: str, asked: Decimal, available: Decimal, currency: str) -> None:
        super().__init__(
            N_("{asked} {currency} is more than the {available} {currency} that payment {reference} has on account."),
            reference=reference,
            asked=round_money(asked, currency),
            available=round_money(available, currency),
            currency=currency,
        )


class PartlyRefunded(Problem):
    """A payment of which something was given back is not reversed."""

    def __init__(self, reference: str, refunded: Decimal, currency: str) -> None:
        super().__init__(
            N_(
                "{refunded} {currency} of payment {reference} were given back, so it cannot be reversed. "
                "Take it off its invoices and settle the refund with the customer."
            ),
            reference=reference,
            refunded=round_money(refunded, currency),
            currency=currency,
        )


class AllocationEnded(Problem):
    """The allocation was taken back before."""

    def __init__(self) -> None:
        super().__init__(N_("This payment was already taken off the invoice. Reload the page to see where it is."))
