"""Actions on late interest: turning it on and off, entering rates, charging. Callers import them from `receivables.actions`."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction

from puntual.audit.actions import Actor, action
from puntual.kernel.ids import uuid7
from puntual.kernel.problems import N_, Problem
from puntual.kernel.references import document_key
from puntual.parties.models import Creditor, Customer
from puntual.receivables.interest.facts import late_items, rates_of, these_items
from puntual.receivables.interest.laws import laws, series
from puntual.receivables.interest.models import InterestCharge, InterestTerms, OwnRate
from puntual.receivables.interest.queries import standing_terms
from puntual.receivables.interest.statement import as_data, once_as_data
from puntual.receivables.interest.working import AGREED, Accrual, Terms, not_offered, work_out
from puntual.receivables.models import Entry, Installment, Invoice
from puntual.receivables.postings import Posting, check_days, lock, post
from puntual.receivables.problems import FutureDate


@dataclass(slots=True)
class Charged:
    """What a run charged: how many documents, and how much in each currency."""

    charges: int = 0
    totals: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))


def set_interest_terms(
    by: Actor,
    creditor_id: UUID,
    basis: str,
    *,
    customer_id: UUID | None = None,
    from_on: date | None = None,
    percent: Decimal | None = None,
    clause: str = "",
    fixed: bool = False,
    pay_within: int = 30,
) -> InterestTerms:
    """Charge late interest for a creditor, or otherwise for one of its customers, from `from_on` (today unless given): by the
    law of the creditor's country, or at `percent` a year as agreed in `clause`; or never (a customer). It replaces what
    stood before.

    Raises DoesNotExist of what is named; Problem where that country's law is not known here, or grants no such rate.
    """
    with action(by, "receivables.set_interest_terms", basis=basis, percent=percent, why=clause) as log:
        creditor = Creditor.objects.select_for_update(no_key=True).get(
            organization_id=by.organization_id, id=creditor_id
        )
        customer = None
        if customer_id is not None:
            customer = Customer.objects.get(organization_id=by.organization_id, id=customer_id, creditor=creditor)
        kind = InterestTerms.Basis(basis)
        if kind == InterestTerms.Basis.AGREED and (not percent or percent <= 0 or not clause.strip()):
            raise Problem(
                N_("An agreed rate needs its percent a year and where it was agreed. Give both."),
                beside="clause" if percent and percent > 0 else "percent",
            )
        agreed = kind == InterestTerms.Basis.AGREED
        terms = Terms(kind, from_on or by.today, percent if agreed else None, clause.strip(), fixed, pay_within)
        law = laws().get(creditor.country)
        currency = next(iter(law.currencies), "") if law else ""
        refusal = not_offered(law, terms, creditor.country, currency, bool(customer and customer.consumer))
        if refusal and kind != InterestTerms.Basis.NEVER:
            raise Problem(refusal.message, **refusal.details)
        _end(by, creditor_id, customer_id)
        made = InterestTerms.objects.create(
            organization_id=by.organization_id,
            creditor=creditor,
            customer=customer,
            basis=kind,
            percent=terms.percent,
            clause=terms.clause,
            fixed=fixed,
            pay_within=pay_within,
            from_on=terms.from_on,
            created_at=by.now,
            created_by=by.name,
        )
        log.about(made)
        log.say(from_on=terms.from_on, fixed=fixed)
        return made


def end_interest_terms(by: Actor, creditor_id: UUID, *, customer_id: UUID | None = None) -> None:
    """Charge no late interest for a creditor any more; or for one of its customers as for the others. What was charged stays."""
    with action(by, "receivables.end_interest_terms", creditor=creditor_id, customer=customer_id) as log:
        creditor = Creditor.objects.select_for_update(no_key=True).get(
            organization_id=by.organization_id, id=creditor_id
        )
        log.about(creditor)
        _end(by, creditor_id, customer_id)


def _end(by: Actor, creditor_id: UUID, customer_id: UUID | None) -> None:
    standing = standing_terms(by.organization_id, creditor_id, customer_id)
    if standing:
        standing.ended_at, standing.ended_by = by.now, by.name
        standing.save(update_fields=["ended_at", "ended_by"])


def add_rate(
    by: Actor, name: str, valid_from: date, percent: Decimal, *, source: str, valid_to: date | None = None
) -> OwnRate:
    """Enter a row of a published rate, in percent a year, with its source. The same day again replaces the row entered before.

    Raises Problem for a rate nobody publishes, without a source, or where it ends before it begins.
    """
    if name not in series():
        raise Problem(N_("There is no published rate “{name}”. Choose one of the list."), name=name)
    if not source.strip():
        raise Problem(N_("Say where the rate was published: without a source it is not used."))
    if percent < 0 or (valid_to and valid_to < valid_from):
        raise Problem(N_("Check the rate: it is not below zero, and does not end before it begins."))
    with action(by, "receivables.add_rate", series=name, valid_from=valid_from, percent=percent, why=source) as log:
        same_day = OwnRate.objects.filter(
            organization_id=by.organization_id, series=name, valid_from=valid_from, withdrawn_at=None
        )
        same_day.update(withdrawn_at=by.now, withdrawn_by=by.name)
        made = OwnRate(
            organization_id=by.organization_id,
            series=name,
            valid_from=valid_from,
            valid_to=valid_to,
            percent=percent,
            source=source.strip(),
            created_at=by.now,
            created_by=by.name,
        )
        try:
            with transaction.atomic():
                made.save(force_insert=True)
        except IntegrityError as error:
            raise Problem(N_("Somebody has just entered a rate for that day. Look at it first.")) from error
        log.about(made)
        return made


def charge_interest(
    by: Actor,
    as_of: date,
    *,
    creditor_id: UUID | None = None,
    customer_id: UUID | None = None,
    invoice_id: UUID | None = None,
) -> Charged:
    """Charge what late items bear through `as_of` and was not charged yet, each as a document of its own, dated today: for the
    whole organization or what is named. Doing it twice charges nothing twice; an item without terms, law or rate is left out.

    Some items at a time, each time one transaction: what was charged stays if the rest fails. Raises FutureDate, ClosedPeriod.
    """
    if as_of > by.today:
        raise FutureDate(as_of, by.today)
    done = Charged()
    found = late_items(
        by.organization_id, as_of, creditor_id=creditor_id, customer_id=customer_id, invoice_id=invoice_id
    )
    for chunk in found:
        with action(by, "receivables.charge_interest", as_of=as_of) as log:
            made = _charge(by, as_of, [item.installment_id for item in chunk])
            log.say(charges=len(made))
        done.charges += len(made)
        for charge in made:
            done.totals[charge.currency] += charge.amount
    return done


def _charge(by: Actor, as_of: date, installment_ids: Collection[UUID]) -> list[Invoice]:
    """Locked first and read again then, so that of two who charge the same days the second finds them charged."""
    creditors = Installment.objects.filter(organization_id=by.organization_id, id__in=installment_ids)
    check_days(by, [(creditor, by.today) for creditor in creditors.values_list("creditor_id", flat=True).distinct()])
    lock(Installment.objects.filter(organization_id=by.organization_id, id__in=installment_ids))
    known, rates = laws(), rates_of(by.organization_id)
    items = these_items(by.organization_id, as_of, installment_ids)
    made = [work_out(item, known.get(item.country), rates, as_of) for item in items]
    return _issue(by, [one for one in made if one.total])


def _issue(by: Actor, accruals: Iterable[Accrual]) -> list[Invoice]:
    """A document for the interest of each item, and one for what is owed once: each can be waived alone."""
    charges: list[InterestCharge] = []
    documents: list[Invoice] = []
    items: list[Installment] = []

    def add(one: Accrual, kind: str, amount: Decimal, first: date, last: date, lines: object) -> None:
        document = _document(by, one, kind, amount, last)
        documents.append(document)
        items.append(_installment(document, by.today + timedelta(days=one.item.terms.pay_within)))
        charges.append(
            InterestCharge(
                organization_id=by.organization_id,
                charge=document,
                installment_id=one.item.installment_id,
                kind=kind,
                first_day=first,
                last_day=last,
                amount=amount,
                law=one.law.id if one.law else "",
                lines=lines,
            )
        )

    for one in accruals:
        if one.amount and one.through:
            add(one, InterestCharge.Kind.INTEREST, one.amount, one.first_day, one.through, as_data(one))
        if one.once:
            late_on = one.item.due_on + timedelta(days=1)
            data = once_as_data(one.once, one.item.currency)
            add(one, InterestCharge.Kind.FIXED, one.once.amount, late_on, late_on, data)
    Invoice.objects.bulk_create(documents)
    Installment.objects.bulk_create(items)
    InterestCharge.objects.bulk_create(charges)
    post(by, [Posting(item, Entry.Kind.ISSUED, item.amount) for item in items], by.today)
    return documents


def _document(by: Actor, one: Accrual, kind: str, amount: Decimal, last: date) -> Invoice:
    item = one.item
    part = f"-{item.position}" if item.position > 1 else ""
    begin, end = ("INT", f"-{last:%Y%m%d}") if kind == InterestCharge.Kind.INTEREST else ("FIX", "")
    number = f"{begin}-{item.number[:50]}{part}{end}"
    law = f"{one.law.name}, {one.law.articles}" if one.law else ""
    return Invoice(
        id=uuid7(),
        organization_id=by.organization_id,
        creditor_id=item.creditor_id,
        customer_id=item.customer_id,
        kind=Invoice.Kind.CHARGE,
        number=number,
        number_key=document_key(number),
        issued_on=by.today,
        currency=item.currency,
        amount=amount,
        description=item.terms.clause if item.terms.basis == AGREED else law,
        charge_for_id=item.invoice_id,
    )


def _installment(document: Invoice, due_on: date) -> Installment:
    return Installment(
        organization_id=document.organization_id,
        invoice=document,
        creditor_id=document.creditor_id,
        customer_id=document.customer_id,
        due_on=due_on,
        currency=document.currency,
        amount=document.amount,
        open_amount=document.amount,
    )
