"""Everything that writes the portfolios' rules, and gives customers to members by them."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from django.db import connection
from django.db.models import Max

from puntual.audit.actions import Actor, action
from puntual.kernel.problems import N_, Problem
from puntual.strategies.figures import fresh_figures
from puntual.strategies.models import StoredSegment
from puntual.strategies.portfolios.models import PortfolioRule
from puntual.strategies.portfolios.queries import NOBODYS, collecting, customers_sql, first_fitting, rules_of

MOST = 50
"""Rules of one organization."""

# Rows somebody else is changing at this moment are waited for: a person's word that comes first is seen.
_GIVE = """
UPDATE parties_customer g
SET owner_id = (%(members)s::uuid[])[told.place + 1], owned_by = CASE WHEN told.place IS NULL THEN '' ELSE 'rule' END
FROM (SELECT c.id, {place} AS place {customers} AND {free}) told
WHERE g.organization_id = %(org)s AND g.id = told.id AND {changes}
  AND g.owned_by <> 'hand' AND (g.owner_id IS NULL OR g.owned_by = 'rule')
RETURNING told.place
"""
_RULED = f"(({NOBODYS}) OR (c.owned_by = 'rule' AND c.handling <> 'owner_only'))"


def store_rule(
    by: Actor,
    *,
    name: str,
    member_id: UUID,
    segment: str = "",
    creditors: Sequence[str] = (),
    countries: Sequence[str] = (),
    tags: Sequence[str] = (),
    rule_id: UUID | None = None,
) -> PortfolioRule:
    """Keep a rule: customers of that segment (by code), of those creditors and countries and with one of those tags become the
    member's. A new one comes last. What is not named is not asked for, so a rule that names nothing takes everybody left.

    Raises PortfolioRule.DoesNotExist, Problem for no name or one that another has, too many, a segment that is gone, and a member
    who does not contact customers.
    """
    name = " ".join(name.split())
    if not 0 < len(name) <= 100:
        raise Problem(N_("Give it a name."))
    with action(by, "portfolios.store_rule", name=name, member=member_id) as log:
        if member_id not in {one.user_id for one in collecting(by.organization_id, by.today)}:
            raise Problem(N_("Choose a member who contacts customers."))
        mine = PortfolioRule.objects.select_for_update().filter(organization_id=by.organization_id)
        if mine.filter(name=name).exclude(pk__in=[rule_id] if rule_id else []).exists():
            raise Problem(N_("Another rule has this name. Choose another one."))
        row = mine.get(pk=rule_id) if rule_id else _new(by)
        row.name, row.member_id, row.segment = name, member_id, _segment(by, segment)
        row.creditors, row.countries, row.tags = list(creditors), list(countries), list(tags)
        row.save()
        log.about(row)
        log.say(segment=segment, creditors=row.creditors, countries=row.countries, tags=row.tags)
    return row


def move_rule(by: Actor, rule_id: UUID, places: int) -> None:
    """Put a rule so many places further down; less than none is up. Raises PortfolioRule.DoesNotExist."""
    with action(by, "portfolios.move_rule", places=places) as log:
        rows = list(_locked(by))
        found = next((row for row in rows if row.pk == rule_id), None)
        if found is None:
            raise PortfolioRule.DoesNotExist
        log.about(found)
        here = rows.index(found)
        rows.insert(min(max(here + places, 0), len(rows) - 1), rows.pop(here))
        for position, row in enumerate(rows):
            row.position = position
        PortfolioRule.objects.bulk_update(rows, ["position"])


def delete_rule(by: Actor, rule_id: UUID) -> None:
    """Give a rule up; whom it gave away stays whose they are. Raises PortfolioRule.DoesNotExist."""
    with action(by, "portfolios.delete_rule") as log:
        row = PortfolioRule.objects.select_for_update().get(organization_id=by.organization_id, pk=rule_id)
        log.about(row)
        log.say(name=row.name, member=row.member_id)
        row.delete()


def apply_rules(by: Actor, *, anew: bool = False) -> int:
    """Give customers who are nobody's to the member of the first rule that fits; returns how many found another owner.

    With `anew` those that a rule gave away before are looked at again too, and are nobody's where none fits any more. What a
    person said is never changed. Rules of members who left, or contact nobody any more, are passed over.
    """
    rules = rules_of(by.organization_id)
    if not rules:
        return 0
    lasting = {one.user_id for one in collecting(by.organization_id, by.today)}
    if any(rule.segment_id for rule in rules):
        fresh_figures(by)
    with action(by, "portfolios.apply", anew=anew) as log, connection.cursor() as cursor:
        place, parameters = first_fitting([rule if rule.member_id in lasting else None for rule in rules], by.today)
        members = [rule.member_id for rule in rules]
        other = "g.owner_id IS DISTINCT FROM (%(members)s::uuid[])[told.place + 1]"
        statement = _GIVE.format(
            place=place,
            customers=customers_sql(rules),
            free=_RULED if anew else NOBODYS,
            changes=other if anew else "told.place IS NOT NULL",
        )
        cursor.execute(statement, {**parameters, "org": by.organization_id, "members": members})
        given = Counter(place for (place,) in cursor.fetchall())
        log.say(given={rules[place].name: n for place, n in given.items() if place is not None}, freed=given[None])
    return given.total()


def _new(by: Actor) -> PortfolioRule:
    rows = PortfolioRule.objects.filter(organization_id=by.organization_id)
    if rows.count() >= MOST:
        raise Problem(N_("There are {most} rules, and no more fit. Delete one that is not needed."), most=MOST)
    last = rows.aggregate(last=Max("position"))["last"]
    return PortfolioRule(organization_id=by.organization_id, position=0 if last is None else last + 1)


def _segment(by: Actor, code: str) -> StoredSegment | None:
    if not code:
        return None
    found = StoredSegment.objects.filter(organization_id=by.organization_id, code=code).first()
    if found is None:
        raise Problem(N_("There is no segment “{segment}” any more."), segment=code)
    return found


def _locked(by: Actor) -> Sequence[PortfolioRule]:
    rows = PortfolioRule.objects.select_for_update().filter(organization_id=by.organization_id)
    return list(rows.order_by("position", "id"))
