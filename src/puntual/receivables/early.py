"""Actions on discounts for paying early. Callers import them from `actions`, except for what payments ask."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from puntual.audit.actions import Actor, action
from puntual.kernel.problems import N_, Problem
from puntual.parties.models import Customer
from puntual.receivables.early_terms import MOST_DAYS, MOST_PERCENT, kept
from puntual.receivables.models import EarlyDiscount, EarlyTerms, Entry, Installment, Invoice
from puntual.receivables.postings import Posting, lock_item, post, reverse
from puntual.receivables.problems import NothingOpen

State = EarlyDiscount.State


def set_early_terms(
    by: Actor, customer_id: UUID, *, percent: Decimal, days: int, from_on: date | None = None, reason: str = ""
) -> EarlyTerms:
    """From the invoices issued on `from_on` (today unless given) a customer may keep `percent` of each that it pays within `days`
    of its issue. It replaces what stood before.

    Raises Customer.DoesNotExist, Problem for a percent or days nobody grants.
    """
    _check(percent)
    if not 0 < days <= MOST_DAYS:
        raise Problem(N_("Give from 1 to {most} days."), most=MOST_DAYS)
    with action(by, "receivables.set_early_terms", percent=percent, days=days, why=reason) as log:
        customer = Customer.objects.select_for_update(no_key=True).get(
            organization_id=by.organization_id, id=customer_id
        )
        begins = from_on or by.today
        _end(by, customer.id, begins)
        made = EarlyTerms.objects.create(
            organization_id=by.organization_id,
            customer=customer,
            percent=percent,
            days=days,
            from_on=begins,
            reason=reason,
            recorded_at=by.now,
            recorded_by=by.name,
        )
        log.about(made)
        return made


def end_early_terms(by: Actor, customer_id: UUID) -> None:
    """No invoice issued from today on has them any more; what was promised on others stays. Raises Customer.DoesNotExist."""
    with action(by, "receivables.end_early_terms") as log:
        customer = Customer.objects.select_for_update(no_key=True).get(
            organization_id=by.organization_id, id=customer_id
        )
        log.about(customer)
        _end(by, customer.id, by.today)


def early_terms_of(organization_id: UUID, customer_id: UUID) -> EarlyTerms | None:
    """The terms that stand."""
    return EarlyTerms.objects.filter(
        organization_id=organization_id, customer_id=customer_id, ended_on__isnull=True
    ).first()


def _end(by: Actor, customer_id: UUID, on: date) -> None:
    EarlyTerms.objects.filter(
        organization_id=by.organization_id, customer_id=customer_id, ended_on__isnull=True
    ).update(ended_on=on, ended_by=by.name)


def agree_early_discount(
    by: Actor,
    installment_id: UUID,
    *,
    percent: Decimal,
    until_on: date,
    source: str = EarlyDiscount.Source.BENEFIT,
    reason: str = "",
    offer: str = "",
) -> EarlyDiscount:
    """Let `percent` of an installment be kept if the rest is paid through `until_on`. It replaces one that was agreed before.

    Raises Installment.DoesNotExist, NothingOpen, Problem for a percent nobody grants or a day that is over.
    """
    _check(percent)
    with action(by, "receivables.agree_early_discount", percent=percent, until=until_on, why=reason) as log:
        item = lock_item(by.organization_id, installment_id)
        if not item.open_amount:
            raise NothingOpen(item.invoice.number)
        if until_on < by.today:
            raise Problem(N_("{until} is over. Give today or a later day."), until=until_on)
        _standing(by, item.id).update(state=State.WITHDRAWN, ended_on=by.today)
        made = _discount(by, item, percent, until_on, source, reason, offer)
        made.save(force_insert=True)
        log.about(made)
        log.say(number=item.invoice.number, amount=made.amount, currency=item.currency)
        return made


def withdraw_early_discount(by: Actor, discount_id: UUID, *, why: str) -> EarlyDiscount:
    """It was recorded by mistake; one that ended stays as it was. Raises EarlyDiscount.DoesNotExist."""
    with action(by, "receivables.withdraw_early_discount", why=why) as log:
        found = EarlyDiscount.objects.select_for_update(no_key=True).get(
            organization_id=by.organization_id, id=discount_id
        )
        log.about(found)
        if found.state == State.OPEN:
            found.state, found.ended_on = State.WITHDRAWN, by.today
            found.save(update_fields=["state", "ended_on"])
        return found


def early_by_terms(by: Actor, installment_ids: Collection[UUID], customer_ids: Collection[UUID]) -> None:
    """Give what was just issued the discounts of its customers' terms; one small query where none of them has any."""
    terms = {
        one.customer_id: one
        for one in EarlyTerms.objects.filter(
            organization_id=by.organization_id, customer_id__in=list(customer_ids), ended_on__isnull=True
        )
    }
    if not terms:
        return
    items = Installment.objects.select_related("invoice").filter(
        organization_id=by.organization_id,
        id__in=list(installment_ids),
        customer_id__in=list(terms),
        invoice__kind=Invoice.Kind.INVOICE,
    )
    made = []
    for item in items.order_by("id"):
        one = terms[item.customer_id]
        if item.invoice.issued_on < one.from_on:
            continue
        until_on = item.invoice.issued_on + timedelta(days=one.days)
        discount = _discount(by, item, one.percent, until_on, EarlyDiscount.Source.TERMS, "", "")
        if discount.amount > 0:
            made.append(discount)
    EarlyDiscount.objects.bulk_create(made)


