"""Who a signed address lets in: one customer of one creditor, and nobody else's anything."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeAlias

from babel import Locale
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from puntual.audit.actions import Actor
from puntual.kernel.problems import Problem
from puntual.organizations.actions import actor_of
from puntual.organizations.models import Organization
from puntual.outreach.formats import locale_of, sentence
from puntual.outreach.origins import on_behalf
from puntual.outreach.portal_link import read_portal_token
from puntual.parties.models import Customer
from puntual.portal.account import initials
from puntual.tenancy.scope import acting_for

P = ParamSpec("P")
MOST_CHANGES = 20
"""What may be sent from one link within an hour."""
_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Visitor:
    """The customer whose page was opened, by its link, and how things are said to it."""

    token: str
    organization: Organization
    customer: Customer
    by: Actor
    language: str

    @property
    def locale(self) -> Locale:
        return locale_of(self.language, self.customer.party.country)


View: TypeAlias = Callable[Concatenate[HttpRequest, Visitor, P], HttpResponse]


def by_link(view: View[P]) -> Callable[..., HttpResponse]:
    """A page of the customer that the address names, inside its organization and in its language.

    A damaged link, or one of a customer that is gone, leads to a page that says so (404), one that is too old likewise (410).
    What a Problem undoes is undone, and said. After `MOST_CHANGES` forms within an hour no more are taken (429).
    """

    @wraps(view)
    def opened(request: HttpRequest, token: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        key = read_portal_token(token)
        organization = Organization.objects.filter(pk=key.organization_id).first() if key else None
        if key is None or organization is None:
            return closed(request, "unknown")
        by = actor_of(organization, timezone.now())
        with acting_for(organization.id):
            customers = Customer.objects.select_related("creditor", "party")
            customer = customers.filter(organization_id=organization.id, pk=key.customer_id).first()
        if customer is None:
            return closed(request, "unknown")
        language = customer.language or customer.creditor.language
        with translation.override(language):
            if key.last_day < by.today:
                return closed(request, "old", customer)
            if request.method == "POST" and too_many(f"portal:{customer.id}", MOST_CHANGES):
                return closed(request, "often", customer)
            by = actor_of(organization, by.now, name=_("{customer}, by the link").format(customer=customer.name)[:150])
            try:
                with acting_for(organization.id):
                    answer = view(request, Visitor(token, organization, customer, by, language), *args, **kwargs)
            except Problem as problem:
                answer = closed(
                    request, "problem", customer, sentence(problem, locale_of(language, customer.party.country))
                )
        return kept_to_oneself(answer)

    return never_cache(opened)


def frame(visitor: Visitor) -> dict[str, Any]:
    """What every page of a customer says at its head."""
    sender = on_behalf(visitor.organization, visitor.customer.creditor)
    return {
        "token": visitor.token,
        "language": visitor.language,
        "customer": visitor.customer,
        "creditor": visitor.customer.creditor,
        "sender": sender,
        "initials": initials(sender),
    }


def too_many(what: str, most: int) -> bool:
    """Whether this happens more than `most` times within an hour; it is counted by asking."""
    key = f"puntual.portal:{what}"
    cache.add(key, 0, _HOUR)
    try:
        return cache.incr(key) > most
    except ValueError:  # it ran out between the two
        return False


_STATUS = {"unknown": 404, "old": 410, "used": 410, "changed": 410, "locked": 410, "often": 429, "problem": 422}


def closed(request: HttpRequest, why: str, customer: Customer | None = None, said: str = "") -> HttpResponse:
    """A page that grants nothing and says why, with whom to ask."""
    creditor = customer.creditor if customer else None
    values = {"why": why, "creditor": creditor, "said": said, "language": translation.get_language()}
    return kept_to_oneself(render(request, "portal/closed.html", values, status=_STATUS[why]))


def kept_to_oneself(answer: HttpResponse) -> HttpResponse:
    """No search engine keeps a page of a link, and no other site learns of the address."""
    answer.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    answer.headers["Referrer-Policy"] = "same-origin"  # with none at all, browsers hide where a form comes from
    return answer


def address_of(request: HttpRequest) -> str | None:
    """From which network address a request came, as the server tells it."""
    return request.META.get("REMOTE_ADDR") or None
