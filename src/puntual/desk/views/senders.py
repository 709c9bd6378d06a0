"""From where one creditor writes, channel by channel, and what is still missing."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from puntual.desk.forms import carried_out
from puntual.desk.pages import DeskRequest, address, needs, page
from puntual.desk.watched import Watched
from puntual.outreach.actions import mail_code, verify_by_account
from puntual.outreach.origins import origin_of, sole_creditor
from puntual.outreach.ways import account_senders, set_up
from puntual.parties.actions import confirm_code, declare_sender, remove_sender
from puntual.parties.models import Creditor, Sender

HOW = {
    Sender.How.CODE: gettext_lazy("with a code that was mailed to it"),
    Sender.How.PROVIDER: gettext_lazy("by the account with the provider"),
    Sender.How.OPERATOR: gettext_lazy("by whoever runs this server"),
    Sender.How.IN_USE: gettext_lazy("because messages left from it before"),
}


class SenderForm(Watched):
    """The mailbox a creditor writes from."""

    address = forms.EmailField(label=gettext_lazy("E-mail address"))
    name = forms.CharField(label=gettext_lazy("Name beside it"), max_length=150, required=False)
    reply_to = forms.EmailField(label=gettext_lazy("Answers go to"), required=False)


class CodeForm(forms.Form):
    """The code that was mailed."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=12,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


@require_GET
@needs("view")
def senders(request: DeskRequest, creditor_id: UUID) -> HttpResponse:
    """A creditor's senders."""
    return _page(request, _creditor(request, creditor_id))


@require_POST
@needs("settings")
def declare(request: DeskRequest, creditor_id: UUID) -> HttpResponse:
    """Say from which mailbox the creditor writes, and have a code mailed to it where it is not verified."""
    found = _creditor(request, creditor_id)
    form = SenderForm(request.POST, initial=_declared(found))

    def save(**values: str) -> None:
        sender = declare_sender(request.actor, found.id, Sender.Channel.EMAIL, **values)
        if sender.verified_at:
            messages.success(request, _("Saved. The next message leaves so."))
        elif "email" in set_up():
            mail_code(request.actor, sender.id)
            messages.success(request, _("A code was mailed to {address}.").format(address=sender.address))
        else:
            messages.success(request, _("Saved. It can be verified once there is a mail server."))

    if carried_out(form, save, "address"):
        return redirect(_here(request, found))
    return _page(request, found, form=form)


@require_POST
@needs("settings")
def mail(request: DeskRequest, creditor_id: UUID) -> HttpResponse:
    """Mail another code."""
    found = _creditor(request, creditor_id)
    sender = _sender(found, Sender.Channel.EMAIL)
    form = CodeForm({"code": ""})
    if carried_out(form, lambda code: mail_code(request.actor, sender.id), "code"):
        messages.success(request, _("A code was mailed to {address}.").format(address=sender.address))
        return redirect(_here(request, found))
    return _page(request, found, code_form=form)


@require_POST
@needs("settings")
def confirm(request: DeskRequest, creditor_id: UUID) -> HttpResponse:
    """The code came back."""
    found = _creditor(request, creditor_id)
    sender = _sender(found, Sender.Channel.EMAIL)
    form = CodeForm(request.POST)
    if carried_out(form, lambda code: confirm_code(request.actor, sender.id, code), "code"):
        messages.success(request, _("Verified: messages of {name} may leave from it.").format(name=found.name))
        return redirect(_here(request, found))
    return _page(request, found, code_form=form)


@require_POST
@needs("settings")
def use_account(request: DeskRequest, creditor_id: UUID, channel: str) -> HttpResponse:
    """Write from the number this installation's account with the provider sends from."""
    found = _creditor(request, creditor_id)
    own = account_senders().get(channel)
    if not own:
        raise Http404
    sender = declare_sender(request.actor, found.id, channel, address=own)
    verify_by_account(request.actor, sender.id)
    messages.success(request, _("Verified: messages of {name} may leave from it.").format(name=found.name))
    return redirect(_here(request, found))


@require_POST
@needs("settings")
def remove(request: DeskRequest, creditor_id: UUID, channel: str) -> HttpResponse:
    """The creditor no longer writes in a channel."""
    found = _creditor(request, creditor_id)
    remove_sender(request.actor, _sender(found, channel).id)
    messages.success(request, _("Nothing leaves from there any more."))
    return redirect(_here(request, found))


def _page(
    request: DeskRequest, found: Creditor, form: SenderForm | None = None, code_form: CodeForm | None = None
) -> HttpResponse:
    own = request.organization
    declared = {one.channel: one for one in Sender.objects.filter(organization_id=own.id, creditor=found)}
    mailbox = declared.get(Sender.Channel.EMAIL)
    numbers = account_senders()
    accounts = [
        (channel, numbers.get(channel, ""), declared.get(channel), sole_creditor(own) == found)
        for channel in ("whatsapp", "sms")
    ]
    return page(
        request,
        "desk/senders.html",
        _("How {name} writes").format(name=found.name),
        422 if form else 200,  # a wrong code is counted, so its answer must not undo what was written
        creditor=found,
        mailbox=mailbox,
        how=HOW[Sender.How(mailbox.verified_how)] if mailbox and mailbox.verified_how else "",
        form=form or SenderForm(initial=_declared(found)),
        code_form=code_form or CodeForm(),
        mail_server="email" in set_up(),
        accounts=accounts,
        shown=origin_of(own, found, Sender.Channel.EMAIL),
    )


def _declared(found: Creditor) -> dict[str, str]:
    """The mailbox as it was declared; until then the creditor's own address is proposed."""
    mailbox = Sender.objects.filter(
        organization_id=found.organization_id, creditor=found, channel=Sender.Channel.EMAIL
    ).first()
    if mailbox is None:
        return {"address": found.email, "name": "", "reply_to": ""}
    return {"address": mailbox.address, "name": mailbox.name, "reply_to": mailbox.reply_to}


def _here(request: DeskRequest, found: Creditor) -> str:
    return address(request, "senders", found.id)


def _creditor(request: DeskRequest, creditor_id: UUID) -> Creditor:
    return get_object_or_404(Creditor.objects.filter(organization_id=request.organization.id, id=creditor_id))


def _sender(found: Creditor, channel: str) -> Sender:
    sender = Sender.objects.filter(organization_id=found.organization_id, creditor=found, channel=channel).first()
    if sender is None:
        raise Http404
    return sender
