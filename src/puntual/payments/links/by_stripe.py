"""Stripe, by its official library: Checkout Sessions, and events with their signatures. API version 2024-06-20.

The library writes the requests and reads the answers; they travel by `kernel.web`, which follows no redirection and does not
repeat by itself, and without the library's notes about this machine.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import stripe
from django.utils.encoding import force_str

from puntual.kernel.money import is_currency, minor_units
from puntual.kernel.web import Interrupted, NotSent, get, post
from puntual.payments.links.accounts import Account
from puntual.payments.links.reports import (
    Checkout,
    Malformed,
    Order,
    Report,
    json_object,
    refused,
    text,
    unreachable,
    whole,
)

API_VERSION: Final = "2024-06-20"
TOLERANCE: Final = 300
"""Seconds a signed report may be old: what Stripe's own libraries take."""
_NOT_MINOR: Final = {"ISK", "UGX", "MGA", "MRU"}
"""Currencies in which Stripe counts other minor units than ISO 4217."""
_ABOUT_US: Final = ("x-stripe-client-user-agent", "x-stripe-client-telemetry")


class _Line(stripe.HTTPClient):
    """How the library's requests travel."""

    name = "puntual"

    def request(
        self, method: str, url: str, headers: Mapping[str, str] | None, post_data: Any = None, **_more: Any
    ) -> tuple[str, int, Mapping[str, str]]:
        sent = {name: value for name, value in (headers or {}).items() if name.lower() not in _ABOUT_US}
        try:
            answer = get(url, sent) if method == "get" else post(url, sent, (post_data or "").encode())
        except (NotSent, Interrupted) as error:
            raise stripe.APIConnectionError(str(error)) from error  # type: ignore[no-untyped-call]
        if answer.status >= 400 and not isinstance(
            answer.said().get("error"), dict
        ):  # a gateway's page, not Stripe's answer
            raise stripe.APIConnectionError(f"HTTP {answer.status}")  # type: ignore[no-untyped-call]
        return answer.body.decode(errors="replace"), answer.status, answer.headers


def takes(currency: str) -> bool:
    """Whether Stripe takes a currency in the minor units we count in."""
    return currency not in _NOT_MINOR and minor_units(currency) in (0, 2)


def make_checkout(account: Account, order: Order) -> Checkout:
    """Ask for a Checkout Session. Raises Problem where Stripe cannot be reached or does not make one."""
    price = {
        "currency": order.currency.lower(),
        "unit_amount": order.minor,
        "product_data": {"name": order.title},
    }
    try:
        session = _client(account).v1.checkout.sessions.create(
            params={  # type: ignore[arg-type]  # a plain dict, where it wants each part by a name of its own
                "mode": "payment",
                "client_reference_id": order.reference,
                "metadata": {"reference": order.reference},
                "payment_intent_data": {"metadata": {"reference": order.reference}},
                "line_items": [{"quantity": 1, "price_data": price}],
                "success_url": order.back,
                "cancel_url": order.back,
                "expires_at": int(order.ends_at.timestamp()),
            },
            options={"idempotency_key": order.reference},
        )
    except stripe.APIConnectionError as error:
        raise unreachable(account) from error
    except stripe.StripeError as error:
        raise refused(account) from error
    if not session.id or not session.url:
        raise refused(account)
    return Checkout(session.id[:100], session.url[:2000])


def answers(account: Account) -> bool:
    """Whether the account's key is taken: asks for nothing but the account itself. False where it is not, or nobody is there."""
    try:
        _client(account).v1.accounts.retrieve_current()
    except stripe.StripeError:
        return False
    return True


def _client(account: Account) -> stripe.StripeClient:
    return stripe.StripeClient(
        account.key,
        base_addresses={"api": account.address},
        stripe_version=API_VERSION,
        max_network_retries=0,
        http_client=_Line(),
    )


def signed(raw: bytes, header: str, secret: str, now: datetime) -> bool:
    """Whether `header` (Stripe-Signature) is Stripe's of this body by the endpoint's secret, not older than five minutes.

    Its age is told by `now`, so the library is not asked about it.
    """
    pairs = [part.strip().partition("=")[::2] for part in header.split(",")]
    at = next((value for name, value in pairs if name == "t"), "")
    if not at.isascii() or not at.isdecimal() or len(at) > 12 or abs(now.timestamp() - int(at)) > TOLERANCE:
        return False
    try:
        return bool(stripe.WebhookSignature.verify_header(force_str(raw), header, secret))
    except (stripe.SignatureVerificationError, ValueError, TypeError):  # a header of letters nobody signs with
        return False


def read(raw: bytes) -> Report | None:
    """What an event says; None for one that says nothing about money. Raises Malformed."""
    event = json_object(raw)
    key, kind = event.get("id"), event.get("type")
    data = event.get("data")
    about = data.get("object") if isinstance(data, dict) else None
    if not isinstance(key, str) or not isinstance(kind, str) or not isinstance(about, dict):
        raise Malformed("id, type or data.object is missing")
    currency = str(about.get("currency") or "").upper()
    if currency and not is_currency(currency):
        raise Malformed("currency is none")
    known: dict[str, Any] = {"event_key": key[:150], "kind": kind[:60], "currency": currency}
    if kind in ("checkout.session.completed", "checkout.session.async_payment_succeeded"):
        if about.get("payment_status") != "paid":
            return None
        return Report(
            **known,
            reference=text(about.get("client_reference_id")),
            paid_key=text(about.get("payment_intent")),
            received=whole(about.get("amount_total")),
        )
    known["paid_key"] = text(about.get("payment_intent"))
    if kind == "charge.refunded":
        metadata = about.get("metadata")
        ours = text(metadata.get("reference")) if isinstance(metadata, dict) else ""
        return Report(**known, reference=ours, refunded=whole(about.get("amount_refunded")))
    if kind in ("charge.dispute.funds_withdrawn", "charge.dispute.funds_reinstated"):
        return Report(**known, disputed=kind.endswith("withdrawn"))
    return None
