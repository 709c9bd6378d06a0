"""What the room's stored values are called, in the reader's language."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext, pgettext

from puntual.kernel.problems import N_

REASONS: Final[Mapping[str, str]] = {
    "price": N_("Wrong price"),
    "delivery": N_("Not delivered"),
    "order_number": N_("Missing order number"),
    "duplicate": N_("Invoiced twice"),
    "quality": N_("Quality"),
    "tax": N_("Tax"),
    "other": N_("Other"),
}
CAUSES: Final[Mapping[str, str]] = {
    "pricing": N_("The agreed price was not kept"),
    "ordering": N_("The order was taken down wrongly"),
    "delivery": N_("The delivery"),
    "quality": N_("The quality of the goods or the service"),
    "billing": N_("An error in making out the invoice"),
    "payment": N_("A payment or credit of theirs was not recognized"),
    "customer": N_("A misunderstanding of the customer"),
    "other": N_("Something else"),
}
LIKELY: Final[Mapping[str, str]] = {
    "price": "pricing",
    "delivery": "delivery",
    "order_number": "ordering",
    "duplicate": "billing",
    "quality": "quality",
    "tax": "billing",
    "other": "other",
}
"""The cause that a form proposes for a reason; a person finds out which it was."""


def reason(code: str) -> str:
    """What the customer objects to. Raises KeyError."""
    return gettext(REASONS[code])


def cause(code: str) -> str:
    """Why it came to that, or that nobody has found out yet. Raises KeyError."""
    return gettext(CAUSES[code]) if code else gettext("Not decided yet")


def source(code: str) -> str:
    """How it came to us. Raises KeyError."""
    return {
        "contact": pgettext("dispute", "said in a call, a visit or a meeting"),
        "answer": pgettext("dispute", "written in an answer"),
        "portal": pgettext("dispute", "written on the customers' page"),
        "desk": pgettext("dispute", "recorded by the team"),
        "file": pgettext("dispute", "marked in an imported file"),
    }[code]


def state(code: str) -> str:
    """En revisión, for "open". Raises KeyError."""
    return {
        "open": pgettext("dispute", "Under review"),
        "accepted": pgettext("dispute", "Accepted, document to come"),
        "credited": pgettext("dispute", "Settled by credit note"),
        "corrected": pgettext("dispute", "Settled by a corrected invoice"),
        "rejected": pgettext("dispute", "Rejected"),
        "withdrawn": pgettext("dispute", "Withdrawn"),
    }[code]


def step(code: str) -> str:
    """What was done with it. Raises KeyError."""
    return {
        "restate": pgettext("dispute", "Amount or reason changed"),
        "assign": pgettext("dispute", "Given to somebody else"),
        "extend": pgettext("dispute", "Answer put off"),
        "escalate": pgettext("dispute", "Not answered in time: handed to a manager"),
        "accept": pgettext("dispute", "Accepted"),
        "credit": pgettext("dispute", "Settled by credit note"),
        "correct": pgettext("dispute", "Settled by a corrected invoice"),
        "reject": pgettext("dispute", "Rejected"),
        "withdraw": pgettext("dispute", "Withdrawn"),
        "reopen": pgettext("dispute", "Opened again"),
    }[code]
