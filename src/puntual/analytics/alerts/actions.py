"""What is done with alerts: raised by the clock, given to somebody, closed with what came of them, taken up again."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from puntual.analytics.alerts.finding import COOL, Found, find
from puntual.analytics.alerts.kinds import GIVEN, Outcome
from puntual.analytics.alerts.models import Alert
from puntual.analytics.alerts.problems import AlreadyClosed, NotAMember, NotAnOutcome, StillOpen
from puntual.audit.actions import Actor, action
from puntual.kernel.bulk import Outcome as Done
from puntual.kernel.problems import N_
from puntual.organizations.queries import members_of

IS_SO, IS_CLOSED = N_("It is so already"), N_("It is closed already")
"""Why one of many is left as it is."""
_AT_ONCE = 1_000

# The same is not raised while it is open, nor while its closing is fresh; what belongs to a person is that person's.
_RAISE = """
INSERT INTO analytics_alert (id, organization_id, kind, creditor_id, customer_id, subject, raised_on, facts, series, fresh, usual,
                             assigned_to_id, state, outcome, note, closed_by)
SELECT puntual_uuid7(), %(org)s, x.kind, x.creditor_id, x.customer_id, x.subject, %(today)s, x.facts, x.series, x.fresh, x.usual,
       CASE WHEN c.owner_id = ANY(%(members)s) THEN c.owner_id END, 'open', '', '', ''
FROM jsonb_to_recordset(%(rows)s::jsonb) AS x (
    kind text, creditor_id uuid, customer_id uuid, subject text, facts jsonb, series jsonb, fresh int, usual float8)
LEFT JOIN parties_customer c ON c.organization_id = %(org)s AND c.id = x.customer_id
WHERE NOT EXISTS (
    SELECT FROM analytics_alert a
    WHERE a.organization_id = %(org)s AND a.kind = x.kind AND a.creditor_id = x.creditor_id
      AND (a.customer_id = x.customer_id OR (a.customer_id IS NULL AND x.customer_id IS NULL)) AND a.subject = x.subject
      AND (a.state = 'open' OR a.closed_on > %(today)s::date - CASE WHEN x.kind = 'limitation' THEN 365 ELSE %(cool)s END))
ON CONFLICT DO NOTHING
RETURNING kind
"""

# A claim that came nearer its last day has an alert of its own for that: the earlier one has nothing more to say.
_OVERTAKE = """
UPDATE analytics_alert a
SET state = 'closed', outcome = %(outcome)s, closed_on = %(today)s, closed_at = %(now)s, closed_by = %(name)s
FROM analytics_alert later
WHERE a.organization_id = %(org)s AND a.kind = 'limitation' AND a.state = 'open'
  AND later.organization_id = %(org)s AND later.kind = 'limitation' AND later.customer_id = a.customer_id
  AND later.raised_on = %(today)s AND later.id <> a.id AND a.raised_on < later.raised_on
  AND split_part(later.subject, ':', 1) = split_part(a.subject, ':', 1)
