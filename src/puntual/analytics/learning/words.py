"""What chances come from and why, in the reader's words."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.utils.formats import number_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from puntual.analytics.learning.features import Reason
from puntual.analytics.learning.models import ScoreModel
from puntual.outreach.formats import locale_of, long_date

MOST = 3
_TELLING = 0.1
"""In log-odds: what adds less than that is no reason."""


def told(found: ScoreModel | None) -> str:
    """What chances come from, since when and why; "" where nothing was ever tried, and no model is known of."""
    if found is None or found.outcome == ScoreModel.Outcome.NOT_INSTALLED:
        return ""
    if found.outcome == ScoreModel.Outcome.TOO_LITTLE:
        return _("Chances are each customer's own rate: on {day} there was too little past to try a model on.").format(
            day=day_said(found.day)
        )
    if found.outcome == ScoreModel.Outcome.BETTER:
        said = _(
            "Chances come from a model learned from this ledger, since {day}: over {months} months past and {customers} customers"
            " its mean squared error × 100 was {model}, that of each customer's own rate {own}. The difference of {difference}"
            " lies between {low} and {high} (95%, by customer)."
        )
    else:
        said = _(
            "Chances are each customer's own rate: a model learned from this ledger was not surely better on {day}. Over {months}"
            " months past and {customers} customers its mean squared error × 100 was {model}, that of each customer's own rate"
            " {own}. The difference of {difference} lies between {low} and {high} (95%, by customer)."
        )
    own, model = found.own_error or 0.0, found.model_error or 0.0
    return said.format(
        day=day_said(found.used_since or found.day),
        months=found.months,
        customers=number_format(found.customers, force_grouping=True),
        model=_points(model),
        own=_points(own),
        difference=_points(own - model),
        low=_points(found.low or 0.0),
        high=_points(found.high or 0.0),
    )


def own_rate(late: int, settled: int) -> str:
    """Why a customer's own rate is what it is."""
    if not settled:
        return _("nothing was settled yet, so what everybody pays late")
    return ngettext("{late} of {settled} item paid late", "{late} of {settled} items paid late", settled).format(
        late=late, settled=settled
    )


class Known(NamedTuple):
    """What is said of a customer in reasons: items settled and late, usual days late, and items overdue now."""

    late: int
    settled: int
    usual: int | None
    behind: int


def reasons(found: Iterable[Reason], known: Known) -> str:
    """The largest of them, three at the most: what raises the chance and what lowers it beside what is usual."""
    telling = sorted((one for one in found if abs(one.odds) >= _TELLING), key=lambda one: (-abs(one.odds), one.name))[
        :MOST
    ]
    parts = []
    if raising := [_said(one, known) for one in telling if one.odds > 0]:
        parts.append(_("Raised by: {what}.").format(what="; ".join(raising)))
    if lowering := [_said(one, known) for one in telling if one.odds < 0]:
        parts.append(_("Lowered by: {what}.").format(what="; ".join(lowering)))
    return " ".join(parts) or _("Like most others.")


def _said(one: Reason, known: Known) -> str:
    if one.name == "rate":
        return own_rate(known.late, known.settled)
    if one.name == "overdue":
        if not known.behind:
            return _("nothing is overdue now")
        said = ngettext("{n} item is overdue now", "{n} items are overdue now", known.behind)
        return said.format(n=known.behind)
    if one.name == "days" and known.usual is not None and known.usual > 0:
        said = ngettext("usually pays {n} day late", "usually pays {n} days late", known.usual)
        return said.format(n=known.usual)
    more, less = {
        "days": (_("pays later than most"), _("usually pays in time")),
        "lately": (_("late more often in the last half year"), _("late less often in the last half year")),
        "new": (_("few items settled before"), _("many items settled before")),
        "terms": (_("more days to pay than most"), _("fewer days to pay than most")),
        "size": (_("larger amounts than most"), _("smaller amounts than most")),
        "own_size": (_("a larger amount than their usual ones"), _("a smaller amount than their usual ones")),
        "creditor": (
            _("this creditor's customers pay late more often"),
            _("this creditor's customers pay late less often"),
        ),
        "season": (_("expected in a month when many pay late"), _("expected in a month when few pay late")),
    }[one.name]
    return more if one.above else less


def _points(share: float) -> str:
    return str(number_format(round(share * 100, 2), 2))


def day_said(day: date) -> str:
    """A day as the reader writes it."""
    return long_date(day, locale_of(get_language() or "en", ""))
