"""Accounts with payment providers, as the environment names them: whose they are, their keys, and what they are used for.

`stripe://SECRET_KEY@api.stripe.com/?webhook=whsec_…&organization=sembria&creditor=sembria` and
`mercadopago://ACCESS_TOKEN@api.mercadopago.com/?webhook=SECRET&organization=sembria&creditor=sembria`, several with
spaces between.
An account is one creditor's: its money never lands with another.
"""

from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings

from puntual.kernel.problems import N_, Problem

NAMES: Final = {"stripe": "Stripe", "mercadopago": "Mercado Pago"}
_HOSTS: Final = {"stripe": "api.stripe.com", "mercadopago": "api.mercadopago.com"}
_TESTING: Final = ("sk_test_", "rk_test_", "TEST-")


@dataclass(frozen=True, slots=True)
class Account:
    """One creditor's account: its key, the secret its reports are signed with, and where its API is."""

    provider: str
    key: str = field(repr=False)
    webhook: str = field(repr=False)
    organization: str
    creditor: str
    address: str

    @property
    def name(self) -> str:
        return NAMES[self.provider]

    @property
    def testing(self) -> bool:
        """Whether it moves no money: a key of the provider's test mode."""
        return self.key.startswith(_TESTING)


def accounts() -> list[Account]:
    """All that the environment names. Raises Problem for one that cannot be read."""
    return [_account(url) for url in settings.PAYMENT_LINKS.split()]


def account_of(provider: str, organization: str, creditor: str) -> Account | None:
    """The account of a creditor (by its code) of an organization (by its slug) with a provider, if there is one."""
    return next(
        (
            one
            for one in accounts()
            if (one.provider, one.organization, one.creditor) == (provider, organization, creditor)
        ),
        None,
    )


def _account(url: str) -> Account:
    parts = urlsplit(url)
    provider, _plus, plain = parts.scheme.partition("+")
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    key = unquote(parts.username or "")
    named = [key, *(query.get(name, "") for name in ("webhook", "organization", "creditor"))]
    if provider not in NAMES or plain not in ("", "http") or not all(named):
        raise Problem(
            N_(
                "PUNTUAL_PAYMENT_LINKS cannot be read. It should look like "
                "stripe://KEY@api.stripe.com/?webhook=SECRET&organization=SLUG&creditor=CODE."
            )
        )
    place = parts.netloc.rpartition("@")[2] or _HOSTS[provider]
    key, webhook, organization, creditor = named
    return Account(provider, key, webhook, organization, creditor, f"{'http' if plain else 'https'}://{place}")
