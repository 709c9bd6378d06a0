"""A letter's facts, without words: worked out, kept once the month is over, and read."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from puntual.analytics.letter.models import ManagementLetter
from puntual.analytics.letter.moving import FIGURES, Measure, change, largest, made_of, measures
from puntual.analytics.letter.proving import Findings, prove
from puntual.analytics.letter.reading import DAYS, Month, letter_month, members_of, months_of, ways_of
from puntual.analytics.months import first_billed, month_end
from puntual.audit.actions import Actor, action


def letter_of(organization_id: UUID, as_of: date) -> dict[str, Any]:
    """The facts of the letter about the last month that is over by the end of `as_of`: as it was kept, else worked out now.

    Amounts and ratios are text; what moved is by the ids of creditors and customers and the codes of segments, with "" for the
    rest, and each list adds up to `change`. Inside `acting_for`.
    """
    month = letter_month(as_of)
    kept = kept_letter(organization_id, month)
    if kept is None:
        return facts_of(organization_id, month)
    return {**kept.facts, "made_on": kept.made_on.isoformat(), "members_kept": members_kept(organization_id, month)}


def kept_letter(organization_id: UUID, month: date) -> ManagementLetter | None:
    """The letter about a month as it was kept, without reading who was in which segment."""
    rows = ManagementLetter.objects.filter(organization_id=organization_id, month=month)
    return rows.defer("members").first()


def members_kept(organization_id: UUID, month: date) -> bool:
    """Whether a letter kept who was in which segment: the first ones did not."""
    rows = ManagementLetter.objects.filter(organization_id=organization_id, month=month)
    return rows.filter(members__isnull=False).exists()


def keep_letter(by: Actor) -> bool:
    """Keep the letter about the month before that of `by.today`, once; whether it was written now."""
    month = letter_month(by.today.replace(day=1))
    with action(by, "analytics.keep_letter") as log:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended('letter ' || %s, 0))", [str(by.organization_id)]
            )
        begins = first_billed(by.organization_id)
        written = ManagementLetter.objects.filter(organization_id=by.organization_id, month=month)
        wanted = begins is not None and begins <= month_end(month) and not written.exists()
        if wanted:
            facts = facts_of(by.organization_id, month)
            log.about(
                ManagementLetter.objects.create(
                    organization_id=by.organization_id,
                    month=month,
                    made_on=by.today,
                    made_at=by.now,
                    facts=facts,
                    members=members_of(by.organization_id, month),
                )
            )
        log.say(month=month, written=wanted)
    return wanted


def facts_of(organization_id: UUID, month: date) -> dict[str, Any]:
    """The facts about a month, worked out now. Inside `acting_for`."""
    found = prove(ways_of(organization_id, month_end(month)))
    return {
        "month": f"{month:%Y-%m}",
        "from": month.isoformat(),
        "to": month_end(month).isoformat(),
        "currencies": {currency: _currency(one) for currency, one in months_of(organization_id, month).items()},
        "evidence": {"days": DAYS, "comparisons": found.comparisons, "proposals": _proposals(found)},
    }


def _currency(one: Month) -> dict[str, Any]:
    total = change(one.period)
    return {
        "figures": {measure.key: _measure(measure) for measure in measures(one.series)},
        "series": {key: [_text(value) for value in one.series[key]] for key in FIGURES},
        "change": str(total),
        "made_of": {key: str(amount) for key, amount in made_of(one.period).items() if amount},
        "creditors": _parts(one.creditors, total),
        "segments": _parts(one.segments, total),
        "customers": _parts(one.customers, total),
        "causes": [
            [cause, str(now), str(before)]
            for cause, (now, before) in sorted(one.causes.items(), key=lambda pair: -abs(pair[1][0] - pair[1][1]))[:3]
        ],
    }


def _measure(measure: Measure) -> dict[str, Any]:
    return {
        "now": _text(measure.now),
        "before": _text(measure.before),
        "mean": _text(measure.mean),
        "months": measure.months,
    }


def _parts(parts: Mapping[str, Decimal], total: Decimal) -> list[list[str]]:
    return [[key, str(amount)] for key, amount in largest(parts, total)] if parts else []


def _proposals(found: Findings) -> list[dict[str, Any]]:
    return [
        {
            "step": one.step,
            "outcome": one.outcome,
            "better": one.better,
            "worse": one.worse,
            "contacts": one.contacts,
            "customers": one.customers,
            "better_share": round(one.better_share, 4),
            "worse_share": round(one.worse_share, 4),
            "times": round(one.times, 2),
            "low": round(one.low, 2),
            "high": round(one.high, 2),
        }
        for one in found.proofs
    ]


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value.quantize(Decimal("0.0001")))
