"""What this room refuses, each with its name: the API tells them apart by it, people read the sentence."""

from puntual.kernel.problems import N_, Problem


class AlreadyDisputed(Problem):
    """An invoice with a live dispute is not disputed a second time: what is added belongs to that one."""

    def __init__(self, number: str) -> None:
        super().__init__(
            N_("{number} is in dispute already. Open that dispute and add what is new, or change its amount."),
            number=number,
        )


class ReasonMissing(Problem):
    """A decision without its reason. Shown beside the field of the reason."""

    def __init__(self) -> None:
        super().__init__(N_("Say why, in words the customer may read."))


class NoCorrectedInvoice(Problem):
    """The invoice that is to stand in the disputed one's place is not there."""

    def __init__(self, number: str) -> None:
        super().__init__(
            N_("This customer has no other invoice {number} in the same currency. Import or record it first."),
            number=number,
        )
