"""What is refused about extensions, each with its name."""

from datetime import date

from puntual.kernel.problems import N_, Problem


class NotExtendable(Problem):
    """An item that cannot be given more time: closed, not ours, covered by a payment plan."""


class NotLater(Problem):
    """The day is no later than the one on which the item is expected already, or is past."""

    def __init__(self, number: str, after: date) -> None:
        super().__init__(
            N_("{number} is expected by {after} as it is. Choose a later day."), number=number, after=after
        )


class AskedAlready(Problem):
    """An extension of the same item waits for its approval."""

    def __init__(self, number: str) -> None:
        super().__init__(
            N_("More time for {number} was asked for and waits for a decision. Withdraw that first."), number=number
        )


class NotInThisState(Problem):
    """The extension is not, or no longer, in a state in which this can be done."""

    def __init__(self) -> None:
        super().__init__(
            N_("This extension has moved on meanwhile and this cannot be done any more. Load the page again.")
        )


class NotTheLast(Problem):
    """Only the last extension of a chain can be taken back."""

    def __init__(self) -> None:
        super().__init__(N_("It was extended again since. Take the later extension back first."))
