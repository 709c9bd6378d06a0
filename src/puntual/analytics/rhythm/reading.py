"""When customers answer and in which parts of the year they pay otherwise. Inside `acting_for`; names its organization."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from puntual.analytics.rhythm.answering import MOST, WAIT, Answering, answering
from puntual.analytics.rhythm.models import CustomerRhythm, RhythmRead
from puntual.analytics.rhythm.reading_sql import ANSWERING, seasons_sql
from puntual.analytics.rhythm.seasons import Season, Times, seasons
from puntual.outreach.results import NOT_HAD, RESULTS, SPOKEN


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What is known of a customer: who answers most of what is said to it by a channel stands first."""

    answers: tuple[Answering, ...] = ()
    seasons: tuple[Season, ...] = ()


NOTHING = Rhythm()


def rhythms(organization_id: UUID, day: date, customers: Sequence[UUID]) -> dict[UUID, Rhythm]:
    """Of some customers by the end of a day: as the day's job kept it, or worked out where that is of a later day or there is
    none. Who is not in it is not known.
    """
    if kept_on(organization_id, day) is None:
        return worked_out(organization_id, day, customers)
    rows = CustomerRhythm.objects.filter(organization_id=organization_id, id__in=customers)
    found = {row.id: restored(row) for row in rows}
    return {customer: one for customer, one in found.items() if one != NOTHING}


def kept_on(organization_id: UUID, day: date) -> date | None:
    """The day of which they were kept, where that says what was known by the end of a day; None where nothing does."""
    read = RhythmRead.objects.filter(organization_id=organization_id).first()
    return read.day if read and read.day <= day else None


def rhythm_of(organization_id: UUID, customer_id: UUID, day: date) -> Rhythm:
    """Of one customer, with what happened today."""
    return worked_out(organization_id, day, [customer_id]).get(customer_id, NOTHING)


def worked_out(organization_id: UUID, day: date, customers: Sequence[UUID]) -> dict[UUID, Rhythm]:
    """What contacts and settled items tell by the end of a day: two statements for all of them."""
    answers = answers_of(organization_id, day, customers)
    times: dict[UUID, list[Times]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(seasons_sql(), values_of(organization_id, day, customers))
        for customer, *counted in cursor.fetchall():
            times[customer].append(Times(*counted))
    found = {
        customer: Rhythm(ordered(answers.get(customer, ())), tuple(seasons(times.get(customer, ()))))
        for customer in answers.keys() | times.keys()
    }
    return {customer: one for customer, one in found.items() if one != NOTHING}


def answers_of(organization_id: UUID, day: date, customers: Sequence[UUID]) -> dict[UUID, list[Answering]]:
    """What came of the last contacts by each channel, of some customers by the end of a day."""
    answers: dict[UUID, list[Answering]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(ANSWERING, values_of(organization_id, day, customers))
        for customer, *told in cursor.fetchall():
            answers[customer].append(answering(*told))
    return answers


def ordered(answers: Sequence[Answering]) -> tuple[Answering, ...]:
    """The way by which most is answered first."""
    return tuple(sorted(answers, key=lambda one: (-one.answered / one.contacts, -one.contacts, one.channel)))


def values_of(organization_id: UUID, day: date, customers: Sequence[UUID]) -> dict[str, Any]:
    """The parameters of the statements."""
    return {
        "org": organization_id,
        "day": day,
        "customers": list(customers),
        "spoken": sorted(SPOKEN),
        "tries": [code for code, result in RESULTS.items() if result.channels & SPOKEN],
        "not_had": ["bounced", *NOT_HAD],
        "wait": WAIT,
        "most": MOST,
    }


def restored(row: CustomerRhythm) -> Rhythm:
    """What was kept."""
    answers = [Answering.restored(one) for one in row.answers]
    return Rhythm(ordered(answers), tuple(Season(**season) for season in row.seasons))
