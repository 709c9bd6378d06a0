"""A customer's credit: its limits and what is used of them, what it applied for, and the decisions."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from puntual.desk import crediting, formats
from puntual.desk.forms.credit import ApplicationForm, DocumentForm, GrantForm, LimitForm, RefuseForm
from puntual.desk.forms.customers import WhyForm
from puntual.desk.kept_files import handed_out
from puntual.desk.pages import DeskRequest, address, authority, needs, page
from puntual.desk.sheets import accepted, done, sheet
from puntual.desk.views.customer import find
from puntual.disputes.evidence import MOST_BYTES
from puntual.parties.credit.actions import keep_limit
from puntual.parties.credit.queries import limits_in_force, limits_of
from puntual.parties.models import Customer
from puntual.strategies.credit import actions, queries
from puntual.strategies.credit.applying import months_after
from puntual.strategies.credit.models import CreditApplication, CreditDocument
from puntual.strategies.credit.policy import DECIDERS

GET_POST = ("GET", "POST")
ON_A_PAGE = 20


@require_GET
@needs("view")
def customer(request: DeskRequest, customer_id: UUID) -> HttpResponse:
    """Everything about one customer's credit."""
    found = find(request, customer_id)
    org, today = request.organization.id, request.actor.today
    version = queries.in_force(org)
    rule = queries.rule_now(org, found.id, today, queries.policy_of(version)) if version else None
    return page(
        request,
        "desk/customer_credit.html",
        _("Credit of {customer}").format(customer=found.name),
        customer=found,
        limits=crediting.limits_shown(request, found),
        applications=crediting.applications_shown(request, found),
        history=list(limits_of(org, found.id)[:ON_A_PAGE]),
        rule=rule,
        rule_name=crediting.segment_names(request).get(rule.segment, "") if rule else "",
        facts=crediting.facts_words(queries.ledger_facts(org, found.id, today)),
        deciders=DECIDERS,
        role=authority(request),
    )


@require_http_methods(GET_POST)
@needs("edit_customers")
def apply(request: DeskRequest, customer_id: UUID) -> HttpResponse:
    """Write down what the customer asks for."""
    found = find(request, customer_id)
    back = address(request, "customer_credit", found.id)
    initial = {"asked_on": request.actor.today, "currency": found.creditor.currency}
    form = ApplicationForm(_currencies(request, found), request.POST or None, initial=initial)
    if request.method == "POST" and accepted(
        form, lambda given: actions.apply_for_credit(request.actor, found.id, **given)
    ):
        messages.success(request, _("The application is written down. Its documents and its decision come next."))
        return done(request, back)
    return sheet(request, form, _("An application of {customer}").format(customer=found.name), back)


@require_http_methods(GET_POST)
@needs("manual")
def limit(request: DeskRequest, customer_id: UUID) -> HttpResponse:
    """Set or end a limit without an application."""
    found = find(request, customer_id)
    back = address(request, "customer_credit", found.id)
    counting = limits_in_force(request.organization.id, request.actor.today, [found.id])
    form = LimitForm(
        _currencies(request, found),
        request.POST or None,
        initial={"currency": found.creditor.currency},
        there={one.currency: {"amount": one.amount, "valid_until": one.valid_until} for one in counting},
    )
    if request.method == "POST" and accepted(form, lambda given: keep_limit(request.actor, found.id, **given)):
        messages.success(request, _("From today on this limit counts."))
        return done(request, back)
    about = _("Where the customer asked for it, write an application instead: it keeps the documents and the reasons.")
    return sheet(request, form, _("Set a limit for {customer}").format(customer=found.name), back, about=about)


@require_http_methods(GET_POST)
@needs("edit_customers")
def document(request: DeskRequest, application_id: UUID) -> HttpResponse:
    """A document came in, or was seen."""
    found = _open(request, application_id)
    back = address(request, "customer_credit", found.customer_id)
    mine = list(queries.documents_of(request.organization.id, [found.id]))
    names = [*queries.missing(found, mine), *(one.document for one in queries.checklist(found, mine) if one.received)]
    form = DocumentForm(list(dict.fromkeys(names)), request.POST or None, request.FILES or None)

    def act(given: dict[str, Any]) -> None:
        file = given["file"]
        content = file.read(MOST_BYTES + 1) if file else b""
        actions.receive_document(
            request.actor,
            found.id,
            form.name(),
            name=file.name if file else "",
            content=content,
            note=given["note"],
        )

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("The document is kept with the application."))
        return done(request, back)
    return sheet(request, form, _("A document of the application"), back)


