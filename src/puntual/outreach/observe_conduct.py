"""What conduct asks for of a few customers: a small part of what `observe` tells, for where a list is gone through by hand."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from puntual.conduct.gate import NO_HISTORY
from puntual.outreach.observe import HISTORY_DAYS
from puntual.outreach.observe_rows import channels_of, history_of, subject_of, wishes_of
from puntual.outreach.observe_sql import conduct_sql
from puntual.strategies.facts import CustomerFacts


def observe_conduct(
    organization_id: UUID, day: date, now: datetime, customers: Sequence[UUID]
) -> dict[UUID, CustomerFacts]:
    """By customer: the subject, the channels authorized and the history of contacts; of what is owed these facts say nothing.

    Must run inside `acting_for(organization_id)`. `day` is the organization's.
    """
    asked: dict[str, Any] = {
        "org": organization_id,
        "day": day,
        "history_from": now - timedelta(days=HISTORY_DAYS),
        "until": now,
        "sending": [],
        "customers": list(customers),
    }
    found = {}
    with connection.cursor() as cursor:
        cursor.execute(conduct_sql(), asked)
        for pk, natural, consumer, country, time_zone, authorized, contacts, wishes in cursor:
            hours = wishes_of(wishes)[1] if wishes else None
            found[UUID(pk)] = CustomerFacts(
                customer_id=pk,
                subject=subject_of(natural, consumer, country, time_zone, hours),
                items=(),
                authorized=channels_of(authorized),
                history=history_of(contacts, pk) if contacts else NO_HISTORY,
            )
    return found
