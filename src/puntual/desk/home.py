"""The figures of the first page: what waits, what changed since the last working day, what is owed, what is worth a look.

Each is one read whose cost follows what happened lately, not how much there is.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q, Sum

from puntual.agreements.approval_queries import waiting_for
from puntual.analytics.aging import Aging
from puntual.analytics.alerts.queries import open_for
from puntual.analytics.queries import portfolio_aging
from puntual.audit.actions import Actor
from puntual.daily.rules import start_of
from puntual.disputes.queries import Waiting, waiting
from puntual.intake.models import ImportJob
from puntual.organizations.models import Organization
from puntual.outreach.answers.queries import unread
from puntual.outreach.approving import whose_work
from puntual.outreach.models import Activity
from puntual.outreach.proofs import without_proof
from puntual.outreach.queries import GRAVEST_FIRST, tallies, to_make, unsettled
from puntual.outreach.surroundings import calendar_of, surroundings
from puntual.parties.models import Creditor
from puntual.payments.claims.queries import claims
from puntual.payments.models import Payment, PaymentClaim
from puntual.receivables.models import PortfolioDelta

State = Activity.State
ENOUGH = 1000
"""Counts that are not kept stop here: beyond it the number says nothing more."""
MANY_PAYMENTS = 20_000
"""Above so many lately, what they were for is not looked up: it would cost more than the whole page."""
MANY_ITEMS = 50_000
"""Above so many open items one customer is rarely the news, and to find the largest would cost more than the whole page."""


@dataclass(frozen=True, slots=True)
class Work:
    """What waits for people. `tones` counts the messages to approve, the gravest first; `lapsing` those that lapse today."""

    tones: Mapping[str, int]
    lapsing: int
    lapses_at: datetime | None
    calls: int
    calls_now: int
    first_call: Activity | None
    tasks: int
    letters: int
    first_tasks: Sequence[Activity]
    unclear: int
    answers: int
    answers_late: int
    approvals: int
    disputes: Waiting
    alerts: int
    alerts_mine: int
    claims: int
    failed: int
    unproved: int
    imports: Sequence[ImportJob]

    @property
    def to_approve(self) -> int:
        return sum(self.tones.values())


def work(by: Actor, organization: Organization, role: str = "") -> Work:
    """What waits now, and the exceptions whoever acts decides in this role; what is theirs is also that of those they stand in
    for. Of what lapses today, of alerts, claims and notices without proof at most `ENOUGH` are counted.
    """
    organization_id, now, today, whose = organization.id, by.now, by.today, whose_work(by)
    tones: Counter[str] = Counter()
    others: Counter[tuple[str, bool]] = Counter()
    letters = 0
    for tally in tallies(organization_id):
        if tally.state == State.PROPOSED:
            tones[tally.tone] += tally.count
        elif tally.state == State.TO_DO and tally.channel == Activity.Channel.LETTER:
            letters += tally.count
        else:
            others[tally.state, tally.channel == Activity.Channel.INTERNAL] += tally.count
    proposed = Activity.objects.filter(organization_id=organization_id, state=State.PROPOSED)
    lapsing = proposed.filter(lapses_at__gt=now, lapses_at__lt=start_of(organization, today + timedelta(days=1)))
    # What lapses today was planned on one of these two days: the index finds them, instead of all that waits.
    days, hours = divmod(organization.approval_hours, 24)
    lapsing = lapsing.filter(day__in=[today - timedelta(days=days + back) for back in ((0, 1) if hours else (0,))])
    lapse_times = [at for at in lapsing.values_list("lapses_at", flat=True)[:ENOUGH] if at]
    calls = to_make(organization_id, now)
    callable_now = calls.filter(Q(not_after=None) | Q(not_after__gt=now))
    tasks = to_make(organization_id, now, channel=Activity.Channel.INTERNAL)
    answers = unread(organization_id).order_by().aggregate(every=Count("id"), late=Count("escalated_at"))
    asking = ImportJob.objects.filter(
        organization_id=organization_id, state__in=[ImportJob.State.ASKING, ImportJob.State.STOPPED]
    )
    alerts, alerts_mine = open_for(organization_id, whose, ENOUGH)
    return Work(
        tones={tone: tones[tone] for tone in GRAVEST_FIRST if tones[tone]},
        lapsing=len(lapse_times),
        lapses_at=min(lapse_times, default=None),
        calls=others[State.TO_DO, False],
        calls_now=callable_now.count(),
        first_call=calls.order_by("-value", "-id").first(),
        tasks=others[State.TO_DO, True],
        letters=letters,
        first_tasks=list(tasks.order_by("-value", "-id")[:3]),
        answers=answers["every"],
        answers_late=answers["late"],
        unclear=others[State.UNKNOWN, False],
        failed=others[State.FAILED, False],
        approvals=waiting_for(organization_id, by.user_id, role).order_by().count(),
        disputes=waiting(organization_id, today, whose),
        alerts=alerts,
        alerts_mine=alerts_mine,
        claims=claims(organization_id, [PaymentClaim.State.WAITING]).order_by()[:ENOUGH].count(),
        unproved=without_proof(organization_id).order_by()[:ENOUGH].count(),
        imports=list(asking.order_by("created_at")[:20]),
    )


@dataclass(frozen=True, slots=True)
class Since:
    """What happened from `day` on, by currency: money received, what fell due and is still open, and what was taken off what had
    been overdue before; and how many customers owe nothing overdue any more. Where there were more than `MANY_PAYMENTS` the last
    two are not looked up: None.
    """

    day: date
    received: Mapping[str, Decimal] = field(default_factory=dict)
    payments: int = 0
    fell_due: Mapping[str, Decimal] = field(default_factory=dict)
    taken_off: Mapping[str, Decimal] | None = None
    up_to_date: int | None = None


_MOVED = """
WITH moved AS MATERIALIZED (
    SELECT i.customer_id, i.currency, i.due_on, i.settled_on, e.amount
    FROM receivables_entry e
    JOIN receivables_installment i ON i.organization_id = %(organization)s AND i.id = e.installment_id
    WHERE e.organization_id = %(organization)s AND e.effective_on BETWEEN %(since)s AND %(today)s
      AND e.kind <> 'issued' AND e.account = 'receivable'
)
SELECT currency, -sum(amount) FROM moved WHERE due_on < %(since)s GROUP BY currency
UNION ALL
SELECT NULL, count(*)
FROM (SELECT DISTINCT customer_id FROM moved WHERE settled_on >= %(since)s AND due_on < settled_on) settled
WHERE NOT EXISTS (
    SELECT FROM receivables_installment o
    WHERE o.organization_id = %(organization)s AND o.customer_id = settled.customer_id AND o.open_amount > 0
      AND o.due_on < %(today)s
)
"""


def last_working_day(organization: Organization, today: date) -> date:
    """The team's last working day before today."""
    return calendar_of(organization.id, organization.country).previous_business_day(today - timedelta(days=1))


