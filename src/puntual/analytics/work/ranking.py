"""Putting calls, visits and meetings in the order of their worth. Inside `acting_for`; names its organization."""

import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Sum

from puntual.analytics.learning.history import AS_BEFORE, SETTINGS
from puntual.analytics.learning.scored import chances_sql, model_of
from puntual.analytics.learning.scored import values_of as model_values
from puntual.analytics.scores import HISTORY
from puntual.analytics.work.models import ContactCost, ContactWorth
from puntual.analytics.work.worth import HORIZON, Candidate, Worth, worths
from puntual.audit.actions import Actor, action
from puntual.kernel.problems import N_, Problem
from puntual.organizations.models import Organization
from puntual.outreach.actions import rank
from puntual.outreach.points import KINDS
from puntual.outreach.results import RESULTS, SPOKEN
from puntual.receivables.models import PortfolioDelta

LOOKED_BACK = timedelta(days=365)
"""So far back contacts tell how well somebody can be reached."""

# Only customers with something on a list are looked at. An item of the past that reached the same age counts as still unpaid
# where it was paid two weeks later or more, or is open and that old; what is open and younger tells nothing yet. What credits or
# a closure ended was not paid, and tells nothing either.
_CANDIDATES = """
WITH listed AS MATERIALIZED (
    SELECT a.id, a.customer_id, a.channel, a.demand, greatest(coalesce(a.lead_days + (%(day)s - a.day), 0), 0) AS days
    FROM outreach_activity a
    WHERE a.organization_id = %(org)s AND a.state = 'to_do' AND a.channel = ANY(%(channels)s)
),
item AS (
    SELECT l.id, coalesce(i.settled_on, %(day)s) - i.expected_on - l.days AS beyond, i.settled_on IS NOT NULL AS settled
    FROM listed l
    JOIN receivables_installment i ON i.organization_id = %(org)s AND i.customer_id = l.customer_id
    WHERE i.expected_on < %(day)s
      AND (i.open_amount > 0 OR (i.settled_on > %(since)s AND EXISTS (
          SELECT FROM receivables_entry e
          WHERE e.organization_id = %(org)s AND e.installment_id = i.id AND e.effective_on = i.settled_on
            AND e.kind = 'payment' AND e.amount < 0)))
),
past AS (
    SELECT id, count(*) FILTER (WHERE settled OR beyond >= %(horizon)s) AS seen,
           count(*) FILTER (WHERE beyond >= %(horizon)s) AS still
    FROM item WHERE beyond >= 0 GROUP BY id
),
contact AS (
    SELECT l.id, count(*) AS tried, count(*) FILTER (WHERE a.result = ANY(%(reached)s)) AS reached
    FROM listed l
    JOIN outreach_activity a ON a.organization_id = %(org)s AND a.customer_id = l.customer_id AND a.channel = l.channel
    WHERE a.state = 'done' AND a.direction = 'out' AND a.result = ANY(%(results)s) AND a.created_at > %(looked_back)s
    GROUP BY l.id
)
SELECT l.id, l.channel, l.demand, l.days, coalesce(p.seen, 0), coalesce(p.still, 0), coalesce(c.tried, 0), coalesce(c.reached, 0),
       EXISTS (
           SELECT FROM parties_contactpoint t
           WHERE t.organization_id = %(org)s AND t.customer_id = l.customer_id AND t.retired_on IS NULL
             AND t.bounce <> 'hard' AND t.consent <> 'withdrawn'
             AND t.kind = ANY(
                 CASE l.channel WHEN 'call' THEN %(call)s::text[] WHEN 'visit' THEN %(visit)s::text[]
                 ELSE %(meeting)s::text[] END)),
       l.customer_id
FROM listed l LEFT JOIN past p ON p.id = l.id LEFT JOIN contact c ON c.id = l.id
"""
# What a learned model says of such items as those customers owe: the mean of each, of the items that its score is made of.
_LISTED = """AND i.customer_id IN (
    SELECT customer_id FROM outreach_activity
    WHERE organization_id = %(org)s AND state = 'to_do' AND channel = ANY(%(channels)s))"""
_LATE = f"SELECT customer_id, avg(chance) FROM ({chances_sql(_LISTED)}) one WHERE counts GROUP BY customer_id"


