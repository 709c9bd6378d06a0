"""The address at which a provider reaches an organization: a signed one, so that nobody can guess another's."""

from typing import Final
from uuid import UUID

from django.conf import settings
from django.core import signing

from puntual.outreach.models import Activity

PROVIDERS: Final = {"meta": "whatsapp", "twilio": "sms", "mail": "email"}
"""The channel of each provider that reports to us; `mail` is the mail service."""
PATH: Final = "/hooks/"


def hook_address(organization_id: UUID, provider: str) -> str:
    """Where a provider of `PROVIDERS` sends what it has to say to an organization."""
    return f"{settings.PUBLIC_URL.rstrip('/')}{PATH}{provider}/{_signer(provider).sign(organization_id.hex)}"


def reachable() -> bool:
    """Whether a provider can reach us at all: it calls by HTTPS alone."""
    return settings.PUBLIC_URL.startswith("https://")


def report_address(activity: Activity) -> str:
    """Where Twilio reports what became of one message, with our reference in it; nothing where it could not reach us."""
    if not reachable():
        return ""
    return f"{hook_address(activity.organization_id, 'twilio')}?activity={activity.pk}"


def organization_at(provider: str, token: str) -> UUID | None:
    """The organization of an address's last part; None where it was not made here, or for another provider."""
    try:
        return UUID(_signer(provider).unsign(token))
    except (signing.BadSignature, ValueError, TypeError):
        return None


def _signer(provider: str) -> signing.Signer:
    return signing.Signer(sep=".", salt=f"puntual.outreach.hooks.{provider}")
