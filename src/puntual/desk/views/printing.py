"""Print batches: what waits to be printed, one batch with its letters, what it is posted with, and what came back."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from puntual.desk import formats, keyset, sheets
from puntual.desk.forms.printing import GatherForm, PostedForm, ReturnedForm, service_name
from puntual.desk.pages import DeskRequest, address, fragment, needs, page
from puntual.desk.refusing import refuse
from puntual.desk.views.documents import as_file
from puntual.desk.views.imports import worker_lives
from puntual.kernel.problems import Problem
from puntual.outreach import actions
from puntual.outreach.channels import Document
from puntual.outreach.channels.letter.claiming import last_window, to_print
from puntual.outreach.channels.letter.manifest import FORMS, manifest
from puntual.outreach.channels.letter.models import PrintBatch, PrintedLetter, PrintFile
from puntual.outreach.channels.letter.queries import batches, files_of, letters_of, settled_since
from puntual.outreach.channels.letter.references import read_references
from puntual.outreach.models import Activity
from puntual.outreach.queries import lines

_State = PrintBatch.State
SHOWN = 100
"""Letters that wait and are shown one by one; with more than that a batch is of all."""
TYPED = 200
"""Letters of a batch whose numbers can be typed on the page; above that they come from a list."""


@require_GET
@needs("view")
def letters(request: DeskRequest) -> HttpResponse:
    """What waits to be printed, and the batches so far, the latest first."""
    return _letters(request, None)


@require_POST
@needs("contact")
def gather(request: DeskRequest) -> HttpResponse:
    """Gather letters into a batch, and show it."""
    form = GatherForm(request.organization.country, request.POST)
    if form.is_valid():
        try:
            made = actions.start_batch(request.actor, ids=_chosen(request), **form.cleaned_data)
        except Problem as problem:
            refuse(form, problem)
        else:
            return redirect(address(request, "print_batch", made.id))
    return _letters(request, form)


def _chosen(request: DeskRequest) -> list[UUID] | None:
    try:
        return [UUID(one) for one in request.POST.getlist("id")] or None
    except ValueError:
        raise Http404 from None


def _letters(request: DeskRequest, form: GatherForm | None) -> HttpResponse:
    organization_id = request.organization.id
    ordinary, proved = to_print(request.actor), to_print(request.actor, proved=True)
    counts = ordinary.count(), proved.count()
    found = keyset.paginate(batches(organization_id), request, by=("number", "id"), descending=True)
    initial = {"window": last_window(organization_id)}
    return page(
        request,
        "desk/letters.html",
        _waiting(sum(counts)),
        422 if form else 200,
        form=form or GatherForm(request.organization.country, initial=initial),
        groups=[
            (name, count, lines(organization_id, _first(rows), request.actor.today))
            for name, count, rows in (
                (_("Ordinary post"), counts[0], ordinary),
                (_("With proof of delivery"), counts[1], proved),
            )
            if count
        ],
        waiting=sum(counts),
        rows=found,
    )


def _first(rows: QuerySet[Activity]) -> Sequence[Activity]:
    return list(rows.select_related("customer").order_by("-value", "-id")[:SHOWN])


def _waiting(count: int) -> str:
    if not count:
        return _("No letter waits to be printed")
    return ngettext("{n} letter waits to be printed", "{n} letters wait to be printed", count).format(
        n=formats.number(count)
    )


@require_GET
@needs("view")
def batch(request: DeskRequest, batch_id: UUID) -> HttpResponse:
    """One batch with its letters; while it is being made, how far it has come."""
    found = _find(request, batch_id)
    if found.state == _State.MAKING:
        return page(request, "desk/print_batch_making.html", _title(found), batch=found, **_progress(found))
    rows = keyset.paginate(letters_of(found), request, by=("place", "id"), size=100)
    gone = (
        settled_since(request.organization.id, rows.items, request.actor.today) if found.state == _State.READY else ()
    )
    return page(
        request,
        "desk/print_batch.html",
        _title(found),
        batch=found,
        rows=rows,
        gone=gone,
        files=files_of(found),
        forms=FORMS,
        service=service_name(found.service),
        stale=found.sample and request.organization.is_live and found.state == _State.READY,
    )


@require_GET
@needs("view")
def progress(request: DeskRequest, batch_id: UUID) -> HttpResponse:
    """How far a batch has come; once it is there, its page takes over."""
    found = _find(request, batch_id)
    where = address(request, "print_batch", found.id)
    if found.state == _State.MAKING and request.htmx:
        return fragment(request, "desk/parts/print_progress.html", **_progress(found))
    return HttpResponse(headers={"HX-Redirect": where}) if request.htmx else redirect(where)


def _progress(found: PrintBatch) -> dict[str, Any]:
    return {"done": found.made + found.fell_out, "total": found.total, "idle": not worker_lives()}


def _title(found: PrintBatch) -> str:
    numbers = {"number": formats.number(found.number), "n": formats.number(found.made)}
    if found.state == _State.MAKING:
        return _("Batch {number} is being made").format(**numbers)
    if found.state == _State.READY:
        title = ngettext(
            "Batch {number}: {n} letter to print and post", "Batch {number}: {n} letters to print and post", found.made
        )
        return title.format(**numbers)
    if found.posted_on:
        return _("Batch {number}: posted on {day}").format(day=formats.long_date(found.posted_on), **numbers)
    return _("Batch {number}: nothing was posted").format(**numbers)


@require_GET
@needs("export")
def print_file(request: DeskRequest, batch_id: UUID, part: int) -> HttpResponse:
    """What the printer gets."""
    found = _find(request, batch_id)
    file = get_object_or_404(PrintFile.objects.filter(organization_id=request.organization.id, batch=found, part=part))
    return as_file(Document(f"letters-{found.number}-{part}.pdf", "application/pdf", bytes(file.pdf)))


@require_GET
@needs("export")
def print_manifest(request: DeskRequest, batch_id: UUID, form: str) -> HttpResponse:
    """The list that goes with a batch."""
    found = _find(request, batch_id)
    if form not in FORMS:
        raise Http404
    return as_file(manifest(found, form, request.actor.now))


@require_GET
@needs("view")
def one_letter(request: DeskRequest, letter_id: UUID) -> HttpResponse:
    """One letter as it was set."""
    found = PrintedLetter.objects.filter(organization_id=request.organization.id, pk=letter_id).first()
    if found is None or not found.pdf:
        raise Http404
    return as_file(Document(f"{found.code}.pdf", "application/pdf", bytes(found.pdf)))


@require_http_methods(["GET", "POST"])
@needs("contact")
def posted(request: DeskRequest, batch_id: UUID) -> HttpResponse:
    """Say that a batch was posted, with the post's numbers, and which letters were left out."""
    found = _find(request, batch_id)
    if found.state != _State.READY:
        return redirect(address(request, "print_batch", found.id))
    form = PostedForm(request.POST or None, request.FILES or None, initial={"on": request.actor.today})
    if request.method == "POST" and form.is_valid():
        try:
            _post(request, found, form, form.cleaned_data["on"])
        except Problem as problem:
            refuse(form, problem)
        else:
            return redirect(address(request, "print_batch", found.id))
    return page(
        request,
        "desk/print_posted.html",
        _("Batch {number} was posted").format(number=formats.number(found.number)),
        422 if form.is_bound else 200,
        batch=found,
        form=form,
        typed=_typed(request, found) if found.made <= TYPED else [],
        service=service_name(found.service),
    )


