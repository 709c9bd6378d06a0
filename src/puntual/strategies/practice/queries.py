"""Reads of practice: whose talks, and what they show. Everything runs inside `acting_for` and names its organization."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Avg, Count, Max, QuerySet

from puntual.strategies.practice.actions import acts_of, case_of
from puntual.strategies.practice.characters import CHARACTERS
from puntual.strategies.practice.judging import DIMENSIONS, MARKS
from puntual.strategies.practice.models import PracticeTalk
from puntual.strategies.practice.talking import replayed

LATEST = 10
"""Of so many talks it is said what to practice next."""


@dataclass(frozen=True, slots=True)
class WithCharacter:
    """How somebody does with one character: talks held, the best and the last score of 100."""

    code: str
    talks: int = 0
    best: int | None = None
    last: int | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """What somebody's talks show. `means` are of the latest `LATEST` by dimension, `course` their scores, the oldest first;
    `to_mend` is what went wrong most often in them, `next` the character to call next.
    """

    talks: int
    means: dict[str, int]
    course: tuple[int, ...]
    characters: tuple[WithCharacter, ...]
    to_mend: tuple[str, ...]
    next: str


@dataclass(frozen=True, slots=True)
class OfPerson:
    """One line of the team: who practiced how often, how well on average, and when last."""

    user_id: UUID
    name: str
    talks: int
    mean: int
    last_at: datetime


def talks_of(organization_id: UUID, user_id: UUID) -> QuerySet[PracticeTalk]:
    """Somebody's talks, the latest first."""
    mine = PracticeTalk.objects.filter(organization_id=organization_id, user_id=user_id)
    return mine.order_by("-started_at", "-id")


def progress_of(organization_id: UUID, user_id: UUID) -> Progress:
    """How somebody has been doing."""
    over = talks_of(organization_id, user_id).filter(ended_at__isnull=False)
    latest = list(over[:LATEST])
    by_character = {
        row["character"]: row
        for row in over.order_by().values("character").annotate(talks=Count("id"), best=Max("whole"))
    }
    last = dict(over.order_by("character", "-started_at").distinct("character").values_list("character", "whole"))
    characters = tuple(
        WithCharacter(code, by_character[code]["talks"], by_character[code]["best"], last[code])
        if code in by_character
        else WithCharacter(code)
        for code in CHARACTERS
    )
    return Progress(
        talks=sum(one.talks for one in characters),
        means={name: round(sum(getattr(one, name) for one in latest) / len(latest)) for name in DIMENSIONS if latest},
        course=tuple(one.whole or 0 for one in reversed(latest)),
        characters=characters,
        to_mend=_to_mend(latest),
        next=min(characters, key=lambda one: (one.talks > 0, one.last or 0)).code,
    )


def team(organization_id: UUID) -> list[OfPerson]:
    """Everybody who practiced, by name: scores only, no words."""
    rows = (
        PracticeTalk.objects.filter(organization_id=organization_id, ended_at__isnull=False)
        .values("user_id")
        .annotate(name=Max("name"), talks=Count("id"), mean=Avg("whole"), last_at=Max("started_at"))
    )
    found = [OfPerson(row["user_id"], row["name"], row["talks"], round(row["mean"]), row["last_at"]) for row in rows]
    return sorted(found, key=lambda one: one.name)


def _to_mend(talks: Sequence[PracticeTalk], most: int = 3) -> tuple[str, ...]:
    """What took points most often in those talks."""
    counted = Counter(
        mark
        for talk in talks
        for state in replayed(case_of(talk), acts_of(talk))
        for mark in state.marks
        if any(points < 0 for _dimension, points in MARKS[mark])
    )
    return tuple(mark for mark, _times in counted.most_common(most))
