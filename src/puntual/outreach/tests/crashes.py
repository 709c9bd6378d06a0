"""The crash matrix: one run plans a few messages, lets something go wrong at a point drawn by its seed, then goes on as the clock
would, and tells what became of each.
"""

import os
import random
import signal
import smtplib
import socket
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import connections

from conftest import NOW
from puntual.outreach import outbox, settling
from puntual.outreach.actions import sweep_stalled
from puntual.outreach.channels.email import transport as channel
from puntual.outreach.models import Activity, Provider
from puntual.outreach.outbox import send_due
from puntual.outreach.queries import unsettled
from puntual.outreach.tests.build import World
from puntual.outreach.tests.faultyserver import VERBS, Fault, FaultyServer
from puntual.tenancy.scope import acting_for

# Where a sender is killed: the function, and whether before or after its n-th call. Patched in the child alone: the product has
# no such points.
FUNCTIONS: dict[str, tuple[object, str, bool]] = {
    "before the claim": (outbox, "claim", True),
    "claimed": (outbox, "claim", False),
    "looked at": (outbox, "prepare", False),
    "rendered": (outbox, "compose", False),
    "before it is handed over": (outbox, "hand_over", True),
    "handed over": (outbox, "hand_over", False),
    "delivered": (channel.SmtpTransport, "deliver", False),
    "before it is settled": (outbox, "settle_delivery", True),
    "settling, not committed": (settling, "in_one_trip", True),
    "settled": (outbox, "settle_delivery", False),
}
LINES = ("MAIL", "RCPT", "DATA", "TEXT", "END")
KILLS = (*FUNCTIONS, *(f"{when} {line}" for line in LINES for when in ("before", "after")))
"""Every point at which a sender is killed."""
REPLIES = ("421 closing", "451 later", "554 never")
FAULTS = (
    *((verb, what) for verb in VERBS for what in (*REPLIES, "cut", "silent") if verb != "TEXT" or what == "cut"),
    ("END", "taken, then cut"),
    ("END", "taken, then silent"),
    ("CONNECT", "refused"),
)
"""Everything a server does wrong, at every moment of a delivery."""
LATER = tuple(timedelta(minutes=minutes) for minutes in (1, 20, 70, 150, 300, 480))
"""When the clock comes by again, within the contact hours of the day."""


@dataclass(frozen=True)
class Outcome:
    """What a run came to: states of its messages, and how often each was delivered."""

    planned: int
    states: dict[str, str]
    delivered: Counter[str]
    shown: frozenset[str]

    def faults(self) -> list[str]:
        """What must never be."""
        found = []
        count = Counter(self.states.values())
        if sum(count[state] for state in ("sent", "failed", "unknown", "queued")) != self.planned:
            found.append(f"{self.planned} planned, now {dict(count)}")
        for key, state in self.states.items():
            times = self.delivered[key]
            if times > 1:
                found.append(f"{key} was delivered {times} times")
            if (state == "sent") != bool(times) and state != "unknown":
                found.append(f"{key} is {state} and was delivered {times} times")
            if state == "unknown" and key not in self.shown:
                found.append(f"{key} is unknown and nobody sees it")
        return found


def run(world: World, server: FaultyServer, seed: int) -> Outcome:
    """One run; the same seed is the same run."""
    luck = random.Random(seed)
    organization = world.by.organization_id
    Provider.objects.all().delete()
    server.heal()
    with acting_for(organization):
        ids = [_plan(world, f"{seed}-{number}") for number in range(luck.randint(2, 5))]
    if seed % 2:
        _sender_killed_at(luck.choice(KILLS), luck.randint(1, len(ids)), organization)
    else:
        _meet(luck.choice(FAULTS), luck, server, organization)
    server.heal()
    for pause in LATER:
        sweep_stalled(world.by.on(world.by.today, NOW + pause))
        send_due(organization, NOW + pause)
    with acting_for(organization):
        rows = Activity.objects.filter(pk__in=ids).values_list("id", "state")
        states = {f"<{key}@127.0.0.1>": str(state) for key, state in rows}
        shown = frozenset(row.message_id for row in unsettled(organization) if row.state == "unknown")
    return Outcome(len(ids), states, Counter({key: server.deliveries[key] for key in states}), shown)


def _plan(world: World, name: str) -> UUID:
    customer = world.customer(f"Cliente {name}")
    return world.plan(customer, [world.invoice(customer, f"F-{name}", late=10)]).pk


def _meet(fault: tuple[str, str], luck: random.Random, server: FaultyServer, organization: UUID) -> None:
    """Send while the server does something wrong, once or from then on."""
    verb, what = fault
    if what == "refused":
        with socket.socket() as nobody:
            nobody.bind(("127.0.0.1", 0))
            there = server.port
            server.port = nobody.getsockname()[1]
            _send(server, organization)
            server.port = there
    else:
        server.heal(Fault(verb, what, luck.randint(1, 3), luck.choice((1, 1, 1_000_000))))
        _send(server, organization)
    _use(server)


def _send(server: FaultyServer, organization: UUID) -> None:
    _use(server)
    for pause in (timedelta(), timedelta(seconds=30), timedelta(minutes=3)):
        send_due(organization, NOW + pause)


def _use(server: FaultyServer) -> None:
    from django.conf import settings

    settings.SMTP_URL = server.url


def _sender_killed_at(point: str, nth: int, organization: UUID) -> None:
    """Fork a sender that dies there, if it gets there; wait for its end."""
    connections.close_all()  # a child must not share its parent's connection
    pid = os.fork()
    if pid == 0:
        try:
            channel._TIMEOUT = (
                30.0  # the server is well: on a busy machine a short one would end the run before the point
            )
            if point in FUNCTIONS:
                owner, name, before = FUNCTIONS[point]
                setattr(owner, name, _killing(getattr(owner, name), before, 1 if name == "claim" else nth))
            else:
                when, line = point.split()
                smtplib.SMTP.send = _killing_line(smtplib.SMTP.send, line, when == "before", nth)  # type: ignore[method-assign]
            send_due(organization, NOW)
        finally:
            os._exit(3)
    _, status = os.waitpid(pid, 0)
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL, f"{point} was never reached: {status}"


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _killing(function: Callable, before: bool, nth: int) -> Callable:
    """The function, but the process dies before, or right after, its n-th call."""
    calls = Counter[str]()

    def call(*args, **kwargs):
        calls["n"] += 1
        if before and calls["n"] == nth:
            _die()
        result = function(*args, **kwargs)
        if not before and calls["n"] == nth:
            _die()
        return result

    return call


def _killing_line(send: Callable, line: str, before: bool, nth: int) -> Callable:
    """`smtplib.SMTP.send`, but the process dies around the n-th line of a kind."""
    calls = Counter[str]()

    def call(self, data):
        raw = data.encode() if isinstance(data, str) else bytes(data)
        verb = raw[:4].upper().decode("ascii", "replace")
        kind = (
            "END" if raw == b".\r\n" else verb if verb in ("MAIL", "RCPT", "DATA", "EHLO", "NOOP", "RSET") else "TEXT"
        )
        calls[kind] += 1
        if before and kind == line and calls[kind] == nth:
            _die()
        send(self, data)
        if not before and kind == line and calls[kind] == nth:
            _die()

    return call
