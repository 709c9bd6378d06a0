"""An SMTP server that fails as it is told: at the n-th time of a verb it answers, hangs up or falls silent, before or after."""

import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

VERBS = ("CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "TEXT", "END")
"""The moments of a delivery, TEXT in the middle of the message, END after its final dot."""
SILENCE = 0.6
"""Seconds of silence; the sender under test has less patience."""


@dataclass
class Fault:
    """What happens at a verb: a reply such as "451 later", "cut" (the message is not taken), "silent", or, at the END only,
    "taken, then cut" and "taken, then silent". From the `nth` time on, `times` times.
    """

    verb: str
    what: str
    nth: int = 1
    times: int = 1_000_000


@dataclass
class FaultyServer:
    """Counts each Message-ID it has taken, whatever it answered."""

    faults: list[Fault] = field(default_factory=list)
    deliveries: Counter[str] = field(default_factory=Counter)
    port: int = 0
    _met: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def heal(self, *faults: Fault) -> None:
        """Forget the faults that were, and fail as told from now on."""
        with self._lock:
            self.faults = list(faults)
            self._met.clear()

    def fault(self, verb: str) -> str:
        with self._lock:
            self._met[verb] += 1
            for fault in self.faults:
                if fault.verb == verb and fault.nth <= self._met[verb] < fault.nth + fault.times:
                    return fault.what
        return ""

    def take(self, text: bytes) -> None:
        head = text.lower().partition(b"\r\n\r\n")[0]
        start = head.index(b"message-id:") + len(b"message-id:")
        key = text[start : text.index(b">", start) + 1].strip().decode()
        with self._lock:
            self.deliveries[key] += 1


class _Cut(Exception):
    pass


class _Line(threading.Thread):
    def __init__(self, server: FaultyServer, line: socket.socket) -> None:
        super().__init__(daemon=True)
        self.server, self.line, self.waiting = server, line, b""

    def run(self) -> None:
        with self.line, suppress(_Cut, OSError):
            self._answer("CONNECT", "220 here")
            while True:
                verb = self._until(b"\r\n")[:4].decode("ascii", "replace").upper()
                if verb == "DATA":
                    if self._answer("DATA", "354 go on"):
                        self._take()
                elif verb == "QUIT":
                    self._say("221 bye")
                    return
                else:
                    self._answer(verb, "250 fine")

    def _take(self) -> None:
        if self.server.fault("TEXT"):  # whatever it is: the text does not get through
            self._more()
            raise _Cut
        text = self._until(b"\r\n.\r\n")
        what = self.server.fault("END")
        if what in ("", "taken, then cut", "taken, then silent"):
            self.server.take(text)
        self._do(what.removeprefix("taken, then "), "250 taken")

    def _answer(self, verb: str, usual: str) -> bool:
        return self._do(self.server.fault(verb), usual)

    def _do(self, what: str, usual: str) -> bool:
        if what == "cut":
            raise _Cut
        if what == "silent":
            time.sleep(SILENCE)
            raise _Cut
        self._say(what or usual)
        return not what

    def _say(self, words: str) -> None:
        self.line.sendall(words.encode() + b"\r\n")

    def _until(self, end: bytes) -> bytes:
        while end not in self.waiting:
            self._more()
        found, _end, self.waiting = self.waiting.partition(end)
        return found

    def _more(self) -> None:
        came = self.line.recv(1 << 16)
        if not came:
            raise _Cut
        self.waiting += came


@contextmanager
def faulty_server() -> Iterator[FaultyServer]:
    """The server, listening until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        server = FaultyServer(port=door.getsockname()[1])

        def listen() -> None:
            with suppress(OSError):
                while True:
                    line, _address = door.accept()
                    _Line(server, line).start()

        threading.Thread(target=listen, daemon=True).start()
        try:
            yield server
        finally:
            with suppress(OSError):
                door.shutdown(socket.SHUT_RDWR)
