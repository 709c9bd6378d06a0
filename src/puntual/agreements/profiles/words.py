"""Profiles in the reader's words."""

from django.utils.translation import gettext as _

from puntual.agreements.profiles.findings import Procedure, procedure
from puntual.agreements.profiles.models import Finding
from puntual.kernel.problems import N_

REASONS = {
    "forgotten": N_("it was forgotten"),
    "paperwork": N_("a document or an approval is missing"),
    "disagrees": N_("does not agree with the invoice"),
    "late_income": N_("waits to be paid itself"),
    "short_of_cash": N_("short of cash at the moment"),
    "lost_income": N_("lost income or sales"),
    "illness": N_("illness or a loss in the family"),
    "closing": N_("is closing or insolvent"),
    "priorities": N_("pays others first"),
    "other": N_("another reason"),
}
PROCEDURES = {
    Procedure.CAN_AND_WANTS: N_("can and wants to pay"),
    Procedure.WANTS_BUT_CANNOT: N_("wants to pay but cannot now"),
    Procedure.CAN_BUT_DOES_NOT_WANT: N_("can pay but does not want to"),
    Procedure.NEITHER: N_("neither can nor wants to pay"),
}


def profile(willing: bool | None, able: bool | None) -> str:
    """ "wants to pay but cannot now"; what is known where only one of the two is; "" where neither is."""
    found = procedure(willing, able)
    if found:
        return _(PROCEDURES[found])
    if willing is not None:
        return _("wants to pay") if willing else _("does not want to pay")
    if able is not None:
        return _("can pay") if able else _("cannot pay now")
    return ""


def reason(code: str) -> str:
    """Why something is in arrears; "" where that is not known."""
    return _(REASONS[code]) if code in REASONS else ""


def in_words(found: Finding) -> str:
    """What a finding says: "wants to pay but cannot now; waits to be paid itself"."""
    return "; ".join(filter(None, (profile(found.willing, found.able), reason(found.reason))))
