"""Answers to read: what came back, what it seems to say, and what a person says came of it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from puntual.desk import answering, formats, keyset, search
from puntual.desk.kept_files import handed_out
from puntual.desk.pages import DeskRequest, address, fragment, needs, page
from puntual.desk.refusing import refuse
from puntual.kernel.problems import Problem
from puntual.outreach.answers import actions
from puntual.outreach.answers.models import Answer
from puntual.outreach.answers.queries import everything, unread
from puntual.outreach.answers.reading.parts import file_of
from puntual.outreach.models import Activity
from puntual.parties.models import Customer


@require_GET
@needs("view")
def answers(request: DeskRequest) -> HttpResponse:
    """What waits for a person, the oldest first and opened; `?all` shows whatever came in, the newest first."""
    return _answers(request, None)


@require_GET
@needs("view")
def answer(request: DeskRequest, answer_id: UUID) -> HttpResponse:
    """One of them. `?as=` fills the form with a suggestion, `?q=` looks for its customer."""
    return _answers(request, _find(request, answer_id))


@require_POST
@needs("contact")
def outcome(request: DeskRequest, answer_id: UUID) -> HttpResponse:
    """Record what came of it, and go on with the next one."""
    found = _find(request, answer_id)
    form = answering.outcome_form(request.organization, request.actor, found, "", request.POST)
    if form.is_valid():
        given = form.cleaned_data
        invoice = UUID(given["invoice"]) if given["invoice"] else None
        successor = actions.Successor(given["successor_name"].strip(), given["successor_address"])
        try:
            actions.record_outcome(
                request.actor,
                found,
                given["outcome"],
                until=given["until"],
                invoice_id=invoice,
                note=given["note"],
                successor=successor,
                word=form.word(),
                objection=form.objection(),
            )
        except Problem as problem:
            refuse(form, problem)
        else:
            messages.success(request, _("Recorded."))
            return redirect(address(request, "answers"))
    return _answers(request, found, form)


@require_POST
@needs("contact")
def assign(request: DeskRequest, answer_id: UUID) -> HttpResponse:
    """Say whose it is."""
    found = _find(request, answer_id)
    mine = Customer.objects.filter(organization_id=request.organization.id)
    try:
        customer = mine.filter(pk=UUID(request.POST.get("customer", ""))).first()
    except ValueError:
        customer = None
    if customer is None:
        raise Http404
    actions.assign(request.actor, found, customer)
    messages.success(
        request, _("It is {customer}'s. They wait until you record what came of it.").format(customer=customer)
    )
    return redirect(address(request, "answer", found.id))


@require_GET
@needs("view")
def download(request: DeskRequest, answer_id: UUID) -> HttpResponse:
    """The message as it came, as a file: nothing of it is shown or run here."""
    found = _whole(request, answer_id)
    mail = found.channel == Activity.Channel.EMAIL
    return handed_out(f"{found.id}.{'eml' if mail else 'txt'}", bytes(found.raw))


@require_GET
@needs("view")
def attachment(request: DeskRequest, answer_id: UUID, number: int) -> HttpResponse:
    """A file that came along, by its place: to be kept, never shown or run here, whatever it says it is."""
    found = _whole(request, answer_id)
    taken = file_of(bytes(found.raw), number) if found.channel == Activity.Channel.EMAIL else None
    if taken is None:
        raise Http404
    name, content = taken
    return handed_out(name or f"{number + 1}.bin", content)


def _whole(request: DeskRequest, answer_id: UUID) -> Answer:
    return get_object_or_404(Answer.objects.filter(organization_id=request.organization.id, pk=answer_id))


def _answers(request: DeskRequest, selected: Answer | None, form: answering.OutcomeForm | None = None) -> HttpResponse:
    organization, every = request.organization, "all" in request.GET
    rows = everything(organization.id) if every else unread(organization.id)
    found = keyset.paginate(rows, request, by=("received_at", "id"), descending=every)
    opened = selected is not None
    if selected is None and found.items:
        selected = found.items[0]
    q = request.GET.get("q", "")[:100]
    context: dict[str, Any] = {
        "title": _title(len(found), more=bool(found.next or found.previous), every=every),
        "rows": found,
        "kinds": {kind: _(words) for kind, words in answering.KINDS.items()},
        "icons": answering.ICONS,
        "every": every,
        "query": "?all" if every else "",
        "opened": opened,
        "pane": answering.pane(selected) if selected else None,
        "form": form,
        "q": q,
        "matches": search.customers(organization.id, q) if q else [],
        "find": answering.FindForm({"q": q} if q else None),
    }
    if selected and form is None and selected.state == Answer.State.UNREAD:
        context["form"] = answering.outcome_form(organization, request.actor, selected, request.GET.get("as", ""))
    status = 422 if form is not None else 200
    if request.htmx:
        return fragment(request, "desk/parts/answers.html", status=status, **context)
    return page(request, "desk/answers.html", context.pop("title"), status=status, **context)


def _find(request: DeskRequest, answer_id: UUID) -> Answer:
    return get_object_or_404(everything(request.organization.id).filter(pk=answer_id))


def _title(count: int, *, more: bool, every: bool) -> str:
    if every:
        return _("Everything that came in")
    if not count:
        return _("Every answer has been read")
    if more:
        return _("Answers to read")
    return ngettext("{n} answer to read", "{n} answers to read", count).format(n=formats.number(count))
