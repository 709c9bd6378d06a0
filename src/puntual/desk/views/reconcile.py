"""Reconciling: the bank's lines that wait, one beside the list, and what a person does with it. The next one follows."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.db.models.fields.tuple_lookups import TupleGreaterThan, TupleLessThan
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from puntual.desk import formats, keyset, reconciling, search
from puntual.desk.formats import sentence
from puntual.desk.pages import DeskRequest, address, fragment, needs, page
from puntual.desk.splitting import Split, split_of
from puntual.desk.standing import coded
from puntual.kernel.problems import N_, Problem
from puntual.outreach.actions import ask_payer
from puntual.payments.instruments.lines import instruments_for, pay_by_line
from puntual.payments.models import BankLine, Instrument
from puntual.payments.reconciling import actions
from puntual.payments.reconciling.deposits import deposits_waiting
from puntual.payments.reconciling.queries import (
    OPEN_STATES,
    first_customers,
    lines_waiting,
    offers,
    waiting_by_currency,
)
from puntual.payments.reconciling.reversals import reversals_waiting
from puntual.payments.reconciling.running import paid
from puntual.payments.reconciling.trust import trust_of

FORMS = ("split", "ignore", "ask")
ORDERS = {"newest": ("booked_on", "id"), "largest": ("amount", "id")}
REASONS = (
    N_("Our own money, moved"),
    N_("Interest or a refund of the bank"),
    N_("Refund of a supplier"),
    N_("A loan or a contribution of the partners"),
)
_REMEMBERED = 50


@require_GET
@needs("view")
def lines(request: DeskRequest) -> HttpResponse:
    """What waits, with the first one opened beside it. `?order=largest` and `?currency=` narrow and order it."""
    return _lines(request, None)


@require_GET
@needs("view")
def line(request: DeskRequest, line_id: UUID) -> HttpResponse:
    """One of them. `?do=` opens a form beside it: split, ignore or ask."""
    found = _find(request, line_id)
    do = request.GET.get("do", "")
    return _lines(request, found, do=do if do in FORMS else "")


@require_POST
@needs("payments")
def accept(request: DeskRequest, line_id: UUID, rank: int) -> HttpResponse:
    """Do what a proposal says, and go on with the next line."""
    found = _find(request, line_id)
    following = _following(request, found)
    offered = next((one for one in offers(request.organization.id, found) if one.rank == rank), None)
    if offered is None:
        messages.error(request, _("This proposal is no longer possible. Look at what is open now."))
        return _go_on(request, found.id)
    actions.accept(request.actor, found.id, rank)
    said = _("Recorded for {customer}: {amount}").format(amount=_came_in(found), customer=offered.customer.name)
    return _done(request, found, following, said)


@require_POST
@needs("payments")
def accept_instrument(request: DeskRequest, line_id: UUID, instrument_id: UUID) -> HttpResponse:
    """The line is the payment of a letra, a check or a debit; go on with the next line."""
    found = _find(request, line_id)
    following = _following(request, found)
    mine = Instrument.objects.filter(organization_id=request.organization.id).select_related("customer")
    instrument = get_object_or_404(mine, id=instrument_id)
    pay_by_line(request.actor, found.id, instrument.id)
    said = _("{customer}: {amount} paid {number}.")
    said = said.format(amount=_came_in(found), number=instrument.number, customer=instrument.customer.name)
    return _done(request, found, following, said)


@require_POST
@needs("payments")
def split(request: DeskRequest, line_id: UUID) -> HttpResponse:
    """Give the line to customers and invoices as typed; what no invoice takes stays on account."""
    found = _find(request, line_id)
    typed = split_of(found, _said_none(request.POST), [])
    following = _following(request, found)
    if typed.wrong_amounts():
        return _lines(request, found, do="split", split=typed)
    try:
        actions.settle_line(request.actor, found.id, typed.shares())
    except Problem as problem:
        typed.problem = sentence(problem)
        return _lines(request, found, do="split", split=typed)
    names = formats.listed([part.customer.name for part in typed.parts])
    return _done(
        request, found, following, _("Recorded for {customer}: {amount}").format(amount=_came_in(found), customer=names)
    )


@require_POST
@needs("payments")
def ignore(request: DeskRequest, line_id: UUID) -> HttpResponse:
    """Say why the line is no customer's payment."""
    found = _find(request, line_id)
    following = _following(request, found)
    try:
        actions.ignore_line(request.actor, found.id, reason=request.POST.get("reason", ""))
    except Problem as problem:
        return _lines(request, found, do="ignore", problem=sentence(problem))
    return _done(request, found, following, _("{amount} is set aside.").format(amount=_came_in(found)))