"""


def raise_alerts(by: Actor) -> int:
    """Raise what changed by `by.today` and was not raised yet; how many. Running again raises nothing twice."""
    with action(by, "alerts.raise") as log:
        _one_at_a_time(by.organization_id)
        made = _raise(by, find(by.organization_id, by.today))
        log.say(**made)
    return sum(made.values())


def assign_alert(by: Actor, alert_id: UUID, user_id: UUID | None) -> Alert:
    """Give an alert to a member, or to nobody. Raises Alert.DoesNotExist, NotAMember."""
    with action(by, "alerts.assign", to=user_id) as log:
        found = _locked(by, alert_id)
        log.about(found)
        if user_id is not None and user_id not in _members(by):
            raise NotAMember
        found.assigned_to_id = user_id
        found.save(update_fields=["assigned_to_id"])
    return found


def close_alert(by: Actor, alert_id: UUID, outcome: str, note: str = "") -> Alert:
    """Close an alert with what came of it: one of `kinds.GIVEN`. Raises Alert.DoesNotExist, AlreadyClosed, NotAnOutcome."""
    with action(by, "alerts.close", why=note.strip(), outcome=outcome) as log:
        if outcome not in GIVEN:
            raise NotAnOutcome
        found = _locked(by, alert_id)
        log.about(found)
        if found.state != Alert.State.OPEN:
            raise AlreadyClosed
        found.state, found.outcome, found.note = Alert.State.CLOSED, outcome, note.strip()
        found.closed_on, found.closed_at, found.closed_by = by.today, by.now, by.name
        found.save(update_fields=["state", "outcome", "note", "closed_on", "closed_at", "closed_by"])
    return found


def assign_many(by: Actor, alert_ids: Collection[UUID], user_id: UUID | None) -> Done:
    """Give these to a member, or to nobody; one that is closed stays as it was. Raises NotAMember."""
    with action(by, "alerts.assign_many", to=user_id) as log:
        if user_id is not None and user_id not in _members(by):
            raise NotAMember
        chosen = _chosen(by, alert_ids)
        live = [one for one in chosen if one.state == Alert.State.OPEN]
        wanted = [one.id for one in live if one.assigned_to_id != user_id]
        Alert.objects.filter(organization_id=by.organization_id, id__in=wanted).update(assigned_to=user_id)
        log.say(alerts=wanted)
        return _done(len(wanted), {IS_SO: len(live) - len(wanted), IS_CLOSED: len(chosen) - len(live)})


def close_many(by: Actor, alert_ids: Collection[UUID], outcome: str, note: str = "") -> Done:
    """Close these with what came of them; one that is closed stays as it was. Raises NotAnOutcome."""
    with action(by, "alerts.close_many", why=note.strip(), outcome=outcome) as log:
        if outcome not in GIVEN:
            raise NotAnOutcome
        chosen = _chosen(by, alert_ids)
        wanted = [one.id for one in chosen if one.state == Alert.State.OPEN]
        Alert.objects.filter(organization_id=by.organization_id, id__in=wanted).update(
            state=Alert.State.CLOSED,
            outcome=outcome,
            note=note.strip(),
            closed_on=by.today,
            closed_at=by.now,
            closed_by=by.name,
        )
        log.say(alerts=wanted)
        return _done(len(wanted), {IS_CLOSED: len(chosen) - len(wanted)})


def reopen_alert(by: Actor, alert_id: UUID) -> Alert:
    """Take a closed alert up again; what came of it counts no more. Raises Alert.DoesNotExist, StillOpen."""
    with action(by, "alerts.reopen") as log:
        found = _locked(by, alert_id)
        log.about(found)
        if found.state == Alert.State.OPEN:
            raise StillOpen
        log.say(outcome=found.outcome)
        found.state, found.outcome = Alert.State.OPEN, ""
        found.closed_on, found.closed_at, found.closed_by = None, None, ""
        try:
            with transaction.atomic():
                found.save(update_fields=["state", "outcome", "closed_on", "closed_at", "closed_by"])
        except IntegrityError as error:
            raise StillOpen from error
    return found


def _raise(by: Actor, found: Iterable[Found]) -> Counter[str]:
    made: Counter[str] = Counter()
    values: dict[str, Any] = {"org": by.organization_id, "today": by.today, "cool": COOL, "members": list(_members(by))}
    rest = iter(found)
    while some := list(islice(rest, _AT_ONCE)):
        with connection.cursor() as cursor:
            cursor.execute(_RAISE, {**values, "rows": json.dumps([_row(one) for one in some])})
            made.update(kind for (kind,) in cursor.fetchall())
    if made["limitation"]:
        with connection.cursor() as cursor:
            cursor.execute(_OVERTAKE, {**values, "outcome": Outcome.OVERTAKEN, "now": by.now, "name": by.name})
    return made


def _row(found: Found) -> dict[str, object]:
    change = found.change
    return {
        "kind": change.kind,
        "creditor_id": str(found.creditor_id),
        "customer_id": str(found.customer_id) if found.customer_id else None,
        "subject": change.subject,
        "facts": change.facts,
        "series": change.series,
        "fresh": change.fresh,
        "usual": change.usual,
    }


def _members(by: Actor) -> set[UUID]:
    return {member.user_id for member in members_of(by.organization_id, by.today)}


def _chosen(by: Actor, alert_ids: Collection[UUID]) -> list[Alert]:
    rows = Alert.objects.filter(organization_id=by.organization_id, id__in=list(alert_ids))
    return list(rows.order_by("id").select_for_update(no_key=True))


def _done(number: int, left: Mapping[str, int]) -> Done:
    return Done(number, {why: some for why, some in left.items() if some})


def _locked(by: Actor, alert_id: UUID) -> Alert:
    rows = Alert.objects.select_for_update(no_key=True, of=("self",))
    return rows.get(organization_id=by.organization_id, id=alert_id)


def _one_at_a_time(organization_id: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('alerts ' || %s, 0))", [str(organization_id)])
