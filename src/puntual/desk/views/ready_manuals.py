"""The manuals that come with Puntual: which kind of business, and the one that fits put into force."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from puntual.audit.actions import action
from puntual.desk.formats import sentence
from puntual.desk.pages import DeskRequest, address, needs, page
from puntual.kernel.problems import Problem
from puntual.organizations.actions import change_identity
from puntual.organizations.models import Organization
from puntual.strategies.actions import install_builtin
from puntual.strategies.builtin import AGENCY, KINDS, builtin
from puntual.strategies.models import Version
from puntual.strategies.queries import assignments


@require_http_methods(["GET", "POST"])
@needs("manual")
def ready_manuals(request: DeskRequest) -> HttpResponse:
    """Choose among the manuals that come with Puntual; the chosen one is in force at once, and the organization's own."""
    language = request.organization.language
    found = assignments(request.organization.id)
    present = found.of_organization[1].code if found else ""
    if request.method == "POST":
        try:
            version = _install(request, request.POST.get("kind", ""))
        except Problem as problem:
            messages.error(request, sentence(problem))
            return redirect(address(request, "ready_manuals"))
        text = _("“{name}” is in force from now on. Read it once, and change what does not fit.")
        messages.success(request, text.format(name=version.strategy.name))
        return redirect(address(request, "manual"))
    manuals = [(kind.code, _(kind.name), _(kind.description), builtin(language, kind.code)) for kind in KINDS]
    codes = [code for code, _name, _text, manual in manuals if manual.code == present]
    return page(
        request,
        "desk/ready_manuals.html",
        _("Manuals ready to use"),
        manuals=manuals,
        present=codes[0] if codes else "",
    )


def _install(request: DeskRequest, code: str) -> Version:
    """The manual into force; with that of agencies the organization is one, and signs on behalf of its creditors."""
    own = request.organization
    with action(request.actor, "strategy.choose", manual=code):
        version = install_builtin(request.actor, own.language, code)
        if code == AGENCY and not own.is_agency:
            change_identity(request.actor, kind=Organization.Kind.AGENCY, phone=own.phone, email=own.email)
    return version
