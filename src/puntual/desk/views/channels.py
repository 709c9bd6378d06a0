"""Channels: how messages leave, a test message, and how many a day."""

from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from puntual.desk import navigation
from puntual.desk.forms import carried_out
from puntual.desk.pages import DeskRequest, address, needs, page
from puntual.desk.views.payment_links import payment_links
from puntual.desk.watched import Watched
from puntual.kernel.phones import spaced
from puntual.organizations.models import Membership
from puntual.organizations.queries import members_of
from puntual.outreach.actions import send_test, send_test_text, set_capacity
from puntual.outreach.capacities import MOST_PER_DAY
from puntual.outreach.channels.email.hook import agreed as hook_agreed
from puntual.outreach.deliveries.hooks import hook_address, reachable
from puntual.outreach.models import Activity, Capacity
from puntual.outreach.plan import room_left
from puntual.outreach.trying import BY_TEXT, Tried
from puntual.outreach.ways import set_up
from puntual.parties.models import Creditor, Sender

EMAIL = Activity.Channel.EMAIL


class CapacityForm(Watched):
    """How many e-mails a day; none given is no limit."""

    per_day = forms.IntegerField(
        label=gettext_lazy("E-mails a day at most"), min_value=0, max_value=MOST_PER_DAY, required=False
    )


class TestTextForm(forms.Form):
    """To which number a test goes."""

    number = forms.CharField(
        label=gettext_lazy("A number of your own"),
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )


@require_GET
@needs("view")
def channels(request: DeskRequest) -> HttpResponse:
    """E-mail and calls, as they are set up."""
    return _page(request)


@require_POST
@needs("settings")
def capacity(request: DeskRequest) -> HttpResponse:
    """How many e-mails a day takes."""
    form = CapacityForm(request.POST, initial=_capacity(request))
    if carried_out(form, lambda per_day: set_capacity(request.actor, EMAIL, per_day)):
        messages.success(request, _("Saved. It counts from the next day that is planned."))
        return redirect(address(request, "channels"))
    return _page(request, form)


@require_POST
@needs("settings")
def test_message(request: DeskRequest) -> HttpResponse:
    """A message from the first creditor to oneself."""
    creditor = Creditor.objects.filter(organization_id=request.organization.id).order_by("name", "id").first()
    if creditor is None:
        return redirect(address(request, "creditors"))
    to = send_test(request.actor, creditor)
    if request.organization.is_live:
        messages.success(request, _("Sent to {email}. Look whether it arrived, also among the spam.").format(email=to))
        return redirect(address(request, "channels"))
    messages.success(request, _("It lies in the capture mailbox, as everything does in rehearsal."))
    return redirect(address(request, "mailbox" if navigation.pages["mailbox"] else "channels"))


@require_POST
@needs("settings")
def test_text(request: DeskRequest, channel: str) -> HttpResponse:
    """A harmless text by SMS or WhatsApp to a number of one's own, and what the provider answered."""
    if channel not in BY_TEXT:
        raise Http404
    form = TestTextForm(request.POST, prefix=channel)
    tried: list[Tried] = []
    if not carried_out(form, lambda number: tried.append(send_test_text(request.actor, channel, number)), "number"):
        return _page(request, texting={channel: form})
    if not request.organization.is_live:
        messages.success(request, _("It lies in the capture mailbox, as everything does in rehearsal."))
        return redirect(address(request, "mailbox" if navigation.pages["mailbox"] else "channels"))
    (done,) = tried
    messages.success(
        request,
        _("Handed over for {number}. The provider answered: {said}").format(number=spaced(done.to), said=done.said),
    )
    return redirect(address(request, "channels"))


def _capacity(request: DeskRequest) -> dict[str, int | None]:
    own = Capacity.objects.filter(organization_id=request.organization.id, channel=EMAIL).first()
    return {"per_day": own.per_day if own else None}


def _page(
    request: DeskRequest, form: CapacityForm | None = None, texting: Mapping[str, TestTextForm] = MappingProxyType({})
) -> HttpResponse:
    organization = request.organization
    members = members_of(organization.id, request.actor.today)
    callers = [member for member in members if member.role in (Membership.Role.COLLECTOR, Membership.Role.MANAGER)]
    callers = callers or [member for member in members if member.role == Membership.Role.OWNER]
    mailboxes = Sender.objects.filter(
        organization_id=organization.id, channel=Sender.Channel.EMAIL, verified_at__isnull=False
    )
    verified = set(mailboxes.values_list("creditor_id", flat=True))
    creditors = list(Creditor.objects.filter(organization_id=organization.id).order_by("name", "id"))
    return page(
        request,
        "desk/channels.html",
        _("Channels"),
        422 if form or texting else 200,
        form=form or CapacityForm(initial=_capacity(request)),
        server=urlsplit(settings.ANYMAIL_URL or settings.SMTP_URL).hostname or "",
        sms="sms" in set_up(),
        whatsapp="whatsapp" in set_up(),
        texting={channel: texting.get(channel) or TestTextForm(prefix=channel) for channel in BY_TEXT},
        reachable=reachable(),
        twilio_hook=hook_address(organization.id, "twilio"),
        mail_hook=hook_address(organization.id, "mail") if hook_agreed(settings.ANYMAIL_URL) else "",
        **payment_links(organization),
        without_sender=[creditor for creditor in creditors if creditor.id not in verified][:5],
        callers=callers,
        calls=sum(member.calls_per_day for member in callers),
        room=room_left(organization.id, request.actor.today),
    )
