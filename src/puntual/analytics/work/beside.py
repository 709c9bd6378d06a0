"""What the day's job keeps of whoever is next on a list, in one read: the page asks for it with every customer."""

import json
from uuid import UUID

from django.db import connection

from puntual.analytics.rhythm.answering import Answering
from puntual.analytics.rhythm.reading import ordered
from puntual.analytics.work.worth import Worth

_KEPT = """
SELECT w.size, w.risk, w.reach, w.cost, w.by_model, r.answers
FROM (SELECT) one
LEFT JOIN analytics_contactworth w ON w.organization_id = %(org)s AND w.activity_id = %(activity)s
LEFT JOIN analytics_customerrhythm r ON r.organization_id = %(org)s AND r.id = %(customer)s
"""


def kept_beside(
    organization_id: UUID, activity_id: UUID, customer_id: UUID
) -> tuple[Worth | None, tuple[Answering, ...]]:
    """What an activity was found to be worth when its list was put in order (None: it was not), and when its customer answers, by
    channel. Inside `acting_for`.
    """
    with connection.cursor() as cursor:
        cursor.execute(_KEPT, {"org": organization_id, "activity": activity_id, "customer": customer_id})
        size, risk, reach, cost, by_model, answers = cursor.fetchone()
    worth = None if size is None else Worth(size, risk, reach, cost, by_model)
    return worth, ordered([Answering.restored(one) for one in json.loads(answers or "[]")])
