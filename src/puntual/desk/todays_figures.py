"""What each role reads first on the first page, in words: a few figures that are theirs, each leading to where it is done."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from puntual.daily.models import DayRun
from puntual.desk import formats, home, home_roles
from puntual.desk.pages import DeskRequest, address
from puntual.organizations.models import Membership

Role = Membership.Role


OnAccount = Mapping[str, tuple[Decimal, int]]
"""By currency: money on account of customers who owe in it, and how many they are."""


class Figure(NamedTuple):
    """One figure: what it is, how much (one line per currency), what about it, and where it is done."""

    label: str
    values: Sequence[str]
    detail: str
    href: str


class Mine(NamedTuple):
    """What a role reads first: its figures, and the page's title where that role has one of its own."""

    figures: Sequence[Figure]
    title: str = ""


def mine(
    request: DeskRequest, work: home.Work, owed: Sequence[home.Owed], on_account: OnAccount, run: DayRun | None
) -> Mine:
    """The figures of the reader's role; an owner reads the manager's, an auditor has none."""
    match request.membership.role:
        case Role.COLLECTOR:
            return Mine(list(_collector(request)))
        case Role.OWNER | Role.MANAGER:
            return Mine(list(_manager(request, work, owed, run)))
        case Role.ACCOUNTANT:
            return _accountant(request, work, on_account)
        case _:
            return Mine(())


def _collector(request: DeskRequest) -> Iterator[Figure]:
    day = home_roles.collectors_day(request.actor, request.organization, request.membership.role)
    made = ngettext("{n} result recorded today", "{n} results recorded today", day.made)
    yield Figure(_("My calls"), [_count(day.calls)], made.format(n=formats.number(day.made)), address(request, "queue"))
    hours = [f"{formats.clock(timezone.localtime(one.not_before))} {one.customer.name}" for one in day.call_backs]
    yield Figure(
        _("Call-backs today"),
        [_count(len(day.call_backs))],
        "; ".join(hours[:2]) or _("nobody asked for one"),
        address(request, "queue"),
    )
    number = sum(one.promises for one in day.promised)
    detail = ngettext("{n} promise of my customers", "{n} promises of my customers", number).format(
        n=formats.number(number)
    )
    amounts = [_amount(one.amount, one.currency) for one in day.promised]
    yield Figure(
        _("Promised for today"),
        amounts or [_count(0)],
        detail if number else _("by none of my customers"),
        f"{address(request, 'agreements')}?from={request.actor.today}&to={request.actor.today}",
    )
    yield Figure(_("Answers to read"), [_count(day.answers)], _("of my customers"), address(request, "answers"))


def _manager(request: DeskRequest, work: home.Work, owed: Sequence[home.Owed], run: DayRun | None) -> Iterator[Figure]:
    day = home_roles.managers_day(request.organization.id, request.actor.today, run)
    if day.made is None:
        progress = formats.number(day.planned)
        detail = _("planned for today") if run else _("The day is not prepared yet")
    else:
        progress = _("{made} of {planned}").format(made=formats.number(day.made), planned=formats.number(day.planned))
        given_up = ngettext("{n} given up", "{n} given up", day.given_up or 0).format(
            n=formats.number(day.given_up or 0)
        )
        detail = given_up if day.given_up else _("contacts made")
    yield Figure(_("Progress of the day"), [progress], detail, address(request, "queue"))
    moved = [
        f"{row.currency} {formats.money(row.change, row.currency, signed=True)}"
        for row in owed
        if row.change is not None
    ]
    if moved:
        yield Figure(_("Overdue has moved"), moved[:3], _("since the last working day"), address(request, "portfolio"))
    order = {row.currency: place for place, row in enumerate(owed)}  # as they stand below
    expected = sorted(day.weeks, key=lambda week: order.get(week.currency, len(order)))[:3]
    weeks = [_amount(week.expected, week.currency) for week in expected]
    if expected:
        bands = [
            f"\n{week.currency} {formats.number(round(week.low))}–{formats.number(round(week.high))}"
            for week in expected
        ]
        detail = _("four weeks of five: {bands}").format(bands="".join(bands))
        yield Figure(_("Expected this week"), weeks, detail, address(request, "report", "forecast"))
    waiting = work.to_approve + work.approvals
    exceptions = ngettext("{n} exception", "{n} exceptions", work.approvals).format(n=formats.number(work.approvals))
    where = "approvals" if work.approvals else "activities"
    yield Figure(
        _("To approve"), [formats.number(waiting)], exceptions if work.approvals else "", address(request, where)
    )
    yield Figure(_("Open alerts"), [_count(work.alerts)], "", address(request, "alerts"))


def _accountant(request: DeskRequest, work: home.Work, on_account: OnAccount) -> Mine:
    day = home_roles.accountants_day(request.organization, request.actor.today)
    lines = sum(one.lines for one in day.unidentified)
    figures = [
        Figure(
            _("Unidentified money"),
            [_amount(one.amount, one.currency) for one in day.unidentified[:3]] or [_count(0)],
            ngettext("{n} movement of the bank", "{n} movements of the bank", lines).format(n=formats.number(lines))
            if lines
            else "",
            address(request, "reconcile"),
        ),
        Figure(
            _("Statements missing"),
            [_count(len(day.missing))],
            ", ".join(_through(request, one.name, one.bank_through) for one in day.missing[:2]),
            address(request, "reconcile_statements"),
        ),
        Figure(
            _("Credit to apply"),
            [_amount(amount, currency) for currency, (amount, _customers) in list(on_account.items())[:3]]
            or [_count(0)],
            _customers(sum(customers for _amounts, customers in on_account.values())),
            f"{address(request, 'payments')}?view=on_account",
        ),
        Figure(
            _("Payments they say they made"),
            [_count(work.claims)],
            _("to be looked for") if work.claims else "",
            address(request, "claims"),
        ),
        Figure(
            _("To close"),
            [_count(len(day.to_close))],
            _("books through {day}").format(day=formats.short_date(day.month_end, request.actor.today))
            if day.to_close
            else _("The books are closed"),
            f"{address(request, 'creditor', day.to_close[0].id)}#books"
            if len(day.to_close) == 1
            else address(request, "creditors"),
        ),
    ]
    if lines:
        title = ngettext("{n} movement of the bank to identify", "{n} movements of the bank to identify", lines)
        return Mine(figures, title.format(n=formats.number(lines)))
    if day.missing:
        title = ngettext("The bank of {n} creditor is behind", "The bank of {n} creditors is behind", len(day.missing))
        return Mine(figures, title.format(n=formats.number(len(day.missing))))
    return Mine(figures, _("All money is identified"))


def _through(request: DeskRequest, name: str, day: object) -> str:
    if day is None:
        return name
    return _("{creditor} since {day}").format(creditor=name, day=formats.short_date(day, request.actor.today))  # type: ignore[arg-type]


def _customers(number: int) -> str:
    if not number:
        return ""
    return ngettext("of {n} customer who owes", "of {n} customers who owe", number).format(n=formats.number(number))


def _count(number: int) -> str:
    return formats.up_to(number, home.ENOUGH)


def _amount(amount: Decimal, currency: str) -> str:
    return f"{currency} {formats.money(amount, currency)}"
