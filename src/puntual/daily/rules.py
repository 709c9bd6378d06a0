"""An organization's rules for one day, gathered for the pure decision."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from puntual.conduct.packs import packs
from puntual.conduct.queries import policies_of
from puntual.organizations.models import Organization
from puntual.organizations.tolerances import tolerances
from puntual.outreach.channels.whatsapp.approved import approved_for
from puntual.outreach.models import Capacity
from puntual.outreach.surroundings import calendar_of
from puntual.outreach.ways import set_up
from puntual.strategies.outcomes import Rules

_BY_HAND = ("letter", "visit", "meeting")
MORNING = time(5, 30)
"""When the clock runs an organization's day, in its own time."""


def start_of(organization: Organization, day: date) -> datetime:
    """The first moment of a day in the organization's time zone."""
    return datetime.combine(day, time(), ZoneInfo(organization.time_zone))


def rules_for(organization: Organization, day: date, earliest: datetime, currencies: set[str]) -> Rules:
    """The rules of `day`; nothing is planned before `earliest`.

    A day that is over by then is decided as it began, so that a missed day can be run on any other: sending asks again.
    """
    begins = start_of(organization, day)
    over = earliest >= start_of(organization, day + timedelta(days=1))
    return Rules(
        earliest=begins if over else max(earliest, begins),
        channels=channels_offered(organization),
        calendar=calendar_of(organization.id, organization.country),
        packs=packs(),
        policies=policies_of(organization.id),
        tolerance=tolerances(organization.id, currencies),
        tone_rest_days=organization.tone_rest_days,
        minimum_gap_days=organization.minimum_gap_days,
        approved=approved_for(organization.id),
    )


def channels_offered(organization: Organization) -> frozenset[str]:
    """The channels that are set up; calls always, letters, visits and meetings where the day has room for them, and e-mail in
    rehearsal, where it is captured.
    """
    in_person = Capacity.objects.filter(organization_id=organization.id, channel__in=_BY_HAND, per_day__gt=0)
    met = frozenset(in_person.values_list("channel", flat=True))
    return set_up() | met | ({"call"} if organization.is_live else {"call", "email"})
