"""Settings: the map of them, and the organization itself."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET, require_http_methods

from puntual.desk import navigation
from puntual.desk.forms import OrganizationForm, carried_out
from puntual.desk.pages import DeskRequest, address, needs, page
from puntual.organizations.actions import change_organization


@dataclass(frozen=True, slots=True)
class Place:
    """One page of the settings: its name, icon, title, and what one does there."""

    page: str
    icon: str
    title: str | Promise
    does: str | Promise


PLACES = (
    Place("setup", "list-check", lazy("Setting up"), lazy("From nothing to the first day, and going live")),
    Place("organization", "building", lazy("Organization"), lazy("Name, country, currency, language, time zone")),
    Place(
        "creditors",
        "id",
        lazy("Creditors"),
        lazy("Legal name, signature, bank accounts, and until when their books are known"),
    ),
    Place("channels", "send", lazy("Channels"), lazy("Mail server, test message, how many a day")),
    Place(
        "calendar", "calendar", lazy("Calendar and limits"), lazy("Days off, rests, and what is too small to ask for")
    ),
    Place("members", "users", lazy("Members"), lazy("Who signs in, in which role, how many calls a day")),
    Place("mailbox", "mailbox", lazy("Capture mailbox"), lazy("What would have left in rehearsal")),
    Place("profile", "user", lazy("Your profile"), lazy("Name, language, theme, password, two-step sign-in")),
)


@require_GET
@needs("view")
def index(request: DeskRequest) -> HttpResponse:
    """Every page of the settings that exists."""
    places = [place for place in PLACES if navigation.pages[place.page]]
    return page(request, "desk/settings.html", _("Settings"), places=places)


@require_http_methods(["GET", "POST"])
@needs("settings")
def organization(request: DeskRequest) -> HttpResponse:
    """What the organization is called and where it is."""
    own = request.organization
    initial = {name: getattr(own, name) for name in ("name", "country", "currency", "language", "time_zone")}
    form = OrganizationForm(request.POST or None, initial=initial)
    if request.method == "POST" and carried_out(form, lambda **values: change_organization(request.actor, **values)):
        messages.success(request, _("Saved."))
        return redirect(address(request, "organization"))
    return page(request, "desk/organization.html", _("Organization"), 422 if form.is_bound else 200, form=form)
