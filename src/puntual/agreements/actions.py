"""Everything that may be done about what was agreed: the one place other rooms import its verbs from."""

from puntual.agreements.approvals import decide
from puntual.agreements.profiles.actions import record_finding

__all__ = [
    "decide",
    "record_finding",
]
