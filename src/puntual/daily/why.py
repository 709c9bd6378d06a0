"""Why this customer, why nothing: the decision of a day for some customers, in words. Nothing is written."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from puntual.audit.actions import Actor
from puntual.daily.run import desk_for
from puntual.organizations.queries import organization_of
from puntual.outreach.observe import observe
from puntual.outreach.surroundings import surroundings
from puntual.parties.models import Customer
from puntual.strategies.facts import CustomerFacts
from puntual.strategies.manual import Manual
from puntual.strategies.outcomes import Do, Nothing, Reason, Rules, Why
from puntual.strategies.queries import NOWHERE, Assignments, Scope
from puntual.strategies.segment_queries import kept_segments, memberships_now
from puntual.strategies.words import sentence
from puntual.tenancy.scope import acting_for


@dataclass(frozen=True, slots=True)
class Follows:
    """The strategy a customer follows, by the scope it is assigned to; `segment` is its name where it is one."""

    name: str
    scope: Scope
    segment: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """The decision for one customer and what it was made from; `facts` is None where nothing is open that comes due soon."""

    customer: Customer
    decision: Do | Nothing
    facts: CustomerFacts | None
    manual: Manual | None
    rules: Rules
    follows: Follows
    segments: Mapping[str, str]  # those the customer is in: name by code

    @property
    def text(self) -> str:
        """The reason in a sentence, in the reader's language."""
        return sentence(self.decision.why.code, self.decision.why.params)

    @property
    def followed(self) -> str:
        """Which manual the customer follows, and by what, in the reader's language; the segments it is in."""
        text = {
            Scope.CUSTOMER: _("It follows “{name}”, assigned to this customer."),
            Scope.SEGMENT: _("It follows “{name}”, the manual of the segment “{segment}”."),
            Scope.CREDITOR: _("It follows “{name}”, the manual of its creditor."),
            Scope.ORGANIZATION: _("It follows “{name}”, the manual of the organization."),
        }[self.follows.scope].format(name=self.follows.name, segment=self.follows.segment)
        if self.segments:
            text += " " + _("Segments: {names}.").format(names=", ".join(self.segments.values()))
        return text


def explain(by: Actor, customer: Customer) -> Explanation:
    """What `by.today` decides for the customer, and why. Raises Problem where there is no active manual."""
    return explain_many(by, [customer])[customer.id]


def explain_many(by: Actor, customers: Collection[Customer]) -> dict[UUID, Explanation]:
    """The same for several customers, by id, in as many queries as for one. Raises Problem where there is no active manual."""
    organization = organization_of(by.organization_id)
    with acting_for(organization.id):
        desk = desk_for(organization, by)
        around = surroundings(organization, by.today)
        nothing = Nothing(Reason.NOTHING_DEMANDED, Why("nothing_open", {}))
        decided: dict[UUID, tuple[Do | Nothing, CustomerFacts | None, Manual | None]] = {}
        for facts in observe(organization.id, by.today, by.now, around, customers=[one.id for one in customers]):
            decision, _version, manual = desk.decide(facts, by.today)
            decided[UUID(facts.customer_id)] = decision, facts, manual
        names = {segment.code: segment.name for segment in kept_segments(organization.id)}
        quiet = [one.id for one in customers if one.id not in decided] if names else []
        segments = memberships_now(organization.id, quiet, by.today)
        found = {}
        for customer in customers:
            outcome, known, followed = decided.get(customer.id, (nothing, None, None))
            among = known.segments if known else segments.get(customer.id, NOWHERE)
            follows = _follows(desk.manuals, customer, among, names)
            mine = {code: name for code, name in names.items() if code in among}
            found[customer.id] = Explanation(customer, outcome, known, followed, desk.rules, follows, mine)
        return found


def _follows(manuals: Assignments, customer: Customer, segments: frozenset[str], names: Mapping[str, str]) -> Follows:
    whose = str(customer.id), str(customer.creditor_id), segments
    scope, code = manuals.scope(*whose)
    _version, manual = manuals.of(*whose)
    return Follows(manual.name, scope, names.get(code, ""))
