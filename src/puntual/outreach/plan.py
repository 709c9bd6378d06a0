"""Writing a day's activities: one staging table, one statement per pass, whatever their number."""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import Count, Q, Sum

from puntual.audit.actions import Actor, action
from puntual.organizations.absences.queries import away_on
from puntual.organizations.models import Membership
from puntual.outreach.allotting import Contested, settle_contested
from puntual.outreach.models import Activity, Capacity
from puntual.outreach.refusals import as_data
from puntual.outreach.sharing import SHARED, UNDER_WAY

_CHUNK = 2_000
"""Rows per COPY: between two of them the same connection goes on reading what the rows are made from, as many at a time."""
_WAITING = 3
"""Chunks that may wait to be written: some take longer to decide than to write, some shorter."""


class PlannedActivity(NamedTuple):
    """One activity to be written, in the order of the COPY. Ids and moments may be text already.

    `lead_id` is never empty, or the key could not tell that it was already said: a task about a customer as a whole gives the
    customer's own id. `demand` and `why` are JSON text; `items` and `item_steps` run in parallel, the lead first.
    """

    customer_id: UUID | str
    channel: str
    tone: str
    state: str
    version_id: UUID | str | None
    step: str
    template: str
    lead_id: UUID | str
    lead_days: int | None
    due_generation: int
    point_id: UUID | str | None
    not_before: datetime | str | None
    not_after: datetime | str | None
    lapses_at: datetime | str | None
    demand: str
    value: Decimal | str
    items: list[UUID] | list[str]
    item_steps: list[str]
    why: str
    assigned_to: UUID | str | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """What became of a day's decisions: written, too many for the day's capacity, already said, or refused by conduct because
    another customer of the same party had the contact (by the rule that says so).
    """

    total: int
    by_channel: dict[str, int]
    by_step: dict[str, int]
    over_capacity: dict[str, int]
    repeated: int
    gave_way: dict[str, int] = field(default_factory=dict)


Share: TypeAlias = Callable[[Mapping[str, int], Sequence[tuple[str, Decimal, str]]], Mapping[str, int]]
"""From the room of each limited channel, and each activity that wants some (channel, value, customer): their part of it."""

_STAGE = """
CREATE TEMPORARY TABLE {table} (
    customer_id uuid, channel text, tone text, state text, version_id uuid, step text, template text, lead_id uuid,
    lead_days int, due_generation smallint, point_id uuid, not_before timestamptz, not_after timestamptz,
    lapses_at timestamptz, demand jsonb, value numeric(20, 4), items uuid[], item_steps text[], why jsonb, assigned_to uuid
) ON COMMIT DROP
"""
_COLUMNS = ", ".join(PlannedActivity._fields)
_STAGED_TABLE, _ARRIVED_TABLE = "outreach_staged", "outreach_arrived"
_COPY = f"COPY {{table}} ({_COLUMNS}) FROM STDIN"
_ITEMS, _ITEM_STEPS = PlannedActivity._fields.index("items"), PlannedActivity._fields.index("item_steps")
_WRITTEN = tuple(PlannedActivity._fields.index(name) for name in ("step", "template", "demand", "item_steps", "why"))
_ESCAPED = str.maketrans({"\\": r"\\", "\n": r"\n", "\r": r"\r", "\t": r"\t"})

