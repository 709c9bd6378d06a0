"""A sender killed at every point around a send: nobody is written to twice, and nothing is lost without a trace."""

import os
import signal
import smtplib
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connections

from conftest import NOW
from puntual.outreach import outbox
from puntual.outreach.actions import sweep_stalled
from puntual.outreach.channels import email as channel
from puntual.outreach.models import Activity, Mark
from puntual.outreach.claiming import STALLED_AFTER
from puntual.outreach.outbox import send_due
from puntual.outreach.tests.build import World
from puntual.outreach.tests.mailserver import MailServer
from puntual.tenancy.scope import acting_for

PLANNED, NTH = 4, 2


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _killing(function: Callable, before: bool, nth: int = NTH) -> Callable:
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


# Where it dies, how many messages are then in doubt, and how many of those have arrived all the same. Patched in the child
# alone: the product has no such points. A message takes five lines of SMTP after the greeting's one: from, to, data, text, end.
POINTS: dict[str, tuple[object, str, bool, int, int, int]] = {
    "before the claim": (outbox, "claim", True, NTH, 0, 0),
    "claimed": (outbox, "claim", False, NTH, 1, 0),
    "ready to deliver": (channel.SmtpTransport, "deliver", True, NTH, 1, 0),
    "text sent, not its end": (smtplib.SMTP, "send", False, 10, 1, 0),
    "end sent, no answer read": (smtplib.SMTP, "send", False, 11, 1, 1),
    "delivered": (channel.SmtpTransport, "deliver", False, NTH, 1, 1),
    "settling, not committed": (outbox, "write_marks", False, NTH, 1, 1),
    "settled": (outbox, "settle", False, NTH, 0, 0),
}


def _sender_killed_at(point: str, organization_id) -> None:
    """Fork a sender that dies there; wait for its end."""
    owner, name, before, nth, *_ = POINTS[point]
    connections.close_all()  # a child must not share its parent's connection
    pid = os.fork()
    if pid == 0:
        setattr(owner, name, _killing(getattr(owner, name), before, nth))
        send_due(organization_id, NOW)
        os._exit(0)  # not reached
    _, status = os.waitpid(pid, 0)
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


@pytest.mark.parametrize("point", POINTS)
def test_killed_anywhere_nobody_is_written_to_twice(live: World, post: MailServer, point: str) -> None:
    organization = live.by.organization_id
    with acting_for(organization):
        for number in range(PLANNED):
            customer = live.customer(f"Cliente {number}")
            live.plan(customer, [live.invoice(customer, f"F001-{number}", late=10)])
    _sender_killed_at(point, organization)
    # Another sender goes on at once, and once more after the sweeper has come by.
    send_due(organization, NOW + timedelta(minutes=1))
    unknown = sweep_stalled(live.by.on(live.by.today, NOW + timedelta(minutes=1) + STALLED_AFTER))
    send_due(organization, NOW + timedelta(minutes=30))
    with acting_for(organization):
        states = Counter(Activity.objects.values_list("state", flat=True))
        marked = Mark.objects.count()
    *_, in_doubt, arrived = POINTS[point]
    assert unknown == in_doubt
    assert states == +Counter({"sent": PLANNED - in_doubt, "unknown": in_doubt})
    assert marked == states["sent"]
    assert set(post.deliveries.values()) == {1}
    assert len(post.deliveries) == states["sent"] + arrived
