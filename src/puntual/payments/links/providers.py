"""Two providers' HTTP interfaces, as far as they are needed: make a checkout, read a payment, know a report for theirs.

Stripe API version 2024-06-20 (Checkout Sessions, webhook signatures); Mercado Pago's Checkout Pro preferences, payments and
notifications with x-signature. Amounts go out and come in as whole minor units or as decimal text: never through a float.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from urllib.parse import quote, urlencode

from puntual.kernel.money import from_minor, minor_units, to_minor
from puntual.kernel.problems import N_, Problem
from puntual.kernel.web import Answer, Interrupted, NotSent, get, post
from puntual.payments.links.accounts import Account

STRIPE_VERSION: Final = "2024-06-20"
_TOLERANCE: Final = 300
"""Seconds a signed report may be old: what Stripe's own libraries take."""
_NOT_MINOR: Final = {"ISK", "UGX", "MGA", "MRU"}
"""Currencies in which Stripe counts other minor units than ISO 4217."""
_MERCADOPAGO: Final = {"ARS", "BRL", "CLP", "COP", "MXN", "PEN", "UYU", "USD"}


class Malformed(Exception):
    """A report that is not what its provider's contract says; nothing of it is used."""


@dataclass(frozen=True, slots=True)
class Checkout:
    """A place at the provider where the customer pays: what it is called there, and its address."""

    key: str
    url: str


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be paid: our reference, how much in minor units, what for, where the customer comes back to."""

    reference: str
    currency: str
    minor: int
    title: str
    back: str
    report_to: str
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Report:
    """What a provider says of a payment. None: it says nothing about that. Amounts are in minor units."""

    event_key: str
    kind: str
    reference: str = ""  # ours; or else
    paid_key: str = ""  # the provider's
    currency: str = ""
    received: int | None = None
    refunded: int | None = None
    disputed: bool | None = None
    on: date | None = None


def takes(provider: str, currency: str) -> bool:
    """Whether a provider takes a currency in the minor units we count in."""
    if provider == "mercadopago":
        return currency in _MERCADOPAGO
    return currency not in _NOT_MINOR and minor_units(currency) in (0, 2)


def make_checkout(account: Account, order: Order) -> Checkout:
    """Ask the provider for a checkout. Raises Problem where it cannot be reached or does not make one."""
    answer = _stripe_session(account, order) if account.provider == "stripe" else _preference(account, order)
    said = answer.said()
    key, url = said.get("id"), said.get("url" if account.provider == "stripe" else "init_point")
    if answer.status not in (200, 201) or not isinstance(key, str) or not isinstance(url, str):
        raise Problem(
            N_("{name} cannot take payments right now. Pay by bank transfer, or try later."), name=account.name
        )
    return Checkout(key[:100], url[:2000])


def answers(account: Account) -> bool:
    """Whether the account's key is taken: asks for nothing but the account itself. False where it is not, or nobody is there."""
    try:
        return _asked(account, "/v1/account" if account.provider == "stripe" else "/users/me", {}, None).status == 200
    except Problem:
        return False


def _stripe_session(account: Account, order: Order) -> Answer:
    fields = {
        "mode": "payment",
        "client_reference_id": order.reference,
        "metadata[reference]": order.reference,
        "payment_intent_data[metadata][reference]": order.reference,
        "line_items[0][quantity]": "1",
        "line_items[0][price_data][currency]": order.currency.lower(),
        "line_items[0][price_data][unit_amount]": str(order.minor),
        "line_items[0][price_data][product_data][name]": order.title,
        "success_url": order.back,
        "cancel_url": order.back,
        "expires_at": str(int(order.ends_at.timestamp())),
    }
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Stripe-Version": STRIPE_VERSION,
        "Idempotency-Key": order.reference,
    }
    return _asked(account, "/v1/checkout/sessions", headers, urlencode(fields).encode())


def _preference(account: Account, order: Order) -> Answer:
    item = {"id": order.reference, "title": order.title, "quantity": 1, "currency_id": order.currency}
    wanted = {
        "items": [item],
        "external_reference": order.reference,
        "notification_url": order.report_to,
        "back_urls": {"success": order.back, "pending": order.back, "failure": order.back},
        "expires": True,
        "expiration_date_to": order.ends_at.isoformat(timespec="milliseconds"),
    }
    # The interface wants a number, so the decimal text is set into the JSON as it is.
    text = json.dumps(wanted).replace(
        '"quantity": 1,', f'"quantity": 1, "unit_price": {from_minor(order.minor, order.currency)},', 1
    )
    headers = {"Content-Type": "application/json", "X-Idempotency-Key": order.reference}
    return _asked(account, "/checkout/preferences", headers, text.encode())