_CONTESTED_PARTIES = f"""
WITH {SHARED}
SELECT DISTINCT c.party_id
FROM shared
JOIN parties_customer c ON c.organization_id = %(organization)s AND c.party_id = shared.party_id
JOIN outreach_staged s ON s.customer_id = c.id AND s.channel <> 'internal'
"""
# Two plans that meet on a party wait for each other: the second sees what the first has written.
_LOCK_PARTIES = """
SELECT id FROM parties_party WHERE organization_id = %(organization)s AND id = ANY(%(parties)s) ORDER BY id FOR NO KEY UPDATE
"""
_CONTESTED = f"""
SELECT c.party_id::text, c.id::text, s.channel, coalesce(s.not_before, %(now)s), s.version_id, s.step, s.value, '', NULL::uuid
FROM parties_customer c
JOIN outreach_staged s ON s.customer_id = c.id AND s.channel <> 'internal'
WHERE c.organization_id = %(organization)s AND c.party_id = ANY(%(parties)s)
UNION ALL
SELECT c.party_id::text, c.id::text, a.channel, coalesce(a.not_before, %(now)s), a.version_id, a.step, a.value, a.state, a.id
FROM parties_customer c
JOIN outreach_activity a ON a.customer_id = c.id AND {UNDER_WAY}
WHERE c.organization_id = %(organization)s AND c.party_id = ANY(%(parties)s)
"""
_GIVE_WAY = "DELETE FROM outreach_staged WHERE customer_id = ANY(%s) AND channel <> 'internal'"
_CUT = """
DELETE FROM outreach_staged WHERE ctid IN (
    SELECT ctid FROM (
        SELECT ctid, channel, row_number() OVER (PARTITION BY channel ORDER BY value DESC, customer_id) AS place
        FROM outreach_staged WHERE channel = ANY(%(channels)s)
    ) s
    JOIN unnest(%(channels)s::text[], %(left)s::bigint[]) AS l(channel, room) USING (channel)
    WHERE place > room
)
"""
_INSERT = """
INSERT INTO outreach_activity (
    id, organization_id, day, direction, attempt, created_at, subject, body, edited, captured, message_id, result, note,
    {columns}
)
SELECT puntual_uuid7(), %(organization)s, %(day)s, 'out', {attempt}, %(now)s, '', '', false, false, '', '', '', {staged}
FROM {source}
ON CONFLICT DO NOTHING
RETURNING customer_id, lead_id, channel, step
"""
_STAGED = ", ".join(
    f"coalesce(s.{name}, %(now)s)" if name == "not_before" else f"s.{name}" for name in PlannedActivity._fields
)
_FIRST = f"""
WITH written AS ({_INSERT.format(columns=_COLUMNS, attempt="1", staged=_STAGED, source="outreach_staged s")})
SELECT channel, step, count(*) FROM written GROUP BY channel, step
"""
# Of a chunk just arrived, what neither a channel's room nor another customer of the party can take back is written at once,
# while the next chunk is decided; the rest waits for the others in the staging table.
_CROWDED = f"""
CREATE TEMPORARY TABLE outreach_crowded ON COMMIT DROP AS
WITH {SHARED}
SELECT c.id AS customer_id FROM shared
JOIN parties_customer c ON c.organization_id = %(organization)s AND c.party_id = shared.party_id
"""
_FREE = """outreach_arrived s
    WHERE s.channel <> ALL(%(limited)s)
      AND NOT EXISTS (SELECT FROM outreach_crowded c WHERE c.customer_id = s.customer_id)"""
_AT_ONCE = f"""
WITH written AS ({_INSERT.format(columns=_COLUMNS, attempt="1", staged=_STAGED, source=_FREE)}),
rest AS (
    INSERT INTO outreach_staged ({_COLUMNS})
    SELECT {_COLUMNS} FROM outreach_arrived s
    WHERE NOT EXISTS (
        SELECT FROM written w WHERE w.customer_id = s.customer_id AND w.lead_id = s.lead_id AND w.step = s.step)
)
SELECT channel, step, count(*) FROM written GROUP BY channel, step
"""
# What was planned on an earlier day and came to nothing (nobody answered, it lapsed, it failed) is tried again as the next
# attempt. What is under way, was planned for this day, may have arrived, or was refused by a person is left alone.
_AGAIN = f"""
WITH prior AS (
    SELECT s.customer_id, s.lead_id, s.due_generation, s.step, max(a.attempt) + 1 AS attempt
    FROM outreach_staged s
    JOIN outreach_activity a ON a.organization_id = %(organization)s AND a.customer_id = s.customer_id
        AND a.lead_id = s.lead_id AND a.due_generation = s.due_generation AND a.step = s.step
    GROUP BY 1, 2, 3, 4
    HAVING NOT bool_or(
        a.result NOT IN ('rehearsed', 'went_live')
        AND (a.day >= %(day)s OR a.state NOT IN ('done', 'failed', 'lapsed', 'sent'))
    )
),
written AS ({
    _INSERT.format(
        columns=_COLUMNS,
        attempt="prior.attempt",
        staged=_STAGED,
        source="outreach_staged s JOIN prior USING (customer_id, lead_id, due_generation, step)",
    )
})
SELECT channel, step, count(*) FROM written GROUP BY channel, step
"""


