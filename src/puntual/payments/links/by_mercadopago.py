"""Mercado Pago, by its official library: Checkout Pro preferences, payments, and notifications with x-signature.

The library writes the requests; they travel by `kernel.web` to the account's address, which follows no redirection and does
not repeat by itself. Amounts go out and come in as decimal text: the library alone would make floats of them.
"""

import json
from datetime import date
from decimal import Decimal
from typing import Any, Final

from mercadopago import SDK
from mercadopago.config import RequestOptions
from mercadopago.config.config import Config
from mercadopago.http import HttpClient
from mercadopago.webhook import InvalidWebhookSignatureError, WebhookSignatureValidator

from puntual.kernel.money import from_minor
from puntual.kernel.problems import N_, Problem
from puntual.kernel.web import Interrupted, NotSent, get, post
from puntual.payments.links.accounts import Account
from puntual.payments.links.reports import Checkout, Malformed, Order, Report, minor, refused, text, unreachable

_CURRENCIES: Final = {"ARS", "BRL", "CLP", "COP", "MXN", "PEN", "UYU", "USD"}
_NUMBER: Final = "\ufffcdecimal:"  # marks a text that is a number to the interface


class _Line(HttpClient):  # type: ignore[misc]
    """How the library's requests travel: to the account's address, with amounts as they are."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def request(self, method: str, url: str, **asked: Any) -> dict[str, Any]:
        address = self._account.address + url.removeprefix(Config().api_base_url)
        headers = {name: str(value) for name, value in asked["headers"].items()}
        body = asked.get("data")
        try:
            answer = get(address, headers) if method == "GET" else post(address, headers, _plain(body).encode())
        except (NotSent, Interrupted) as error:
            raise unreachable(self._account) from error
        try:
            said = json.loads(answer.body, parse_float=Decimal)
        except (ValueError, RecursionError):
            said = None
        return {"status": answer.status, "response": said if isinstance(said, dict) else {}}


def _decimal(amount: Decimal) -> str:
    """An amount that `_plain` sets into the JSON as a number."""
    return f"{_NUMBER}{amount:f}"


def _plain(body: str | None) -> str:
    """The library's JSON with amounts as the decimal text they are."""
    head, *parts = (body or "{}").split('"' + json.dumps(_NUMBER)[1:-1])
    return head + "".join(number + rest for number, _quote, rest in (part.partition('"') for part in parts))


def takes(currency: str) -> bool:
    """Whether Mercado Pago takes a currency."""
    return currency in _CURRENCIES


def make_checkout(account: Account, order: Order) -> Checkout:
    """Ask for a preference. Raises Problem where Mercado Pago cannot be reached or does not make one."""
    item = {
        "id": order.reference,
        "title": order.title,
        "quantity": 1,
        "unit_price": _decimal(from_minor(order.minor, order.currency)),
        "currency_id": order.currency,
    }
    wanted = {
        "items": [item],
        "external_reference": order.reference,
        "back_urls": {"success": order.back, "pending": order.back, "failure": order.back},
        "expires": True,
        "expiration_date_to": order.ends_at.isoformat(timespec="milliseconds"),
    }
    options = RequestOptions(access_token=account.key, custom_headers={"x-idempotency-key": order.reference})
    answer = _client(account).preference().create(wanted, options)
    key, url = answer["response"].get("id"), answer["response"].get("init_point")
    if answer["status"] not in (200, 201) or not isinstance(key, str) or not isinstance(url, str):
        raise refused(account)
    return Checkout(key[:100], url[:2000])


def answers(account: Account) -> bool:
    """Whether the account's key is taken: asks for nothing but the account itself. False where it is not, or nobody is there."""
    try:
        return bool(_client(account).user().get()["status"] == 200)
    except Problem:
        return False


def _client(account: Account) -> Any:
    return SDK(account.key, http_client=_Line(account))


def signed(payment_key: str, request_id: str, header: str, secret: str) -> bool:
    """Whether `header` (x-signature) is Mercado Pago's of this payment and request, by the application's secret."""
    try:
        WebhookSignatureValidator.validate(header, request_id, payment_key.lower(), secret)
    except (InvalidWebhookSignatureError, TypeError):  # a signature of letters nobody signs with
        return False
    return True


def read(account: Account, payment_key: str) -> Report | None:
    """How a payment stands now, as Mercado Pago itself says: a notification tells only that something changed.

    None for one that nothing has come in for. Raises Malformed, Problem where it cannot be asked.
    """
    answer = _client(account).payment().get(payment_key)
    if answer["status"] != 200:
        raise Problem(N_("{name} does not say how the payment stands."), name=account.name)
    said = answer["response"]
    status, currency = said.get("status"), text(said.get("currency_id"))
    if not isinstance(status, str) or not currency:
        raise Malformed("status or currency_id is missing")
    if status not in ("approved", "refunded", "charged_back", "in_mediation"):
        return None
    received, refunded_part = (
        minor(said.get("transaction_amount"), currency),
        minor(said.get("transaction_amount_refunded") or 0, currency),
    )
    approved = text(said.get("date_approved"))
    return Report(
        event_key=f"{payment_key}:{status}:{refunded_part}"[:150],
        kind=f"payment.{status}"[:60],
        reference=text(said.get("external_reference")),
        paid_key=payment_key[:100],
        currency=currency,
        received=received,
        refunded=received if status == "refunded" else refunded_part,
        disputed=status == "charged_back",
        on=date.fromisoformat(approved[:10]) if approved else None,
    )
