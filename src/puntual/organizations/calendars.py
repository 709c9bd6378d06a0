"""The working days of an organization: the country's own calendar, with the days it added or took out."""

from datetime import date
from uuid import UUID

from puntual.kernel.calendars import BusinessCalendar
from puntual.organizations.models import Holiday


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
