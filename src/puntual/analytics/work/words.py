"""Why something stands where it stands in the order of the work, in the reader's words."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from puntual.analytics.work.worth import Worth


def why_here(worth: Worth, amount: str, ahead: int) -> str:
    """One sentence with the parts of the value. `amount` is what is asked for, in words; `ahead` how many are worth more."""
    if not worth.reach:
        return _("Last, because there is no number or address to reach them at.")
    said = (
        _(
            "{amount} × {risk}% risk that it stays unpaid, by the learned model and how they paid × {reach}% chance to reach"
            " somebody"
        )
        if worth.by_model
        else _("{amount} × {risk}% risk that it stays unpaid × {reach}% chance to reach somebody")
    )
    parts = said.format(amount=amount, risk=_percent(worth.risk), reach=_percent(worth.reach))
    if worth.cost:
        parts = _("{parts}, less what it costs").format(parts=parts)
    if not ahead:
        return _("First, because nothing on the list is worth more now: {parts}.").format(parts=parts)
    said = ngettext(
        "In this place, because {n} on the list is worth more now: {parts}.",
        "In this place, because {n} on the list are worth more now: {parts}.",
        ahead,
    )
    return said.format(n=ahead, parts=parts)


def caveat() -> str:
    """What the risk is not."""
    return _(
        "The risk is that it is still unpaid in two weeks, by how they paid before. How much of it a call changes is not known "
        "until an experiment has measured it."
    )


def _percent(share: object) -> int:
    return round(float(str(share)) * 100)
