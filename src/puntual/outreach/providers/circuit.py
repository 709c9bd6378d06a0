"""Whether a provider may be used now, told in the database to every worker: after failures in a row it is left in peace, then one
message goes first, and a success opens the way again.
"""

import logging
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from django.db import connection, transaction

from puntual.outreach.channels import Receipt
from puntual.outreach.providers.backoff import FAILURES_UNTIL_DOWN, before_next_use
from puntual.outreach.providers.limits import Limits
from puntual.outreach.providers.models import Provider

PATIENCE: Final = timedelta(seconds=5)
"""How long a sender waits for its turn where there is a limit; for longer it leaves the messages in the queue."""
_PROBE: Final = timedelta(minutes=2)
_log = logging.getLogger(__name__)

Way = Literal["open", "probe", "shut"]
ALIVE: Final = frozenset({"sent", "refused", "rejected"})
"""Outcomes that show a server at work."""

_ADD = "INSERT INTO outreach_provider (name, failures, reason, detail) VALUES (%s, 0, '', '') ON CONFLICT DO NOTHING"
_PROBING = """
UPDATE outreach_provider SET probing_until = %s
WHERE name = %s AND (rest_until IS NULL OR rest_until <= %s) AND (probing_until IS NULL OR probing_until <= %s)
"""
_FAILED = """
UPDATE outreach_provider
SET failures = failures + 1, failing_since = coalesce(failing_since, %(now)s), failed_at = %(now)s, reason = %(reason)s,
    detail = %(detail)s, probing_until = NULL
WHERE name = %(name)s
RETURNING failures
"""
_TAKE = """
UPDATE outreach_provider SET next_slot = greatest(coalesce(next_slot, %(now)s), %(now)s) + %(spacing)s
WHERE name = %(name)s AND coalesce(next_slot, %(now)s) <= %(latest)s
RETURNING next_slot - %(spacing)s
"""
# The hours that reach into the last 24, the first of them whole: rather a little less than allowed.
_SENT = "SELECT coalesce(sum(sent), 0), min(hour) FROM outreach_providerhour WHERE provider = %s AND hour > %s"
_COUNT = """
INSERT INTO outreach_providerhour (provider, hour, sent) VALUES (%s, date_trunc('hour', %s::timestamptz, 'UTC'), 1)
ON CONFLICT (provider, hour) DO UPDATE SET sent = outreach_providerhour.sent + 1
"""
_DAY: Final = timedelta(hours=25)


@dataclass(frozen=True, slots=True)
class Turn:
    """When a message may leave: at `at`, or, where that is too long to wait for, not before it."""

    at: datetime
    had: bool


def way(name: str, now: datetime) -> Way:
    """Whether messages may leave through a provider now; "probe" says that one may, to see whether it works again."""
    found = Provider.objects.filter(pk=name).first()
    if found is None:
        return "open"
    if any(until and until > now for until in (found.rest_until, found.full_until)):
        return "shut"
    if not found.failures:
        return "open"
    with connection.cursor() as cursor:
        cursor.execute(_PROBING, [now + _PROBE, name, now, now])
        return "probe" if cursor.rowcount else "shut"


def note(name: str, receipt: Receipt, now: datetime, *, failing: bool) -> Way:
    """Write down what a provider answered, and say whether it may be used further. `failing`: it had failed before.

    One that cannot be reached, or says how long to wait, rests at once; one that only puts off, or does not answer, after several
    times in a row.
    """
    if receipt.outcome in ALIVE:
        if failing:
            recovered(name)
        return "open"
    if receipt.outcome == "postponed":  # about one recipient: says nothing about the provider
        return "open"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_ADD, [name])
        about: dict[str, Any] = {"name": name, "now": now, "reason": receipt.outcome, "detail": receipt.detail[:1000]}
        cursor.execute(_FAILED, about)
        (failures,) = cursor.fetchone()
        asked = timedelta(seconds=min(receipt.wait, 86_400)) if receipt.wait else None
        if receipt.outcome != "unreachable" and asked is None and failures < FAILURES_UNTIL_DOWN:
            return "open"
        usual = before_next_use(failures, receipt.outcome, random.random())  # noqa: S311 - no secret depends on it
        rest = max(usual, asked) if asked else usual
        Provider.objects.filter(pk=name).update(rest_until=now + rest)
    _log.warning("%s is left in peace for %d seconds: %s %s", name, rest.seconds, receipt.outcome, receipt.detail)
    return "shut"


def recovered(name: str) -> None:
    """A provider works: what was held against it is forgotten."""
    Provider.objects.filter(pk=name).update(
        failures=0, failing_since=None, reason="", detail="", rest_until=None, probing_until=None
    )


def not_tried(name: str) -> None:
    """The message that was to go first did not get as far: another may."""
    Provider.objects.filter(pk=name).update(probing_until=None)


def take_turn(name: str, limits: Limits, now: datetime) -> Turn:
    """Take the next moment at which a message may leave through a provider with limits, unless it is too far off."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_ADD, [name])
        spacing = timedelta(seconds=limits.spacing)
        latest = now + PATIENCE
        values: dict[str, Any] = {"name": name, "now": now, "spacing": spacing, "latest": latest}
        cursor.execute(_TAKE, values)
        row = cursor.fetchone()  # and the row stays locked: whoever counts next, counts this one
        if row is None:
            return Turn(Provider.objects.values_list("next_slot", flat=True).get(pk=name) or now, False)
        if limits.per_day is not None:
            cursor.execute(_SENT, [name, now - _DAY])
            sent, first = cursor.fetchone()
            if sent >= limits.per_day:
                full_until = first + _DAY
                Provider.objects.filter(pk=name).update(full_until=full_until)
                return Turn(full_until, False)
            cursor.execute(_COUNT, [name, now])
    return Turn(row[0], True)
