"""Whom conduct refuses at this minute: the queue leaves them out for now, and says from when they come back."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.db.models.fields.tuple_lookups import TupleLessThan

from puntual.audit.actions import Actor
from puntual.conduct.gate import Refused
from puntual.organizations.models import Organization
from puntual.outreach.models import Activity
from puntual.outreach.moments import is_invited, is_out_of_hours
from puntual.outreach.observe_conduct import observe_conduct
from puntual.outreach.prepare import allowed
from puntual.outreach.results import SPOKEN
from puntual.parties.models import Party
from puntual.strategies.facts import CustomerFacts

_PORTIONS = (5, 20, 100, 400, 1500)
"""How many are looked at together: the first are mostly allowed, and where they are not, more are looked at in one go."""
MOST = 1000
"""Beyond so many, how many rest is not counted: the number would say nothing more."""


@dataclass(frozen=True, slots=True)
class Resting:
    """How many were left out for now (at most `MOST` are counted), and the first moment one of them may be reached, if known."""

    count: int = 0
    again_from: datetime | None = None


@dataclass
class Looked:
    """What was found out in one search of the queue. A kind of customer is left out whole where the hour is refused."""

    by: Actor
    organization: Organization
    refused: dict[UUID, datetime | None] = field(default_factory=dict)
    kinds: dict[tuple[str, bool, bool, str, UUID], datetime | None] = field(default_factory=dict)

    def awake(self, rows: QuerySet[Activity]) -> Iterator[Activity]:
        """Those of `rows` whom conduct does not refuse now, by falling ("value", "id"); looked at in growing portions."""
        rows, last = rows.order_by("-value", "-id"), None
        for size in _PORTIONS:
            some = rows.exclude(self._left_out()) if self.kinds else rows
            found = list(some.filter(TupleLessThan(("value", "id"), last))[:size] if last else some[:size])
            yield from self.allowed(found)
            if len(found) < size:
                return
            last = (found[-1].value, found[-1].pk)

    def allowed(self, found: Iterable[Activity]) -> Iterator[Activity]:
        """Those of some activities that conduct does not refuse now, in their order."""
        found = list(found)
        asked = [one for one in found if one.channel in SPOKEN and one.pk not in self.refused]
        facts = self._facts(asked) if asked else {}
        for one in found:
            known = facts.get(one.customer_id)
            if one.pk not in self.refused and not (known and self._refuses(one, known)):
                yield one

    def resting(self, rows: QuerySet[Activity]) -> Resting:
        """Of `rows`, all that this search would have gone through, those that were left out."""
        count = len(self.refused)
        if self.kinds:
            count = rows.filter(Q(pk__in=self.refused) | self._left_out()).order_by()[:MOST].count()
        moments = [at for at in (*self.refused.values(), *self.kinds.values()) if at]
        return Resting(min(count, MOST), min(moments, default=None))

    def _refuses(self, one: Activity, facts: CustomerFacts) -> bool:
        answer = allowed(self.organization, one, self.by.now, facts)
        if not isinstance(answer, Refused):
            return False
        of_the_hour = is_out_of_hours(answer)
        if not (answer.law or of_the_hour or not is_invited(one)):
            return False  # the customer asked for it: as for whoever calls
        self.refused[one.pk] = answer.again_from
        subject = facts.subject
        if of_the_hour and subject.prefers_hours is None:
            kind = (subject.country, subject.natural, subject.consumer, subject.time_zone, one.customer.creditor_id)
            self.kinds[kind] = answer.again_from
        return True

    def _left_out(self) -> Q:
        """Customers alike in all that says which hours are theirs: what one is refused for the hour, each of them is."""
        found = Q(pk__in=[])
        for country, natural, consumer, time_zone, creditor in self.kinds:
            party = Q(customer__party__kind=Party.Kind.NATURAL)
            found |= Q(
                party if natural else ~party,
                customer__party__country=country,
                customer__consumer=consumer,
                customer__time_zone=time_zone,
                customer__creditor_id=creditor,
            )
        return found

    def _facts(self, asked: Sequence[Activity]) -> dict[UUID, CustomerFacts]:
        day = self.by.now.astimezone(ZoneInfo(self.organization.time_zone)).date()
        customers = list({one.customer_id for one in asked})
        return observe_conduct(self.organization.id, day, self.by.now, customers)
