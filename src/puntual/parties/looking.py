"""Customers and parties looked up by many keys at once.

Each statement looks for a list of keys in one table. A join would be planned by how many rows the planner believes the
organization to have; of one it has not met yet it expects a single row, and goes through all of them for every key.
"""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.backends.utils import CursorWrapper

from puntual.audit.actions import Actor
from puntual.parties.matching import Known, PartyKey
from puntual.parties.models import Party
from puntual.parties.storing import PartyToStore

_CUSTOMERS = """
    SELECT id, creditor_id, code, name, search_name, language, time_zone, terms_days, owner_id, tags, party_id
    FROM parties_customer
    WHERE organization_id = %(organization)s AND creditor_id = ANY(%(creditors)s) AND {which}
    ORDER BY id
"""
_TAX_IDS = """
    SELECT country, tax_id, id FROM parties_party
    WHERE organization_id = %(organization)s AND country = ANY(%(countries)s) AND tax_id = ANY(%(tax_ids)s) AND tax_id <> ''
"""
_PARTIES = """
    SELECT id, status = 'active', name, tax_id, country FROM parties_party
    WHERE organization_id = %(organization)s AND id = ANY(%(ids)s)
"""
_POINTS = """
    SELECT customer_id, kind, value FROM parties_contactpoint
    WHERE organization_id = %(organization)s AND customer_id = ANY(%(ids)s)
"""


def load_customers(
    by: Actor,
    *,
    codes: Collection[tuple[UUID, str]] = (),
    names: Collection[tuple[UUID, str]] = (),
    tax_ids: Collection[tuple[UUID, str, str]] = (),
    points: bool,
) -> list[Known]:
    """The customers with one of these (creditor, code), (creditor, folded name) or (creditor, country, tax id).

    Where several creditors are asked for, also those that have a key of another one of them. With their points, if wanted.
    """
    parties = load_parties(by, {(country, tax_id) for _creditor, country, tax_id in tax_ids})
    wanted: dict[str, tuple[set[UUID], set[Any]]] = {
        "code": ({creditor for creditor, _code in codes}, {code for _creditor, code in codes}),
        "search_name": ({creditor for creditor, _name in names}, {name for _creditor, name in names}),
        "party_id": ({creditor for creditor, *_ in tax_ids}, set(parties.values())),
    }
    with connection.cursor() as cursor:
        found: dict[UUID, Sequence[Any]] = {}
        for column, (creditors, values) in wanted.items():
            if values:
                _ask(
                    cursor, by, _CUSTOMERS.format(which=f"{column} = ANY(%(values)s)"),
                    creditors=list(creditors), values=list(values),
                )  # fmt: skip
                found.update((row[0], row) for row in cursor.fetchall())
        if not found:
            return []
        _ask(cursor, by, _PARTIES, ids=list({row[-1] for row in found.values()}))
        party: dict[UUID, Sequence[Any]] = {row[0]: row[1:] for row in cursor.fetchall()}
        known = {id: Known(*row, *party[row[-1]]) for id, row in found.items()}
        if points:
            _ask(cursor, by, _POINTS, ids=list(known))
            for customer_id, kind, value in cursor.fetchall():
                known[customer_id].points.add((kind, value.lower() if kind == "email" else value))
        return list(known.values())


def load_parties(by: Actor, keys: Collection[PartyKey]) -> dict[PartyKey, UUID]:
    """The parties with these tax ids."""
    if not keys:
        return {}
    countries, tax_ids = {country for country, _tax_id in keys}, {tax_id for _country, tax_id in keys}
    with connection.cursor() as cursor:
        _ask(cursor, by, _TAX_IDS, countries=list(countries), tax_ids=list(tax_ids))
        found = {(country, tax_id): party for country, tax_id, party in cursor.fetchall()}
    return {key: found[key] for key in keys if key in found}


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


def _ask(cursor: CursorWrapper, by: Actor, statement: str, **values: Any) -> None:
    cursor.execute(statement, {"organization": by.organization_id, **values})
