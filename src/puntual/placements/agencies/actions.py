"""What is agreed and settled with an agency. Callers import these from `placements.actions`."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from puntual.audit.actions import Actor, action
from puntual.kernel.money import is_currency, round_money
from puntual.kernel.problems import N_, Problem
from puntual.kernel.text import fold
from puntual.placements.agencies.models import Agency, AgencyEntry
from puntual.placements.models import Placement

_PLACES = Decimal("0.0001")


def agency_named(by: Actor, kind: str, name: str) -> Agency:
    """The agency of that kind and name, made where there is none. Part of the action that places something with it."""
    found, _made = Agency.objects.get_or_create(
        organization_id=by.organization_id, kind=kind, key=fold(name)[:150], defaults={"name": name[:150]}
    )
    return found


def agree_commission(by: Actor, agency_id: UUID, percent: Decimal) -> Agency:
    """Say what an agency gets of what is collected: for what is placed from now on, and for what it has without a commission.

    What was placed at another percentage keeps it. Raises Agency.DoesNotExist, Problem for no percentage from 0 to 100.
    """
    if not 0 <= percent <= 100:
        raise Problem(N_("A commission is from 0 to 100 percent."))
    with action(by, "placements.agree_commission", percent=percent) as log:
        found = _locked(by, agency_id)
        log.about(found)
        found.percent = percent.quantize(_PLACES)
        found.save(update_fields=["percent"])
        without = Placement.objects.filter(organization_id=by.organization_id, agency=found, percent=None)
        log.say(placements=without.update(percent=found.percent))
    return found


def record_agency_entry(
    by: Actor, agency_id: UUID, kind: str, amount: Decimal, currency: str, *, on: date, note: str = ""
) -> AgencyEntry:
    """Write down what an agency remitted or kept, or what it was paid; the customers' payments are recorded as always.

    Raises Agency.DoesNotExist, ValueError for an unknown kind, Problem for an amount that is not above nothing in that currency,
    an unknown currency, and a day to come.
    """
    kind = AgencyEntry.Kind(kind)
    if not is_currency(currency):
        raise Problem(N_("“{currency}” is no currency. Use its three letters, such as PEN."), currency=currency)
    if amount <= 0 or round_money(amount, currency) != amount:
        raise Problem(N_("Give an amount above zero, in the currency's own decimals."))
    if on > by.today:
        raise Problem(N_("This day is still to come. Write it down when it has happened."))
    with action(by, "placements.record_agency_entry", kind=kind, amount=amount, currency=currency, on=on) as log:
        found = AgencyEntry.objects.create(
            organization_id=by.organization_id,
            agency=_locked(by, agency_id),
            kind=kind,
            amount=amount,
            currency=currency,
            on=on,
            note=note.strip()[:200],
            recorded_at=by.now,
            recorded_by=by.name,
        )
        log.about(found)
    return found


def withdraw_agency_entry(by: Actor, entry_id: UUID, *, why: str) -> AgencyEntry:
    """Take an entry back that was wrong: it stays on record, and counts no more.

    Raises AgencyEntry.DoesNotExist, Problem without a reason, or where it was taken back already.
    """
    if not why.strip():
        raise Problem(N_("Say why, in a few words: whoever looks at this customer next will want to know."))
    with action(by, "placements.withdraw_agency_entry", why=why.strip()) as log:
        found = AgencyEntry.objects.select_for_update().get(organization_id=by.organization_id, id=entry_id)
        log.about(found)
        if found.withdrawn_on:
            raise Problem(N_("It was taken back already."))
        found.withdrawn_on, found.withdrawn_by, found.withdrawn_why = by.today, by.name, why.strip()[:200]
        found.save(update_fields=["withdrawn_on", "withdrawn_by", "withdrawn_why"])
    return found


def _locked(by: Actor, agency_id: UUID) -> Agency:
    return Agency.objects.select_for_update(no_key=True).get(organization_id=by.organization_id, id=agency_id)
