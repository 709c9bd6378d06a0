"""More time and changed terms: the list of extensions, and what a customer's tab says of both."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from puntual.agreements.extensions import queries, words
from puntual.agreements.terms.queries import terms_of
from puntual.desk import agreeing
from puntual.desk.keyset import paginate
from puntual.desk.pages import DeskRequest, needs
from puntual.parties.models import Customer
from puntual.parties.rules import payment_rules_of
from puntual.receivables.early import early_terms_of

STATES = ("granted", "awaiting", "refused", "withdrawn", "all")
ON_A_TAB = 12


@require_GET
@needs("view")
def extensions(request: DeskRequest) -> HttpResponse:
    """Those that were granted, the latest first; or those in another state."""
    narrowed = agreeing.Narrowed.of(request, STATES)
    state = "" if narrowed.state == "all" else narrowed.state
    found = narrowed.within(
        queries.extensions(request.organization.id, state),
        "to_due",
        creditor="customer__creditor",
        currency="installment__currency",
    )
    return agreeing.listing(
        request,
        "extensions",
        _("Extensions"),
        states=[(one, pgettext("extensions", "All") if one == "all" else words.state(one)) for one in STATES],
        narrowed=narrowed,
        rows=paginate(found, request, by=("to_due", "id"), descending=True),
        empty=(_("No extension here"), _("More time is granted on a customer's or an invoice's page.")),
    )


def part(request: DeskRequest, customer: Customer) -> dict[str, Any]:
    """A customer's extensions, the latest first."""
    found = queries.extensions_of(request.organization.id, customer.id)
    return {"rows": list(found[:ON_A_TAB])}


def terms_part(request: DeskRequest, customer: Customer) -> dict[str, Any]:
    """What a customer's terms are, how it pays by its own rules, and how the terms came to be what they are."""
    org = request.organization.id
    changes = list(terms_of(org, customer.id)[:ON_A_TAB])
    standing = next((one for one in changes if one.withdrawn_on is None), None)
    return {
        "rules": payment_rules_of(org, customer.id),
        "early": early_terms_of(org, customer.id),
        "changes": changes,
        "last": standing.id if standing else None,
    }