def early_from_file(by: Actor, rows: Collection[tuple[UUID, Decimal, date]]) -> None:
    """What a file says of invoices it has just brought: (installment, percent, until). A customer's own terms give way."""
    wanted = {installment: (percent, until_on) for installment, percent, until_on in rows}
    items = Installment.objects.select_related("invoice").filter(
        organization_id=by.organization_id, id__in=list(wanted), open_amount__gt=0
    )
    if not wanted:
        return
    with action(by, "receivables.early_from_file", rows=len(wanted)):
        EarlyDiscount.objects.filter(
            organization_id=by.organization_id, installment_id__in=list(wanted), state=State.OPEN
        ).update(state=State.WITHDRAWN, ended_on=by.today)
        made = [_discount(by, item, *wanted[item.id], EarlyDiscount.Source.FILE, "", "") for item in items]
        EarlyDiscount.objects.bulk_create([one for one in made if one.amount > 0])


def settle_early(by: Actor, payment_id: UUID, paid: Iterable[Installment], received_on: date) -> Decimal:
    """What a payment left open of these items, locked and read again since, is kept by the customer where it is exactly an agreed
    discount and the money came in time; where it came late, the discount is missed and the rest stays asked for.

    Returns how much was taken. It joins the action that is under way.
    """
    open_ones = {item.id: item for item in paid if item.open_amount > 0}
    agreed = EarlyDiscount.objects.filter(
        organization_id=by.organization_id, installment_id__in=list(open_ones), state=State.OPEN
    )
    taken = Decimal(0)
    for one in agreed.order_by("installment_id") if open_ones else ():
        item = open_ones[one.installment_id]
        if item.open_amount - item.expected_deduction != one.amount:
            continue
        one.ended_on, one.payment_id = by.today, payment_id
        if received_on <= one.until_on:
            posting = Posting(item, Entry.Kind.DISCOUNT, -one.amount, source_id=payment_id, memo="discount")
            post(by, [posting], received_on)
            one.state = State.TAKEN
            taken += one.amount
        else:
            one.state, one.days_late = State.MISSED, (received_on - one.until_on).days
        one.save(update_fields=["state", "ended_on", "payment_id", "days_late"])
    return taken


def give_back_early(by: Actor, payment_id: UUID, installment_ids: Collection[UUID], day: date, why: str) -> None:
    """A payment was taken off these locked items: what was kept with it is owed again, and may be kept if money comes in time."""
    ended = EarlyDiscount.objects.filter(
        organization_id=by.organization_id,
        payment_id=payment_id,
        installment_id__in=list(installment_ids),
        state__in=(State.TAKEN, State.MISSED),
    )
    found = list(ended.order_by("installment_id"))
    if not found:
        return
    entries = Entry.objects.filter(
        organization_id=by.organization_id,
        source_id=payment_id,
        kind=Entry.Kind.DISCOUNT,
        amount__lt=0,
        installment_id__in=[one.installment_id for one in found],
    )
    undone = Entry.objects.filter(organization_id=by.organization_id, reverses__in=entries.values("id"))
    reverse(by, list(entries.exclude(id__in=undone.values("reverses_id"))), day, why)
    ended.update(state=State.OPEN, ended_on=None, payment_id=None, days_late=None)


