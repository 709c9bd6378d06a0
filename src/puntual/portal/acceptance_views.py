"""An agreement by its link: read it, ask for the code, and accept it or not."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from puntual.agreements.acceptance import actions
from puntual.agreements.acceptance.queries import by_secret, standing
from puntual.agreements.models import Acceptance
from puntual.agreements.plans.problems import NotInThisState, OfferOver, OpenChanged
from puntual.audit.actions import Actor
from puntual.kernel.problems import Problem
from puntual.organizations.actions import actor_of
from puntual.organizations.models import Organization
from puntual.outreach.acceptances import read_acceptance_token, send_acceptance_code
from puntual.outreach.formats import locale_of, long_date, sentence
from puntual.outreach.origins import on_behalf
from puntual.portal.account import initials
from puntual.portal.entering import address_of, closed, kept_to_oneself, too_many
from puntual.portal.forms import PortalForm
from puntual.portal.views import hidden
from puntual.tenancy.scope import acting_for

_MOST_TRIES = 15
"""Forms of one link within an hour, codes among them."""


class AnswerForm(PortalForm):
    """The customer's name and code, and yes or no."""

    name = forms.CharField(
        label=gettext_lazy("Your name and position"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    code = forms.CharField(
        label=gettext_lazy("The code you received"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "code"}),
    )
    why = forms.CharField(
        label=gettext_lazy("If you do not accept it: why, or what would suit you"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class _Opened:
    """A link that was made here, and what it stands for now."""

    def __init__(self, token: str) -> None:
        keys = read_acceptance_token(token)
        organization = Organization.objects.filter(pk=keys[0]).first() if keys else None
        self.token, self.state = token, "unknown"
        self.found: Acceptance | None = None
        if keys is None or organization is None:
            return
        self.organization = organization
        self.by: Actor = actor_of(organization, timezone.now())
        with acting_for(organization.id):
            self.found = by_secret(organization.id, keys[1])
            if self.found is not None:
                self.state = standing(self.found, self.by.now, self.by.today)
                customer = self.found.customer
                point = self.found.point
                self.language = (point.language if point else "") or customer.language or customer.creditor.language
                self.locale = locale_of(self.language, customer.party.country)
                self.by = actor_of(organization, self.by.now, name=customer.name)

    def refused(self, request: HttpRequest) -> HttpResponse | None:
        """The page that says why nothing is granted, or None for a link that waits for its answer."""
        if self.state == "open" and self.found is not None:
            return None
        return closed(request, self.state, self.found.customer if self.found else None)

    def page(
        self, request: HttpRequest, form: AnswerForm, template: str, status: int = 200, **more: Any
    ) -> HttpResponse:
        found = self.found
        assert found is not None  # noqa: S101 - `refused` was asked
        sender = on_behalf(self.organization, found.customer.creditor)
        values = {
            "token": self.token,
            "language": self.language,
            "customer": found.customer,
            "creditor": found.customer.creditor,
            "sender": sender,
            "initials": initials(sender),
            "plan": found.plan,
            "form": form,
            "asked": found.code_sent_at is not None,
            "hidden": hidden(found.point.value) if found.point else "",
            "digest": found.digest,
            "until": long_date(timezone.localtime(found.ends_at).date(), self.locale),
            **more,
        }
        return kept_to_oneself(render(request, template, values, status=status))


@never_cache
@require_http_methods(["GET", "POST"])
def agreement(request: HttpRequest, token: str) -> HttpResponse:
    """What is proposed, and the answer to it."""
    opened = _Opened(token)
    if opened.found is None:
        return closed(request, "unknown")
    with translation.override(opened.language), acting_for(opened.organization.id):
        if (refused := opened.refused(request)) is not None:
            return refused
        if request.method == "GET":
            return opened.page(request, AnswerForm(), "portal/agreement.html")
        if too_many(f"agreement:{opened.found.id}", _MOST_TRIES):
            return closed(request, "often", opened.found.customer)
        form = AnswerForm(request.POST)
        if not form.is_valid():
            return opened.page(request, form, "portal/agreement.html", 422)
        return _answer(request, opened, form, yes=request.POST.get("answer") == "yes")


def _answer(request: HttpRequest, opened: _Opened, form: AnswerForm, *, yes: bool) -> HttpResponse:
    assert opened.found is not None  # noqa: S101 - the caller asked
    given = form.cleaned_data
    known = {
        "code": given["code"],
        "name": given["name"],
        "address": address_of(request),
        "browser": request.headers.get("User-Agent", ""),
    }
    try:
        if yes:
            actions.accept(opened.by, opened.found.id, **known)
        else:
            actions.decline(opened.by, opened.found.id, why=given["why"], **known)
    except (OpenChanged, OfferOver, NotInThisState):
        actions.close(opened.by, opened.found.id, why="what it covers has changed")
        return closed(request, "changed", opened.found.customer)
    except actions.LinkClosed:
        return _Opened(opened.token).refused(request) or closed(request, "changed", opened.found.customer)
    except Problem as problem:
        form.add_error("code", sentence(problem, opened.locale))
        return opened.page(request, form, "portal/agreement.html", 422)
    return opened.page(request, form, "portal/agreed.html", yes=yes, name=given["name"])


@never_cache
@require_POST
def code(request: HttpRequest, token: str) -> HttpResponse:
    """Send a code to where the link went."""
    opened = _Opened(token)
    if opened.found is None:
        return closed(request, "unknown")
    with translation.override(opened.language):
        if (refused := opened.refused(request)) is not None:
            return refused
        if too_many(f"agreement:{opened.found.id}", _MOST_TRIES):
            return closed(request, "often", opened.found.customer)
        try:
            send_acceptance_code(opened.by, opened.found.id)
        except Problem as problem:
            form = AnswerForm(initial={"name": request.POST.get("name", "")})
            with acting_for(opened.organization.id):
                return opened.page(
                    request, form, "portal/agreement.html", 422, problem=sentence(problem, opened.locale)
                )
    return redirect("portal_agreement", token)


@never_cache
@require_GET
def document(request: HttpRequest, token: str) -> HttpResponse:
    """The PDF word for word as it is accepted."""
    opened = _Opened(token)
    if opened.found is None:
        return closed(request, "unknown")
    with translation.override(opened.language):
        if (refused := opened.refused(request)) is not None:
            return refused
    name = f"{opened.found.plan.number}.pdf"
    answer = HttpResponse(bytes(opened.found.document), content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return kept_to_oneself(answer)
