"""What the landing of a statement refuses."""

from puntual.kernel.problems import N_, Problem


class WhoseAccount(Problem):
    """Nobody said whose account this is; whoever asks names a creditor."""

    def __init__(self, account: str, currency: str) -> None:
        super().__init__(
            N_("Account {account} ({currency}) is not known yet. Say which creditor it belongs to."),
            account=account or "—",
            currency=currency,
        )


class AnotherCreditors(Problem):
    """The account belongs to another creditor than the one that was named."""

    def __init__(self, account: str, creditor: str) -> None:
        super().__init__(
            N_("Account {account} belongs to {creditor}. Bring its statement in without naming another creditor."),
            account=account,
            creditor=creditor,
        )