def rank_work(by: Actor) -> int:
    """Put what is on the lists of calls, visits and meetings in the order of its worth on `by.today`, and keep why; how
    many those are. Doing it twice changes nothing.
    """
    with action(by, "analytics.rank_work") as log:
        found = worths(candidates(by), average_open(by.organization_id), _costs(by.organization_id))
        kept = ContactWorth.objects.filter(organization_id=by.organization_id)
        kept.delete()
        kept.bulk_create((_row(by, key, worth) for key, worth in found.items()), batch_size=2_000)
        rank(by, {key: worth.value for key, worth in found.items()})
        log.say(activities=len(found))
    return len(found)


def candidates(by: Actor) -> list[Candidate]:
    """All contacts that people have on their lists, with what the past tells of their customers, in one query; and in another one
    what a learned model says of them, where one is in use.
    """
    values: dict[str, Any] = {
        "org": by.organization_id,
        "day": by.today,
        "since": by.today - HISTORY,
        "horizon": HORIZON,
        "looked_back": by.now - LOOKED_BACK,
        "channels": sorted(SPOKEN),
        "results": [code for code, result in RESULTS.items() if result.channels & SPOKEN],
        "reached": [code for code in RESULTS if code.startswith("reached")],
        **{channel: list(KINDS[channel]) for channel in SPOKEN},
    }
    late = _late(by.organization_id, by.today, values["channels"])
    with connection.cursor() as cursor:
        cursor.execute(_CANDIDATES, values)
        return [
            Candidate(
                key,
                channel,
                {currency: Decimal(amount) for currency, amount in json.loads(demand).items()},
                *[*rest, late.get(customer)],
            )
            for key, channel, demand, *rest, customer in cursor.fetchall()
        ]


def _late(organization_id: UUID, day: date, channels: list[str]) -> dict[UUID, float]:
    """The chance of paying late by the learned model, of each customer on a list; nobody's where none is in use."""
    model = model_of(organization_id, day)
    if model is None:
        return {}
    values: dict[str, Any] = {"org": organization_id, "day": day, "since": day - HISTORY, "channels": channels}
    with connection.cursor() as cursor:
        cursor.execute(SETTINGS)
        cursor.execute(_LATE, values | model_values(model))
        found = dict(cursor.fetchall())
        cursor.execute(AS_BEFORE)
    return found


def average_open(organization_id: UUID) -> dict[str, Decimal]:
    """The open amount of an average item, by currency; only currencies with something open."""
    return {currency: amount / items for currency, (amount, items) in open_sums(organization_id).items()}


def open_sums(organization_id: UUID) -> dict[str, tuple[Decimal, int]]:
    """What is open and how many items that is, by currency; only currencies with something open."""
    sums = PortfolioDelta.objects.filter(organization_id=organization_id).values("currency")
    totals = sums.annotate(amount=Sum("open_amount"), items=Sum("open_count")).filter(items__gt=0, amount__gt=0)
    return {row["currency"]: (row["amount"], row["items"]) for row in totals}


def set_contact_cost(by: Actor, channel: str, amount: Decimal | None) -> None:
    """Say what a contact of a channel costs, in the organization's currency; None: it is not counted. It counts from the next day
    run on.

    Raises ValueError for a channel that is nobody's to walk or to speak in, Problem for an amount that is not above zero.
    """
    if channel not in SPOKEN:
        raise ValueError(f"{channel!r} is made by no person")
    if amount is not None and amount <= 0:
        raise Problem(N_("Give an amount above zero, or leave it empty."), amount=amount)
    with action(by, "analytics.set_contact_cost", channel=channel, amount=amount):
        own = ContactCost.objects.filter(organization_id=by.organization_id, channel=channel)
        if amount is None:
            own.delete()
            return
        currency = Organization.objects.get(pk=by.organization_id).currency
        ContactCost.objects.update_or_create(
            organization_id=by.organization_id, channel=channel, defaults={"currency": currency, "amount": amount}
        )


def _costs(organization_id: UUID) -> dict[str, Decimal]:
    """What a contact costs in average items of the same currency, by channel; not known where nothing is open in it."""
    average = average_open(organization_id)
    rows = ContactCost.objects.filter(organization_id=organization_id)
    return {row.channel: row.amount / average[row.currency] for row in rows if row.currency in average}


def _row(by: Actor, key: UUID, worth: Worth) -> ContactWorth:
    return ContactWorth(
        organization_id=by.organization_id,
        activity_id=key,
        size=worth.size,
        risk=worth.risk,
        reach=worth.reach,
        cost=worth.cost,
        by_model=worth.by_model,
        day=by.today,
    )