@require_POST
@needs("payments")
def ask(request: DeskRequest, line_id: UUID) -> HttpResponse:
    """Have the customer's owner ask what it is for; the line goes on waiting."""
    found = _find(request, line_id)
    following = _following(request, found)
    chosen = split_of(found, _said_none(request.POST), []).parts[:1]
    try:
        if not chosen:
            raise Problem(N_("Choose whom to ask."))
        ask_payer(request.actor, chosen[0].customer.id, found.id, note=request.POST.get("note", ""))
    except Problem as problem:
        return _lines(request, found, do="ask", problem=sentence(problem))
    said = _("To ask {customer} is on the list now. The line waits for the answer.")
    messages.success(request, said.format(customer=chosen[0].customer.name))
    return _go_on(request, following)


@require_POST
@needs("payments")
def undo(request: DeskRequest) -> HttpResponse:
    """Take back what this person did last; it can be done again and again."""
    done = request.session.get(_key(request), [])
    if not done:
        messages.error(request, _("You have done nothing here yet that could be taken back."))
        return _go_on(request, None)
    request.session[_key(request)] = done[:-1]
    found = get_object_or_404(BankLine.objects.filter(organization_id=request.organization.id, id=UUID(done[-1])))
    actions.undo_line(request.actor, found.id, why=_("taken back at once"))
    messages.success(request, _("Taken back: {amount} waits again.").format(amount=_came_in(found)))
    return _go_on(request, found.id)


def _said_none(given: QueryDict) -> QueryDict:
    """What was typed, and nothing filled in for it."""
    given = given.copy()
    given["none"] = "1"
    return given


def _key(request: DeskRequest) -> str:
    return f"reconciled:{request.organization.id}"


def _done(request: DeskRequest, found: BankLine, following: UUID | None, said: str) -> HttpResponse:
    request.session[_key(request)] = [*request.session.get(_key(request), []), str(found.id)][-_REMEMBERED:]
    messages.success(request, said)
    return _go_on(request, following)


def _go_on(request: DeskRequest, line_id: UUID | None) -> HttpResponse:
    where = address(request, "reconcile_line", line_id) if line_id else address(request, "reconcile")
    return redirect(where + _query(request))


def _query(request: DeskRequest) -> str:
    kept = QueryDict(mutable=True)
    for name in ("order", "currency", "after", "before"):
        if value := request.GET.get(name, ""):
            kept[name] = value
    return f"?{kept.urlencode()}" if kept else ""


def _rows(request: DeskRequest) -> tuple[QuerySet[BankLine], tuple[str, ...]]:
    rows = lines_waiting(request.organization.id)
    if currency := request.GET.get("currency", "")[:3]:
        rows = rows.filter(currency=currency)
    return rows, ORDERS.get(request.GET.get("order", ""), ORDERS["newest"])


def _following(request: DeskRequest, found: BankLine) -> UUID | None:
    """The line after this one in the list's order, else the one before it."""
    rows, (by, _id) = _rows(request)
    here = (getattr(found, by), found.id)
    after = rows.filter(TupleLessThan((by, "id"), here)).order_by(f"-{by}", "-id").values_list("id", flat=True)
    before = rows.filter(TupleGreaterThan((by, "id"), here)).order_by(by, "id").values_list("id", flat=True)
    return after.first() or before.first()


