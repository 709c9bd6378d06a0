"""The contacts a replay makes: how what is planned for a day happens, and what can be read of it afterwards."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from puntual.audit.actions import Actor
from puntual.conduct.gate import Allowed, first_moment
from puntual.organizations.models import Organization
from puntual.outreach.channels import AUTOMATIC
from puntual.outreach.observe import observe
from puntual.outreach.results import SPOKEN, TASK
from puntual.outreach.surroundings import Surroundings
from puntual.strategies.outcomes import INTERNAL, Rules

_CHUNK = 2000

_PLANNED = """
SELECT a.id, a.customer_id, c.party_id, a.channel, coalesce(a.not_before, %(now)s), a.not_after
FROM outreach_activity a
JOIN parties_customer c ON c.organization_id = %(org)s AND c.id = a.customer_id
WHERE a.day = %(day)s AND a.direction = 'out' AND a.state IN ('proposed', 'queued', 'to_do')
ORDER BY coalesce(a.not_before, %(now)s), a.value DESC, a.id
"""
# What had to be approved keeps the moment in `approved_at`.
_HAPPEN = """
UPDATE outreach_activity SET
    approved_at = CASE WHEN state = 'proposed' THEN %(now)s END,
    state = CASE WHEN channel = ANY(%(automatic)s) THEN 'sent' ELSE 'done' END,
    result = CASE WHEN channel = ANY(%(automatic)s) THEN '' WHEN channel = ANY(%(spoken)s) THEN 'reached_other'
             WHEN channel = ANY(%(task)s) THEN 'task_done' ELSE 'handed_over' END,
    claimed_at = coalesce(%(at)s, not_before, %(now)s),
    settled_at = coalesce(%(at)s, not_before, %(now)s)
WHERE id = ANY(%(ids)s)
"""
_MARK = """
INSERT INTO outreach_mark (
    id, organization_id, customer_id, installment_id, due_generation, step, tone, activity_id, at, voided
)
SELECT puntual_uuid7(), %(org)s, a.customer_id, i.id, i.due_generation, had.step,
       coalesce(%(tones)s::jsonb -> a.version_id::text ->> had.step, a.tone), a.id, a.settled_at, false
FROM outreach_activity a
CROSS JOIN unnest(a.items, a.item_steps) AS had(item, step)
JOIN receivables_installment i ON i.id = had.item
WHERE a.id = ANY(%(ids)s) AND had.step <> ''
"""
_REFUSE = "UPDATE outreach_activity SET state = 'lapsed', result = 'conduct', settled_at = %(now)s WHERE id = %(id)s"
_SAID = """
SELECT a.day, a.settled_at, c.id::text, c.code, p.id::text, p.country, c.time_zone, a.channel, a.direction,
       a.result LIKE 'reached%%', a.step, a.tone, a.approved_at IS NOT NULL
FROM outreach_activity a
JOIN parties_customer c ON c.organization_id = %(org)s AND c.id = a.customer_id
JOIN parties_party p ON p.id = c.party_id
WHERE a.state IN ('sent', 'done') AND a.day BETWEEN %(first)s AND %(last)s
ORDER BY a.settled_at, a.id
"""
_FIRST_WORDS = """
SELECT days, count(*)
FROM (
    SELECT min(a.day) - i.due_on AS days
    FROM receivables_installment i
    JOIN (SELECT customer_id, day, unnest(items) AS item FROM outreach_activity
          WHERE direction = 'out' AND channel <> 'internal' AND state IN ('sent', 'done')) a
      ON a.item = i.id AND a.day > i.due_on
    WHERE i.due_on BETWEEN %(first)s AND %(last)s
    GROUP BY i.id, i.due_on
) first_words
GROUP BY days
"""


class Said(NamedTuple):
    """One contact, or one task for the team, as it happened; `at` is in the customer's own time, `customer` its code."""

    day: date
    at: datetime
    customer_id: str
    customer: str
    party: str
    country: str
    time_zone: str
    channel: str
    direction: str
    conversation: bool
    step: str
    tone: str
    approved: bool


