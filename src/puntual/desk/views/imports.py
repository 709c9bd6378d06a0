"""Files in: choose one, look at how it will be read, let it land, see what came of it."""

import csv
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models.functions import Now
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from procrastinate.contrib.django.models import ProcrastinateWorker

from puntual.desk import formats, keyset, places, proposing
from puntual.desk.fields import DayField
from puntual.desk.formats import sentence
from puntual.desk.pages import DeskRequest, address, fragment, needs, page
from puntual.desk.refusing import refuse
from puntual.intake import actions
from puntual.intake.models import ImportJob
from puntual.intake.queries import proposal_of, refusals, result_of
from puntual.intake.results import Tally
from puntual.intake.sentences import told
from puntual.kernel.problems import N_, Problem
from puntual.parties.models import Creditor

State = ImportJob.State
KINDS = {
    "invoices": (
        gettext_lazy("Invoices"),
        gettext_lazy("with their customers, what is open and, where the file says it, what was paid"),
    ),
    "payments": (gettext_lazy("Payments"), gettext_lazy("what came in, and for which invoices where the file says it")),
    "customers": (gettext_lazy("Customers"), gettext_lazy("names, tax IDs, e-mails, phones, terms")),
    "balances": (
        gettext_lazy("Balances only"),
        gettext_lazy("how much each customer owes in all, without the invoices"),
    ),
}
STATES = {
    State.UPLOADED: N_("uploaded"),
    State.ASKING: N_("asks something"),
    State.READY: N_("ready"),
    State.RUNNING: N_("under way"),
    State.DONE: N_("imported"),
    State.CANCELED: N_("canceled"),
    State.STOPPED: N_("stopped to ask"),
    State.FAILED: N_("failed"),
    State.UNDONE: N_("undone"),
}
TEMPLATES = {
    "invoices": (
        "customer_code",
        "customer_name",
        "customer_tax_id",
        "customer_email",
        "customer_phone",
        "number",
        "issue_date",
        "due_date",
        "currency",
        "amount",
        "open_amount",
        "paid_on",
    ),
    "customers": (
        "customer_code",
        "customer_name",
        "customer_tax_id",
        "customer_email",
        "customer_phone",
        "contact_name",
        "address",
        "language",
        "terms_days",
    ),
    "payments": ("date", "customer_code", "amount", "currency", "invoice_numbers", "reference"),
    "balances": ("customer_code", "customer_name", "customer_email", "open_amount", "currency", "date"),
}
REFUSED_SHOWN = 200
_WORKER_SILENT = timedelta(minutes=1)


class UploadForm(forms.Form):
    """A file, what it is a list of, and whose it is."""

    kind = forms.ChoiceField(choices=[(kind, words[0]) for kind, words in KINDS.items()], initial="invoices")
    creditor = forms.ModelChoiceField(
        label=gettext_lazy("Whose file is it?"),
        queryset=Creditor.objects.none(),
        required=False,
        empty_label=gettext_lazy("the file says it"),
    )
    snapshot_on = DayField(label=gettext_lazy("The whole open portfolio of"), required=False)
    file = forms.FileField(label=gettext_lazy("The file"), allow_empty_file=True)


@require_GET
@needs("view")
def imports(request: DeskRequest) -> HttpResponse:
    """The files that came in, the latest first."""
    rows = ImportJob.objects.filter(organization_id=request.organization.id).defer("proposal", "mapping")
    found = keyset.paginate(rows, request, by=("created_at", "id"), descending=True)
    return page(request, "desk/imports.html", _("Imports"), rows=found, states=STATES, kinds=KINDS)


@require_http_methods(["GET", "POST"])
@needs("import")
def new_import(request: DeskRequest) -> HttpResponse:
    """Choose a file; it is looked at, and nothing of it lands yet."""
    creditors = Creditor.objects.filter(organization_id=request.organization.id).order_by("name", "id")
    form = UploadForm(
        request.POST or None, request.FILES or None, initial={"kind": request.GET.get("kind", "invoices")}
    )
    form.fields["creditor"].queryset = creditors  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            job = actions.start(
                request.actor,
                given["file"].chunks(),
                name=given["file"].name,
                kind=given["kind"],
                creditor_id=given["creditor"].id if given["creditor"] else None,
                snapshot_on=given["snapshot_on"],
            )
        except Problem as problem:
            refuse(form, problem, "file")
        else:
            return redirect(address(request, "import", job.id))
    return page(
        request,
        "desk/new_import.html",
        _("Import a file"),
        422 if request.method == "POST" else 200,
        form=form,
        kinds=list(KINDS.items()),
        several=creditors.count() > 1,
    )


@require_GET
@needs("view")
def template(request: DeskRequest, kind: str) -> HttpResponse:
    """An empty spreadsheet with the columns of a kind, in the reader's language."""
    if kind not in TEMPLATES:
        raise Http404
    text = StringIO()
    csv.writer(text).writerow([_(proposing.HEADS[name]) for name in TEMPLATES[kind]])
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="puntual-{kind}.csv"'
    return response


@require_GET
@needs("view")
def job(request: DeskRequest, job_id: UUID) -> HttpResponse:
    """A file on its way: how it will be read, how far it is, or what came of it."""
    found = _find(request, job_id)
    if found.state in (State.ASKING, State.READY, State.UPLOADED):
        return _proposal(request, found)
    if found.state == State.RUNNING:
        return page(request, "desk/import_running.html", found.file_name, **_progress(found))
    return _result(request, found)


@require_GET
@needs("view")
def progress(request: DeskRequest, job_id: UUID) -> HttpResponse:
    """How far a running file is; once it has ended, the page of its result takes over."""
    found = _find(request, job_id)
    if found.state == State.RUNNING and request.htmx:
        return fragment(request, "desk/parts/import_progress.html", **_progress(found))
    where = address(request, "import", found.id)
    return HttpResponse(headers={"HX-Redirect": where}) if request.htmx else redirect(where)


