"""What a contact that a person makes costs: it is taken off what the contact is worth."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from puntual.analytics.work.models import ContactCost
from puntual.analytics.work.ranking import set_contact_cost
from puntual.desk import formats, words
from puntual.desk.fields import MoneyField
from puntual.desk.pages import DeskRequest, address, needs
from puntual.desk.sheets import accepted, done, sheet
from puntual.desk.watched import Watched

_CHANNELS = ("call", "visit", "meeting")


class CostsForm(Watched):
    """One amount per channel, in the organization's currency; an empty one is not counted."""

    def __init__(self, currency: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for channel in _CHANNELS:
            self.fields[channel] = MoneyField(label=_(words.CHANNELS[channel]), required=False, currency=currency)


@require_http_methods(("GET", "POST"))
@needs("settings")
def costs(request: DeskRequest) -> HttpResponse:
    """What a call, a visit and a meeting cost, for the order of the lists."""
    organization = request.organization
    known = dict(ContactCost.objects.filter(organization_id=organization.id).values_list("channel", "amount"))
    initial = {
        channel: formats.money(known[channel], organization.currency) if channel in known else None
        for channel in _CHANNELS
    }
    form = CostsForm(organization.currency, request.POST or None, initial=initial)
    back = address(request, "queue")

    def act(given: dict[str, Any]) -> None:
        for channel in _CHANNELS:
            if given[channel] != known.get(channel):
                set_contact_cost(request.actor, channel, given[channel])

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("Kept. It counts from the next day run on."))
        return done(request, back)
    about = _(
        "In {currency}: the time and the trip. It is taken off what a contact is worth; empty, nothing is."
    ).format(currency=organization.currency)
    return sheet(request, form, _("What a contact costs"), back, about=about)
