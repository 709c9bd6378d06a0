"""Where a pause ends: by hand, or with the agreement or dispute it stands for."""

from puntual.receivables.holds import lifted_by_hand
from puntual.receivables.models import Hold

LIST = "placements"
"""Every role reads that list, and recalls from it where it may; it is of no single placement."""
_PAGES = {
    Hold.Reason.PROMISE: "promise",
    Hold.Reason.PLAN: "plan",
    Hold.Reason.EXTENSION: "extension_withdraw",
    Hold.Reason.DISPUTE: "dispute",
    Hold.Reason.INSTRUMENT: "instrument",
    Hold.Reason.PLACEMENT: LIST,
}
"""The page, named by its source but for LIST, where what a pause stands for is ended."""


def page_of(hold: Hold) -> str:
    """The name of the page where what it stands for is ended; "" for one that is lifted by hand."""
    return "" if lifted_by_hand(hold) else _PAGES[Hold.Reason(hold.reason)]