class Made:
    """What happened in a replay so far. Readable while it lasts."""

    def __init__(self, organization: Organization, first: date, last: date) -> None:
        self.organization_id = organization.id
        self._values: dict[str, Any] = {"org": organization.id, "first": first, "last": last}

    def happen(self, by: Actor, rules: Rules, around: Surroundings, tones: dict[str, dict[str, str]]) -> Counter[str]:
        """Let everything planned for `by.today` happen at its first moment. Who shares a party with somebody already reached that
        day is looked at again, as the sender does; returns how many conduct then refused, by rule.
        """
        with connection.cursor() as cursor:
            cursor.execute(_PLANNED, {"org": self.organization_id, "day": by.today, "now": by.now})
            rows = cursor.fetchall()
        at_once, again, reached = [], [], set()
        for row in rows:
            activity, _customer, party, channel, _at, _until = row
            if channel != INTERNAL and party in reached:
                again.append(row)
            else:
                at_once.append(activity)
                reached.add(None if channel == INTERNAL else party)
        text = json.dumps(tones)
        self._settle(by, at_once, None, text)
        refusals: Counter[str] = Counter()
        for activity, customer, _party, channel, at, until in again:
            moment = self._moment(by, rules, around, activity, customer, channel, at, until)
            if isinstance(moment, datetime):
                self._settle(by, [activity], moment, text)
            else:
                refusals[moment] += 1
                with connection.cursor() as cursor:
                    cursor.execute(_REFUSE, {"now": by.now, "id": activity})
        return refusals

    def contacted(self, day: date) -> set[str]:
        """The customers something happened with, or for, on `day`."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT customer_id::text FROM outreach_activity WHERE day = %s AND direction = 'out'"
                " AND state IN ('sent', 'done')",
                [day],
            )
            return {row[0] for row in cursor}

    def said(self) -> Iterator[Said]:
        """Everything that happened from the first day to the last, contacts of the customers' own included, in order."""
        with connection.chunked_cursor() as cursor:
            cursor.execute(_SAID, self._values)
            while rows := cursor.fetchmany(_CHUNK):
                for row in rows:
                    one = Said(*row)
                    yield one._replace(at=one.at.astimezone(ZoneInfo(one.time_zone)))

    def first_words(self) -> Counter[int]:
        """How many days after their due date items were first spoken of, for those that fell due in the time played: how many
        after each number of days.
        """
        with connection.cursor() as cursor:
            cursor.execute(_FIRST_WORDS, self._values)
            return Counter(dict(cursor.fetchall()))

    def _moment(
        self,
        by: Actor,
        rules: Rules,
        around: Surroundings,
        activity: UUID,
        customer: UUID,
        channel: str,
        at: datetime,
        until: datetime | None,
    ) -> datetime | str:
        """When it may still happen that day, or the rule that says no."""
        observed = observe(self.organization_id, by.today, at, around, customers=[customer], sending=[activity])
        facts = next(observed)
        country = facts.subject.country
        answer = first_moment(
            rules.pack(country),
            facts.subject,
            channel,
            by.today,
            at,
            facts.history,
            rules.policy(country),
            authorized=channel in facts.authorized,
        )
        if isinstance(answer, Allowed):
            return answer.not_before if until is None or answer.not_before < until else "window_over"
        return answer.rule_id

    def _settle(self, by: Actor, ids: list[UUID], at: datetime | None, tones: str) -> None:
        values: dict[str, Any] = {
            "org": self.organization_id,
            "ids": ids,
            "now": by.now,
            "at": at,
            "automatic": list(AUTOMATIC),
            "spoken": list(SPOKEN),
            "task": list(TASK),
            "tones": tones,
        }
        with connection.cursor() as cursor:
            cursor.execute(_HAPPEN, values)
            cursor.execute(_MARK, values)