def _find(request: DeskRequest, line_id: UUID) -> BankLine:
    rows = BankLine.objects.filter(organization_id=request.organization.id, pk=line_id, kind="posted", parts=0)
    return get_object_or_404(rows.select_related("account", "creditor").filter(amount__gt=0))


def _came_in(found: BankLine) -> str:
    return coded(paid(found), found.currency)


def _lines(
    request: DeskRequest, selected: BankLine | None, *, do: str = "", split: Split | None = None, problem: str = ""
) -> HttpResponse:
    organization_id = request.organization.id
    rows, by = _rows(request)
    found = keyset.paginate(rows, request, by=by, descending=True)
    opened = selected is not None
    if selected is None and found.items:
        selected = found.items[0]
    totals = waiting_by_currency(organization_id)
    context: dict[str, Any] = {
        "title": _title(sum(one.lines for one in totals)),
        "totals": totals,
        "rows": found,
        "first": first_customers(organization_id, found.items),
        "order": request.GET.get("order", ""),
        "currency": request.GET.get("currency", ""),
        "query": _query(request),
        "opened": opened,
        "do": do,
        "problem": problem,
        "taken_back": reversals_waiting(organization_id).count(),
        "deposits": deposits_waiting(organization_id).count(),
        "may_undo": bool(request.session.get(_key(request))),
        **(_pane(request, selected, do, split) if selected else {}),
    }
    status = 422 if problem or (split and split.refused) else 200
    if request.htmx:
        return fragment(request, "desk/parts/reconcile.html", status=status, **context)
    return page(request, "desk/reconcile.html", context.pop("title"), status=status, **context)


def _pane(request: DeskRequest, selected: BankLine, do: str, split: Split | None) -> dict[str, Any]:
    """What is beside the list: the chosen line, what it may be for, and the form that was asked for."""
    organization_id = request.organization.id
    offered = offers(organization_id, selected) if selected.state in OPEN_STATES else []
    trust = trust_of(organization_id)
    given = request.POST if request.method == "POST" else request.GET
    q = given.get("q", "")[:100]
    context: dict[str, Any] = {
        "line": selected,
        "came_in": paid(selected),
        "waits": selected.state in OPEN_STATES,
        "offers": [
            {
                "one": one,
                "rule": reconciling.rule_name(one.rule),
                "told": reconciling.told(one.evidence),
                "record": reconciling.record_of(trust, one.rule),
                "differences": [(reconciling.difference(each.kind), each) for each in one.differences],
            }
            for one in offered
        ],
        "instruments": instruments_for(organization_id, selected) if selected.state in OPEN_STATES else [],
        "reasons": [_(reason) for reason in REASONS],
        "q": q,
        "reason": given.get("reason", ""),
    }
    if do in ("split", "ask"):
        likely = first_customers(organization_id, [selected]).get(selected.id)
        shown = context["split"] = split or split_of(selected, given, offered, likely.customer_id if likely else None)
        named = {one.id: one for one in search.whose(organization_id, q)}
        chosen = {part.customer.id for part in shown.parts}
        if named.keys() & chosen:  # it was chosen: the next one is looked for
            context["q"] = ""
        context["matches"] = [
            one for one in named.values() if one.creditor_id == selected.creditor_id and one.id not in chosen
        ]
        asked = _("What is the payment of {amount} of {day} for?")
        context["note"] = given.get("note") or asked.format(
            amount=_came_in(selected), day=formats.long_date(selected.booked_on)
        )
    return context


def _title(count: int) -> str:
    if not count:
        return _("Everything that came in is explained")
    return ngettext("{n} credit waits for its customer", "{n} credits wait for their customer", count).format(
        n=formats.number(count)
    )
