"""An organization's own policies as values, on any day."""

from datetime import date
from uuid import UUID

from django.db.models import Q

from puntual.conduct.models import OwnRule
from puntual.conduct.packs import packs, read_policy
from puntual.conduct.rules import Policy, Rule
from puntual.kernel.remembering import remembered
from puntual.organizations.calendars import own_days


@remembered
def policies_of(organization_id: UUID, day: date | None = None) -> dict[str, Policy]:
    """The policy for each country that has one of its own, and under "" for all others: what was in force on `day`, or is now."""
    rules: dict[str, list[Rule]] = {"": []}
    for own in own_rules(organization_id, day):
        rules.setdefault(own.country, []).extend(read_policy({"rules": [own.content]}, "policy").rules)
    off = {
        country: frozenset(day for day, works in days.items() if not works)
        for country, days in own_days(organization_id).items()
    }
    return {
        country: Policy((*rules[""], *(rules.get(country, ()) if country else ())), off.get(country, frozenset()))
        for country in {*rules, *(country for country, days in off.items() if days)}
    }


def own_rules(organization_id: UUID, day: date | None = None) -> list[OwnRule]:
    """The rules in force on `day`, or now, oldest first."""
    not_ended = Q(ended_on=None)
    in_force = not_ended if day is None else (not_ended | Q(ended_on__gt=day)) & Q(from_on__lte=day)
    found = OwnRule.objects.filter(in_force, organization_id=organization_id)
    return list(found.order_by("from_on", "id"))


def all_rules(organization_id: UUID) -> dict[str, tuple[str, Rule]]:
    """Every rule of a pack, and every one the organization ever gave itself, with its country, by the id a report names it by."""
    found = {rule.id: (pack.country, rule) for pack in packs().values() for rule in pack.rules}
    for own in OwnRule.objects.filter(organization_id=organization_id):
        found |= {rule.id: (own.country, rule) for rule in read_policy({"rules": [own.content]}, "policy").rules}
    return found