@require_GET
@needs("view")
def file(request: DeskRequest, document_id: UUID) -> HttpResponse:
    """A document as it was supplied: no browser opens it in our name."""
    found = get_object_or_404(CreditDocument, organization_id=request.organization.id, id=document_id)
    if found.content is None:
        raise Http404
    return handed_out(found.name, bytes(found.content), found.kind)


@require_http_methods(GET_POST)
@needs("edit_customers")
def grant(request: DeskRequest, application_id: UUID) -> HttpResponse:
    """Grant what was asked for, or less."""
    found = _open(request, application_id)
    back = address(request, "customer_credit", found.customer_id)
    asked = {"limit": found.asked_limit, "terms_days": found.asked_terms}
    rule = queries.rule_of(found)
    initial = {
        "limit": formats.money(found.asked_limit, found.currency) if found.asked_limit is not None else None,
        "terms_days": found.asked_terms,
        "valid_until": months_after(request.actor.today, rule.review_months),
    }
    form = GrantForm(asked, request.POST or None, initial=initial)
    if request.method == "POST" and accepted(
        form,
        lambda given: actions.grant_credit(
            request.actor,
            found.id,
            role=authority(request),
            limit=given.get("limit"),
            terms_days=given.get("terms_days"),
            reason=given["reason"],
            valid_until=given["valid_until"],
        ),
    ):
        messages.success(request, _("Granted. It holds from today."))
        return done(request, back)
    mine = list(queries.documents_of(request.organization.id, [found.id]))
    lacking = queries.missing(found, mine)
    return sheet(
        request,
        form,
        _("Grant credit to {customer}").format(customer=found.customer.name),
        back,
        verb=_("Grant"),
        template="desk/parts/credit_grant.html",
        facts=crediting.facts_words(
            queries.ledger_facts(request.organization.id, found.customer_id, request.actor.today)
        ),
        beyond=crediting.passed_words(found, lacking),
        decides=crediting.decides(found, lacking),
        enough=crediting.may_decide(authority(request), crediting.decides(found, lacking)),
    )


@require_http_methods(GET_POST)
@needs("edit_customers")
def refuse(request: DeskRequest, application_id: UUID) -> HttpResponse:
    """Grant nothing, with the reason."""
    found = _open(request, application_id)
    back = address(request, "customer_credit", found.customer_id)
    form = RefuseForm(request.POST or None)
    if request.method == "POST" and accepted(
        form,
        lambda given: actions.refuse_credit(request.actor, found.id, role=authority(request), reason=given["reason"]),
    ):
        messages.success(request, _("Refused, with the reason on record. What held before goes on."))
        return done(request, back)
    title = _("Refuse the application of {customer}").format(customer=found.customer.name)
    return sheet(request, form, title, back, verb=_("Refuse"))


@require_http_methods(GET_POST)
@needs("edit_customers")
def withdraw(request: DeskRequest, application_id: UUID) -> HttpResponse:
    """The customer does not ask for it any more."""
    found = _open(request, application_id)
    back = address(request, "customer_credit", found.customer_id)
    form = WhyForm(request.POST or None)
    if request.method == "POST" and accepted(
        form, lambda given: actions.withdraw_application(request.actor, found.id, why=given["why"])
    ):
        return done(request, back)
    return sheet(request, form, _("Take the application back"), back, verb=_("Take it back"))


def _open(request: DeskRequest, application_id: UUID) -> CreditApplication:
    rows = CreditApplication.objects.select_related("customer")
    found = get_object_or_404(rows, organization_id=request.organization.id, id=application_id)
    if found.state != CreditApplication.State.OPEN:
        raise Http404
    return found


def _currencies(request: DeskRequest, found: Customer) -> list[str]:
    version = queries.in_force(request.organization.id)
    others = crediting.currencies(request, queries.policy_of(version) if version else None)
    return list(dict.fromkeys([found.creditor.currency, *others]))
