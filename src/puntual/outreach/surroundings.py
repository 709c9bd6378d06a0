"""What the facts of every customer of an organization share on a day."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from puntual.kernel.calendars import BusinessCalendar
from puntual.kernel.remembering import remembered
from puntual.organizations.models import Holiday, Organization
from puntual.outreach.limitations import time_barred
from puntual.outreach.origins import without_sender
from puntual.parties.models import Creditor


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The place of payment's calendar and the freshness of each creditor's data."""

    calendars: Mapping[str, BusinessCalendar] = field(default_factory=dict)  # creditor id -> calendar of its country
    stale_creditors: frozenset[str] = frozenset()
    time_barred: frozenset[str] = frozenset()  # installments that can no longer be enforced
    no_sender: Mapping[str, frozenset[str]] = field(
        default_factory=dict
    )  # creditor id -> channels it cannot write in yet
    rest_days: int = 7  # how long a customer rests after paying at least half of what was asked


@remembered
def calendar_of(organization_id: UUID, country: str) -> BusinessCalendar:
    """A country's calendar of working days, with the days this organization added or took out.

    For the team and for due dates; a day taken out of it stays one without contact where conduct wants it so.
    """
    own: dict[bool, set[date]] = {True: set(), False: set()}
    for day, works in Holiday.objects.filter(organization_id=organization_id, country=country).values_list(
        "day", "works"
    ):
        own[works].add(day)
    return BusinessCalendar(country, added=frozenset(own[False]), removed=frozenset(own[True]))


def surroundings(organization: Organization, day: date) -> Surroundings:
    """Read them for one day; a creditor whose data nobody dated counts as stale, since nothing says that it is fresh."""
    calendars: dict[str, BusinessCalendar] = {}
    by_country: dict[str, BusinessCalendar] = {}
    stale = set()
    for creditor in Creditor.objects.filter(organization_id=organization.id):
        if creditor.country not in by_country:
            by_country[creditor.country] = calendar_of(organization.id, creditor.country)
        calendar = by_country[creditor.country]
        calendars[str(creditor.id)] = calendar
        known = [through for through in (creditor.bank_through, creditor.invoices_through) if through]
        if not known or calendar.business_days_between(min(known), day) > organization.stale_after_days:
            stale.add(str(creditor.id))
    return Surroundings(
        calendars, frozenset(stale), time_barred(organization.id, day), without_sender(organization, calendars)
    )
