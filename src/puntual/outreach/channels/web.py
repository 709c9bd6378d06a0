"""One request to a provider over HTTP, and how far it came: whether it can have been acted upon decides what may be done next."""

import http.client
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

_TIMEOUT = 30.0
_MOST = 1 << 20  # an answer is a few hundred bytes; more is not read


@dataclass(frozen=True, slots=True)
class Answer:
    """What a provider answered."""

    status: int
    body: bytes


class NotSent(Exception):
    """The provider could not be reached: nothing left this machine."""


class Interrupted(Exception):
    """The request left, wholly or in part, and no answer came: it may have been acted upon."""


def post(address: str, headers: Mapping[str, str], body: bytes) -> Answer:
    """POST `body` to an http:// or https:// address. Raises NotSent, Interrupted.

    No redirection is followed: a provider's address is the one that was set up.
    """
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
            line.request("POST", target, body, dict(headers))
            answer = line.getresponse()
            return Answer(answer.status, answer.read(_MOST))
        except (OSError, http.client.HTTPException) as error:
            raise Interrupted(str(error) or type(error).__name__) from error
    finally:
        line.close()