def since(organization_id: UUID, day: date, today: date) -> Since:
    """What happened from `day` through today."""
    came = Payment.objects.filter(
        organization_id=organization_id, received_on__range=(day, today), reversed_on=None, withdrawn_on=None
    )
    money = list(came.values_list("currency").annotate(Sum("amount"), Count("id")).order_by("-id__count", "currency"))
    due = PortfolioDelta.objects.filter(organization_id=organization_id, due_on__gte=day, due_on__lt=today)
    payments = sum(count for _currency, _amount, count in money)
    found = Since(
        day=day,
        received={currency: amount for currency, amount, _count in money},
        payments=payments,
        fell_due=dict(due.values_list("currency").annotate(Sum("open_amount")).order_by("currency")),
    )
    if payments > MANY_PAYMENTS:
        return found
    with connection.cursor() as cursor:
        cursor.execute(_MOVED, {"organization": organization_id, "since": day, "today": today})
        moved = dict(cursor.fetchall())
    return replace(found, up_to_date=int(moved.pop(None)), taken_off=moved)


class Owed(NamedTuple):
    """What is open in one currency. `change` is how the overdue part moved since the last working day; None: not looked up."""

    currency: str
    open: Decimal
    overdue: Decimal
    invoices: int
    overdue_invoices: int
    ages: Mapping[str, Decimal]
    fell_due: Decimal
    taken_off: Decimal | None

    @property
    def change(self) -> Decimal | None:
        return None if self.taken_off is None else self.fell_due - self.taken_off


