"""What every page is made with: who may see it, its frame, its parts and its addresses. See `puntual.desk` for how they meet."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django_htmx.middleware import HtmxDetails

from puntual.audit.actions import Actor
from puntual.desk.words import refusal
from puntual.organizations.absences.queries import authority_of
from puntual.organizations.models import Membership, Organization
from puntual.organizations.roles import Permission, may


class DeskRequest(HttpRequest):
    """A request inside an organization, as `OrganizationScope` leaves it."""

    organization: Organization
    membership: Membership
    actor: Actor
    htmx: HtmxDetails


View = Callable[..., HttpResponseBase]


def authority(request: DeskRequest) -> str:
    """The role in which the reader decides today: the highest of their own and of those they stand in for."""
    by = request.actor
    return authority_of(by.organization_id, by.user_id, request.membership.role, by.today)


def needs(permission: str) -> Callable[[View], View]:
    """The view is for members who have `permission`; others get a 403 page that names whom to ask.

    The organization's slug is taken off: the view reads `request.organization`. Raises ValueError at import for an unknown
    permission.
    """
    needed = Permission(permission)

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: DeskRequest, slug: str, **kwargs: Any) -> HttpResponseBase:
            role = request.membership.role
            if not may(role, needed):
                raise PermissionDenied(refusal(role, needed))
            return view(request, **kwargs)

        guarded.permission = needed  # type: ignore[attr-defined]
        return guarded

    return decorate


def page(request: HttpRequest, template: str, title: str, status: int = 200, **context: Any) -> TemplateResponse:
    """A whole page. `title` is a sentence of fact where there is one: the heading and the window's title."""
    return TemplateResponse(request, template, {"title": title, **context}, status=status)


def fragment(request: HttpRequest, template: str, status: int = 200, **context: Any) -> HttpResponse:
    """A part of a page for htmx; waiting messages travel along and are announced."""
    html = render_to_string(template, context, request)
    return HttpResponse(html + render_to_string("desk/parts/messages.html", {}, request), status=status)


def toast(request: HttpRequest, text: str, status: int) -> HttpResponse:
    """An answer to htmx that replaces nothing on the page: the sentence appears among the messages."""
    html = render_to_string("desk/parts/toast.html", {"text": text, "problem": status >= 400}, request)
    return HttpResponse(html, status=status, headers={"HX-Retarget": "#toasts", "HX-Reswap": "beforeend"})


def address(request: HttpRequest, name: str, *args: UUID | str, **kwargs: UUID | str) -> str:
    """Where a page of this organization is: `address(request, "customer", customer.id)`."""
    slug = request.organization.slug  # type: ignore[attr-defined]
    return reverse(name, args=(slug, *args)) if args else reverse(name, kwargs={"slug": slug, **kwargs})
