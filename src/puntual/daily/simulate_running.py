"""A worker's side of a replay: played with its progress kept, ended with its result."""

import json
import zlib
from collections.abc import Iterable
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext

from puntual.audit.actions import Actor, action
from puntual.daily.models import Replay
from puntual.daily.simulate import replayed
from puntual.daily.simulate_made import Said
from puntual.daily.simulate_report import activities, report
from puntual.kernel.problems import Problem
from puntual.organizations.models import Organization
from puntual.strategies.models import Version
from puntual.tenancy.scope import acting_for

State = Replay.State


class Canceled(Exception):
    """Somebody asked to stop."""


def play(by: Actor, replay_id: UUID) -> None:
    """Play a replay that was asked for; may run again from its start. One that was canceled meanwhile is left alone."""
    organization = Organization.objects.get(id=by.organization_id)
    with acting_for(organization.id):
        replay = Replay.objects.get(organization_id=organization.id, id=replay_id)
    if replay.state != State.RUNNING:
        return
    version = Version(
        id=replay.version_id, organization_id=organization.id, number=replay.number, content=replay.manual
    )
    with acting_for(organization.id):
        stored = Version.objects.filter(organization_id=organization.id, id=replay.version_id).first()
        version.strategy_id = stored.strategy_id if stored else replay.version_id
    with ThreadPoolExecutor(1, "progress") as hand:
        try:
            with replayed(organization, version, replay.first, replay.last, tell=_Telling(replay, hand)) as played:
                everything = list(played.said())
                found, said = report(played, everything), _packed(everything)
        except Canceled:
            return
        finally:
            hand.submit(_hang_up).result()
    _end(by, replay, state=State.DONE, report=found.as_json(), said=said, days_done=found.days)


def fail(by: Actor, replay_id: UUID, problem: Problem | None = None) -> None:
    """Note that a replay cannot be played."""
    with acting_for(by.organization_id):
        replay = Replay.objects.get(organization_id=by.organization_id, id=replay_id)
    text = problem.text(gettext) if problem else gettext("Something went wrong here, and it was noted in the log.")
    _end(by, replay, state=State.FAILED, problem=text)


def _hang_up() -> None:
    connection.close()  # the thread's own


def _packed(said: Iterable[Said]) -> bytes:
    return zlib.compress(json.dumps(list(activities(said, tasks=False)), ensure_ascii=False).encode())


def _end(by: Actor, replay: Replay, **changes: Any) -> None:
    with action(by, "replay.end", about=replay, state=changes["state"]):
        rows = Replay.objects.filter(organization_id=by.organization_id, id=replay.id, state=State.RUNNING)
        rows.update(finished_at=by.now, **changes)


class _Telling:
    """Keeps the progress where others see it: the replay's own transaction is undone, so another connection writes."""

    def __init__(self, replay: Replay, hand: Executor) -> None:
        self._replay, self._hand = replay, hand

    def __call__(self, done: int, days: int) -> None:
        if not self._hand.submit(self._write, done).result():
            raise Canceled

    def _write(self, done: int) -> int:
        with acting_for(self._replay.organization_id):
            rows = Replay.objects.filter(
                organization_id=self._replay.organization_id, id=self._replay.id, state=State.RUNNING
            )
            return rows.update(days_done=done)
