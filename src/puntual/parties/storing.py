"""The statements behind `bulk`: customers looked up by many keys at once, and stored by the chunk."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from puntual.audit.actions import Actor
from puntual.parties.matching import Known, PartyKey, folded
from puntual.parties.models import Party
from puntual.tenancy.staging import staged

_SEPARATOR = "\x1f"  # between tags on their way; no tag has one

_FOUND = """
    WITH wanted AS (
        SELECT c.id
        FROM unnest(%(code_creditors)s::uuid[], %(codes)s::text[]) AS w(creditor_id, code)
        JOIN parties_customer c ON c.organization_id = %(organization)s AND c.creditor_id = w.creditor_id AND c.code = w.code
        UNION
        SELECT c.id
        FROM unnest(%(name_creditors)s::uuid[], %(names)s::text[]) AS w(creditor_id, name)
        JOIN parties_customer c
            ON c.organization_id = %(organization)s AND c.search_name = w.name AND c.creditor_id = w.creditor_id
        UNION
        SELECT c.id
        FROM unnest(%(tax_creditors)s::uuid[], %(countries)s::text[], %(tax_ids)s::text[]) AS w(creditor_id, country, tax_id)
        JOIN parties_party p ON p.organization_id = %(organization)s AND p.country = w.country AND p.tax_id = w.tax_id
            AND p.tax_id <> ''
        JOIN parties_customer c
            ON c.organization_id = p.organization_id AND c.party_id = p.id AND c.creditor_id = w.creditor_id
    )
    SELECT c.id, c.creditor_id, c.code, c.name, c.search_name, c.language, c.time_zone, c.terms_days, c.owner_id, c.tags,
           p.id, p.status = 'active', p.name, p.tax_id, p.country,
           CASE WHEN %(points)s THEN ARRAY(
               SELECT t.kind || ' ' || t.value FROM parties_contactpoint t
               WHERE t.organization_id = c.organization_id AND t.customer_id = c.id) ELSE '{}' END
    FROM wanted w
    JOIN parties_customer c ON c.organization_id = %(organization)s AND c.id = w.id
    JOIN parties_party p ON p.organization_id = c.organization_id AND p.id = c.party_id
    ORDER BY c.id
"""
_PARTIES = """
    SELECT p.country, p.tax_id, p.id
    FROM unnest(%(countries)s::text[], %(tax_ids)s::text[]) AS w(country, tax_id)
    JOIN parties_party p
        ON p.organization_id = %(organization)s AND p.country = w.country AND p.tax_id = w.tax_id AND p.tax_id <> ''
