"""A small IMAP server in this process (the part of RFC 3501 a poller speaks), with the flags of each message to look at."""

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Stored:
    raw: bytes
    flags: set[str] = field(default_factory=set)


class MailStore(socketserver.ThreadingTCPServer):
    """One mailbox. `hang_up_at` names a command at which the connection breaks; `keywords` is whether it keeps any."""

    allow_reuse_address = daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.messages: list[Stored] = []
        self.commands: list[str] = []
        self.hang_up_at = ""
        self.keywords = False

    def put(self, *raw: bytes) -> None:
        self.messages += [Stored(one) for one in raw]

    @property
    def url(self) -> str:
        return f"imap://collector:pass%40word@127.0.0.1:{self.server_address[1]}/INBOX"


class _Session(socketserver.StreamRequestHandler):
    server: MailStore

    def handle(self) -> None:
        self._say("* OK ready")
        while line := self.rfile.readline().decode().strip():
            tag, command, *_rest = line.split(" ")
            name = " ".join(line.split(" ")[1:3]) if command == "UID" else command
            self.server.commands.append(name)
            if name == self.server.hang_up_at:
                return
            done = self._answer(name, line)
            self._say(f"{tag} {done}")
            if name == "LOGOUT":
                return

    def _answer(self, name: str, line: str) -> str:
        match name:
            case "CAPABILITY":
                self._say("* CAPABILITY IMAP4rev1")
            case "LOGIN":
                return "OK in" if line.endswith('"collector" "pass@word"') else "NO wrong password"
            case "SELECT":
                own = r" \*" if self.server.keywords else ""
                self._say(
                    f"* {len(self.server.messages)} EXISTS", rf"* OK [PERMANENTFLAGS (\Seen \Flagged{own})] these"
                )
                return "OK [READ-WRITE] chosen"
            case "UID SEARCH":
                hides = {"$Puntual"} if "UNKEYWORD $Puntual " in line else {"\\Seen", "\\Flagged"}
                unclear = {"$PuntualUnclear", "\\Flagged"}
                found = [
                    n
                    for n, one in enumerate(self.server.messages, 1)
                    if not one.flags & hides and not one.flags >= unclear
                ]
                self._say(" ".join(["* SEARCH", *map(str, found)]))
            case "UID FETCH":
                uid, most = re.search(r"FETCH (\d+) \(BODY\.PEEK\[\]<0\.(\d+)>\)", line).groups()
                raw = self.server.messages[int(uid) - 1].raw[: int(most)]
                self._say(f"* {uid} FETCH (UID {uid} BODY[]<0> {{{len(raw)}}}", raw + b")")
            case "UID STORE":
                uid, flags = re.search(r"STORE (\d+) \+FLAGS\.SILENT \((.+)\)", line).groups()
                self.server.messages[int(uid) - 1].flags.update(flags.split(" "))
            case "LOGOUT":
                self._say("* BYE")
            case _:
                return "BAD unknown"
        return "OK done"

    def _say(self, *lines: str | bytes) -> None:
        for line in lines:
            self.wfile.write((line.encode() if isinstance(line, str) else line) + b"\r\n")


@contextmanager
def mail_store() -> Iterator[MailStore]:
    with MailStore() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()
