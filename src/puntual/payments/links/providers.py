"""The payment providers there are. Their libraries are loaded when one is first spoken to: most runs never do."""

from typing import Any

from puntual.payments.links.accounts import Account
from puntual.payments.links.reports import Checkout, Order


def takes(provider: str, currency: str) -> bool:
    """Whether a provider takes a currency in the minor units we count in."""
    return bool(of(provider).takes(currency))


def make_checkout(account: Account, order: Order) -> Checkout:
    """Ask the provider for a checkout. Raises Problem where it cannot be reached or does not make one."""
    made: Checkout = of(account.provider).make_checkout(account, order)
    return made


def answers(account: Account) -> bool:
    """Whether the account's key is taken. False where it is not, or nobody is there."""
    return bool(of(account.provider).answers(account))


def of(provider: str) -> Any:
    """The module that speaks with a provider: `takes`, `make_checkout`, `answers`, `signed` and `read`."""
    if provider == "stripe":
        from puntual.payments.links import by_stripe

        return by_stripe
    from puntual.payments.links import by_mercadopago

    return by_mercadopago
