"""How an organization makes the rules of conduct stricter for itself. Looser is not possible: the packs always hold as well."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from puntual.audit.actions import Actor, action
from puntual.conduct.models import OwnRule
from puntual.conduct.packs import read_policy
from puntual.kernel.ids import uuid7
from puntual.kernel.problems import N_, Problem
from puntual.organizations.countries import is_country


def add_rule(by: Actor, country: str, what: str, channels: Collection[str], **values: Any) -> OwnRule:
    """A rule of the organization's own from today on: `what` and `values` as in a pack (`hours`, `times` and `days`, …).

    `country` is empty for customers everywhere. Raises Problem for an unknown country, no channel, or values that make no rule.
    """
    if country and not is_country(country):
        raise Problem(
            N_("“{country}” is not a country code. Use two letters such as PE, CL or ES (ISO 3166-1)."), country=country
        )
    if not channels:
        raise Problem(N_("Choose at least one channel for the rule."))
    key = uuid7()
    content = {"id": f"own-{key}", "what": what, "channels": sorted(channels), **values}
    read_policy({"rules": [content]}, "policy")
    with action(by, "conduct.add_rule", country=country, rule=content) as log:
        made = OwnRule.objects.create(
            id=key, organization_id=by.organization_id, country=country, content=content, from_on=by.today
        )
        log.about(made)
    return made


def end_rule(by: Actor, rule_id: UUID) -> OwnRule:
    """End a rule of the organization's own as of today; what the law asks for goes on. Raises OwnRule.DoesNotExist."""
    with action(by, "conduct.end_rule") as log:
        found = OwnRule.objects.select_for_update(no_key=True).get(organization_id=by.organization_id, pk=rule_id)
        log.about(found)
        if found.ended_on is None:
            found.ended_on = max(by.today, found.from_on)
            found.save(update_fields=["ended_on"])
        log.say(country=found.country, rule=found.content)
    return found