"""


@dataclass(slots=True)
class PartyToStore:
    """A party to be made, or one that gains what it lacked."""

    id: UUID
    natural: bool
    name: str
    country: str
    tax_id: str
    tax_id_valid: bool | None
    new: bool


@dataclass(frozen=True, slots=True)
class PointToStore:
    """A contact point to be added."""

    customer_id: UUID
    person_id: UUID | None
    kind: str
    value: str


def load_customers(
    by: Actor,
    *,
    codes: Collection[tuple[UUID, str]] = (),
    names: Collection[tuple[UUID, str]] = (),
    tax_ids: Collection[tuple[UUID, str, str]] = (),
    points: bool,
) -> Iterable[Known]:
    """The customers with one of these (creditor, code), (creditor, folded name) or (creditor, country, tax id)."""
    if not (codes or names or tax_ids):
        return
    parameters: dict[str, Any] = {
        "organization": by.organization_id,
        "code_creditors": [creditor for creditor, _code in codes],
        "codes": [code for _creditor, code in codes],
        "name_creditors": [creditor for creditor, _name in names],
        "names": [name for _creditor, name in names],
        "tax_creditors": [creditor for creditor, _country, _tax_id in tax_ids],
        "countries": [country for _creditor, country, _tax_id in tax_ids],
        "tax_ids": [tax_id for _creditor, _country, tax_id in tax_ids],
        "points": points,
    }
    with connection.cursor() as cursor:
        cursor.execute(_FOUND, parameters)
        for row in cursor.fetchall():
            known = Known(*row)
            known.points = {_point(text) for text in row[-1]}
            yield known


def _point(text: str) -> tuple[str, str]:
    kind, _, value = text.partition(" ")
    return kind, value.lower() if kind == "email" else value


def load_parties(by: Actor, keys: Collection[PartyKey]) -> dict[PartyKey, UUID]:
    """The parties with these tax ids."""
    if not keys:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            _PARTIES,
            {
                "organization": by.organization_id,
                "countries": [country for country, _tax_id in keys],
                "tax_ids": [tax_id for _country, tax_id in keys],
            },
        )
        return {(country, tax_id): party for country, tax_id, party in cursor.fetchall()}


def load_party(by: Actor, party_id: UUID) -> PartyToStore:
    """A stored party, to be completed."""
    party = Party.objects.get(organization_id=by.organization_id, id=party_id)
    return PartyToStore(
        id=party.id,
        natural=party.kind == Party.Kind.NATURAL,
        name=party.name,
        country=party.country,
        tax_id=party.tax_id,
        tax_id_valid=party.tax_id_valid,
        new=False,
    )


def store_parties(by: Actor, parties: Collection[PartyToStore]) -> None:
    """Make the new parties, complete the others."""
    if not parties:
        return
    columns = {
        "id": "uuid", "kind": "text", "name": "text", "search_name": "text", "country": "text", "tax_id": "text",
        "tax_id_valid": "boolean", "is_new": "boolean",
    }  # fmt: skip
    rows = (
        (
            one.id, "natural" if one.natural else "legal", one.name, folded(one.name), one.country, one.tax_id, one.tax_id_valid,
            one.new,
        )
        for one in parties
    )  # fmt: skip
    with staged("parties_incoming_party", columns, rows) as cursor:
        cursor.execute(
            """
            INSERT INTO parties_party (
                id, organization_id, kind, name, search_name, country, tax_id, tax_id_valid, status, status_evidence)
            SELECT id, %s, kind, name, search_name, country, tax_id, tax_id_valid, 'active', ''
            FROM parties_incoming_party WHERE is_new
            """,
            [by.organization_id],
        )
        if any(not one.new for one in parties):
            cursor.execute(
                """
                UPDATE parties_party p
                SET kind = s.kind, name = s.name, search_name = s.search_name, country = s.country, tax_id = s.tax_id,
                    tax_id_valid = s.tax_id_valid
                FROM parties_incoming_party s
                WHERE p.organization_id = %s AND p.id = s.id AND NOT s.is_new
                """,
                [by.organization_id],
            )


def store_customers(by: Actor, customers: Collection[Known]) -> None:
    """Make the new customers, change the others."""
    if not customers:
        return
    columns = {
        "id": "uuid", "creditor_id": "uuid", "party_id": "uuid", "code": "text", "name": "text", "search_name": "text",
        "language": "text", "time_zone": "text", "terms_days": "int", "owner_id": "uuid", "tags": "text",
        "is_new": "boolean",
    }  # fmt: skip
    rows = (
        (
            one.id, one.creditor_id, one.party_id, one.code, one.name, one.search_name, one.language, one.time_zone,
            one.terms_days, one.owner_id, _SEPARATOR.join(one.tags), one.new,
        )
        for one in customers
    )  # fmt: skip
    with staged("parties_incoming_customer", columns, rows) as cursor:
        parameters: dict[str, Any] = {"organization": by.organization_id, "today": by.today, "separator": _SEPARATOR}
        cursor.execute(
            """
            INSERT INTO parties_customer (
                id, organization_id, creditor_id, party_id, code, name, search_name, language, time_zone, consumer, handling,
                owner_id, terms_days, tags, arrears_reason, created_on)
            SELECT id, %(organization)s, creditor_id, party_id, code, name, search_name, language, time_zone, false,
                   'automatic', owner_id, terms_days, string_to_array(tags, %(separator)s), '', %(today)s
            FROM parties_incoming_customer WHERE is_new
            """,
            parameters,
        )
        if any(not one.new for one in customers):
            cursor.execute(
                """
                UPDATE parties_customer c
                SET party_id = s.party_id, code = s.code, name = s.name, search_name = s.search_name,
                    language = s.language, time_zone = s.time_zone, terms_days = s.terms_days, owner_id = s.owner_id,
                    tags = string_to_array(s.tags, %(separator)s)
                FROM parties_incoming_customer s
                WHERE c.organization_id = %(organization)s AND c.id = s.id AND NOT s.is_new
                """,
                parameters,
            )


def store_points(by: Actor, points: Collection[PointToStore]) -> None:
    """Add contact points; one that is there stays as it is."""
    if not points:
        return
    columns = {"customer_id": "uuid", "person_id": "uuid", "kind": "text", "value": "text"}
    rows = ((one.customer_id, one.person_id, one.kind, one.value) for one in points)
    with staged("parties_incoming_point", columns, rows) as cursor:
        cursor.execute(
            """
            INSERT INTO parties_contactpoint (
                id, organization_id, customer_id, person_id, kind, value, language, time_zone, consent, bounce, bounces)
            SELECT puntual_uuid7(), %s, customer_id, person_id, kind, value, '', '', 'unknown', 'none', 0
            FROM parties_incoming_point
            ON CONFLICT DO NOTHING
            """,
            [by.organization_id],
        )
