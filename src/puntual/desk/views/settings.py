"""Settings: the map of them, and the organization itself."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import resolve
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from puntual.desk import navigation
from puntual.desk.forms import OrganizationForm, carried_out
from puntual.desk.pages import DeskRequest, address, needs, page
from puntual.organizations.actions import change_organization
from puntual.organizations.roles import may


@dataclass(frozen=True, slots=True)
class Place:
    """One page of the settings: its name, icon, title, and what one does there."""

    page: str
    icon: str
    title: str | Promise
    does: str | Promise


PLACES = (
    Place(
        "setup", "list-check", gettext_lazy("Setting up"), gettext_lazy("From nothing to the first day, and going live")
    ),
    Place(
        "organization",
        "building",
        gettext_lazy("Organization"),
        gettext_lazy("Name, country, currency, language, time zone"),
    ),
    Place(
        "creditors",
        "id",
        gettext_lazy("Creditors"),
        gettext_lazy("Legal name, signature, bank accounts, and until when their books are known"),
    ),
    Place(
        "identity",
        "signature",
        gettext_lazy("Senders and signers"),
        gettext_lazy("From which addresses messages leave, who signs in which tone, in whose name"),
    ),
    Place(
        "credit_policy",
        "coin",
        gettext_lazy("Credit policy"),
        gettext_lazy("Days to pay, limits, documents and who decides, by segment; and the text for customers"),
    ),
    Place("channels", "send", gettext_lazy("Channels"), gettext_lazy("Mail server, test message, how many a day")),
    Place(
        "calendar",
        "calendar",
        gettext_lazy("Calendar and limits"),
        gettext_lazy("Days off, rests, and what is too small to ask for"),
    ),
    Place(
        "members", "users", gettext_lazy("Members"), gettext_lazy("Who signs in, in which role, how many calls a day")
    ),
    Place(
        "retention",
        "hourglass",
        gettext_lazy("Retention"),
        gettext_lazy("For how long words and addresses are kept, and what must not be forgotten"),
    ),
    Place(
        "statements",
        "file-text",
        gettext_lazy("Account statements"),
        gettext_lazy("On which day of the month they go out by themselves, and to whom"),
    ),
    Place("mailbox", "mailbox", gettext_lazy("Capture mailbox"), gettext_lazy("What would have left in rehearsal")),
    Place(
        "shortcuts",
        "adjustments",
        gettext_lazy("Keyboard shortcuts"),
        gettext_lazy("Which keys you press for what"),
    ),
    Place(
        "profile",
        "user",
        gettext_lazy("Your profile"),
        gettext_lazy("Name, language, theme, password, two-step sign-in"),
    ),
)


@require_GET
@needs("view")
def index(request: DeskRequest) -> HttpResponse:
    """Every page of the settings that exists and is for the reader."""
    places = [place for place in PLACES if navigation.pages[place.page] and _is_for(request, place)]
    return page(request, "desk/settings.html", _("Settings"), places=places)


def _is_for(request: DeskRequest, place: Place) -> bool:
    """Whether the reader may open it: what leads to a refusal is not offered."""
    view = resolve(address(request, place.page)).func
    return may(request.membership.role, view.permission)  # type: ignore[attr-defined]


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
