"""Around reconciling: what was done lately, the statements and how they come in, the rules and what payers are known by."""

from decimal import Decimal
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from puntual.desk import formats, keyset, reconciling
from puntual.desk.forms import carried_out
from puntual.desk.forms.customers import WhyForm
from puntual.desk.forms.statements import AnswerForm
from puntual.desk.pages import DeskRequest, address, fragment, needs, page
from puntual.desk.refusing import refuse
from puntual.desk.sheets import accepted, done, sheet
from puntual.desk.views.imports import worker_lives
from puntual.desk.watched import Watched
from puntual.kernel.problems import Problem
from puntual.parties.models import Creditor, Customer
from puntual.payments.models import BankLine, PayerTrait, StatementFile
from puntual.payments.reconciling import actions
from puntual.payments.reconciling.queries import accounts, ignored_lately, settled_lately, traits
from puntual.payments.reconciling.trust import Trust, trust_of
from puntual.payments.reconciling.uploading import answer as answer_file
from puntual.payments.reconciling.uploading import bring_in

FILES_SHOWN = 20
BARS = ("0.995", "0.996", "0.997", "0.998", "0.999", "0.9995", "1")


class StatementForm(forms.Form):
    """A bank's file, and whose account it is of where nothing tells it."""

    file = forms.FileField(label=gettext_lazy("The file"), allow_empty_file=True)
    creditor = forms.ModelChoiceField(
        label=gettext_lazy("Whose account is it?"),
        queryset=Creditor.objects.none(),
        required=False,
        empty_label=gettext_lazy("the file says it"),
    )


class BarForm(Watched):
    """How often a rule has to be right to post by itself."""

    bar = forms.TypedChoiceField(label=gettext_lazy("A rule posts by itself from"), coerce=Decimal)

    def __init__(self, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **options)  # type: ignore[arg-type]
        self.fields["bar"].choices = [(bar, reconciling.percent(Decimal(bar))) for bar in BARS]  # type: ignore[attr-defined]


@require_GET
@needs("view")
def matched(request: DeskRequest) -> HttpResponse:
    """What was made of lines, the latest first: by a rule or by hand; `?view=ignored` shows what was set aside."""
    organization_id = request.organization.id
    view = request.GET.get("view", "")
    if view == "ignored":
        found = keyset.paginate(ignored_lately(organization_id), request, by=("booked_on", "id"), descending=True)
    else:
        rows = settled_lately(organization_id)
        if view in ("automatic", "hand"):
            rows = rows.filter(automatic=view == "automatic")
        found = keyset.paginate(rows, request, by=("id",), descending=True)
        for one in found.items:
            one.rule_name = reconciling.rule_name(one.rule) if one.automatic else ""
    return page(
        request,
        "desk/reconcile_matched.html",
        _("What was done with the bank's lines"),
        rows=found,
        view=view,
        views=[
            ("", _("All")),
            ("automatic", _("By a rule")),
            ("hand", _("By hand")),
            ("ignored", _("Set aside")),
        ],
    )


@require_http_methods(["GET", "POST"])
@needs("payments")
def take_back(request: DeskRequest, line_id: UUID) -> HttpResponse:
    """Take back what was done with a line, with the reason."""
    found = get_object_or_404(BankLine.objects.filter(organization_id=request.organization.id, id=line_id))
    form = WhyForm(request.POST or None)
    if request.method == "POST" and accepted(
        form, lambda given: actions.undo_line(request.actor, found.id, why=given["why"])
    ):
        messages.success(request, _("Taken back: the line waits again."))
        return done(request, address(request, "reconcile_line", found.id))
    about = _("Its invoices are open again and the line waits. A rule that posted it has been wrong once.")
    title = _("Take back what was done with this line")
    return sheet(request, form, title, address(request, "reconcile_matched"), verb=_("Take back"), about=about)


@require_GET
@needs("view")
def statements(request: DeskRequest) -> HttpResponse:
    """The accounts with their latest statement, the files that came in, and a place for the next one."""
    return _statements(request, _form(request))


@require_POST
@needs("import")
def new_file(request: DeskRequest) -> HttpResponse:
    """Take a bank's file in; a worker reads it, and its page says how far it is."""
    form = _form(request)
    if not form.is_valid():
        return _statements(request, form)
    given = form.cleaned_data
    creditor = given["creditor"].id if given["creditor"] else None
    try:
        file = bring_in(request.actor, given["file"].chunks(), name=given["file"].name, creditor_id=creditor)
    except Problem as problem:
        refuse(form, problem, "file")
        return _statements(request, form)
    return redirect(address(request, "reconcile_file", file.id))


def _form(request: DeskRequest) -> StatementForm:
    form = StatementForm(request.POST, request.FILES) if request.method == "POST" else StatementForm()
    creditors = Creditor.objects.filter(organization_id=request.organization.id).order_by("name", "id")
    form.fields["creditor"].queryset = creditors  # type: ignore[attr-defined]
    return form


def _statements(request: DeskRequest, form: StatementForm) -> HttpResponse:
    organization_id = request.organization.id
    files = StatementFile.objects.filter(organization_id=organization_id).order_by("-created_at", "-id")
    return page(
        request,
        "desk/reconcile_statements.html",
        _("The bank's statements"),
        422 if form.is_bound else 200,
        accounts=accounts(organization_id),
        files=[(file, _state(file)) for file in files[:FILES_SHOWN]],
        form=form,
        several=form.fields["creditor"].queryset.count() > 1,  # type: ignore[attr-defined]
    )


