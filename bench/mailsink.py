"""A mail server that takes everything and keeps nothing but the count: as light as a server in Python can be.

python bench/mailsink.py    prints its port; on end of input, one JSON line: messages, different Message-IDs, CPU seconds
"""

import json
import resource
import selectors
import socket
import sys

REPLIES = {b"EHLO": b"250-sink\r\n250 8BITMIME\r\n", b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}


class Line:
    """One connection: commands, or the text of a message up to its final dot."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection, self.waiting, self.in_text = connection, b"", False

    def read(self, ids: list[bytes]) -> bool:
        """Answer what came; False at the end of the connection."""
        try:
            came = self.connection.recv(1 << 20)
        except ConnectionError:
            return False
        self.waiting += came
        while True:
            end = self.waiting.find(b"\r\n.\r\n" if self.in_text else b"\r\n")
            if end < 0:
                return bool(came)
            found, self.waiting = self.waiting[:end], self.waiting[end + (5 if self.in_text else 2) :]
            if self.in_text:
                self.in_text = False
                start = found.lower().find(b"message-id:") + 11
                ids.append(found[start : found.find(b">", start)].strip())
                self.connection.sendall(b"250 taken\r\n")
                continue
            verb = found[:4].upper()
            self.in_text = verb == b"DATA"
            self.connection.sendall(REPLIES.get(verb, b"250 fine\r\n"))


def main() -> None:
    ids: list[bytes] = []
    door = socket.create_server(("127.0.0.1", 0))
    choice = selectors.DefaultSelector()
    choice.register(door, selectors.EVENT_READ)
    choice.register(sys.stdin, selectors.EVENT_READ)
    print(door.getsockname()[1], flush=True)
    while True:
        for key, _events in choice.select():
            if key.fileobj is sys.stdin:
                used = resource.getrusage(resource.RUSAGE_SELF)
                cpu = round(used.ru_utime + used.ru_stime, 3)
                print(json.dumps({"messages": len(ids), "different": len(set(ids)), "cpu": cpu}), flush=True)
                return
            if key.fileobj is door:
                connection, _address = door.accept()
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                connection.sendall(b"220 sink\r\n")
                choice.register(connection, selectors.EVENT_READ, Line(connection))
            elif not key.data.read(ids):
                choice.unregister(key.fileobj)
                key.data.connection.close()


if __name__ == "__main__":
    main()
