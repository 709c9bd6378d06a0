"""A local server that answers as Stripe and Mercado Pago do, by their published interfaces, and signs as they sign."""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

KEY, SECRET = "sk_test_abc", "whsec_test"
TOKEN = "TEST-token"


class Providers:
    """What was asked of it; `payments` are Mercado Pago's, by id, as it would show them."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str], str]] = []
        self.payments: dict[str, dict[str, object]] = {}
        self.fails = False
        self.port = 0

    @property
    def sessions(self) -> list[dict[str, str]]:
        return [dict(parse_qsl(body)) for path, _headers, body in self.asked if path == "/v1/checkout/sessions"]

    @property
    def preferences(self) -> list[dict[str, object]]:
        return [
            json.loads(body, parse_float=Decimal)
            for path, _headers, body in self.asked
            if path == "/checkout/preferences"
        ]

    def urls(self, organization: str = "sembria", creditor: str = "sembria") -> str:
        query = f"webhook={SECRET}&organization={organization}&creditor={creditor}"
        place = f"127.0.0.1:{self.port}"
        return f"stripe+http://{KEY}@{place}/?{query} mercadopago+http://{TOKEN}@{place}/?{query}"


@contextmanager
def providers() -> Iterator[Providers]:
    """Both on one port."""
    state = Providers()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            state.asked.append((self.path, dict(self.headers), body))
            wanted = f"Bearer {KEY}" if self.path == "/v1/checkout/sessions" else f"Bearer {TOKEN}"
            if self.headers["Authorization"] != wanted:
                return self._say(401, {"error": "unauthorized"})
            if state.fails:
                return self._say(500, {"error": "down"})
            if self.path == "/v1/checkout/sessions":
                return self._say(
                    200, {"id": "cs_test_1", "object": "checkout.session", "url": "https://pay.example/cs"}
                )
            return self._say(201, {"id": "843382748-18d90a57", "init_point": "https://pay.example/mp"})

        def do_GET(self) -> None:
            place = urlsplit(self.path).path
            if place in ("/v1/account", "/users/me"):
                wanted = KEY if place == "/v1/account" else TOKEN
                return self._say(200 if self.headers["Authorization"] == f"Bearer {wanted}" else 401, {"id": "1"})
            key = place.rpartition("/")[2]
            if self.headers["Authorization"] != f"Bearer {TOKEN}" or key not in state.payments:
                return self._say(404, {"message": "not found"})
            return self._say(200, state.payments[key])

        def _say(self, status: int, said: dict[str, object]) -> None:
            body = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            """Tests are quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.port = server.server_port
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()


def stripe_signature(raw: bytes, at: int, secret: str = SECRET) -> str:
    """Stripe-Signature: t and the HMAC-SHA256 of "t.body"."""
    return f"t={at},v1={hmac.new(secret.encode(), f'{at}.'.encode() + raw, hashlib.sha256).hexdigest()}"


def mercadopago_signature(key: str, request_id: str, at: int, secret: str = SECRET) -> str:
    """x-signature: ts and the HMAC-SHA256 of the manifest."""
    manifest = f"id:{key};request-id:{request_id};ts:{at};"
    return f"ts={at},v1={hmac.new(secret.encode(), manifest.encode(), hashlib.sha256).hexdigest()}"
