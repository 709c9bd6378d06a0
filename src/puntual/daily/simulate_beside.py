"""The other part of a replay, played in a process of its own: in one, only one of them could compute at a time.

`python -m puntual.daily.simulate_beside LINE` is that process; it is told what to play through the line, and ends with it.
"""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

from django.db import connection, connections

if TYPE_CHECKING:
    from puntual.daily.simulate_part import Job, Told


@dataclass(frozen=True, slots=True)
class Beside:
    """The other part, as the one that began it sees it."""

    line: "Connection[Any, Any]"
    process: "subprocess.Popen[bytes]"

    def told(self) -> "Told":
        """What it came to, once both have played every day. Raises EOFError where it is gone, or what ended it."""
        from puntual.daily.simulate_together import hear

        found: Told = hear(self.line)
        return found


@contextmanager
def beside(job: "Job") -> Iterator[Beside]:
    """Have part 1 of a job played in a process of its own, in the same database; it ends with the block."""
    here, there = Pipe()
    command = [sys.executable, "-m", __name__, str(there.fileno())]
    process = subprocess.Popen(command, pass_fds=[there.fileno()], stdin=subprocess.DEVNULL)  # noqa: S603 - our own
    there.close()
    try:
        here.send(connection.settings_dict["NAME"])
        here.send(job)
        yield Beside(here, process)
    finally:
        here.close()
        process.terminate()
        process.wait()


def _play(line: "Connection[Any, Any]") -> None:
    from puntual.daily.simulate_part import Part
    from puntual.daily.simulate_together import Seat

    connections.settings["default"]["NAME"] = line.recv()
    with Part.opened(line.recv(), Seat(1, line)) as part:
        part.play(lambda _done, _days: None)
        line.send(part.told())


def _main(line: "Connection[Any, Any]") -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # meant for the one that began this one, and heard when it leaves
    from django.conf import settings

    settings.PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""  # a third of the start, for tasks nobody asks for here
    import django

    django.setup()
    try:
        _play(line)
    except (EOFError, ConnectionError):
        return  # the other part has left
    except Exception as problem:
        line.send(problem)
        with suppress(EOFError, ConnectionError):
            while True:  # until it has been heard, and the other part leaves
                line.recv()


if __name__ == "__main__":
    _main(Connection(int(sys.argv[1])))