def _typed(request: DeskRequest, found: PrintBatch) -> list[tuple[PrintedLetter, str, bool]]:
    """Each letter with the number typed for it, and whether it is left out."""
    out = request.POST.getlist("out")
    rows = letters_of(found).filter(state=PrintedLetter.State.MADE).order_by("place")
    return [(one, request.POST.get(f"number-{one.code}", ""), one.code in out) for one in rows]


def _post(request: DeskRequest, found: PrintBatch, form: PostedForm, on: date) -> None:
    references = dict(read_references(form.numbers_text()))
    for name, number in request.POST.items():
        if name.startswith("number-") and str(number).strip():
            references[name.removeprefix("number-")] = str(number)
    out = request.POST.getlist("out")
    done = actions.post_batch(
        request.actor, found.id, on=on, office=form.cleaned_data["office"], references=references, left_out=out
    )
    if done.sample:
        messages.success(request, _("The letters are in the capture mailbox; nothing was posted."))
    else:
        messages.success(request, _("Noted: the letters count as sent on that day."))


@require_POST
@needs("contact")
def put_back(request: DeskRequest, batch_id: UUID) -> HttpResponse:
    """Take the letters out of a batch that is not posted; they wait for another one."""
    found = _find(request, batch_id)
    actions.put_back(request.actor, found.id, request.POST.getlist("code") or None)
    messages.success(request, _("Put back: they wait for another batch."))
    return redirect(address(request, "letters"))


@require_http_methods(["GET", "POST"])
@needs("contact")
def returned(request: DeskRequest) -> HttpResponse:
    """A letter came back: its code, and why. The form stays open for the next one."""
    form = ReturnedForm(request.actor.today, request.POST if request.method == "POST" else None)
    here, back = address(request, "letter_returned"), address(request, "letters")
    noted: list[PrintedLetter] = []
    if request.method == "POST" and sheets.accepted(
        form, lambda given: noted.append(actions.mark_returned(request.actor, **given))
    ):
        messages.success(request, _("Noted: letter {code} came back.").format(code=noted[0].code))
        return redirect(here)
    return sheets.sheet(
        request,
        form,
        _("A letter came back"),
        back,
        verb=_("Note it"),
        about=_("It no longer counts as delivered, and its address is looked at again."),
    )


def _find(request: DeskRequest, batch_id: UUID) -> PrintBatch:
    return get_object_or_404(PrintBatch.objects.filter(organization_id=request.organization.id, pk=batch_id))
