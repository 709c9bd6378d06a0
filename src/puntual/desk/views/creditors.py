"""Who is owed: how it is called and signs, where it is paid, and until when its books are known."""

from datetime import date, timedelta
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from puntual.desk import formats, keyset
from puntual.desk.fields import DayField
from puntual.desk.forms import AccountForm, CreditorForm, LogoForm, carried_out
from puntual.desk.pages import DeskRequest, address, needs, page
from puntual.kernel.tax_ids import check_tax_id
from puntual.outreach.variables import signature_of
from puntual.parties.actions import add_account, change_creditor, create_creditor, end_account, note_data_through
from puntual.parties.models import Creditor, CreditorAccount, CreditorLogo, Sender
from puntual.parties.signers import signatory_of
from puntual.receivables.actions import close_period

FIELDS = ("name", "tax_id", "signs_as", "email", "phone", "language", "address")


class ThroughForm(forms.Form):
    """Until when the books are known."""

    invoices = DayField(label=gettext_lazy("Invoices known through"), required=False)
    bank = DayField(label=gettext_lazy("Payments known through"), required=False)


class BooksForm(forms.Form):
    """Through when the books are closed."""

    through = DayField(label=gettext_lazy("Close through"))


class NewCreditorForm(forms.Form):
    """Another creditor: the rest is written on its own page."""

    name = forms.CharField(label=gettext_lazy("Legal name"), max_length=200)
    code = forms.CharField(label=gettext_lazy("Short code"), max_length=40)


@require_GET
@needs("view")
def creditors(request: DeskRequest) -> HttpResponse:
    """The creditors."""
    return _list(request, NewCreditorForm())


@require_POST
@needs("settings")
def new(request: DeskRequest) -> HttpResponse:
    """Another creditor, in the organization's country, currency and language."""
    own = request.organization
    form = NewCreditorForm(request.POST)
    made: list[Creditor] = []

    def create(name: str, code: str) -> None:
        values = {"country": own.country, "currency": own.currency, "language": own.language}
        made.append(create_creditor(request.actor, code=code, name=name, **values))

    if carried_out(form, create):
        return redirect(address(request, "creditor", made[0].id))
    return _list(request, form)


@require_GET
@needs("view")
def creditor(request: DeskRequest, creditor_id: UUID) -> HttpResponse:
    """One creditor. Whoever may change the settings writes here, others read."""
    return show(request, find(request, creditor_id))


@require_POST
@needs("settings")
def change(request: DeskRequest, creditor_id: UUID) -> HttpResponse:
    """Who the creditor is and how its messages are signed."""
    found = find(request, creditor_id)
    form = CreditorForm(request.POST, initial=_said(found))
    if carried_out(form, lambda **values: change_creditor(request.actor, found.id, **values)):
        messages.success(request, _("Saved. It is on record who changed it."))
        return redirect(address(request, "creditor", found.id))
    return show(request, found, form=form)


@require_POST
@needs("settings")
def add(request: DeskRequest, creditor_id: UUID) -> HttpResponse:
    """Another account."""
    found = find(request, creditor_id)
    form = AccountForm(request.POST, prefix="account")
    if carried_out(form, lambda **values: add_account(request.actor, found.id, **values)):
        messages.success(request, _("The account was added: messages in its currency name it from now on."))
        return redirect(address(request, "creditor", found.id) + "#accounts")
    return show(request, found, account_form=form)


@require_POST
@needs("settings")
def end(request: DeskRequest, creditor_id: UUID, account_id: UUID) -> HttpResponse:
    """No message names the account from now on."""
    found = find(request, creditor_id)
    accounts = CreditorAccount.objects.filter(organization_id=request.organization.id, creditor=found)
    if not accounts.filter(id=account_id).exists():
        raise Http404
    end_account(request.actor, account_id, last_day=request.actor.today - timedelta(days=1))
    messages.success(request, _("No message names that account any more."))
    return redirect(address(request, "creditor", found.id) + "#accounts")


