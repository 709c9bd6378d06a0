"""Child processes in one foreground process group: started, watched, started again when they crash, stopped together."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from types import FrameType

from puntual.cli.running import say
from puntual.cli.words import gettext as _

PATIENCE = 70.0
"""Seconds the children have to end by themselves: a little more than a worker gives its jobs."""
MOST_CRASHES, WITHIN = 5, 60.0
_TICK = 0.1


class Child:
    """A Python program of ours, with the name people know it by."""

    def __init__(self, name: str, *arguments: str) -> None:
        self.name = name
        self.command = [sys.executable, *arguments]
        self.crashes: list[float] = []
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL)  # noqa: S603 - our own program

    @property
    def code(self) -> int | None:
        """How it ended, None while it runs."""
        return self.process.poll() if self.process else None

    def too_often(self, at: float) -> bool:
        """Note a crash; whether there were too many of them lately."""
        self.crashes = [crash for crash in self.crashes if at - crash < WITHIN] + [at]
        return len(self.crashes) > MOST_CRASHES


class _Stop:
    """Set by Ctrl-C, SIGTERM or a closed terminal."""

    def __init__(self) -> None:
        self.asked = False
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), self._ask)

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self.asked = True


def supervise(children: Sequence[Child], *, answers: tuple[str, int], ready: Callable[[], None]) -> bool:
    """Run the children until somebody asks to stop, then end them; False where one of them cannot be kept running.

    `ready` is called once the address answers.
    """
    stop = _Stop()
    try:
        for child in children:
            child.start()
        announced = False
        while not stop.asked:
            for child in children:
                if child.code is not None and not _start_again(child):
                    return False
            if not announced and _answering(answers):
                announced = True
                ready()
            time.sleep(_TICK)
        return True
    finally:
        _end(children)


def _start_again(child: Child) -> bool:
    """Say that a child ended by itself, and start it again unless it keeps ending."""
    ending = _("The {name} ended unexpectedly (code {code}).").format(name=child.name, code=child.code)
    if child.too_often(time.monotonic()):
        say(ending + " " + _("It keeps ending: see above what it says, and start again when that is mended."))
        return False
    say(ending + " " + _("It is started again."))
    time.sleep(len(child.crashes) - 1)
    child.start()
    return True


def _answering(address: tuple[str, int]) -> bool:
    try:
        socket.create_connection(address, timeout=1).close()
    except OSError:
        return False
    return True


def _end(children: Sequence[Child]) -> None:
    """Ask all to end and wait; whoever does not is killed. At a terminal Ctrl-C has asked them already."""
    for child in children:
        if child.process and child.code is None:
            child.process.terminate()
    deadline = time.monotonic() + PATIENCE
    for child in children:
        if child.process:
            try:
                child.process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.process.kill()
                child.process.wait()
