"""Actions on holds and on the books' periods. Callers import them from `actions`."""

from collections.abc import Collection
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet, Value
from django.db.models.functions import Greatest

from puntual.audit.actions import Actor, action
from puntual.kernel.problems import N_, Problem
from puntual.parties.models import Creditor, Customer
from puntual.receivables.models import Hold, Installment, Invoice
from puntual.receivables.postings import check_amount
from puntual.receivables.problems import EndsWithItsSource, FutureDate, NotOfThisCustomer

ENDS_WITH_ITS_SOURCE = frozenset(
    {
        Hold.Reason.PROMISE,
        Hold.Reason.PLAN,
        Hold.Reason.EXTENSION,
        Hold.Reason.DISPUTE,
        Hold.Reason.INSTRUMENT,
        Hold.Reason.PLACEMENT,
    }
)
"""What is agreed, disputed, promised on paper or placed with others holds for as long as it lives, and lets go when it ends."""


def hold(
    by: Actor,
    *,
    reason: str,
    customer_id: UUID | None = None,
    invoice_id: UUID | None = None,
    installment_id: UUID | None = None,
    amount: Decimal | None = None,
    from_on: date | None = None,
    until_on: date | None = None,
    stops_chasing: bool = True,
    stops_interest: bool = False,
    stops_pre_due: bool = True,
    note: str = "",
    source_id: UUID | None = None,
) -> Hold:
    """Pause an installment, an invoice or a whole customer: the narrowest that is given; for all of it or `amount`.

    It holds from `from_on` (today unless given) through `until_on`; without one, until it is released. Raises DoesNotExist of
    what is named, NotOfThisCustomer, NotPositive, Problem for an amount on a whole customer (of which currency?) or an end before
    the beginning.
    """
    with action(by, "receivables.hold", reason=reason, amount=amount, until=until_on, why=note) as log:
        owner, currency, number = _scope(by.organization_id, customer_id, invoice_id, installment_id)
        if customer_id not in (None, owner):
            raise NotOfThisCustomer(number)
        if amount is not None:
            if not currency:
                raise Problem(
                    N_("A part can be paused on an invoice or an installment. Name one, or pause the whole customer.")
                )
            check_amount(amount, currency)
        starts = from_on or by.today
        if until_on is not None and until_on < starts:
            raise Problem(
                N_("The pause would end on {until}, before it begins on {starts}. Give a later end."),
                until=until_on,
                starts=starts,
            )
        made = Hold.objects.create(
            organization_id=by.organization_id,
            customer_id=owner,
            invoice_id=None if installment_id else invoice_id,
            installment_id=installment_id,
            reason=Hold.Reason(reason),
            amount=amount,
            from_on=starts,
            until_on=until_on,
            stops_chasing=stops_chasing,
            stops_interest=stops_interest,
            stops_pre_due=stops_pre_due,
            note=note,
            source_id=source_id,
            created_by=by.name,
        )
        log.about(made)
        return made


def _scope(
    organization_id: UUID, customer_id: UUID | None, invoice_id: UUID | None, installment_id: UUID | None
) -> tuple[UUID, str, str]:
    """Whose it is, in which currency ("" for a whole customer), and the document's number."""
    if installment_id is not None:
        item = Installment.objects.select_related("invoice").get(organization_id=organization_id, id=installment_id)
        return item.customer_id, item.currency, item.invoice.number
    if invoice_id is not None:
        invoice = Invoice.objects.get(organization_id=organization_id, id=invoice_id)
        return invoice.customer_id, invoice.currency, invoice.number
    if customer_id is None:
        raise TypeError("A hold is on a customer, an invoice or an installment.")
    return Customer.objects.get(organization_id=organization_id, id=customer_id).id, "", ""


def lifted_by_hand(found: Hold) -> bool:
    """Whether a hold can be ended for itself; one that stands for an agreement or a dispute ends with that."""
    return found.source_id is None or found.reason not in ENDS_WITH_ITS_SOURCE


def release_hold(by: Actor, hold_id: UUID, *, why: str = "", released_on: date | None = None) -> Hold:
    """End a hold: from `released_on` (today unless given) it holds no more. One released already stays as it was.

    Raises Hold.DoesNotExist, EndsWithItsSource for one that is not `lifted_by_hand`, FutureDate.
    """
    day = released_on or by.today
    with action(by, "receivables.release_hold", why=why) as log:
        found = Hold.objects.select_for_update(no_key=True).get(organization_id=by.organization_id, id=hold_id)
        log.about(found)
        if day > by.today:
            raise FutureDate(day, by.today)
        if found.released_on is None and not lifted_by_hand(found):
            raise EndsWithItsSource
        if found.released_on is None:
            found.released_on, found.released_by = day, by.name
            found.save(update_fields=["released_on", "released_by"])
        return found


def release_holds(by: Actor, source_ids: Collection[UUID], *, reason: str, why: str = "") -> int:
    """End from today what holds for these agreements or disputes; how many holds that was. Those that ended already stay so."""
    with action(by, "receivables.release_holds", reason=reason, why=why) as log:
        released = _standing(by, source_ids, reason).update(released_on=by.today, released_by=by.name)
        log.say(released=released)
        return released


def redate_holds(by: Actor, source_ids: Collection[UUID], until_on: date, *, reason: str) -> int:
    """Let what holds for these agreements or disputes hold through another day; how many holds that was.

    Raises Problem for a day that is past.
    """
    with action(by, "receivables.redate_holds", reason=reason, until=until_on) as log:
        if until_on < by.today:
            raise Problem(N_("Choose a day that is still to come."))
        redated = _standing(by, source_ids, reason).update(until_on=Greatest("from_on", Value(until_on)))
        log.say(redated=redated)
        return redated


def _standing(by: Actor, source_ids: Collection[UUID], reason: str) -> QuerySet[Hold]:
    return Hold.objects.filter(
        organization_id=by.organization_id,
        source_id__in=list(source_ids),
        reason=Hold.Reason(reason),
        released_on=None,
    )


def close_period(by: Actor, creditor_id: UUID, through: date) -> Creditor:
    """Close a creditor's books: no posting may take effect on or before `through` any more.

    Waits for postings under way. Raises Creditor.DoesNotExist; Problem for a day that is not over yet, or one before the day
    through which they are closed already.
    """
    with action(by, "receivables.close_period", through=through) as log:
        # FOR UPDATE, not the weaker lock: it has to wait for everybody who checked the period (`postings.closed_through`).
        creditor = Creditor.objects.select_for_update().get(organization_id=by.organization_id, id=creditor_id)
        log.about(creditor)
        last = by.today - timedelta(days=1)
        if through > last:
            raise Problem(
                N_("The books can be closed through {last} at the latest. Give that or an earlier day."), last=last
            )
        if creditor.books_closed_through and through < creditor.books_closed_through:
            raise Problem(
                N_("The books are closed through {through} and are not opened again. Give a later day."),
                through=creditor.books_closed_through,
            )
        creditor.books_closed_through = through
        creditor.save(update_fields=["books_closed_through"])
        return creditor
