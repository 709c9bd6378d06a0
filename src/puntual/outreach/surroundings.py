"""What the facts of every customer of an organization share on a day."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from puntual.kernel.calendars import BusinessCalendar
from puntual.organizations.calendars import calendar_of as calendar_of
from puntual.organizations.models import Organization
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
