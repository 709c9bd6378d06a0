"""The only writers of payment links: a checkout is made, and what the provider reports of it is recorded once."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from puntual.audit.actions import Actor, action
from puntual.kernel.ids import uuid7
from puntual.kernel.money import from_minor, to_minor
from puntual.kernel.problems import N_, Problem
from puntual.parties.models import Customer
from puntual.payments.actions import record_payment, reverse_payment
from puntual.payments.links.accounts import Account
from puntual.payments.links.providers import make_checkout, takes
from puntual.payments.links.reports import Order, Report
from puntual.payments.models import Payment, PaymentLink, PaymentLinkEvent, PaymentLinkItem
from puntual.receivables.actions import Designation
from puntual.receivables.models import Installment

LASTS: Final = timedelta(hours=23)
"""How long a checkout can be used: Stripe takes at most 24 hours."""
_REUSED: Final = timedelta(hours=1)


def start_checkout(
    by: Actor,
    account: Account,
    customer_id: UUID,
    *,
    currency: str,
    items: Sequence[Designation],
    title: str,
    back: str,
) -> PaymentLink:
    """A checkout for these items, each with its amount. The same asked for within an hour, and not paid, is the one there is.

    The provider is spoken to inside the transaction, for as long as one request takes. Raises Customer.DoesNotExist,
    Problem where nothing is to be paid, where the provider does not take the currency, and where it makes no checkout.
    """
    total = sum((one.amount or Decimal(0) for one in items), Decimal(0))
    if total <= 0:
        raise Problem(N_("Nothing is open that could be paid now."))
    if not takes(account.provider, currency):
        raise Problem(N_("{name} does not take this currency. Pay by bank transfer."), name=account.name)
    with action(by, "payments.start_checkout", provider=account.provider, amount=total, currency=currency) as log:
        customer = Customer.objects.select_for_update(no_key=True).get(
            organization_id=by.organization_id, id=customer_id
        )
        wanted = {one.item_id: one.amount for one in items}
        before = PaymentLink.objects.filter(
            organization_id=by.organization_id,
            customer=customer,
            provider=account.provider,
            currency=currency,
            amount=total,
            received_minor=0,
            made_at__gt=by.now - _REUSED,
        ).exclude(url="")
        for link in before.order_by("-made_at"):
            rows = PaymentLinkItem.objects.filter(organization_id=by.organization_id, link=link)
            if dict(rows.values_list("installment_id", "amount")) == wanted:
                log.about(link)
                log.say(repeated=True)
                return link
        key = uuid7()
        link = PaymentLink(
            id=key,
            organization_id=by.organization_id,
            creditor_id=customer.creditor_id,
            customer=customer,
            provider=account.provider,
            reference=f"PL-{key.hex}",
            currency=currency,
            amount=total,
            made_at=by.now,
            ends_at=by.now + LASTS,
        )
        checkout = make_checkout(
            account,
            Order(link.reference, currency, to_minor(total, currency), title[:120], back, link.ends_at),
        )
        link.provider_key, link.url = checkout.key, checkout.url
        link.save(force_insert=True)
        PaymentLinkItem.objects.bulk_create(
            PaymentLinkItem(
                organization_id=by.organization_id, link=link, installment_id=one.item_id, amount=one.amount
            )
            for one in items
        )
        log.about(link)
        log.say(customer=customer.id, reference=link.reference)
        return link


def take_report(by: Actor, account: Account, report: Report) -> str:
    """Do what a report says: `changed`, `known` for one that was acted upon before, `unknown` where it is about no link of ours.

    What came in is recorded as a payment and set against the link's items; a refund, whole or in part, or a chargeback reverses
    it, and what remains is recorded again. Reports may come in any order and more than once. Raises what recording and reversing
    a payment raise.
    """
    with action(by, "payments.take_link_report", provider=account.provider, kind=report.kind) as log:
        link = _link(by, account, report)
        if link is None:
            log.say(unknown=True)
            return "unknown"
        log.about(link)
        done = PaymentLinkEvent.objects.filter(
            organization_id=by.organization_id, link=link, event_key=report.event_key
        )
        if done.exists():
            log.say(repeated=True)
            return "known"
        before = _net(link)
        link.paid_key = link.paid_key or report.paid_key
        link.paid_on = link.paid_on or report.on or (by.today if report.received is not None else None)
        link.received_minor = max(link.received_minor, report.received or 0)
        link.refunded_minor = max(link.refunded_minor, report.refunded or 0)
        if report.disputed is not None:
            link.disputed = report.disputed
        currency = report.currency or link.currency
        if _net(link) != before:
            _set_received(by, link, currency, report.kind)
        link.save()
        PaymentLinkEvent.objects.create(
            organization_id=by.organization_id,
            link=link,
            event_key=report.event_key,
            kind=report.kind,
            outcome="changed" if _net(link) != before else "same",
            received_at=by.now,
        )
        log.say(reference=link.reference, before=before, now=_net(link), currency=currency)
        return "changed"


def _net(link: PaymentLink) -> int:
    return 0 if link.disputed else max(link.received_minor - link.refunded_minor, 0)


def _link(by: Actor, account: Account, report: Report) -> PaymentLink | None:
    """The link a report is about, locked: by our reference, or by what the provider calls the payment."""
    links = PaymentLink.objects.select_for_update(no_key=True, of=("self",)).filter(
        organization_id=by.organization_id, provider=account.provider, creditor__code=account.creditor
    )
    if report.reference:
        return links.filter(reference=report.reference).first()
    return links.filter(paid_key=report.paid_key).first() if report.paid_key else None


def _set_received(by: Actor, link: PaymentLink, currency: str, why: str) -> None:
    """Make the payment that stands for the link what came in and stayed."""
    if link.payment_id is not None:
        live = Payment.objects.filter(
            organization_id=by.organization_id, id=link.payment_id, reversed_on=None, withdrawn_on=None
        )
        if live.exists():  # a person may have reversed it already
            reverse_payment(by, link.payment_id, reason=why)
        link.payment = None
    net = _net(link)
    if not net:
        return
    link.times += 1
    first = link.times == 1
    # Money in another currency than was asked for is never applied by itself.
    same = currency == link.currency
    link.payment = record_payment(
        by,
        customer_id=link.customer_id,
        reference=link.reference if first else f"{link.reference}-{link.times}",
        received_on=min(link.paid_on or by.today, by.today) if first else by.today,
        currency=currency,
        amount=from_minor(net, currency),
        designations=_designations(by, link, net) if same else (),
        oldest_first=False,
        method=Payment.Method.CARD if link.provider == "stripe" else Payment.Method.OTHER,
        memo=f"{link.provider} {link.paid_key}"[:300],
    )


def _designations(by: Actor, link: PaymentLink, net: int) -> list[Designation]:
    """What the money is for: the link's items as far as they are open and it reaches; the rest stays on account."""
    items = PaymentLinkItem.objects.filter(organization_id=by.organization_id, link=link).order_by("id")
    wanted = list(items.values_list("installment_id", "amount"))
    rows = Installment.objects.filter(organization_id=by.organization_id, id__in=[key for key, _amount in wanted])
    left, money = dict(rows.values_list("id", "open_amount")), from_minor(net, link.currency)
    found = []
    for key, amount in wanted:
        part = min(amount, left[key], money)
        if part > 0:
            found.append(Designation(key, part))
            money -= part
    return found
