"""How people sign in."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by an organization's owner, never by signing up."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": gettext_lazy("This account has been closed. Ask an owner of your organization."),
        "email_password_mismatch": gettext_lazy("The e-mail or the password is not right. Check both and try again."),
        "enter_current_password": gettext_lazy("Type the password you use today."),
        "incorrect_password": gettext_lazy("That is not your password. Try again."),
        "incorrect_code": gettext_lazy("That code is not right, or it has expired. Type the one shown now."),
        "too_many_login_attempts": gettext_lazy("Too many attempts. Wait a few minutes and try again."),
        "rate_limited": gettext_lazy("Too many attempts. Wait a few minutes and try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """The second factor, in our words."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
    }

    def get_totp_issuer(self) -> str:
        return "Puntual"


def username(request: HttpRequest, credentials: dict[str, str] | None = None) -> str:
    """Whom a sign-in names, in lower case: another spelling is not another account to the lock."""
    given = (credentials or {}).get("email") or (credentials or {}).get("username") or request.POST.get("login", "")
    return given.strip().lower()


def locked_out(request: HttpRequest, response: HttpResponse | None = None, credentials: object = None) -> HttpResponse:
    """The page after too many wrong passwords (429)."""
    title = _("Too many attempts")
    text = _("For your safety signing in rests for 15 minutes. Wait, then try again; if it was not you, tell an owner.")
    context = {"title": title, "text": text, "status": 429, "back": ""}
    return render(request, "desk/error.html", context, status=429, content_type="text/html")
