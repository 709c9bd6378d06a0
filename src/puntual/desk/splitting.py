"""Giving a bank's line to customers and their invoices by hand: what was typed, and the shares it comes to."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import QueryDict

from puntual.desk import formats
from puntual.desk.fields import MoneyField
from puntual.kernel.problems import N_, Problem
from puntual.parties.models import Customer
from puntual.payments.models import BankLine
from puntual.payments.reconciling.actions import Share
from puntual.payments.reconciling.queries import Offer, open_of
from puntual.payments.reconciling.running import paid
from puntual.receivables.queries import ItemBalance
from puntual.receivables.settling import Designation

MOST_CUSTOMERS = 20


@dataclass(slots=True)
class Row:
    """An open item with what was typed beside it."""

    item: ItemBalance
    typed: str = ""
    wrong: str = ""


@dataclass(slots=True)
class Part:
    """A customer with what is open of it; `account` is what was typed to stay on account, asked for where there are several."""

    customer: Customer
    rows: list[Row]
    account: str = ""
    wrong: str = ""  # with what is to stay on account


@dataclass(slots=True)
class Split:
    """What is on the form. `problem` says what is wrong with it as a whole, and each row what is wrong with its amount."""

    line: BankLine
    parts: list[Part] = field(default_factory=list)
    problem: str = ""

    @property
    def several(self) -> bool:
        return len(self.parts) > 1

    @property
    def refused(self) -> bool:
        return bool(self.problem) or any(part.wrong or any(row.wrong for row in part.rows) for part in self.parts)

    def wrong_amounts(self) -> bool:
        """Whether something typed is no amount to give; it is said beside it."""
        for part in self.parts:
            for row in part.rows:
                row.wrong = _wrong(row.typed, self.line.currency)
            part.wrong = _wrong(part.account, self.line.currency) if self.several else ""
        return self.refused

    def shares(self) -> list[Share]:
        """The shares as typed; a single customer has all, and what no item takes stays on its account.

        Raises Problem for what is no amount, or below zero, and where nobody is chosen.
        """
        if not self.parts:
            raise Problem(N_("Choose the customer whose money it is."))
        made = []
        for part in self.parts:
            items = tuple(
                Designation(row.item.installment_id, amount)
                for row in part.rows
                if (amount := _amount(row.typed, self.line.currency))
            )
            given = sum((one.amount or Decimal(0) for one in items), Decimal(0))
            total = given + _amount(part.account, self.line.currency) if self.several else max(paid(self.line), given)
            made.append(Share(part.customer.id, total, items))
        return made


def _amount(typed: str, currency: str) -> Decimal:
    try:
        amount = MoneyField(required=False, currency=currency).clean(typed) or Decimal(0)
    except ValidationError as error:
        raise Problem(error.messages[0].replace("{", "(").replace("}", ")")) from None
    if amount < 0:
        raise Problem(N_("An amount to give is above zero."))
    return amount


def _wrong(typed: str, currency: str) -> str:
    try:
        _amount(typed, currency)
    except Problem as problem:
        return formats.sentence(problem)
    return ""


def split_of(line: BankLine, given: QueryDict, offers: Sequence[Offer], likely: UUID | None = None) -> Split:
    """The form: as typed, else filled with the first proposal, or with whom it most `likely` is of where none stands any more.

    Customers of another creditor than the line's are left out.
    """
    organization_id = line.organization_id
    chosen = _keys(given.getlist("customer"))
    first = offers[0] if offers and not chosen and "none" not in given else None
    if first:
        chosen = [first.customer.id]
    elif likely and not chosen and "none" not in given:
        chosen = [likely]
    known = Customer.objects.filter(organization_id=organization_id, creditor=line.creditor_id).in_bulk(chosen)
    open_items = open_of(organization_id, list(known), line.currency) if known else {}
    taken = {} if first is None else {piece.item.id: piece.amount for piece in first.pieces}
    if "leave" in given:
        taken = {}
    return Split(
        line,
        [
            Part(
                known[key],
                [
                    Row(
                        item,
                        given.get(f"item-{item.installment_id}")
                        or _written(taken.get(item.installment_id), line.currency),
                    )
                    for item in open_items[key]
                ],
                given.get(f"account-{key}", ""),
            )
            for key in chosen
            if key in known
        ],
    )


def _written(amount: Decimal | None, currency: str) -> str:
    return "" if amount is None else formats.money(amount, currency)


def _keys(texts: Sequence[str]) -> list[UUID]:
    found: dict[UUID, None] = {}
    for text in texts[:MOST_CUSTOMERS]:
        try:
            found[UUID(text)] = None
        except ValueError:
            continue
    return list(found)