def plan_many(
    by: Actor, decisions: Iterable[PlannedActivity], hand: Executor | None = None, share: Share | None = None
) -> Planned:
    """Write the activities of `by.today`, gravest value first within what each channel can still take that day, or within what
    `share` says is theirs of it.

    Running it again with the same decisions writes nothing. `decisions` is read lazily, a few thousand at a time, and may read
    from the database while it runs: through `hand`, where there is one, for that thread then writes meanwhile.
    """
    with action(by, "activities.plan", day=by.today) as log, connection.cursor() as cursor:
        for table in (_STAGED_TABLE, _ARRIVED_TABLE, "outreach_crowded"):
            cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{table}")
        cursor.execute(_STAGE.format(table=_STAGED_TABLE))
        values: dict[str, Any] = {"organization": by.organization_id, "day": by.today, "now": by.now}
        left: Mapping[str, int] = room_left(by.organization_id, by.today)
        made = _Made()
        if hand:
            staged = _write_along(cursor, decisions, hand, {**values, "limited": list(left)}, made)
        else:
            staged = _stage(cursor, decisions)
        gave_way = _allot(by, cursor)
        staged -= sum(gave_way.values())
        if share:
            cursor.execute(
                "SELECT channel, value, customer_id::text FROM outreach_staged WHERE channel = ANY(%s)", [list(left)]
            )
            left = share(left, cursor.fetchall())
        cursor.execute("SELECT channel, count(*) FROM outreach_staged GROUP BY channel")
        wanted = dict(cursor.fetchall())
        over = {channel: wanted[channel] - room for channel, room in left.items() if wanted.get(channel, 0) > room}
        if over:
            cursor.execute("ANALYZE outreach_staged")
            cursor.execute(_CUT, {"channels": list(over), "left": [left[channel] for channel in over]})
        repeated = _write(cursor, values, staged - sum(over.values()), made)
        cursor.execute("DROP TABLE outreach_staged")
        result = Planned(made.by_step.total(), dict(made.by_channel), dict(made.by_step), over, repeated, gave_way)
        log.say(planned=result.total, by_channel=result.by_channel, over_capacity=over, repeated=result.repeated)
        if gave_way:
            log.say(gave_way=gave_way)
    return result


def _allot(by: Actor, cursor: CursorWrapper) -> dict[str, int]:
    """Take out what must give way to another contact with the same party; returns how many by rule.

    What was planned earlier gives way only to a required notice.
    """
    values: dict[str, Any] = {"organization": by.organization_id, "day": by.today, "now": by.now}
    cursor.execute(_CONTESTED_PARTIES, values)
    values["parties"] = [row[0] for row in cursor]
    if not values["parties"]:
        return {}
    cursor.execute(_LOCK_PARTIES, values)
    cursor.execute(_CONTESTED, values)
    claims = [Contested(*row) for row in cursor.fetchall()]
    refused = settle_contested(by, claims)
    losers = [claim.customer_id for claim in claims if claim.activity_id is None and claim.key in refused]
    cursor.execute(_GIVE_WAY, [[UUID(loser) for loser in losers]])
    for claim in claims:
        if claim.activity_id and claim.key in refused and claim.state != "to_do":
            Activity.objects.filter(organization_id=by.organization_id, pk=claim.activity_id).update(
                state=Activity.State.LAPSED,
                result="conduct",
                refusal=as_data(refused[claim.key]),
                settled_at=by.now,
            )
    return dict(Counter(refused[loser].rule_id for loser in losers))


