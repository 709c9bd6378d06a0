"""Alerts as pages show them: what changed, its shape, whose it is and what can be done with it."""

from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from puntual.analytics.alerts.models import Alert
from puntual.analytics.alerts.words import kind_label, sentence
from puntual.desk import formats
from puntual.desk.sparks import spark


@dataclass(frozen=True, slots=True)
class Shown:
    """One alert, ready for a template."""

    alert: Alert
    kind: str
    says: str
    chart: SafeString


def shown(alert: Alert) -> Shown:
    """In the reader's language and formats."""
    return Shown(alert, kind_label(alert.kind), sentence(alert, formats.current()), chart(alert))


def chart(alert: Alert) -> SafeString:
    """The shape of the change, with its numbers for who cannot see it."""
    values = ", ".join(formats.number(round(value)) for value in alert.series)
    label = f"{kind_label(alert.kind)}: {values}"
    if alert.usual is not None:
        label += "; " + _("as a rule {usual}").format(usual=formats.number(round(alert.usual)))
    return spark(alert.series, label, fresh=alert.fresh, usual=alert.usual)
