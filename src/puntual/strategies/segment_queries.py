"""Who is in a segment. Everything runs inside `acting_for` and names its organization.

Counts, lists and memberships read the kept figures (`figures.fresh_figures` brings them up to date); `day` says from which day
the days overdue and the like are counted.
"""

import json
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection

from puntual.kernel.remembering import remembered
from puntual.strategies.figures import figures_parameters
from puntual.strategies.figures_sql import figures_sql
from puntual.strategies.manual import Offer, Step, read_content
from puntual.strategies.models import Assignment, FiguresRead, StoredSegment, Version
from puntual.strategies.segments import Figures, Segment, days_since, from_content, segments_of
from puntual.strategies.segments_sql import mask, needs_party, where

_FROM = """
    FROM parties_customer c
    LEFT JOIN {figures} f ON f.id = c.id {party}
    WHERE c.organization_id = %(org)s"""
_KEPT = "(SELECT * FROM strategies_customerfigures WHERE organization_id = %(org)s)"
_PARTY = "JOIN parties_party p ON p.organization_id = %(org)s AND p.id = c.party_id"
_FIGURES = """
    SELECT c.id, f.open_amounts, f.overdue_amounts, f.overdue_since, coalesce(f.known_since, c.created_on),
           coalesce(f.invoices, 0), f.usual_delay, f.paid_late, d.code, p.country, split_part(c.language, '-', 1), p.kind,
           c.consumer, c.handling, c.tags, c.willing, c.able, nullif(c.arrears_reason, ''),
           coalesce(f.broken_promises, 0), f.promises_kept
    FROM parties_customer c
    JOIN parties_party p ON p.organization_id = %(org)s AND p.id = c.party_id
    JOIN parties_creditor d ON d.organization_id = %(org)s AND d.id = c.creditor_id
    LEFT JOIN {figures} f ON f.id = c.id
    WHERE c.organization_id = %(org)s AND c.id = ANY(%(customers)s)"""


@dataclass(frozen=True, slots=True)
class Example:
    """A customer of a segment, as a list shows it."""

    id: UUID
    code: str
    name: str
    overdue: dict[str, Decimal]  # by currency
    days_overdue: int


@remembered
def kept_segments(organization_id: UUID) -> tuple[Segment, ...]:
    """The organization's segments in its order."""
    rows = StoredSegment.objects.filter(organization_id=organization_id).order_by("position", "code")
    return tuple(as_segment(row) for row in rows)


def as_segment(row: StoredSegment) -> Segment:
    """What a row holds."""
    return from_content({"code": row.code, "name": row.name, "condition": row.conditions})


def count(organization_id: UUID, segment: Segment, day: date) -> int:
    """How many customers are in it."""
    with connection.cursor() as cursor:
        cursor.execute(*count_statement(organization_id, segment, day))
        found: int = cursor.fetchone()[0]
    return found


def count_statement(organization_id: UUID, segment: Segment, day: date) -> tuple[str, dict[str, Any]]:
    """The statement that counts, and its parameters."""
    condition, parameters = where(segment, day)
    party = _PARTY if needs_party([segment]) else ""
    sql = f"SELECT count(*) {_FROM.format(figures=_KEPT, party=party)} AND {condition}"
    return sql, {**parameters, "org": organization_id}


@dataclass(frozen=True, slots=True)
class Tally:
    """How many customers are in each segment, and how many follow the strategy of each that has one; by code."""

    members: Mapping[str, int]
    followers: Mapping[str, int]


def tally(organization_id: UUID, day: date) -> Tally:
    """Count all segments at once.

    A customer follows the first of its segments that has a strategy, unless the customer has its own.
    """
    segments = kept_segments(organization_id)
    assigned = Assignment.objects.filter(organization_id=organization_id)
    with_own = set(assigned.filter(segment__isnull=False).values_list("segment__code", flat=True))
    condition, parameters = mask(segments, day)
    own = list(assigned.exclude(customer=None).values_list("customer", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT bits, own, count(*) FROM (SELECT {condition} AS bits, c.id = ANY(%(own)s) AS own"
            f" {_FROM.format(figures=_KEPT, party=_PARTY if needs_party(segments) else '')}) told GROUP BY bits, own",
            {**parameters, "org": organization_id, "own": own},
        )
        rows = cursor.fetchall()
    members: Counter[str] = Counter()
    followers: Counter[str] = Counter()
    codes = tuple(segment.code for segment in segments)
    for bits, has_own, number in rows:
        among = codes_of(codes, bits)
        for code in among:
            members[code] += number
        first = next((code for code in codes if code in among and code in with_own), None)
        if first and not has_own:
            followers[first] += number
    return Tally(members, followers)


def examples(organization_id: UUID, segment: Segment, day: date, limit: int = 5) -> list[Example]:
    """Some customers in it: those with the oldest overdue first, then by name."""
    condition, parameters = where(segment, day)
    party = _PARTY if needs_party([segment]) else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT c.id, c.code, c.name, f.overdue_amounts, f.overdue_since"
            f" {_FROM.format(figures=_KEPT, party=party)} AND {condition}"
            " ORDER BY f.overdue_since NULLS LAST, c.search_name, c.id LIMIT %(limit)s",
            {**parameters, "org": organization_id, "limit": limit},
        )
        return [
            Example(pk, code, name, _amounts(overdue), days_since(since, day))
            for pk, code, name, overdue, since in cursor.fetchall()
        ]


def memberships(
    organization_id: UUID, customers: Collection[UUID], day: date | None = None
) -> dict[UUID, frozenset[str]]:
    """The codes of the segments each customer is in, by the kept figures; without `day` as of the day they are of."""
    segments = kept_segments(organization_id)
    read = FiguresRead.objects.filter(organization_id=organization_id).first()
    on = day or (read.day if read else None)
    if not segments or on is None:
        return dict.fromkeys(customers, frozenset())
    condition, parameters = mask(segments, on)
    codes = tuple(segment.code for segment in segments)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT c.id, {condition} {_FROM.format(figures=_KEPT, party=_PARTY)} AND c.id = ANY(%(customers)s)",
            {**parameters, "org": organization_id, "customers": list(customers)},
        )
        return {pk: codes_of(codes, bits) for pk, bits in cursor.fetchall()}


