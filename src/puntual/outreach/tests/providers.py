"""Meta's Cloud API (v23.0) and Twilio's Messages resource (2010-04-01) as their published contracts have them, on this machine.

Each keeps what it was asked, refuses what its contract refuses, and answers what it was told to answer next.
"""

import json
import re
import socket
import threading
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

E164 = re.compile(r"\+[1-9]\d{6,14}")
NUMBER_ID, WABA, TOKEN, SECRET, WORD = "106540352242922", "419561257915477", "EAAG-token", "app-secret", "a-word"
SID, AUTH = "AC0123456789abcdef0123456789abcdef", "auth-token"


class Provider(ThreadingHTTPServer):
    """`next_answers` are (status, body, headers) given before any success; `hangs_up` breaks the line instead."""

    daemon_threads = True

    def __init__(self, desk: type["_Desk"]) -> None:
        super().__init__(("127.0.0.1", 0), desk)
        self.asked: list[dict[str, Any]] = []
        self.next_answers: list[tuple[int, Any, dict[str, str]]] = []
        self.hangs_up = False
        self.texts: list[dict[str, Any]] = []
        self.page = 100

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.server_port}"

    @property
    def whatsapp_url(self) -> str:
        return f"whatsapp+http://{NUMBER_ID}:{TOKEN}@{self.place}/v23.0?business={WABA}&secret={SECRET}&verify={WORD}"

    @property
    def sms_url(self) -> str:
        return f"twilio+http://{SID}:{AUTH}@{self.place}/?from=%2B15005550006"

    def fails_with(self, code: int, status: int = 400, **headers: str) -> None:
        """Meta's error, in the shape of the contract's GraphAPIError."""
        error = {
            "message": f"(#{code}) said",
            "type": "OAuthException",
            "code": code,
            "error_data": {"messaging_product": "whatsapp", "details": "what it is"},
            "fbtrace_id": "AXsgnV2Cm3ZMGF3dF_cfYIn",
        }
        self.next_answers.append(
            (status, {"error": error}, {name.replace("_", "-"): one for name, one in headers.items()})
        )


class _Desk(BaseHTTPRequestHandler):
    server: Provider

    def answer(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def told(self) -> bool:
        """Whether what was to be answered next is answered by this."""
        if self.server.hangs_up:
            self.connection.shutdown(socket.SHUT_RDWR)
            return True
        if self.server.next_answers:
            self.answer(*self.server.next_answers.pop(0))
            return True
        return False

    def log_message(self, *_: object) -> None:
        """Not on the tests' output."""


class CloudApi(_Desk):
    """POST /{Version}/{Phone-Number-ID}/messages and GET /{Version}/{WABA-ID}/message_templates."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append(body)
        if self.told():
            return
        if self.headers["Authorization"] != f"Bearer {TOKEN}":
            self.answer(
                401, {"error": {"message": "Invalid OAuth access token", "type": "OAuthException", "code": 190}}
            )
            return
        if self.path != f"/v23.0/{NUMBER_ID}/messages" or not self._is_message(body):
            self.answer(400, {"error": {"message": "(#100) Invalid parameter", "type": "OAuthException", "code": 100}})
            return
        key = f"wamid.{len(self.server.asked)}"
        self.answer(
            200,
            {
                "messaging_product": "whatsapp",
                "contacts": [{"input": body["to"], "wa_id": body["to"].lstrip("+")}],
                "messages": [{"id": key, "message_status": "accepted"}],
            },
        )

    @staticmethod
    def _is_message(body: dict[str, Any]) -> bool:
        basics = (body.get("messaging_product"), body.get("recipient_type")) == ("whatsapp", "individual")
        if not basics or not E164.fullmatch(body.get("to", "")) or len(body.get("biz_opaque_callback_data", "")) > 512:
            return False
        if body["type"] == "text":
            return 0 < len(body["text"]["body"]) <= 4096
        template = body["template"]
        values = [one["text"] for piece in template.get("components", []) for one in piece["parameters"]]
        one_line = all(value and "\n" not in value and "\t" not in value and "    " not in value for value in values)
        return body["type"] == "template" and bool(template["name"] and template["language"]["code"]) and one_line

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(asked.query).items()}
        self.server.asked.append({"path": asked.path, **query})
        if self.told():
            return
        start = int(query.get("after", "0"))
        rows = self.server.texts[start : start + self.server.page]
        paging: dict[str, Any] = {"cursors": {"before": str(start), "after": str(start + len(rows))}}
        if start + len(rows) < len(self.server.texts):
            paging["next"] = f"http://{self.server.place}{self.path}"
        self.answer(200, {"data": rows, "paging": paging})


class Messages(_Desk):
    """POST /2010-04-01/Accounts/{AccountSid}/Messages.json."""

    def do_POST(self) -> None:
        fields = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode(), keep_blank_values=True)
        told = {name: one for name, (one,) in fields.items()}
        self.server.asked.append(told)
        if self.told():
            return
        if b64decode(self.headers["Authorization"].removeprefix("Basic ")) != f"{SID}:{AUTH}".encode():
            self._refuse(401, 20003, "Authenticate")
        elif not E164.fullmatch(told.get("To", "")):
            self._refuse(400, 21211, f"The 'To' number {told.get('To')} is not a valid phone number.")
        elif not told.get("Body"):
            self._refuse(400, 21602, "Message body is required.")
        elif len(told["Body"]) > 1600:
            self._refuse(400, 21617, "The concatenated message body exceeds the 1600 character limit.")
        else:
            self.answer(201, {"sid": f"SM{len(self.server.asked):032x}", "status": "queued", "error_code": None})

    def _refuse(self, status: int, code: int, message: str) -> None:
        more = f"https://www.twilio.com/docs/errors/{code}"
        self.answer(status, {"code": code, "message": message, "more_info": more, "status": status})


@contextmanager
def serving(desk: type[_Desk]) -> Iterator[Provider]:
    """One of the two, for as long as it is needed."""
    with Provider(desk) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield server
        server.shutdown()
