"""Reads of rates of withholding. Each names its organization."""

from datetime import date
from uuid import UUID

from puntual.payments.matching.adjusting import Limits
from puntual.payments.withholdings.models import WithholdingRate
from puntual.payments.withholdings.rates import Base, Rate, in_force


def rates_of(organization_id: UUID, country: str, day: date) -> list[Rate]:
    """The rates in force for the creditors of a country, those the organization does not use too; by code."""
    rows = WithholdingRate.objects.filter(organization_id=organization_id, country=country, withdrawn_at=None)
    return in_force(country, day, [_rate(row) for row in rows.order_by("from_on", "id")])


def limits_for(organization_id: UUID, country: str, day: date) -> Limits:
    """What differences the matching may name for a creditor of a country on a day."""
    return Limits(
        withholdings=tuple(rate.as_withholding() for rate in rates_of(organization_id, country, day) if rate.used)
    )


def _rate(row: WithholdingRate) -> Rate:
    return Rate(
        country=row.country,
        code=row.code,
        name=row.name,
        kind=row.kind,
        percent=row.percent,
        base=Base(row.base),
        from_on=row.from_on,
        source=row.source,
        confidence="",
        tax_percent=row.tax_percent,
        group=row.group,
        until_on=row.until_on,
        own=True,
        used=row.used,
    )