@require_POST
@needs("import")
def through(request: DeskRequest, creditor_id: UUID) -> HttpResponse:
    """Until when the creditor's invoices and payments are known."""
    found = find(request, creditor_id)
    form = ThroughForm(request.POST, prefix="through")
    if form.is_valid():
        days = {name: day for name, day in form.cleaned_data.items() if day}
        known = {"invoices": found.invoices_through, "bank": found.bank_through}
        for name, day in days.items():
            if day > request.actor.today:
                form.add_error(name, _("That day has not come yet."))
            elif (before := known[name]) and day < before:
                form.add_error(name, _("A later day was noted before, and what was known stays known."))
        if not form.errors:
            if days:
                note_data_through(request.actor, found.id, **days)
            messages.success(request, _("Noted."))
            return redirect(address(request, "creditor", found.id) + "#through")
    return show(request, found, through_form=form)


@require_POST
@needs("adjust")
def books(request: DeskRequest, creditor_id: UUID) -> HttpResponse:
    """Close the creditor's books through a day; they are not opened again."""
    found = find(request, creditor_id)
    form = BooksForm(request.POST, prefix="books")
    if carried_out(form, lambda through: close_period(request.actor, found.id, through)):
        messages.success(request, _("The books are closed through that day."))
        return redirect(address(request, "creditor", found.id) + "#books")
    return show(request, found, books_form=form)


def _said(found: Creditor) -> dict[str, str]:
    """What is known of a creditor now, as its form says it."""
    return {name: getattr(found, name) for name in FIELDS}


def _list(request: DeskRequest, form: NewCreditorForm) -> HttpResponse:
    found = Creditor.objects.filter(organization_id=request.organization.id)
    count = found.count()
    title = ngettext("{n} creditor", "{n} creditors", count).format(n=formats.number(count))
    rows = keyset.paginate(found, request, by=("name", "id"))
    mailboxes = Sender.objects.filter(
        organization_id=request.organization.id, channel=Sender.Channel.EMAIL, verified_at__isnull=False
    )
    addresses = dict(mailboxes.values_list("creditor_id", "address"))
    for one in rows:
        one.writes_from = addresses.get(one.id, "")
    return page(request, "desk/creditors.html", title, 422 if form.is_bound else 200, rows=rows, form=form)


def show(
    request: DeskRequest,
    found: Creditor,
    form: CreditorForm | None = None,
    account_form: AccountForm | None = None,
    through_form: ThroughForm | None = None,
    books_form: BooksForm | None = None,
    logo_form: LogoForm | None = None,
) -> HttpResponse:
    """The page of one creditor, with the forms that were not right."""
    accounts = CreditorAccount.objects.filter(organization_id=request.organization.id, creditor=found)
    lasting = accounts.filter(Q(ends_on=None) | Q(ends_on__gte=request.actor.today)).order_by("currency", "bank", "id")
    dates = {"invoices": found.invoices_through, "bank": found.bank_through}
    bound = any(one is not None and one.is_bound for one in (form, account_form, through_form, books_form, logo_form))
    return page(
        request,
        "desk/creditor.html",
        found.name,
        422 if bound else 200,
        creditor=found,
        accounts=list(lasting),
        doubtful=bool(found.tax_id) and check_tax_id(found.country, found.tax_id).valid is False,
        form=form or CreditorForm(initial=_said(found)),
        account_form=account_form or AccountForm(prefix="account", initial={"currency": found.currency}),
        account_open=account_form is not None,
        through_form=through_form or ThroughForm(prefix="through", initial=dates),
        books_form=books_form or BooksForm(prefix="books", initial={"through": _to_close(found, request.actor.today)}),
        logo_form=logo_form or LogoForm(prefix="logo"),
        logo=CreditorLogo.objects.filter(organization_id=request.organization.id, creditor=found)
        .values("name", "digest")
        .first(),
        sender=Sender.objects.filter(
            organization_id=request.organization.id, creditor=found, channel=Sender.Channel.EMAIL
        ).first(),
        signature=signature_of(request.organization, found, signatory_of(found, "", request.actor.today)),
    )


def find(request: DeskRequest, creditor_id: UUID) -> Creditor:
    """A creditor of this organization. Raises Http404."""
    return get_object_or_404(Creditor.objects.filter(organization_id=request.organization.id, id=creditor_id))


def _to_close(creditor: Creditor, today: date) -> date | None:
    """The end of last month, where the books are not closed that far."""
    month_end = today.replace(day=1) - timedelta(days=1)
    closed = creditor.books_closed_through
    return month_end if closed is None or closed < month_end else None
