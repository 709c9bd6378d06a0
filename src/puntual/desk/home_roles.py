"""The figures of the first page that are one role's own. Each is one read of what is kept or indexed, however much there is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Max, Q, Sum

from puntual.agreements.models import Promise
from puntual.analytics.models import ForecastWeek
from puntual.audit.actions import Actor
from puntual.daily.models import DayRun
from puntual.daily.rules import start_of
from puntual.desk.home import ENOUGH, MANY_ITEMS, last_working_day
from puntual.organizations.models import Organization
from puntual.outreach.answers.queries import unread
from puntual.outreach.approving import whose_work
from puntual.outreach.models import Activity, Turn
from puntual.outreach.moments import CALL_BACK
from puntual.outreach.queries import tallies_of_day
from puntual.outreach.queue.taking import open_to
from puntual.parties.models import Creditor
from puntual.payments.reconciling.queries import Waiting, waiting_by_currency

_ENDED = frozenset({Activity.State.SENT, Activity.State.DONE})
_GIVEN_UP = frozenset({Activity.State.DROPPED, Activity.State.LAPSED})


@dataclass(frozen=True, slots=True)
class Promised:
    """What was promised for a day in one currency, and by how many promises."""

    currency: str
    promises: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class CollectorsDay:
    """What one person has to do: calls open to them now and results recorded today, call-backs of today by their hour, what their
    customers promised for today, and answers of their customers that nobody has read.
    """

    calls: int
    made: int
    call_backs: Sequence[Activity]
    promised: Sequence[Promised]
    answers: int


def collectors_day(by: Actor, organization: Organization, role: str) -> CollectorsDay:
    """The day of the person who acts, with that of those they stand in for."""
    org, me = organization.id, by.person
    whose = whose_work(by)
    begins = start_of(organization, by.today)
    mine = Activity.objects.filter(organization_id=org, state=Activity.State.TO_DO, assigned_to__in=whose)
    backs = mine.filter(why__code=CALL_BACK, not_before__lt=start_of(organization, by.today + timedelta(days=1)))
    made = Turn.objects.filter(
        organization_id=org, user_id=me, kind=Turn.Kind.RESULT, at__gte=begins, taken_back_at=None
    )
    promises = Promise.objects.filter(
        organization_id=org, state=Promise.State.OPEN, promised_for=by.today, customer__owner__in=whose
    )
    answers = unread(org).order_by().filter(Q(assigned_to__in=whose) | Q(customer__owner__in=whose))
    return CollectorsDay(
        calls=open_to(by, role, "call").order_by()[:ENOUGH].count(),
        made=made.count(),
        call_backs=list(backs.select_related("customer").order_by("not_before", "id")[:5]),
        promised=[
            Promised(*row)
            for row in promises.values_list("currency").annotate(n=Count("id"), sum=Sum("amount")).order_by("currency")
        ],
        answers=answers[:ENOUGH].count(),
    )


@dataclass(frozen=True, slots=True)
class ManagersDay:
    """How the day goes: contacts planned for it, and how many of them were made and given up (None where there are too many to
    count); and the forecast of the week that runs.
    """

    planned: int
    made: int | None
    given_up: int | None
    weeks: Sequence[ForecastWeek]


def managers_day(organization_id: UUID, today: date, run: DayRun | None) -> ManagersDay:
    """The team's day."""
    made = given_up = None
    planned = int(run.report.get("planned", 0)) if run else 0
    if run and planned <= MANY_ITEMS:
        tallies = [one for one in tallies_of_day(organization_id, today) if one.channel != Activity.Channel.INTERNAL]
        planned = sum(one.count for one in tallies)
        made = sum(one.count for one in tallies if one.state in _ENDED)
        given_up = sum(one.count for one in tallies if one.state in _GIVEN_UP)
    kept = ForecastWeek.objects.filter(organization_id=organization_id)
    latest = kept.aggregate(day=Max("made_on"))["day"]
    weeks = kept.filter(made_on=latest, first__lte=today, last__gte=today).order_by("currency") if latest else ()
    return ManagersDay(planned, made, given_up, list(weeks))


@dataclass(frozen=True, slots=True)
class AccountantsDay:
    """What the books wait for: credits of the bank nobody has explained, creditors whose bank is not known through the last
    working day, and those whose books are open for a month that is over, with that month's last day.
    """

    unidentified: Sequence[Waiting]
    missing: Sequence[Creditor]
    month_end: date
    to_close: Sequence[Creditor]


def accountants_day(organization: Organization, today: date) -> AccountantsDay:
    """The state of the books."""
    creditors = list(Creditor.objects.filter(organization_id=organization.id).order_by("name"))
    last, month_end = last_working_day(organization, today), today.replace(day=1) - timedelta(days=1)
    return AccountantsDay(
        unidentified=waiting_by_currency(organization.id),
        missing=[one for one in creditors if one.bank_through is None or one.bank_through < last],
        month_end=month_end,
        to_close=[one for one in creditors if one.books_closed_through is None or one.books_closed_through < month_end],
    )
