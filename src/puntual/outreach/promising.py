"""What a customer promises in a call, a meeting or an answer becomes promises to pay. Part of the action that records it."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from puntual.agreements.models import Promise
from puntual.agreements.promises.actions import promise
from puntual.agreements.promises.queries import coverable
from puntual.audit.actions import Actor
from puntual.kernel.problems import N_, Problem
from puntual.parties.models import Customer, Person
from puntual.receivables.models import Installment


@dataclass(frozen=True, slots=True)
class Word:
    """What was said: the day, and how much (None: all that was asked for) of which invoice (None: the oldest first).

    An amount is in `currency`, or in the one the customer owes in. `by` is the name of whoever said so.
    """

    day: date
    amount: Decimal | None = None
    currency: str = ""
    invoice_id: UUID | None = None
    by: str = ""


def take_word(
    by: Actor, customer: Customer, word: Word | None, *, items: Collection[UUID], said: str, source_id: UUID
) -> list[Promise]:
    """Keep what was promised, one promise for each currency; without an amount it is for what is open of `items`, or overdue.

    Raises Problem without a day, for an amount in no single currency, and what `promise` raises.
    """
    if word is None:
        raise Problem(N_("Say for which day they promise to pay."))
    asked = _asked_for(by, customer.id, items, word.invoice_id)
    amounts = {
        currency: None if word.invoice_id else sum(found.values(), Decimal(0)) for currency, found in asked.items()
    }
    if word.amount is not None:
        amounts = {_currency(word, asked): word.amount}
    if not amounts:
        raise Problem(N_("Nothing is open that could be promised."))
    who = _person(by, customer, word.by)
    return [
        promise(
            by,
            customer.id,
            currency=currency,
            promised_for=word.day,
            amount=amount,
            item_ids=list(asked[currency]) if word.invoice_id else (),
            person_id=who.id if who else None,
            made_by=word.by,
            note=said,
            source_id=source_id,
        )
        for currency, amount in amounts.items()
    ]


def _asked_for(
    by: Actor, customer_id: UUID, items: Collection[UUID], invoice_id: UUID | None
) -> dict[str, dict[UUID, Decimal]]:
    """The net of what is meant and can be promised, by currency and installment."""
    rows = Installment.objects.filter(organization_id=by.organization_id, customer_id=customer_id, open_amount__gt=0)
    if invoice_id:
        rows = rows.filter(invoice=invoice_id)
    else:
        rows = rows.filter(id__in=list(items)) if items else rows.filter(due_on__lt=by.today)
    meant: dict[str, set[UUID]] = defaultdict(set)
    for key, currency in rows.order_by("currency", "id").values_list("id", "currency"):
        meant[currency].add(key)
    found = {
        currency: {
            item.id: item.open - item.expected
            for item in coverable(by.organization_id, customer_id, currency, by.today)
            if item.id in keys
        }
        for currency, keys in meant.items()
    }
    return {currency: nets for currency, nets in found.items() if nets}


def _currency(word: Word, asked: Collection[str]) -> str:
    if word.currency:
        return word.currency
    if len(asked) != 1:
        raise Problem(N_("Say in which currency they promise to pay."))
    return next(iter(asked))


def _person(by: Actor, customer: Customer, name: str) -> Person | None:
    """Whoever of the customer's people has that name."""
    people = Person.objects.filter(organization_id=by.organization_id, customer=customer, name__iexact=name.strip())
    return people.order_by("id").first() if name.strip() else None
