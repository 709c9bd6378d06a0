"""Contacts of a day that compete for one party's frequency: which of them give way, asked of conduct with fresh facts."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from puntual.audit.actions import Actor
from puntual.conduct.allotment import Rank, Wish, allot
from puntual.conduct.gate import Refused
from puntual.conduct.packs import pack_for
from puntual.conduct.policies import policy_for
from puntual.conduct.queries import policies_of
from puntual.organizations.models import Organization
from puntual.outreach.observe import observe
from puntual.outreach.surroundings import surroundings
from puntual.strategies.manual import from_content
from puntual.strategies.models import Version


class Contested(NamedTuple):
    """A contact that competes with others of its party; `activity_id` where it was planned before."""

    party_id: str
    customer_id: str
    channel: str
    not_before: datetime
    version_id: UUID | None
    step: str
    value: Decimal
    state: str = ""
    activity_id: UUID | None = None

    @property
    def key(self) -> str:
        """What names it: the activity or, where there is none yet, its customer."""
        return str(self.activity_id or self.customer_id)


def settle_contested(by: Actor, contested: Iterable[Contested]) -> dict[str, Refused]:
    """Which of the contested contacts must give way on `by.today`, by `key`, each with the rule that says so."""
    parties: dict[str, list[Contested]] = defaultdict(list)
    for one in contested:
        parties[one.party_id].append(one)
    parties = {party: claims for party, claims in parties.items() if len(claims) > 1}
    if not parties:
        return {}
    organization = Organization.objects.get(pk=by.organization_id)
    claims = [claim for each in parties.values() for claim in each]
    customers = [UUID(claim.customer_id) for claim in claims]
    around = surroundings(organization, by.today)
    required = _required(organization.id, claims)
    policies = policies_of(organization.id)
    facts = {one.customer_id: one for one in observe(organization.id, by.today, by.now, around, customers=customers)}
    refused: dict[str, Refused] = {}
    for each in parties.values():
        wishes = []
        for claim in each:
            if (known := facts.get(claim.customer_id)) is None:
                continue
            country = known.subject.country
            wishes.append(
                Wish(
                    key=claim.key,
                    debt=claim.customer_id,
                    channel=claim.channel,
                    not_before=max(claim.not_before, by.now) if claim.state else claim.not_before,
                    rank=_rank(claim, required),
                    value=claim.value,
                    pack=pack_for(country),
                    subject=known.subject,
                    history=known.history,
                    policy=policy_for(policies, country),
                    authorized=claim.channel in known.authorized,
                )
            )
        refused |= allot(wishes)
    return refused


def _rank(claim: Contested, required: frozenset[tuple[UUID | None, str]]) -> Rank:
    if (claim.version_id, claim.step) in required:
        return Rank.REQUIRED
    return Rank.PLANNED if claim.state else Rank.VALUE


def _required(organization_id: UUID, claims: Sequence[Contested]) -> frozenset[tuple[UUID | None, str]]:
    """The steps among them that their manuals require, by version."""
    ids = {claim.version_id for claim in claims if claim.version_id}
    versions: Any = Version.objects.filter(organization_id=organization_id, pk__in=ids).values_list("id", "content")
    return frozenset(
        (pk, step.code) for pk, content in versions for step in from_content(content).steps if step.required
    )
