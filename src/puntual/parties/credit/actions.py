"""The one writer of credit limits."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from puntual.audit.actions import Actor, action
from puntual.kernel.money import is_currency, quantum
from puntual.kernel.problems import N_, Problem
from puntual.parties.credit.models import CreditLimit
from puntual.parties.credit.queries import limits_in_force
from puntual.parties.models import Customer


def keep_limit(
    by: Actor,
    customer_id: UUID,
    *,
    currency: str,
    amount: Decimal | None,
    reason: str,
    source: str = CreditLimit.Source.HAND,
    source_id: UUID | None = None,
    valid_until: date | None = None,
) -> CreditLimit:
    """From today on a customer may owe `amount` in `currency`; None ends the limit, so that none is watched.

    Raises Customer.DoesNotExist; Problem without a reason, for an amount nobody can mean, for a last day that is over and where
    there is no limit to end.
    """
    if not reason.strip():
        raise Problem(N_("Say why: it stays on record beside the limit."))
    if not is_currency(currency):
        raise Problem(N_("“{currency}” is no currency."), currency=currency)
    if amount is not None and (amount < 0 or amount != amount.quantize(quantum(currency))):
        raise Problem(N_("Give an amount in {currency} that is not below zero."), currency=currency)
    if valid_until is not None and valid_until < by.today:
        raise Problem(N_("{day} is over. Give a day to come until which the limit holds."), day=valid_until)
    with action(by, "parties.credit_limit", currency=currency, amount=amount, why=reason.strip()) as log:
        customer = Customer.objects.select_for_update(no_key=True, of=("self",)).select_related("creditor")
        found = customer.get(organization_id=by.organization_id, id=customer_id)
        log.about(found)
        before = next(
            (one for one in limits_in_force(by.organization_id, by.today, [found.id]) if one.currency == currency), None
        )
        log.say(before=before.amount if before else None, valid_until=valid_until)
        if amount is None and before is None and source == CreditLimit.Source.HAND:
            raise Problem(N_("There is no limit in {currency} to end."), currency=currency)
        made = CreditLimit.objects.create(
            organization_id=by.organization_id,
            customer=found,
            currency=currency,
            amount=amount,
            from_on=by.today,
            valid_until=valid_until if amount is not None else None,
            source=source,
            source_id=source_id,
            reason=reason.strip(),
            recorded_at=by.now,
            recorded_by=by.name,
        )
        if currency == found.creditor.currency:
            found.credit_limit = amount
            found.save(update_fields=["credit_limit"])
    return made
