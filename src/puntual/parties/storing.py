"""Customers, their parties and contact points stored by the chunk."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from puntual.audit.actions import Actor
from puntual.parties.matching import Known, folded
from puntual.tenancy.staging import staged

_SEPARATOR = "\x1f"  # between tags on their way; no tag has one


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
                    owned_by = CASE WHEN c.owner_id IS DISTINCT FROM s.owner_id THEN 'hand' ELSE c.owned_by END,
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
