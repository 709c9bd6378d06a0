"""Light, dark, or as the reader's system has it: known to the server, so that the first paint is right."""

from django.http import HttpRequest

COOKIE = "puntual_theme"
THEMES = ("light", "dark")
YEAR = 365 * 24 * 3600


def theme_cookie(request: HttpRequest) -> str:
    """The theme this browser was told, or "" for the system's."""
    value = request.COOKIES.get(COOKIE, "")
    return value if value in THEMES else ""


def theme_of(request: HttpRequest) -> str:
    """The person's theme where one is chosen, else the browser's."""
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated and user.theme:
        return str(user.theme)
    return theme_cookie(request)