def room_left(organization_id: UUID, day: date) -> dict[str, int]:
    """How many more activities each limited channel takes on that day; never below zero.

    Calls are limited by what the people who call and are not away can make; where nobody is a collector or a manager, the owners
    call, and where nobody signs in at all (the command line serves one person too), one person does.
    """
    room = dict(Capacity.objects.filter(organization_id=organization_id).values_list("channel", "per_day"))
    members = Membership.objects.filter(Q(ends_on=None) | Q(ends_on__gte=day), organization_id=organization_id)
    members = members.exclude(user__in=away_on(organization_id, day))
    per_role = dict(members.values_list("role").annotate(Sum("calls_per_day")))
    callers = per_role.get("collector", 0) + per_role.get("manager", 0)
    room["call"] = callers or per_role.get("owner", 0) or Membership._meta.get_field("calls_per_day").default
    planned = Activity.objects.filter(organization_id=organization_id, day=day, direction="out", channel__in=room)
    taken = planned.exclude(result="went_live").values_list("channel").annotate(Count("id"))
    return {**room, **{channel: max(0, room[channel] - count) for channel, count in taken}}


@dataclass(slots=True)
class _Made:
    """What has been written, counted."""

    by_channel: Counter[str] = field(default_factory=Counter)
    by_step: Counter[str] = field(default_factory=Counter)

    def count(self, cursor: CursorWrapper) -> int:
        """Add the rows a statement says it has written; how many those were."""
        total = 0
        for channel, step, count in cursor:
            self.by_channel[channel] += count
            self.by_step[step] += count
            total += count
        return total


def _stage(cursor: CursorWrapper, decisions: Iterable[PlannedActivity]) -> int:
    """Put the decisions into the staging table; how many there are."""
    staged = 0
    for chunk in _chunks(decisions):
        _send(cursor, _STAGED_TABLE, "".join(map(_line, chunk)))
        staged += len(chunk)
    return staged


def _write_along(
    cursor: CursorWrapper, decisions: Iterable[PlannedActivity], hand: Executor, values: dict[str, Any], made: _Made
) -> int:
    """Write what can be written while the decisions are still being made, and stage the rest; how many those are."""
    cursor.execute(_CROWDED, values)
    cursor.execute("ANALYZE outreach_crowded")
    cursor.execute(_STAGE.format(table=_ARRIVED_TABLE))

    def take(text: str) -> int:
        _send(cursor, _ARRIVED_TABLE, text)
        cursor.execute(_AT_ONCE, values)
        written = made.count(cursor)
        cursor.execute("TRUNCATE outreach_arrived")
        return written

    staged = 0
    taken: deque[Future[int]] = deque()
    for chunk in _chunks(decisions):
        if len(taken) == _WAITING:
            staged -= taken.popleft().result()
        taken.append(hand.submit(take, "".join(map(_line, chunk))))
        staged += len(chunk)
    staged -= sum(one.result() for one in taken)
    cursor.execute("DROP TABLE outreach_arrived, outreach_crowded")
    return staged


def _send(cursor: CursorWrapper, table: str, text: str) -> None:
    with cursor.copy(_COPY.format(table=table)) as copy:
        copy.write(text)


def _line(row: PlannedActivity) -> str:
    """The row in COPY's text format, which costs a third of having each value adapted by the driver."""
    cells = [value if value.__class__ is str else r"\N" if value is None else str(value) for value in row]
    cells[_ITEMS] = "{" + ",".join([str(item) for item in row.items]) + "}"
    cells[_ITEM_STEPS] = '{"' + '","'.join(row.item_steps) + '"}' if row.item_steps else "{}"
    for place in _WRITTEN:
        if "\\" in cells[place] or "\n" in cells[place] or "\t" in cells[place]:
            cells[place] = cells[place].translate(_ESCAPED)
    return "\t".join(cells) + "\n"


def _chunks(decisions: Iterable[PlannedActivity]) -> Iterator[list[PlannedActivity]]:
    rows = iter(decisions)
    while chunk := list(islice(rows, _CHUNK)):
        yield chunk


def _write(cursor: CursorWrapper, values: dict[str, Any], staged: int, made: _Made) -> int:
    """Write what is staged; how many of them had been said already."""
    # The second pass is for the few that were tried on an earlier day; it is not worth a look where the first took all.
    for statement in (_FIRST, _AGAIN):
        if not staged:
            break
        if statement is _AGAIN:
            cursor.execute("ANALYZE outreach_staged")  # it is joined here; unanalyzed, by a nested loop
        cursor.execute(statement, values)
        staged -= made.count(cursor)
    return staged
