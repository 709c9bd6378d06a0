"""The only writers of an organization's own rates of withholding."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.text import slugify

from puntual.audit.actions import Actor, Log, action
from puntual.kernel.problems import N_, Problem
from puntual.payments.withholdings.models import WithholdingRate
from puntual.payments.withholdings.queries import rates_of
from puntual.payments.withholdings.rates import Base
from puntual.receivables.models import ExpectedDeduction


def set_rate(
    by: Actor,
    country: str,
    *,
    name: str,
    percent: Decimal,
    base: str,
    source: str,
    kind: str = ExpectedDeduction.Kind.WITHHOLDING,
    tax_percent: Decimal = Decimal(0),
    from_on: date | None = None,
    until_on: date | None = None,
    group: str = "",
    code: str = "",
) -> WithholdingRate:
    """Have a rate recognized for the creditors of a country from `from_on` (today unless given), with its source.

    With the `code` of another one it stands in its place from that day. Raises Problem for a percentage outside 0 to 100, one of
    the tax without the tax, without a source, or that ends before it begins.
    """
    day = from_on or by.today
    if not 0 < percent <= 100 or not 0 <= tax_percent < 100:
        raise Problem(N_("Give a percentage above 0 and up to 100."))
    if Base(base) != Base.TOTAL and not tax_percent:
        raise Problem(N_("Say how much the tax in the total is: without it the part without tax is not known."))
    if not source.strip() or not name.strip():
        raise Problem(N_("Give the rate a name and say where it stands: law, article, or page of the authority."))
    if until_on and until_on < day:
        raise Problem(N_("It would end before it begins. Check the two days."))
    with action(by, "payments.set_withholding_rate", country=country, percent=percent, why=source) as log:
        return _write(
            by,
            log,
            country=country,
            code=code or f"own_{slugify(name).replace('-', '_')}"[:40],
            name=name.strip()[:120],
            kind=ExpectedDeduction.Kind(kind),
            percent=percent,
            base=Base(base),
            tax_percent=tax_percent,
            group=group,
            from_on=day,
            until_on=until_on,
            source=source.strip()[:300],
            used=True,
        )


def use_rate(by: Actor, country: str, code: str, *, used: bool) -> WithholdingRate:
    """Recognize a rate from today, or no more: who sells no services has no use for rates of services.

    Raises Problem for one that is not there.
    """
    rate = next((one for one in rates_of(by.organization_id, country, by.today) if one.code == code), None)
    if rate is None:
        raise Problem(N_("This rate is not there any more. Reload the page."))
    with action(by, "payments.use_withholding_rate", country=country, code=code, used=used) as log:
        return _write(
            by,
            log,
            country=country,
            code=code,
            name=rate.name,
            kind=rate.kind,
            percent=rate.percent,
            base=rate.base,
            tax_percent=rate.tax_percent,
            group=rate.group,
            from_on=by.today,
            until_on=rate.until_on,
            source=rate.source,
            used=used,
        )


def _write(by: Actor, log: Log, **values: Any) -> WithholdingRate:
    same = WithholdingRate.objects.select_for_update(no_key=True).filter(
        organization_id=by.organization_id,
        country=values["country"],
        code=values["code"],
        from_on=values["from_on"],
        withdrawn_at=None,
    )
    same.update(withdrawn_at=by.now, withdrawn_by=by.name)
    made: WithholdingRate = WithholdingRate.objects.create(
        organization_id=by.organization_id, recorded_at=by.now, recorded_by=by.name, **values
    )
    log.about(made)
    return made


def withdraw_rate(by: Actor, rate_id: UUID) -> WithholdingRate:
    """Take back a rate that was entered: the shipped one counts again, if there is one. Raises WithholdingRate.DoesNotExist."""
    with action(by, "payments.withdraw_withholding_rate") as log:
        rates = WithholdingRate.objects.filter(organization_id=by.organization_id)
        rate = rates.select_for_update(no_key=True).get(id=rate_id)
        log.about(rate)
        if rate.withdrawn_at is None:
            rate.withdrawn_at, rate.withdrawn_by = by.now, by.name
            rate.save(update_fields=["withdrawn_at", "withdrawn_by"])
        return rate