def owed(aging: Aging, lately: Since) -> list[Owed]:
    """The portfolio by currency, the one with the most open items first."""
    names = aging.buckets.names
    zero = Decimal(0)
    rows = [
        Owed(
            currency=currency,
            open=sums.total,
            overdue=sums.total - sums.amounts[0],
            invoices=sums.count,
            overdue_invoices=sums.count - sums.counts[0],
            ages=dict(zip(names, sums.amounts, strict=True)),
            fell_due=lately.fell_due.get(currency, zero),
            taken_off=None if lately.taken_off is None else lately.taken_off.get(currency, zero),
        )
        for currency, sums in aging.currencies.items()
    ]
    return sorted(rows, key=lambda row: (-row.invoices, row.currency))


def portfolio(organization_id: UUID, today: date, lately: Since) -> list[Owed]:
    """What is owed today, by currency."""
    return owed(portfolio_aging(organization_id, today), lately)


class Share(NamedTuple):
    """What one customer owes of all that is overdue in a currency."""

    currency: str
    customer_id: UUID
    name: str
    overdue: Decimal


_LARGEST = """
SELECT s.currency, s.customer_id, c.name, s.overdue
FROM (
    SELECT currency, customer_id, sum(open_amount) AS overdue,
           row_number() OVER (PARTITION BY currency ORDER BY sum(open_amount) DESC, customer_id) AS place
    FROM receivables_installment
    WHERE organization_id = %(organization)s AND open_amount > 0 AND due_on < %(today)s
    GROUP BY currency, customer_id
) s
JOIN parties_customer c ON c.organization_id = %(organization)s AND c.id = s.customer_id
WHERE s.place <= 3
ORDER BY s.currency, s.place
"""


def largest(organization_id: UUID, today: date, rows: Sequence[Owed]) -> dict[str, list[Share]]:
    """The three customers with the most overdue, by currency; nothing where there are more than `MANY_ITEMS` open items."""
    found: dict[str, list[Share]] = {}
    if sum(row.invoices for row in rows) > MANY_ITEMS:
        return found
    with connection.cursor() as cursor:
        cursor.execute(_LARGEST, {"organization": organization_id, "today": today})
        for row in cursor.fetchall():
            found.setdefault(row[0], []).append(Share(*row))
    return found


@dataclass(frozen=True, slots=True)
class Attention:
    """What is worth a look besides: addresses that refused a message lately, creditors whose data is too old for anything firm,
    and money on account of customers who owe in the same currency (amount and number of customers).
    """

    refused: Sequence[Activity]
    stale: Sequence[Creditor]
    on_account: Mapping[str, tuple[Decimal, int]]


_ON_ACCOUNT = """
SELECT p.currency, sum(p.unapplied), count(DISTINCT p.customer_id)
FROM payments_payment p
WHERE p.organization_id = %(organization)s AND p.unapplied > 0
  AND EXISTS (
      SELECT FROM receivables_installment i
      WHERE i.organization_id = %(organization)s AND i.customer_id = p.customer_id AND i.currency = p.currency
        AND i.open_amount > 0
  )
GROUP BY p.currency ORDER BY p.currency
"""


def attention(organization: Organization, today: date, since_moment: datetime) -> Attention:
    """What is worth a look today; addresses count that refused since `since_moment`."""
    refused = unsettled(organization.id).filter(state=State.FAILED, result="refused", claimed_at__gte=since_moment)
    stale = surroundings(organization, today).stale_creditors
    creditors = Creditor.objects.filter(organization_id=organization.id, pk__in=stale).order_by("name")
    with connection.cursor() as cursor:
        cursor.execute(_ON_ACCOUNT, {"organization": organization.id})
        on_account = {currency: (amount, count) for currency, amount, count in cursor.fetchall()}
    return Attention(list(refused.order_by("-claimed_at", "-id")[:3]), list(creditors[:2]) if stale else (), on_account)
