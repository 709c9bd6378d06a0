"""How an action is written: one transaction, one audit entry."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import models

from puntual.audit.models import Record
from puntual.tenancy.scope import acting_for


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, for which organization, and when.

    `now` is the moment and `today` the organization's calendar day; both come from the edge (web, API, command line, worker), so
    everything below can be replayed for any date. Without a `user_id` the clock itself acts.
    """

    organization_id: UUID
    now: datetime
    today: date
    user_id: UUID | None = None
    name: str = "Puntual"

    @property
    def person(self) -> UUID:
        """The person who acts. Raises RuntimeError where it is the clock: only people have a profile or an address."""
        if self.user_id is None:
            raise RuntimeError("the clock acts, not a person")
        return self.user_id

    def on(self, today: date, now: datetime) -> "Actor":
        """The same actor at another moment."""
        return replace(self, today=today, now=now)


@dataclass(slots=True)
class Log:
    """What an action says of itself while it runs."""

    object_type: str = ""
    object_id: UUID | None = None
    detail: dict[str, Any] = field(default_factory=dict)

    def about(self, thing: models.Model) -> None:
        """Name the row this action is about."""
        self.object_type = thing._meta.label_lower
        self.object_id = thing.pk

    def say(self, **detail: object) -> None:
        """Add facts a reader of the log needs."""
        self.detail.update({name: _plain(value) for name, value in detail.items()})


_open: ContextVar[Log | None] = ContextVar("audit_log", default=None)


@contextmanager
def action(
    by: Actor, name: str, /, *, about: models.Model | None = None, why: str = "", **detail: object
) -> Iterator[Log]:
    """Run one action: one transaction inside the actor's organization, with its audit entry written at the end.

    An action called by another action joins it: its facts are kept under `parts` of the outer entry, so that one verb of a
    person stays one entry.
    """
    log = Log()
    if about is not None:
        log.about(about)
    log.say(**detail)
    outer = _open.get()
    with acting_for(by.organization_id):
        token = _open.set(log)
        try:
            yield log
        finally:
            _open.reset(token)
        if outer is not None:
            part = {"action": name, "object": str(log.object_id) if log.object_id else None, **log.detail}
            outer.detail.setdefault("parts", []).append(part)
            return
        Record.objects.create(
            organization_id=by.organization_id,
            at=by.now,
            actor_id=by.user_id,
            actor_name=by.name,
            action=name,
            object_type=log.object_type,
            object_id=log.object_id,
            why=why,
            detail=log.detail,
        )


ENTRY: Final = """
INSERT INTO audit_record (id, organization_id, at, actor_id, actor_name, action, object_type, object_id, why, detail)
SELECT puntual_uuid7(), %(audit_org)s, %(audit_at)s, %(audit_actor)s, %(audit_name)s, %(audit_action)s, %(audit_type)s,
       %(audit_object)s, '', %(audit_detail)s::jsonb || {found} FROM {done}
"""
"""The audit entry of an action that is one statement: a part of it. `done` is what it has done, with one row or none; `found` is
JSON with what it found out.
"""


def entry(by: Actor, name: str, about: models.Model, **detail: object) -> dict[str, Any]:
    """The values of an `ENTRY`."""
    log = Log()
    log.about(about)
    log.say(**detail)
    return {
        "audit_org": by.organization_id,
        "audit_at": by.now,
        "audit_actor": by.user_id,
        "audit_name": by.name,
        "audit_action": name,
        "audit_type": log.object_type,
        "audit_object": log.object_id,
        "audit_detail": json.dumps(log.detail),
    }


def _plain(value: object) -> object:
    if isinstance(value, Decimal | UUID | date | datetime):
        return str(value)
    if isinstance(value, models.Model):
        return str(value.pk)
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    return value
