"""What is refused about plans, each with its name."""

from datetime import date

from puntual.kernel.problems import N_, Problem


class NotPlannable(Problem):
    """An item that no plan can cover: closed, of another customer, in another currency, not ours."""


class CoveredAlready(Problem):
    """Another plan that is under way covers an item."""

    def __init__(self, number: str, plan: str) -> None:
        super().__init__(
            N_("{number} is part of {plan} already. End that plan first, or leave the document out."),
            number=number,
            plan=plan,
        )


class NotInThisState(Problem):
    """The plan is not, or no longer, in a state in which this can be done."""

    def __init__(self, number: str) -> None:
        super().__init__(
            N_("{number} has moved on meanwhile and this cannot be done any more. Load the page again."), number=number
        )


class OpenChanged(Problem):
    """What a plan covers is not what it was when the plan was written."""

    def __init__(self, number: str, plan: str) -> None:
        super().__init__(
            N_("What is open of {number} is not what {plan} says any more. Withdraw it and write a new one."),
            number=number,
            plan=plan,
        )


class OfferOver(Problem):
    """The time in which an offer could be accepted is over."""

    def __init__(self, plan: str, until: date) -> None:
        super().__init__(N_("{plan} could be accepted through {until}. Write a new one."), plan=plan, until=until)


class EvidenceMissing(Problem):
    """An acceptance in person, by phone or in writing was to be recorded without saying how it is known."""

    def __init__(self) -> None:
        super().__init__(N_("Say who accepted and how that is known: it is what the plan stands on."))


class TooOften(Problem):
    """A plan was to be made anew once too often."""

    def __init__(self, most: int) -> None:
        super().__init__(
            N_("A plan is made anew {most} times at most. Look for another way with the customer."), most=most
        )