@require_GET
@needs("view")
def file(request: DeskRequest, file_id: UUID) -> HttpResponse:
    """One file on its way, and what came of it."""
    found = get_object_or_404(StatementFile.objects.filter(organization_id=request.organization.id, id=file_id))
    return _file(request, found, AnswerForm(found))


def _file(request: DeskRequest, found: StatementFile, form: AnswerForm) -> HttpResponse:
    context = {
        "file": found,
        "form": form,
        "asking": found.state == StatementFile.State.ASKING,
        "state": _state(found),
        "new": _new(found),
        "under_way": found.state in (StatementFile.State.WAITING, StatementFile.State.MATCHING),
        "idle": not worker_lives(),
        "problem": _told(found.problem) if found.problem else "",
        "warnings": [_told(one) for one in found.warnings],
        "waiting": found.found.get("unmatched", 0),
        "matched": found.found.get("matched", 0),
    }
    if request.htmx and context["under_way"]:
        return fragment(request, "desk/parts/reconcile_file.html", **context)
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": address(request, "reconcile_file", found.id)})
    return page(request, "desk/reconcile_file.html", found.file_name, 422 if form.is_bound else 200, **context)


@require_POST
@needs("import")
def answer(request: DeskRequest, file_id: UUID) -> HttpResponse:
    """What the file could not tell: a worker goes on with it."""
    found = get_object_or_404(StatementFile.objects.filter(organization_id=request.organization.id, id=file_id))
    form = AnswerForm(found, request.POST)
    try:
        if form.is_valid():
            answer_file(request.actor, found.id, mapping=form.mapping(), creditor_id=form.creditor_id())
            return redirect(address(request, "reconcile_file", found.id))
    except Problem as problem:
        refuse(form, problem)
    return _file(request, found, form)


def _told(kept: tuple[str, dict[str, str]]) -> str:
    message, details = kept
    return _(message).format(**details)


def _new(found: StatementFile) -> int:
    """How many lines of a file had not come in before."""
    return sum(count for state, count in found.states.items() if state != BankLine.State.DUPLICATE)


def _state(found: StatementFile) -> str:
    """What a file has come to, in words."""
    if found.state == StatementFile.State.WAITING:
        return _("waits to be read")
    if found.state == StatementFile.State.MATCHING:
        return _("its lines are looked at")
    if found.state == StatementFile.State.ASKING:
        return _("waits for an answer")
    if found.state == StatementFile.State.FAILED:
        return _("refused")
    new = _new(found)
    if not new and found.states:
        return _("nothing new: all its lines had come in before")
    return ngettext("{n} new line", "{n} new lines", new).format(n=formats.number(new))


@require_GET
@needs("view")
def rules(request: DeskRequest) -> HttpResponse:
    """How often each rule was right, which post by themselves, and what payers are known by; `?customer=` of one."""
    return _rules(request)


def _rules(request: DeskRequest, form: BarForm | None = None) -> HttpResponse:
    organization_id = request.organization.id
    trust = trust_of(organization_id)
    customer = _customer(request)
    known = traits(organization_id).filter(customer=customer) if customer else traits(organization_id)
    return page(
        request,
        "desk/reconcile_rules.html",
        _("What is recognized by itself, and why"),
        422 if form else 200,
        rules=reconciling.rules(trust),
        bar=reconciling.percent(trust.bar),
        form=form or BarForm(initial=_bar(trust)),
        customer=customer,
        traits=keyset.paginate(known, request, by=("id",), descending=True),
    )


def _customer(request: DeskRequest) -> Customer | None:
    try:
        key = UUID(request.GET.get("customer", ""))
    except ValueError:
        return None
    return Customer.objects.filter(organization_id=request.organization.id, id=key).first()


@require_POST
@needs("settings")
def set_bar(request: DeskRequest) -> HttpResponse:
    """Raise the bar, or lower it again, never below 99.5 %."""
    form = BarForm(request.POST, initial=_bar(trust_of(request.organization.id)))
    if carried_out(form, lambda bar: actions.set_bar(request.actor, bar)):
        messages.success(request, _("From now on only rules that reach it post by themselves."))
        return redirect(address(request, "reconcile_rules"))
    return _rules(request, form)


def _bar(trust: Trust) -> dict[str, str]:
    return {"bar": f"{trust.bar.normalize():f}"}


@require_http_methods(["GET", "POST"])
@needs("payments")
def forget(request: DeskRequest, trait_id: UUID) -> HttpResponse:
    """A payer is not known by this any more."""
    rows = PayerTrait.objects.filter(organization_id=request.organization.id, forgotten_at=None)
    found = get_object_or_404(rows.select_related("customer").filter(id=trait_id))
    form = WhyForm(request.POST or None)
    if request.method == "POST" and accepted(
        form, lambda given: actions.forget_trait(request.actor, found.id, why=given["why"])
    ):
        messages.success(request, _("Forgotten: “{shown}” leads to nobody any more.").format(shown=found.shown))
        return done(request, address(request, "reconcile_rules"))
    title = _("Forget that {customer} pays as “{shown}”").format(customer=found.customer.name, shown=found.shown)
    about = _("What was matched by it stays as it is.")
    return sheet(request, form, title, address(request, "reconcile_rules"), verb=_("Forget"), about=about)
