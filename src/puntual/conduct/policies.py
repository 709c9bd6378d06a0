"""An organization's own policies by country, and the one that holds in a country. Pure."""

from collections.abc import Mapping

from puntual.conduct.rules import NO_POLICY, Policy


def policy_for(policies: Mapping[str, Policy], country: str) -> Policy:
    """The policy for a country or, where there is none, the one for every other country (under "")."""
    return policies.get(country) or policies.get("", NO_POLICY)
