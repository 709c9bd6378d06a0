"""The working days of an organization: the country's own calendar, with the days it added or took out."""

from datetime import date
from uuid import UUID

from puntual.kernel.calendars import BusinessCalendar
from puntual.kernel.remembering import remembered
from puntual.organizations.models import Holiday


@remembered
def own_days(organization_id: UUID) -> dict[str, dict[date, bool]]:
    """By country, the days this organization added (False) or took out (True: they work), of every country."""
    found: dict[str, dict[date, bool]] = {}
    rows = Holiday.objects.filter(organization_id=organization_id)
    for country, day, works in rows.values_list("country", "day", "works"):
        found.setdefault(country, {})[day] = works
    return found


def calendar_of(organization_id: UUID, country: str) -> BusinessCalendar:
    """A country's calendar of working days, with the days this organization added or took out.

    For the team and for due dates; a day taken out of it stays one without contact where conduct wants it so.
    """
    own: dict[bool, set[date]] = {True: set(), False: set()}
    for day, works in own_days(organization_id).get(country, {}).items():
        own[works].add(day)
    return BusinessCalendar(country, added=frozenset(own[False]), removed=frozenset(own[True]))
