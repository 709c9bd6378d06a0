"""Whom the portfolios' rules mean. Segments' figures are read as they are kept; everything names its organization."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from puntual.organizations.queries import members_of
from puntual.organizations.roles import Permission, may
from puntual.parties.models import Customer
from puntual.strategies.portfolios.models import PortfolioRule
from puntual.strategies.segment_queries import as_segment
from puntual.strategies.segments import Condition, Segment
from puntual.strategies.segments_sql import needs_party, where


class Fitting(NamedTuple):
    """What a rule comes to: how many customers fit it, how many of them come to its member when the rules are applied now (they
    are nobody's, and no rule before fits), and how many of its member's are so by a rule.
    """

    customers: int
    new: int
    mine: int


def rules_of(organization_id: UUID) -> list[PortfolioRule]:
    """The rules in their order, each with its member and segment."""
    rows = PortfolioRule.objects.filter(organization_id=organization_id)
    return list(rows.select_related("member", "segment").order_by("position", "id"))


def collecting(organization_id: UUID, today: date) -> list[Any]:
    """The memberships on a day whose members contact customers: to them portfolios are given."""
    return [one for one in members_of(organization_id, today) if may(one.role, Permission.CONTACT)]


def conditions_of(rule: PortfolioRule) -> Segment:
    """A rule as what a customer has to be: its segment's conditions and its own."""
    own = {"creditor": ("is", rule.creditors), "country": ("is", rule.countries), "tags": ("has", rule.tags)}
    named = tuple(Condition(field, operator, tuple(value)) for field, (operator, value) in own.items() if value)
    segment = as_segment(rule.segment).conditions if rule.segment else ()
    return Segment("rule", rule.name or "rule", (*segment, *named))


def fittings(organization_id: UUID, rules: Sequence[PortfolioRule], day: date) -> list[Fitting]:
    """What each of the rules comes to, in one reading whatever their number; a rule whose member left gives nothing."""
    if not rules:
        return []
    lasting = {one.user_id for one in collecting(organization_id, day)}
    place, parameters = first_fitting([rule if rule.member_id in lasting else None for rule in rules], day)
    each = [_condition(rule, number, day, parameters) for number, rule in enumerate(rules)]
    fits = ", ".join(f"count(*) FILTER (WHERE {one})" for one in each)
    new = ", ".join(f"count(*) FILTER (WHERE {NOBODYS} AND {place} = {number})" for number in range(len(rules)))
    mine = ", ".join(
        f"count(*) FILTER (WHERE c.owned_by = 'rule' AND c.owner_id = %(member_{number})s)"
        for number in range(len(rules))
    )
    parameters |= {f"member_{number}": rule.member_id for number, rule in enumerate(rules)}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {fits}, {new}, {mine} {customers_sql(rules)}", {**parameters, "org": organization_id})
        row = cursor.fetchone()
    n = len(rules)
    return [Fitting(row[number], row[n + number], row[2 * n + number]) for number in range(n)]


def by_hand_or_rule(organization_id: UUID) -> tuple[int, int, int]:
    """How many customers are nobody's, somebody's by rule, and somebody's by hand."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE owner_id IS NULL),"
            " count(*) FILTER (WHERE owner_id IS NOT NULL AND owned_by = %(rule)s),"
            " count(*) FILTER (WHERE owner_id IS NOT NULL AND owned_by <> %(rule)s)"
            " FROM parties_customer WHERE organization_id = %(org)s",
            {"org": organization_id, "rule": Customer.Owned.RULE},
        )
        nobodys, ruled, by_hand = cursor.fetchone()
    return nobodys, ruled, by_hand


NOBODYS = "c.owner_id IS NULL AND c.owned_by <> 'hand'"
"""Who is nobody's, and nobody said that it stays so."""


def customers_sql(rules: Sequence[PortfolioRule]) -> str:
    """Where rules find their customers: the aliases that `segments_sql` speaks of."""
    party = " JOIN parties_party p ON p.organization_id = %(org)s AND p.id = c.party_id"
    return (
        " FROM parties_customer c LEFT JOIN strategies_customerfigures f ON f.organization_id = %(org)s AND f.id = c.id"
        f"{party if needs_party([conditions_of(rule) for rule in rules]) else ''} WHERE c.organization_id = %(org)s"
    )


def first_fitting(rules: Sequence[PortfolioRule | None], day: date) -> tuple[str, dict[str, Any]]:
    """An expression that is the place of the first rule a customer fits, NULL for none; and its parameters."""
    parameters: dict[str, Any] = {}
    whens = [
        f"WHEN {_condition(rule, number, day, parameters)} THEN {number}"
        for number, rule in enumerate(rules)
        if rule is not None
    ]
    return (f"CASE {' '.join(whens)} END" if whens else "NULL::integer"), parameters


def _condition(rule: PortfolioRule, number: int, day: date, parameters: dict[str, Any]) -> str:
    condition, own = where(conditions_of(rule), day, f"rule{number}")
    parameters |= own
    return f"({condition})"