def discounts_of(organization_id: UUID, invoice_id: UUID) -> list[EarlyDiscount]:
    """Every discount of an invoice's installments, the latest first."""
    rows = EarlyDiscount.objects.filter(organization_id=organization_id, installment__invoice_id=invoice_id)
    return list(rows.order_by("-recorded_at", "-id"))


def with_discount(organization_id: UUID, installment_ids: Collection[UUID]) -> set[UUID]:
    """Those of the items of which something may still be kept; one small query."""
    rows = EarlyDiscount.objects.filter(
        organization_id=organization_id, installment_id__in=list(installment_ids), state=State.OPEN
    )
    return set(rows.values_list("installment_id", flat=True))


def with_discount_taken(organization_id: UUID, payment_ids: Any) -> dict[UUID, list[UUID]]:
    """The items whose discount was taken, or missed, with one of these payments (ids, or a query of them), by payment."""
    rows = EarlyDiscount.objects.filter(
        organization_id=organization_id, payment_id__in=payment_ids, state__in=(State.TAKEN, State.MISSED)
    )
    found: dict[UUID, list[UUID]] = {}
    for payment_id, installment_id in rows.values_list("payment_id", "installment_id"):
        if payment_id:
            found.setdefault(payment_id, []).append(installment_id)
    return found


def took_early(organization_id: UUID, payment_id: UUID, installment_id: UUID) -> bool:
    """Whether an agreed discount of an item was taken with a payment."""
    return EarlyDiscount.objects.filter(
        organization_id=organization_id, payment_id=payment_id, installment_id=installment_id, state=State.TAKEN
    ).exists()


@dataclass(frozen=True, slots=True)
class Early:
    """An open item's discount on a day: `pay` by `until_on`, and `keep` the rest."""

    installment_id: UUID
    currency: str
    percent: Decimal
    keep: Decimal
    pay: Decimal
    until_on: date


def early_of(organization_id: UUID, installment_ids: Collection[UUID | str], day: date) -> dict[str, Early]:
    """What may still be kept of these items if they are paid in time, by the text of their ids; one query."""
    return {str(one.installment_id): one for one in _earlies(organization_id, installment_ids, day)}


def _earlies(organization_id: UUID, installment_ids: Collection[UUID | str], day: date) -> Iterator[Early]:
    rows = EarlyDiscount.objects.filter(
        organization_id=organization_id, installment_id__in=list(installment_ids), state=State.OPEN, until_on__gte=day
    ).select_related("installment")
    for one in rows.order_by("until_on", "id"):
        item = one.installment
        pay = item.open_amount - item.expected_deduction - one.amount
        if pay > 0:
            yield Early(item.id, item.currency, one.percent, one.amount, pay, one.until_on)


def _check(percent: Decimal) -> None:
    if not 0 < percent <= MOST_PERCENT:
        raise Problem(N_("Give a percent above zero, of {most} at most."), percent=percent, most=MOST_PERCENT)


def _standing(by: Actor, installment_id: UUID) -> QuerySet[EarlyDiscount]:
    return EarlyDiscount.objects.filter(
        organization_id=by.organization_id, installment_id=installment_id, state=State.OPEN
    )


def _discount(
    by: Actor, item: Installment, percent: Decimal, until_on: date, source: str, reason: str, offer: str
) -> EarlyDiscount:
    return EarlyDiscount(
        organization_id=by.organization_id,
        installment=item,
        source=EarlyDiscount.Source(source),
        percent=percent,
        amount=kept(item.amount, percent, item.currency),
        until_on=until_on,
        agreed_on=by.today,
        reason=reason[:200],
        offer=offer,
        recorded_at=by.now,
        recorded_by=by.name,
    )
