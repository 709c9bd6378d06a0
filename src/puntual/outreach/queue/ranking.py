"""The order of the lists. Callers import `rank` from `outreach.actions`."""

from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from django.db import connection

from puntual.audit.actions import Actor, action

_RANK = """
UPDATE outreach_activity a SET value = w.value
FROM unnest(%(ids)s::uuid[], %(values)s::numeric[]) AS w(id, value)
WHERE a.organization_id = %(organization)s AND a.id = w.id AND a.state = 'to_do' AND a.value <> w.value
"""


def rank(by: Actor, values: Mapping[UUID, Decimal]) -> int:
    """Put what people have to do in the order of these values, the greatest first; how many changed their place."""
    with action(by, "outreach.rank", activities=len(values)) as log, connection.cursor() as cursor:
        cursor.execute(
            _RANK,
            {"organization": by.organization_id, "ids": list(values), "values": list(values.values())},
        )
        moved = int(cursor.rowcount)
        log.say(moved=moved)
    return moved
