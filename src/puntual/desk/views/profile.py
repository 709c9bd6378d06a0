"""One's own profile: name, language, theme, and what guards the account."""

from typing import cast

from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from puntual.desk.forms import carried_out
from puntual.desk.pages import DeskRequest, address, needs, page
from puntual.organizations.actions import change_profile
from puntual.organizations.models import User


class ProfileForm(forms.Form):
    """What one is called."""

    name = forms.CharField(label=gettext_lazy("Your name"), max_length=150, required=False)


@require_http_methods(["GET", "POST"])
@needs("view")
def profile(request: DeskRequest) -> HttpResponse:
    """One's own."""
    user = cast(User, request.user)
    form = ProfileForm(request.POST or None, initial={"name": user.name})
    if request.method == "POST" and carried_out(form, lambda name: change_profile(request.actor, name=name)):
        messages.success(request, _("Saved."))
        return redirect(address(request, "profile"))
    return page(
        request,
        "desk/profile.html",
        _("Your profile"),
        422 if form.is_bound else 200,
        form=form,
        second_factor=Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists(),
    )
