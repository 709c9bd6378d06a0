"""What an action on an alert refuses, and what to do instead."""

from puntual.kernel.problems import N_, Problem


class AlreadyClosed(Problem):
    def __init__(self) -> None:
        super().__init__(N_("This alert is closed already. Reopen it first."))


class StillOpen(Problem):
    def __init__(self) -> None:
        super().__init__(N_("This alert is open, or the same thing was raised again since. Look at the open one."))


class NotAnOutcome(Problem):
    def __init__(self) -> None:
        super().__init__(N_("Say what came of it: acted on, a true alarm or a false one."))


class NotAMember(Problem):
    def __init__(self) -> None:
        super().__init__(N_("Nobody of that name signs in here. Choose a member."))
