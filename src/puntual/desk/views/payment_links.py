"""Payment links on the page of channels: whose accounts are named, and whether they answer."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from puntual.desk.formats import sentence
from puntual.desk.pages import DeskRequest, address, needs
from puntual.kernel.problems import Problem
from puntual.organizations.models import Organization
from puntual.outreach.deliveries.hooks import hook_address
from puntual.payments.links.accounts import Account, accounts
from puntual.payments.links.providers import answers


def payment_links(organization: Organization) -> dict[str, Any]:
    """This organization's accounts with the address of their hooks, and what is wrong with how they are named."""
    try:
        mine = _mine(organization)
    except Problem as problem:
        return {"payment_links": [], "payment_links_wrong": sentence(problem)}
    hooks = [{"account": one, "hook": hook_address(organization.id, one.provider)} for one in mine]
    return {"payment_links": hooks, "payment_links_wrong": ""}


@require_POST
@needs("settings")
def ask(request: DeskRequest) -> HttpResponse:
    """Ask each provider whether it knows the account."""
    for one in _mine(request.organization):
        names = {"name": one.name, "creditor": one.creditor}
        if answers(one):
            messages.success(request, _("{name} knows the account of {creditor}.").format(**names))
        else:
            messages.error(
                request, _("{name} does not answer for the account of {creditor}. Check its key.").format(**names)
            )
    return redirect(address(request, "channels") + "#payment-links")


def _mine(organization: Organization) -> list[Account]:
    return [one for one in accounts() if one.organization == organization.slug]
