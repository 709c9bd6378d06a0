"""What holds for every notice, account statements included: may this customer be written to beside the steps, and how."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from functools import cached_property
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from puntual.audit.actions import Actor
from puntual.conduct.gate import Allowed, ContactHistory, first_moment
from puntual.conduct.packs import pack_for
from puntual.conduct.policies import policy_for
from puntual.conduct.queries import policies_of
from puntual.conduct.rules import Policy
from puntual.organizations.models import Organization
from puntual.outreach.channels.whatsapp.approved import approved_for
from puntual.outreach.models import Activity
from puntual.outreach.ways import set_up
from puntual.strategies.facts import Approved, CustomerFacts
from puntual.strategies.notices import CODES, OCCASIONS, STATEMENT

OTHERS_SPEAK = frozenset({"placement"})
"""Pauses of the whole customer under which others speak with it: no notice either. Any other is about asking, not informing."""
QUIET = frozenset({"reply", "person"})
"""While an answer is unread, or where a person said "not now", only the account statement goes on."""
AGREED = frozenset({"promise", "plan", "extension"})
"""Pauses that come from an agreement: what was agreed is what a notice reminds of."""

# On the day itself nothing else may be said, and what waits to be said comes first.
_BUSY = """
SELECT DISTINCT customer_id FROM outreach_activity
WHERE organization_id = %(organization)s AND direction = 'out' AND channel <> 'internal' {only}
  AND (
      state IN ('proposed', 'queued', 'attempting', 'unknown')
      OR (state = 'to_do' AND day = %(day)s)
      OR (state IN ('sent', 'done') AND (day = %(day)s OR settled_at >= %(midnight)s))
  )
"""


def busy(organization: Organization, by: Actor, customers: Sequence[UUID] | None = None) -> set[UUID]:
    """The customers with whom something is under way, or to whom something was said today already."""
    with connection.cursor() as cursor:
        cursor.execute(
            _BUSY.format(only="" if customers is None else "AND customer_id = ANY(%(customers)s)"),
            {
                "organization": organization.id,
                "day": by.today,
                "midnight": datetime.combine(by.today, time(), ZoneInfo(organization.time_zone)),
                "customers": list(customers or ()),
            },
        )
        return {customer for (customer,) in cursor}


def paused(facts: CustomerFacts, code: str) -> str:
    """Why a notice must not go to a customer at all, as a reason of `results.REASONS`, or ""."""
    if facts.party_status != "active" or facts.handling == "none":
        return "stopped"
    if facts.hold in OTHERS_SPEAK:
        return "stopped" if code == STATEMENT else "held"
    if code == STATEMENT or not facts.hold or facts.hold in AGREED:
        return ""
    return "held" if OCCASIONS[code].asks or facts.hold in QUIET else ""


def not_now(facts: CustomerFacts, activity: Activity, at: datetime, zone: ZoneInfo) -> str:
    """Why a planned notice must not leave at that moment, as a reason of `results.REASONS`, or "".

    It gives way to whatever else is said to the customer that day, and to a step that is about to leave.
    """
    if stop := paused(facts, activity.step):
        return stop
    midnight = datetime.combine(at.astimezone(zone).date(), time(), zone)
    others = Activity.objects.filter(
        organization_id=activity.organization_id, customer_id=activity.customer_id, direction="out"
    ).exclude(pk=activity.pk)
    said = others.filter(state__in=["sent", "done"], settled_at__gte=midnight).exclude(channel="internal")
    coming = others.filter(state="queued", channel__in=["email", "sms", "whatsapp"]).exclude(step__in=CODES)
    under_way = others.filter(state="attempting")
    return "another_contact" if said.exists() or coming.exists() or under_way.exists() else ""


@dataclass(frozen=True)
class Ways:
    """By which channels an organization may say something now, as conduct has it."""

    organization: Organization
    by: Actor

    def first(
        self, facts: CustomerFacts, channels: Collection[str], template: str, without: Collection[str] = ()
    ) -> tuple[str, Allowed] | None:
        """The first of the channels that reaches the customer and that conduct allows today, with the moments; None for none."""
        country = facts.subject.country
        history = facts.history
        if facts.planned:
            history = ContactHistory((*history.contacts, *facts.planned))
        for channel in sorted(channels, key=lambda one: one not in facts.prefers) if facts.prefers else channels:
            if channel not in facts.reachable or channel in facts.no_sender or channel in without:
                continue
            if channel not in self._offered:
                continue
            answer = first_moment(
                pack_for(country),
                facts.subject,
                channel,
                self.by.today,
                self.by.now,
                history,
                policy_for(self._policies, country),
                authorized=channel in facts.authorized,
            )
            if isinstance(answer, Allowed) and facts.sayable(template, channel, self._approved, answer.not_before):
                return channel, answer
        return None

    @cached_property
    def _offered(self) -> frozenset[str]:
        """What is set up; a letter needs nothing but a printer, and in rehearsal e-mails are captured."""
        return set_up() | ({"letter"} if self.organization.is_live else {"letter", "email"})

    @cached_property
    def _policies(self) -> Mapping[str, Policy]:
        return policies_of(self.organization.id)

    @cached_property
    def _approved(self) -> Approved | None:
        return approved_for(self.organization.id)
