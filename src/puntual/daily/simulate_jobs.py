"""Replays as jobs: asked for, canceled, and what they said. A worker plays them (`simulate_running`)."""

import json
import zlib
from datetime import date
from typing import Any
from uuid import UUID

from puntual.audit.actions import Actor, action
from puntual.daily.models import Replay
from puntual.daily.simulate import MOST_DAYS
from puntual.daily.tasks import play_replay
from puntual.kernel.problems import N_, Problem
from puntual.strategies.models import Version

KEPT = 40
"""Replays of one organization that are kept; each new one lets the oldest beyond them go."""
State = Replay.State


def start_replay(by: Actor, version: Version, first: date, last: date) -> Replay:
    """Let a worker play a version over those days. Raises Problem for days the wrong way round, too many, or still to come."""
    if not 0 <= (last - first).days < MOST_DAYS:
        raise Problem(N_("Choose a first and a last day, at most {most} days from one to the other."), most=MOST_DAYS)
    if last > by.today:
        raise Problem(
            N_("The last day is still to come. Choose days that are over: only what happened can be replayed.")
        )
    with action(by, "replay.start", version=version.id, first=first, last=last) as log:
        replay = Replay.objects.create(
            organization_id=by.organization_id,
            version_id=version.id,
            number=version.number,
            manual=version.content,
            first=first,
            last=last,
            created_by=by.user_id,
            created_at=by.now,
        )
        log.about(replay)
        old = Replay.objects.filter(organization_id=by.organization_id).exclude(state=State.RUNNING)
        keep = old.order_by("-created_at", "-id").values_list("id", flat=True)[:KEPT]
        old.exclude(id__in=list(keep)).delete()
        play_replay.defer(organization_id=str(by.organization_id), replay_id=str(replay.id))
    return replay


def cancel_replay(by: Actor, replay_id: UUID) -> Replay:
    """Stop a replay; one that has ended stays as it is. Raises Replay.DoesNotExist."""
    with action(by, "replay.cancel") as log:
        replays = Replay.objects.select_for_update(no_key=True).defer("said")
        replay = replays.get(organization_id=by.organization_id, id=replay_id)
        log.about(replay)
        if replay.state == State.RUNNING:
            replay.cancel_asked, replay.state, replay.finished_at = True, State.CANCELED, by.now
            replay.save(update_fields=["cancel_asked", "state", "finished_at"])
    return replay


def said_of(replay: Replay) -> list[dict[str, Any]]:
    """The contacts of a replay that was played to its end."""
    found: list[dict[str, Any]] = json.loads(zlib.decompress(replay.said)) if replay.said else []
    return found
