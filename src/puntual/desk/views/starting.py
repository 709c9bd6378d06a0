"""The first steps, outside any organization: the first person of a machine, and a person's organization."""

import json

from django.contrib.auth import login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from puntual.daily.setup import set_up_organization
from puntual.desk import places
from puntual.desk.forms import OrganizationForm, PersonForm
from puntual.desk.pages import page
from puntual.desk.refusing import refuse
from puntual.kernel.problems import Problem
from puntual.organizations.actions import create_first_person
from puntual.organizations.models import Membership, User
from puntual.organizations.queries import free_slug, memberships_of

PASSWORDS = "allauth.account.auth_backends.AuthenticationBackend"


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """The first person of this machine, who then signs in. Nobody finds this page once somebody does."""
    if User.objects.exists():
        raise Http404
    form = PersonForm(request.POST or None)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                person = create_first_person(**form.cleaned_data, language=get_language())
            except Problem as problem:
                refuse(form, problem)
            else:
                login(request, person, backend=PASSWORDS)
                return redirect("new_organization")
        status = 422
    return page(request, "desk/start.html", _("Welcome to Puntual"), status, form=form)


@require_http_methods(["GET", "POST"])
def new_organization(request: HttpRequest) -> HttpResponse:
    """A new organization of one's own: for whoever has none yet, or owns one already."""
    if not request.user.is_authenticated:
        return redirect("root")
    memberships = memberships_of(request.user.id, timezone.now())
    if not may_found(memberships):
        raise PermissionDenied(_("Only owners may make another organization. Ask an owner of yours."))
    country = places.country_of_reader(request)
    initial = {"country": country, **places.usual(country)}
    form = OrganizationForm(request.POST or None, initial=initial, open_ended=True)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                return _found(request.user, form.cleaned_data)
            except Problem as problem:
                refuse(form, problem)
        status = 422
    usual = json.dumps({code: places.usual(code) for code, _name in places.country_choices()})
    return page(
        request,
        "desk/new_organization.html",
        _("Your organization"),
        status,
        form=form,
        usual=usual,
        first=not memberships,
    )


def may_found(memberships: list[Membership]) -> bool:
    """Whether a person with these memberships may make an organization."""
    return not memberships or any(membership.role == Membership.Role.OWNER for membership in memberships)


def _found(owner: User, values: dict[str, str]) -> HttpResponse:
    usual = places.usual(values["country"])
    made = {name: values[name] or usual[name] for name in ("currency", "language", "time_zone")}
    if not made["currency"]:
        raise Problem(_("This country has no usual currency. Choose one."))
    slug = free_slug(values["name"])
    organization = set_up_organization(
        timezone.now(), slug=slug, name=values["name"], country=values["country"], owner=owner, **made
    )
    return redirect("setup", organization.slug)
