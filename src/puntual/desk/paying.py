"""How a customer pays, in words."""

from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from puntual.analytics.behavior import Behavior, Trend
from puntual.desk import formats

_MONDAY, _DAY = date(2024, 1, 1), timedelta(days=1)


def paying(behavior: Behavior) -> str:
    """How the customer pays, in two or three short sentences; empty where nothing was settled yet."""
    if behavior.mean_days is None:
        return ""
    days = abs(behavior.mean_days)
    if behavior.mean_days > 0:
        text = ngettext("{n} day late on average.", "{n} days late on average.", days)
    elif behavior.mean_days < 0:
        text = ngettext("{n} day early on average.", "{n} days early on average.", days)
    else:
        text = _("On the day, on average.")
    parts = [text.format(n=formats.number(days))]
    count = len(behavior.settled)
    on_time = ngettext("{on_time} of the last {n} on time.", "{on_time} of the last {n} on time.", count)
    parts.append(on_time.format(on_time=formats.number(behavior.on_time), n=formats.number(count)))
    if behavior.trend == Trend.LATER:
        parts.append(_("Lately it takes longer."))
    elif behavior.trend == Trend.SOONER:
        parts.append(_("Lately it takes less."))
    if behavior.weekday is not None:
        parts.append(
            _("It usually pays on a {weekday}.").format(weekday=formats.weekday(_MONDAY + behavior.weekday * _DAY))
        )
    return " ".join(parts)