def memberships_now(organization_id: UUID, customers: Collection[UUID], day: date) -> dict[UUID, frozenset[str]]:
    """The same from figures worked out now, for a few customers."""
    segments = kept_segments(organization_id)
    if not segments or not customers:
        return dict.fromkeys(customers, frozenset())
    figures = figures_of(organization_id, customers, day)
    return {pk: segments_of(segments, one) for pk, one in figures.items()}


def difference(organization_id: UUID, before: Segment, after: Segment, day: date) -> tuple[int, int]:
    """How many customers would leave a segment with its new conditions, and how many would come in."""
    old, parameters = where(before, day, "old")
    new, more = where(after, day, "new")
    party = _PARTY if needs_party([before, after]) else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FILTER (WHERE ({old}) AND NOT coalesce({new}, false)),"
            f" count(*) FILTER (WHERE ({new}) AND NOT coalesce({old}, false)) {_FROM.format(figures=_KEPT, party=party)}",
            {**parameters, **more, "org": organization_id},
        )
        leave, join = cursor.fetchone()
    return leave, join


def figures_of(
    organization_id: UUID, customers: Collection[UUID], day: date, *, kept: bool = False
) -> dict[UUID, Figures]:
    """The figures of some customers: worked out now from their ledger, or as they are `kept`."""
    source = _KEPT if kept else f"({figures_sql(only=True, back_dated=False)})"
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES.format(figures=source), figures_parameters(organization_id, day, list(customers)))
        return {row[0]: _figures(row, day) for row in cursor.fetchall()}


@lru_cache(maxsize=4096)
def codes_of(codes: tuple[str, ...], bits: int) -> frozenset[str]:
    """What a `segments_sql.mask` over segments of those codes says."""
    return frozenset(code for number, code in enumerate(codes) if bits >> number & 1)


def _figures(row: tuple[Any, ...], day: date) -> Figures:
    _pk, held, overdue, overdue_since, known_since, invoices, usual_delay, paid_late, *rest = row
    creditor, country, language, party, consumer, handling, tags, willing, able, arrears_reason, broken, kept = rest
    return Figures(
        open=_amounts(held),
        overdue=_amounts(overdue),
        days_overdue=days_since(overdue_since, day),
        known_days=days_since(known_since, day),
        invoices=invoices,
        usual_delay=usual_delay,
        paid_late=paid_late,
        creditor=creditor,
        country=country,
        language=language,
        party=party,
        consumer=consumer,
        handling=handling,
        tags=tuple(tags),
        willing=willing,
        able=able,
        arrears_reason=arrears_reason,
        broken_promises=broken,
        promises_kept=kept,
    )


def _amounts(raw: str | None) -> dict[str, Decimal]:
    """A table of numbers, as the database writes it."""
    return json.loads(raw, parse_float=Decimal, parse_int=Decimal) if raw else {}


def limited_parts(organization_id: UUID) -> dict[str, list[tuple[str, Step | Offer]]]:
    """By segment, the steps and offers that are only for it (or for it and others), each with its manual's name: in force or in a
    draft.
    """
    versions = Version.objects.filter(
        organization_id=organization_id, state__in=[Version.State.ACTIVE, Version.State.DRAFT]
    )
    found: dict[str, list[tuple[str, Step | Offer]]] = {}
    for content in versions.order_by("strategy__code", "number").values_list("content", flat=True):
        manual = read_content(content)
        parts: tuple[Step | Offer, ...] = (*manual.steps, *manual.offers)
        for part in parts:
            for code in part.segments:
                found.setdefault(code, []).append((manual.name, part))
    return found
