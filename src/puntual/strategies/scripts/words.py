"""What the situations of a negotiation are called, in the reader's language."""

from django.utils.translation import gettext as _

from puntual.agreements.profiles.findings import Procedure
from puntual.agreements.profiles.words import PROCEDURES


def situation_name(code: str) -> str:
    """ "can pay but does not want to", for a situation of `negotiation.SITUATIONS`."""
    return _(PROCEDURES[Procedure(code)]) if code in PROCEDURES else _("not known yet")