def _asked(account: Account, path: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
    signed = {**headers, "Authorization": f"Bearer {account.key}", "Accept": "application/json"}
    try:
        address = account.address + path
        return get(address, signed) if body is None else post(address, signed, body)
    except (NotSent, Interrupted) as error:
        raise Problem(
            N_("{name} cannot be reached right now. Pay by bank transfer, or try later."), name=account.name
        ) from error


def stripe_signed(raw: bytes, header: str, secret: str, now: datetime) -> bool:
    """Whether `header` (Stripe-Signature) is Stripe's of this body: HMAC-SHA256 of "t.body" by the endpoint's secret, not older
    than five minutes.
    """
    pairs = [part.strip().partition("=")[::2] for part in header.split(",")]
    at = next((value for name, value in pairs if name == "t"), "")
    if not at.isascii() or not at.isdecimal() or len(at) > 12 or abs(now.timestamp() - int(at)) > _TOLERANCE:
        return False
    expected = hmac.new(secret.encode(), at.encode() + b"." + raw, hashlib.sha256).hexdigest()
    return any(hmac.compare_digest(expected.encode(), value.encode()) for name, value in pairs if name == "v1")


def read_stripe(raw: bytes) -> Report | None:
    """What a Stripe event says; None for one that says nothing about money. Raises Malformed."""
    event = _object(raw)
    key, kind = event.get("id"), event.get("type")
    data = event.get("data")
    about = data.get("object") if isinstance(data, dict) else None
    if not isinstance(key, str) or not isinstance(kind, str) or not isinstance(about, dict):
        raise Malformed("id, type or data.object is missing")
    known: dict[str, Any] = {
        "event_key": key[:150],
        "kind": kind[:60],
        "currency": str(about.get("currency") or "").upper(),
    }
    if kind in ("checkout.session.completed", "checkout.session.async_payment_succeeded"):
        if about.get("payment_status") != "paid":
            return None
        return Report(
            **known,
            reference=_text(about.get("client_reference_id")),
            paid_key=_text(about.get("payment_intent")),
            received=_whole(about.get("amount_total")),
        )
    known["paid_key"] = _text(about.get("payment_intent"))
    if kind == "charge.refunded":
        metadata = about.get("metadata")
        ours = _text(metadata.get("reference")) if isinstance(metadata, dict) else ""
        return Report(**known, reference=ours, refunded=_whole(about.get("amount_refunded")))
    if kind in ("charge.dispute.funds_withdrawn", "charge.dispute.funds_reinstated"):
        return Report(**known, disputed=kind.endswith("withdrawn"))
    return None


def mercadopago_signed(query_id: str, request_id: str, header: str, secret: str) -> bool:
    """Whether `header` (x-signature) is Mercado Pago's: HMAC-SHA256 of "id:…;request-id:…;ts:…;" by the application's secret."""
    pairs = dict(part.strip().partition("=")[::2] for part in header.split(","))
    manifest = f"id:{query_id.lower()};request-id:{request_id};ts:{pairs.get('ts', '')};"
    expected = hmac.new(secret.encode(), manifest.encode(), hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), pairs.get("v1", "").encode())


def read_mercadopago(account: Account, payment_key: str) -> Report | None:
    """How a payment stands now, as Mercado Pago itself says: a notification tells only that something changed.

    None for one that nothing has come in for. Raises Malformed, Problem where it cannot be asked.
    """
    answer = _asked(account, f"/v1/payments/{quote(payment_key, safe='')}", {}, None)
    if answer.status != 200:
        raise Problem(N_("{name} does not say how the payment stands."), name=account.name)
    said = _object(answer.body)
    status, currency = said.get("status"), _text(said.get("currency_id"))
    if not isinstance(status, str) or not currency:
        raise Malformed("status or currency_id is missing")
    if status not in ("approved", "refunded", "charged_back", "in_mediation"):
        return None
    received, refunded = (
        _minor(said.get("transaction_amount"), currency),
        _minor(said.get("transaction_amount_refunded") or 0, currency),
    )
    approved = _text(said.get("date_approved"))
    return Report(
        event_key=f"{payment_key}:{status}:{refunded}"[:150],
        kind=f"payment.{status}"[:60],
        reference=_text(said.get("external_reference")),
        paid_key=payment_key[:100],
        currency=currency,
        received=received,
        refunded=received if status == "refunded" else refunded,
        disputed=status == "charged_back",
        on=date.fromisoformat(approved[:10]) if approved else None,
    )


def _object(raw: bytes) -> dict[str, Any]:
    """A JSON object; numbers with a point become Decimal."""
    try:
        found = json.loads(raw, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise Malformed("it is no JSON") from error
    if not isinstance(found, dict):
        raise Malformed("it is no object")
    return found


def _text(value: object) -> str:
    return value[:100] if isinstance(value, str) else ""


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise Malformed("an amount is no whole number of minor units")
    return value


def _minor(value: object, currency: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or value < 0:
        raise Malformed("an amount is no number")
    try:
        return to_minor(Decimal(value), currency)
    except Problem as problem:
        raise Malformed("an amount or a currency is not one") from problem
