"""Early alerts in the sample: raised on Mondays, and closed some days later with what came of them."""

from datetime import timedelta
from random import Random

from puntual.analytics.alerts.actions import close_alert, raise_alerts
from puntual.analytics.alerts.models import Alert
from puntual.audit.actions import Actor
from puntual.tenancy.scope import acting_for

_CAME = {
    "acted": "Se llamó y quedó en ponerse al día.",
    "true_alarm": "Cambió de proveedor de planilla; se vigila.",
    "false_alarm": "Pagó a otra cuenta: ya está aplicado.",
}


def watch(by: Actor, random: Random) -> None:
    """Raise what changed, and close most of what is older than ten days."""
    raise_alerts(by)
    with acting_for(by.organization_id):
        old = list(Alert.objects.filter(state="open", raised_on__lte=by.today - timedelta(days=10)).order_by("id"))
    for alert in old:
        if random.random() < 0.7:
            outcome = random.choices(list(_CAME), [5, 3, 2])[0]
            close_alert(by, alert.id, outcome, _CAME[outcome])
