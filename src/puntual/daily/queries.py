"""What a day came to, for the command line, the API and the desk."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from puntual.daily.run import DayReport
from puntual.kernel.money import round_money
from puntual.parties.models import Customer
from puntual.strategies.words import sentence

_CHUNK = 1000


def activities(organization_id: UUID, report: DayReport) -> Iterator[dict[str, Any]]:
    """The day's activities as `puntual day --json` lists them, most valuable first: of a dry run, or as planned.

    Must be read inside `acting_for(organization_id)`, and in the reader's language.
    """
    return (
        _of_dry_run(organization_id, report) if report.decisions is not None else _planned(organization_id, report.day)
    )


def _planned(organization_id: UUID, day: date) -> Iterator[dict[str, Any]]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            "SELECT c.code, c.time_zone, a.step, a.tone, a.channel, a.not_before, a.demand, a.why FROM outreach_activity a"
            " JOIN parties_customer c ON c.organization_id = a.organization_id AND c.id = a.customer_id"
            " WHERE a.organization_id = %s AND a.day = %s AND a.direction = 'out' AND a.step <> ''"
            " ORDER BY a.value DESC, c.code",
            [organization_id, day],
        )
        while rows := cursor.fetchmany(_CHUNK):
            for code, zone, step, tone, channel, not_before, demand, raw_why in rows:
                amounts = {currency: Decimal(amount) for currency, amount in json.loads(demand).items()}
                why = json.loads(raw_why)  # text: outside its own fields Django leaves JSON alone
                there = not_before.astimezone(ZoneInfo(zone)) if not_before else None  # in the customer's own time
                yield _line(code, step, tone, channel, there, amounts, why.get("code", ""), why.get("params", {}))


def _of_dry_run(organization_id: UUID, report: DayReport) -> Iterator[dict[str, Any]]:
    decisions = report.decisions or []
    for start in range(0, len(decisions), _CHUNK):
        chunk = decisions[start : start + _CHUNK]
        found = Customer.objects.filter(organization_id=organization_id, id__in=[customer for customer, _do in chunk])
        codes = {str(customer): code for customer, code in found.values_list("id", "code")}
        for customer, do in chunk:
            yield _line(
                codes[customer], do.step, do.tone, do.channel, do.not_before, do.demand, do.why.code, do.why.params
            )


def _line(
    code: str, step: str, tone: str, channel: str, not_before: datetime | None, demand: Any, why: str, params: Any
) -> dict[str, Any]:
    return {
        "customer": code,
        "step": step,
        "tone": tone,
        "channel": channel,
        "not_before": not_before.isoformat() if not_before else None,
        "demand": {currency: str(round_money(amount, currency)) for currency, amount in demand.items()},
        "why": sentence(why, params),
    }