@require_POST
@needs("import")
def answer(request: DeskRequest, job_id: UUID) -> HttpResponse:
    """Decide what the file leaves open, or decide otherwise than proposed."""
    found = _find(request, job_id)
    try:
        decided = proposing.answers(proposing.Seen.of(found), request.POST)
        if decided:
            actions.answer(request.actor, found.id, decided)
    except Problem as problem:
        return _proposal(request, _find(request, job_id), sentence(problem))
    if request.POST.get("then") == "launch" and not proposal_of(_find(request, job_id)).questions:
        actions.launch(request.actor, found.id)
    return redirect(address(request, "import", found.id))


@require_POST
@needs("import")
def launch(request: DeskRequest, job_id: UUID) -> HttpResponse:
    """Let it land, or go on where it was."""
    return _done(request, job_id, actions.launch)


@require_POST
@needs("import")
def cancel(request: DeskRequest, job_id: UUID) -> HttpResponse:
    """Stop it; what has landed stays."""
    return _done(request, job_id, actions.cancel)


@require_POST
@needs("import")
def confirm(request: DeskRequest, job_id: UUID) -> HttpResponse:
    """Go on with a snapshot that stopped to ask."""
    return _done(request, job_id, actions.confirm)


@require_POST
@needs("import")
def undo(request: DeskRequest, job_id: UUID) -> HttpResponse:
    """Take back what a file brought."""
    answered = _done(request, job_id, actions.undo)
    messages.success(request, _("It was undone: what the file brought is taken back."))
    return answered


@require_GET
@needs("export")
def refused(request: DeskRequest, job_id: UUID) -> HttpResponse:
    """The refused rows as a file that can be mended and brought in again."""
    found = _find(request, job_id)
    path = Path(found.rejects_path)
    if not found.rejects_path or not path.is_file():
        raise Http404
    return cast(HttpResponse, FileResponse(path.open("rb"), as_attachment=True, filename=path.name))


def _done(request: DeskRequest, job_id: UUID, act: object) -> HttpResponse:
    found = _find(request, job_id)
    act(request.actor, found.id)  # type: ignore[operator]
    return redirect(address(request, "import", found.id))


def _proposal(request: DeskRequest, found: ImportJob, problem: str = "") -> HttpResponse:
    try:
        seen = proposing.Seen.of(found)
        preview = seen.preview()
    except (Problem, OSError) as error:
        text = sentence(error) if isinstance(error, Problem) else _("The file is no longer here. Bring it in again.")
        return page(request, "desk/import_gone.html", found.file_name, 422, job=found, problem=text)
    questions = seen.questions()
    rows = seen.proposal.rows
    title = ngettext("{n} row in {file}", "{n} rows in {file}", rows).format(
        n=formats.number(rows), file=found.file_name
    )
    if questions:
        title = ngettext(
            "{n} question before {file} can be read", "{n} questions before {file} can be read", len(questions)
        ).format(n=formats.number(len(questions)), file=found.file_name)
    known, unknown = seen.fields(request.POST)
    return page(
        request,
        "desk/import_proposal.html",
        title,
        422 if problem else 200,
        job=found,
        kind=KINDS[found.kind][0],
        proposal=seen.proposal,
        questions=questions,
        open_options=seen.open_options,
        ask_currency=seen.unsaid_currency,
        currencies=places.currency_choices(),
        known=known,
        unknown=unknown,
        preview=preview,
        warnings=[notice.text(_) for notice in seen.proposal.warnings],
        orders=proposing.order_choices(),
        decimals=proposing.decimal_choices(),
        problem=problem,
    )


def _progress(found: ImportJob) -> dict[str, Any]:
    return {"job": found, "tally": Tally.from_json(found.result), "idle": not worker_lives()}


def worker_lives() -> bool:
    """Whether a worker has been heard of lately: without one nothing that was asked for happens."""
    return ProcrastinateWorker.objects.filter(last_heartbeat__gt=Now() - _WORKER_SILENT).exists()


def _result(request: DeskRequest, found: ImportJob) -> HttpResponse:
    result = result_of(found)
    tally = result.tally
    landed = tally.rows - tally.rejected
    titles = {
        State.DONE: ngettext("{n} row of {file} is in", "{n} rows of {file} are in", landed),
        State.CANCELED: ngettext("Stopped after {n} row of {file}", "Stopped after {n} rows of {file}", landed),
        State.STOPPED: _("{file} would close a lot: please look at it"),
        State.FAILED: _("{file} could not be brought in"),
        State.UNDONE: _("{file} was undone"),
    }
    title = titles[State(found.state)].format(n=formats.number(landed), file=found.file_name)
    shown = refusals(found, REFUSED_SHOWN)
    return page(
        request,
        "desk/import_result.html",
        title,
        job=found,
        kind=KINDS[found.kind][0],
        state=_(STATES[State(found.state)]),
        tally=tally,
        landed=landed,
        totals=[(currency, amount) for currency, amount in sorted(tally.totals.items())],
        problem=told(found.problem, _, formats.written),
        warnings=[warned.text(_, formats.written) for warned in tally.warnings.values()],
        refusals=[
            proposing.RefusedCell(
                one.line, one.column, one.value, " ".join(told(each, _, formats.written) for each in one.sentences)
            )
            for one in shown
        ],
        more=len(shown) == REFUSED_SHOWN,
    )


def _find(request: DeskRequest, job_id: UUID) -> ImportJob:
    return get_object_or_404(ImportJob.objects.filter(organization_id=request.organization.id, id=job_id))
