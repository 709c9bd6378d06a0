"""Paying by a payment link from the customer's page: which are offered, and the way to the provider's own page."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from puntual.kernel.problems import Problem
from puntual.outreach.formats import money
from puntual.outreach.portal_link import PATH
from puntual.outreach.statement import books_of
from puntual.payments.links.accounts import NAMES, Account, account_of
from puntual.payments.links.actions import start_checkout
from puntual.payments.links.providers import takes
from puntual.portal.account import askable
from puntual.portal.entering import Visitor, by_link, frame
from puntual.receivables.actions import Designation
from puntual.receivables.grouping import grouped


@dataclass(frozen=True, slots=True)
class Offered:
    """One way to pay what is overdue in a currency."""

    provider: str
    name: str
    currency: str
    amount: str


def offered(visitor: Visitor) -> list[Offered]:
    """The providers the creditor has an account with, for what is overdue in currencies they take."""
    due = _due(visitor)
    return [
        Offered(account.provider, account.name, currency, money(_total(items), currency, visitor.locale))
        for account in _accounts(visitor)
        for currency, items in sorted(due.items())
        if takes(account.provider, currency)
    ]


def _accounts(visitor: Visitor) -> list[Account]:
    """Those of this creditor; in rehearsal only those in the provider's test mode, which move no money."""
    slug, code = visitor.organization.slug, visitor.customer.creditor.code
    try:
        found = [account_of(provider, slug, code) for provider in NAMES]
    except Problem:  # how the environment names them is wrong: the desk says so
        return []
    return [one for one in found if one is not None and one.testing != visitor.organization.is_live]


def _due(visitor: Visitor) -> dict[str, list[Designation]]:
    """What is overdue and may be asked for, by currency."""
    books = books_of(visitor.organization.id, [visitor.customer.id], visitor.by.today)[visitor.customer.id]
    found: dict[str, list[Designation]] = {}
    for group in grouped(books.items, books.holds, visitor.by.today):
        for line in group.lines if group.name == "overdue" else ():
            if (amount := askable(line)) > 0:
                found.setdefault(line.item.currency, []).append(
                    Designation(UUID(str(line.item.installment_id)), amount)
                )
    return found


def _total(items: list[Designation]) -> Decimal:
    return sum((one.amount or Decimal(0) for one in items), Decimal(0))


@require_POST
@by_link
def pay(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """A page that leads on to the provider's own, for what is overdue at this moment: forms of ours lead to no other site."""
    currency = request.POST.get("currency", "")
    account = next((one for one in _accounts(visitor) if one.provider == request.POST.get("provider")), None)
    items = _due(visitor).get(currency)
    if account is None or not items:
        raise Http404
    link = start_checkout(
        visitor.by,
        account,
        visitor.customer.id,
        currency=currency,
        items=items,
        title=_("{creditor}: {n} documents").format(creditor=visitor.customer.creditor.name, n=len(items)),
        back=request.build_absolute_uri(PATH + visitor.token),
    )
    values = {
        **frame(visitor),
        "name": account.name,
        "url": link.url,
        "amount": money(link.amount, currency, visitor.locale),
    }
    return render(request, "portal/pay.html", values)
