"""What lies outside any organization: where to go after signing in, and how the reader wants to read."""

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from puntual.desk.pages import page
from puntual.desk.theme import COOKIE, THEMES, YEAR
from puntual.desk.views import starting
from puntual.organizations.models import User
from puntual.organizations.queries import memberships_of


@require_safe
def root(request: HttpRequest) -> HttpResponse:
    """Straight to the only organization; with several, a choice; with none, the way to the first."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path()) if User.objects.exists() else redirect("first_person")
    memberships = memberships_of(request.user.id, timezone.now())
    if len(memberships) == 1:
        return redirect("today", memberships[0].organization.slug)
    title = _("Where do you want to work?") if memberships else _("You are not a member of any organization yet")
    may_found = starting.may_found(memberships)
    return page(request, "desk/organizations.html", title, memberships=memberships, may_found=may_found)


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep a theme or a language: in a cookie for this browser, and with the person where one is signed in."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    chosen: dict[str, str] = {}
    if (theme := request.POST.get("theme")) in (*THEMES, ""):
        chosen["theme"] = theme or ""
        response.set_cookie(COOKIE, theme or "", max_age=YEAR, samesite="Lax", secure=settings.SECURE)
    if (language := request.POST.get("language")) in dict(settings.LANGUAGES):
        chosen["language"] = language or ""
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, language or "", max_age=YEAR, samesite="Lax", secure=settings.SECURE
        )
    if chosen and request.user.is_authenticated:
        User.objects.filter(pk=request.user.pk).update(**chosen)
    return response
