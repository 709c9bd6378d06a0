"""Why this customer, why nothing: the decision of a day for some customers, in words. Nothing is written."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from puntual.audit.actions import Actor
from puntual.daily.run import desk_for
from puntual.organizations.models import Organization
from puntual.outreach.observe import observe
from puntual.outreach.surroundings import surroundings
from puntual.parties.models import Customer
from puntual.strategies.facts import CustomerFacts
from puntual.strategies.manual import Manual
from puntual.strategies.outcomes import Do, Nothing, Reason, Rules, Why
from puntual.strategies.words import sentence
from puntual.tenancy.scope import acting_for


@dataclass(frozen=True, slots=True)
class Explanation:
    """The decision for one customer and what it was made from; `facts` is None where nothing is open that comes due soon."""

    customer: Customer
    decision: Do | Nothing
    facts: CustomerFacts | None
    manual: Manual | None
    rules: Rules

    @property
    def text(self) -> str:
        """The reason in a sentence, in the reader's language."""
        return sentence(self.decision.why.code, self.decision.why.params)


def explain(by: Actor, customer: Customer) -> Explanation:
    """What `by.today` decides for the customer, and why. Raises Problem where there is no active manual."""
    return explain_many(by, [customer])[customer.id]


def explain_many(by: Actor, customers: Collection[Customer]) -> dict[UUID, Explanation]:
    """The same for several customers, by id, in as many queries as for one. Raises Problem where there is no active manual."""
    organization = Organization.objects.get(id=by.organization_id)
    with acting_for(organization.id):
        desk = desk_for(organization, by)
        around = surroundings(organization, by.today)
        nothing = Nothing(Reason.NOTHING_DEMANDED, Why("nothing_open", {}))
        found = {customer.id: Explanation(customer, nothing, None, None, desk.rules) for customer in customers}
        for facts in observe(organization.id, by.today, by.now, around, customers=list(found)):
            decision, _version, manual = desk.decide(facts, by.today)
            customer = found[UUID(facts.customer_id)].customer
            found[customer.id] = Explanation(customer, decision, facts, manual, desk.rules)
    return found
