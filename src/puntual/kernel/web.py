"""One request to a provider over HTTP, and how far it came: whether it can have been acted upon decides what may be done next."""

import http.client
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

_TIMEOUT = 30.0
_MOST = 1 << 20  # an answer is a few hundred bytes; more is not read


@dataclass(frozen=True, slots=True)
class Answer:
    """What a provider answered; the names of its headers are in small letters."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def wait(self) -> float | None:
        """How many seconds it asks to be left in peace (RFC 9110, Retry-After), where it says so in seconds."""
        said = self.headers.get("retry-after", "")
        return float(said) if said.isdecimal() else None

    def said(self) -> dict[str, Any]:
        """The JSON object in the body; nothing where it is none."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}


class NotSent(Exception):
    """The provider could not be reached: nothing left this machine."""


class Interrupted(Exception):
    """The request left, wholly or in part, and no answer came: it may have been acted upon."""


def post(address: str, headers: Mapping[str, str], body: bytes) -> Answer:
    """POST `body` to an http:// or https:// address. Raises NotSent, Interrupted.

    No redirection is followed: a provider's address is the one that was set up.
    """
    return _asked("POST", address, headers, body)


def get(address: str, headers: Mapping[str, str]) -> Answer:
    """GET what is at an http:// or https:// address. Raises NotSent, Interrupted."""
    return _asked("GET", address, headers, None)


def _asked(method: str, address: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
    parts = urlsplit(address)
    host, port = parts.hostname or "", parts.port
    if parts.scheme == "https":
        context = ssl.create_default_context()
        line: http.client.HTTPConnection = http.client.HTTPSConnection(host, port, timeout=_TIMEOUT, context=context)
    else:
        line = http.client.HTTPConnection(host, port, timeout=_TIMEOUT)
    try:
        try:
            line.connect()
        except OSError as error:
            raise NotSent(str(error) or type(error).__name__) from error
        try:
            target = parts.path + (f"?{parts.query}" if parts.query else "")
            line.request(method, target, body, dict(headers))
            answer = line.getresponse()
            told = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, answer.read(_MOST), told)
        except (OSError, http.client.HTTPException) as error:
            raise Interrupted(str(error) or type(error).__name__) from error
    finally:
        line.close()
