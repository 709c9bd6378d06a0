"""The sample's own loss rates for its provision: of all its customers, and higher ones of those abroad."""

from datetime import date
from decimal import Decimal
from typing import Final

from puntual.analytics.rates.actions import set_loss_rates
from puntual.audit.actions import Actor
from puntual.strategies.segment_actions import store_segment
from puntual.strategies.segments import Condition, Segment

_ABROAD: Final = Segment("exterior", "Clientes del exterior", (Condition("country", "is", ("CL", "CO", "MX", "ES")),))


def set_some_loss_rates(by: Actor) -> None:
    """Rates by age from the first day of the year, and others for the customers abroad."""
    begins = date(by.today.year, 1, 1)
    store_segment(by, _ABROAD)
    set_loss_rates(
        by,
        begins,
        [Decimal(percent) for percent in ("0.5", "2", "5", "12", "35")],
        reason="Castigos de los tres últimos años y previsión de la economía; política contable del año",
    )
    set_loss_rates(
        by,
        begins,
        [Decimal(percent) for percent in ("1", "3.5", "8", "18", "50")],
        reason="Cobrar fuera del país toma más y se pierde más",
        segment=_ABROAD.code,
    )
