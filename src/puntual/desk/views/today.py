"""Today: what waits for the person, what changed, what is owed."""

import sys
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from puntual.daily.asking import Asked, asked
from puntual.daily.models import DayRun
from puntual.daily.rules import start_of
from puntual.desk import formats, home, words
from puntual.desk.navigation import pages
from puntual.desk.pages import DeskRequest, address, authority, needs, page
from puntual.desk.todays_figures import mine
from puntual.desk.views.imports import worker_lives
from puntual.disputes.queries import Waiting
from puntual.organizations.models import Membership
from puntual.strategies.words import REASONS

NOTABLE = Decimal("0.2")
"""The share of one customer in all that is overdue from which on it is worth a look."""


class Row(NamedTuple):
    """One kind of work: how many (counted up to `most`), what, of which, by when, and where it is done."""

    number: int
    what: str
    detail: str
    when: str
    href: str
    most: int = sys.maxsize

    @property
    def shown(self) -> str:
        """1,000+ where no more were counted."""
        return formats.up_to(self.number, self.most)


class Money(NamedTuple):
    """One currency of what is owed, with what each amount is made of."""

    owed: home.Owed
    open_parts: list[tuple[str, Decimal]]
    overdue_parts: list[tuple[str, Decimal]]
    invoices: str
    overdue_invoices: str
    made_of: str

    @property
    def open_id(self) -> str:
        return f"{self.owed.currency}-open"

    @property
    def overdue_id(self) -> str:
        return f"{self.owed.currency}-overdue"


class Note(NamedTuple):
    """Something worth a look: a customer or creditor, what about it, and the fact in numbers."""

    icon: str
    name: str
    href: str
    text: str
    fact: str


@require_GET
@needs("view")
def today(request: DeskRequest) -> HttpResponse:
    """Home."""
    organization, now, day = request.organization, request.actor.now, request.actor.today
    work = home.work(request.actor, organization, authority(request))
    since = home.since(organization.id, home.last_working_day(organization, day), day)
    owed = home.portfolio(organization.id, day, since)
    largest = home.largest(organization.id, day, owed)
    run = DayRun.objects.filter(organization_id=organization.id, day=day).order_by("-started_at", "-id").first()
    about = home.attention(organization, day, start_of(organization, since.day))
    own = mine(request, work, owed, about.on_account, run)
    preparing = asked(organization.id)
    return page(
        request,
        "desk/today.html",
        _("The day is being prepared") if preparing is Asked.RUNNING else own.title or _title(work, owed, run),
        place=formats.city(organization.time_zone),
        now=now,
        work=work,
        figures=own.figures,
        rows=list(_rows(request, work)),
        since=since,
        received=_as_listed(since.received, owed),
        fell_due=_as_listed(since.fell_due, owed),
        since_words=_since(since.day, day),
        portfolio_href=address(request, "portfolio" if pages["portfolio"] else "today"),
        money=[_money(row, largest.get(row.currency, [])) for row in owed],
        notes=list(_notes(request, owed, largest, about)),
        run=run,
        reasons=_reasons(run),
        preparing=preparing is Asked.RUNNING,
        not_prepared=preparing is Asked.FAILED,
        idle=preparing is Asked.RUNNING and not worker_lives(),
    )


def _title(work: home.Work, owed: list[home.Owed], run: DayRun | None) -> str:
    if work.to_approve:
        title = ngettext("{n} contact awaits your approval", "{n} contacts await your approval", work.to_approve)
        return title.format(n=formats.number(work.to_approve))
    if work.calls:
        return ngettext("{n} call to make", "{n} calls to make", work.calls).format(n=formats.number(work.calls))
    if work.letters:
        title = ngettext("{n} letter to print", "{n} letters to print", work.letters)
        return title.format(n=formats.number(work.letters))
    if work.tasks:
        return ngettext("{n} task to do", "{n} tasks to do", work.tasks).format(n=formats.number(work.tasks))
    if not owed:
        return _("There are no open invoices")
    return _("Nothing is left to do today") if run else _("The day is not prepared yet")


def _as_listed(amounts: Mapping[str, Decimal], owed: list[home.Owed]) -> list[tuple[str, Decimal]]:
    """Amounts by currency in the order in which the page's table has its currencies, then those it does not have."""
    places = {row.currency: place for place, row in enumerate(owed)}
    return sorted(amounts.items(), key=lambda pair: (places.get(pair[0], len(places)), pair[0]))


def _since(day: date, today: date) -> str:
    """Desde ayer, desde el viernes, desde el 18 de noviembre."""
    days = (today - day).days
    if days == 1:
        return _("Since yesterday")
    if days < 7:
        return _("Since {weekday}").format(weekday=formats.weekday(day))
    return _("Since {date}").format(date=formats.short_date(day, today))


def _rows(request: DeskRequest, work: home.Work) -> Iterator[Row]:
    if request.membership.role != Membership.Role.ACCOUNTANT:  # who says nothing to customers
        yield from _talk(request, work)
    if work.disputes.live:
        yield Row(work.disputes.live, _("Disputes to answer"), _late(work.disputes), "", address(request, "disputes"))
    if work.alerts:
        yours = ngettext("{n} is yours", "{n} are yours", work.alerts_mine) if work.alerts_mine else ""
        detail = yours.format(n=formats.up_to(work.alerts_mine, home.ENOUGH))
        yield Row(work.alerts, _("Alerts to look at"), detail, "", address(request, "alerts"), home.ENOUGH)
    if work.claims:
        found = _("Look for the money, and say whether it is there")
        said = _("Payments that customers say they made")
        yield Row(work.claims, said, found, "", address(request, "claims"), home.ENOUGH)
    if work.unproved:
        proves = _("They count once their delivery is proved")
        without = _("Notices without their proof")
        yield Row(work.unproved, without, proves, "", address(request, "proofs"), home.ENOUGH)
    if work.imports and pages["imports"]:
        names = ", ".join(job.file_name for job in work.imports)
        oldest = formats.ago(timezone.localtime(work.imports[0].created_at).date(), request.actor.today)
        yield Row(len(work.imports), _("Imports with a question"), names, oldest, address(request, "imports"))


def _talk(request: DeskRequest, work: home.Work) -> Iterator[Row]:
    if work.to_approve:
        yield Row(
            work.to_approve,
            _("Messages to approve"),
            ", ".join(words.tone_count(tone, count) for tone, count in work.tones.items()),
            _lapsing(work),
            address(request, "activities"),
        )
    if work.calls:
        first = work.first_call
        yield Row(
            work.calls,
            _("Calls to make"),
            _("First: {customer}").format(customer=first.customer.name) if first else "",
            _calls_now(work),
            address(request, "queue"),
        )
    if work.letters:
        printed = _("Gathered into a batch for the printer")
        yield Row(work.letters, _("Letters to print"), printed, "", address(request, "letters"))
    if work.tasks:
        yield Row(
            work.tasks,
            _("Tasks"),
            ", ".join(task.customer.name for task in work.first_tasks),
            "",
            address(request, "queue") + "?channel=internal",
        )
    if work.answers:
        late = ngettext("{n} is overdue", "{n} are overdue", work.answers_late) if work.answers_late else ""
        detail = late.format(n=formats.number(work.answers_late))
        yield Row(work.answers, _("Answers to read"), detail, "", address(request, "answers"))
    if work.approvals:
        beyond = _("Beyond the manual's limits, with a reason")
        yield Row(work.approvals, _("Exceptions to decide"), beyond, "", address(request, "approvals"))
    if unclear := work.unclear + work.failed:
        yield Row(unclear, _("Messages to clear up"), _unclear(work), "", address(request, "unclear"))


def _lapsing(work: home.Work) -> str:
    if work.lapses_at is None:
        return ""
    said = ngettext("{n} lapses today at {time}", "{n} lapse today from {time} on", work.lapsing)
    return said.format(
        n=formats.up_to(work.lapsing, home.ENOUGH), time=formats.clock(timezone.localtime(work.lapses_at))
    )


def _calls_now(work: home.Work) -> str:
    if not work.calls_now:
        return _("none at this hour")
    return ngettext("{n} can be made now", "{n} can be made now", work.calls_now).format(
        n=formats.number(work.calls_now)
    )


def _late(disputes: Waiting) -> str:
    """2 vencidas, 1 pasó a usted."""
    parts = []
    if disputes.overdue:
        said = ngettext("{n} is overdue", "{n} are overdue", disputes.overdue)
        parts.append(said.format(n=formats.number(disputes.overdue)))
    if disputes.yours:
        said = ngettext("{n} was handed to you", "{n} were handed to you", disputes.yours)
        parts.append(said.format(n=formats.number(disputes.yours)))
    return ", ".join(parts)


def _unclear(work: home.Work) -> str:
    parts = []
    if work.unclear:
        said = ngettext("{n} may or may not have arrived", "{n} may or may not have arrived", work.unclear)
        parts.append(said.format(n=formats.number(work.unclear)))
    if work.failed:
        parts.append(
            ngettext("{n} did not leave", "{n} did not leave", work.failed).format(n=formats.number(work.failed))
        )
    return ", ".join(parts)


def _money(row: home.Owed, shares: list[home.Share]) -> Money:
    by_age = [(words.age(name), amount) for name, amount in row.ages.items() if amount]
    named = [(share.name, share.overdue) for share in shares]
    rest = row.overdue - sum((amount for _name, amount in named), Decimal(0))
    overdue = by_age[1:] if row.ages["current"] else by_age
    if named:
        overdue = [*named, (_("All others"), rest)] if rest else named
    return Money(
        row,
        by_age,
        overdue,
        _invoices(row.invoices),
        _invoices(row.overdue_invoices),
        _made_of(row),
    )


def _made_of(row: home.Owed) -> str:
    """What the change of the overdue part consists of."""
    if row.taken_off is None:
        return ""
    text = _("Fell due and is open: {fell_due}. Paid, credited or written off: {taken_off}.")
    fell_due, taken_off = (formats.money(amount, row.currency) for amount in (row.fell_due, row.taken_off))
    return text.format(fell_due=fell_due, taken_off=taken_off)


def _invoices(count: int) -> str:
    return ngettext("{n} invoice", "{n} invoices", count).format(n=formats.number(count))


def _notes(
    request: DeskRequest, owed: list[home.Owed], largest: Mapping[str, list[home.Share]], about: home.Attention
) -> Iterator[Note]:
    for creditor in about.stale:
        known = min((day for day in (creditor.bank_through, creditor.invoices_through) if day), default=None)
        text = _("has no recent data") if known else _("has data of unknown date")
        fact = _("Known through {date}. Nothing firmer than friendly goes out until you import again.")
        if known is None:
            fact = _("Nothing firmer than friendly goes out until you say how recent it is.")
        through = formats.short_date(known, request.actor.today) if known else ""
        href = address(request, "creditor", creditor.id) if pages["creditor"] else ""
        yield Note("calendar-x", creditor.name, href, text, fact.format(date=through))
    for activity in about.refused:
        where = address(request, "activity", activity.id)
        yield Note(
            "mail-off",
            activity.customer.name,
            where,
            _("did not get our message"),
            _("The address was refused. Find another contact."),
        )
    for row in owed:
        shares = largest.get(row.currency)
        if shares and row.overdue and shares[0].overdue >= NOTABLE * row.overdue and row.overdue_invoices > len(shares):
            top = shares[0]
            share = formats.percent(top.overdue / row.overdue)
            href = address(request, "customer", top.customer_id) if pages["customer"] else ""
            fact = _("{currency} {part} of {whole}.").format(
                currency=row.currency,
                part=formats.money(top.overdue, row.currency),
                whole=formats.money(row.overdue, row.currency),
            )
            yield Note("chart-pie", top.name, href, _("owes {share} of what is overdue").format(share=share), fact)
    for currency, (amount, customers) in about.on_account.items():
        fact = ngettext(
            "Of {n} customer who owes in the same currency.",
            "Of {n} customers who owe in the same currency.",
            customers,
        )
        name = f"{currency} {formats.money(amount, currency)}"
        href = f"{address(request, 'payments')}?view=on_account&currency={currency}" if pages["payments"] else ""
        yield Note("coin", name, href, _("wait to be applied"), fact.format(n=formats.number(customers)))


def _reasons(run: DayRun | None) -> list[tuple[str, int]]:
    """Why nothing was planned for the others, the most frequent first."""
    if run is None:
        return []
    counts = sorted(run.report.get("nothing", {}).items(), key=lambda pair: -pair[1])
    known = {reason.value: text for reason, text in REASONS.items()}
    return [(_(known[code]), count) for code, count in counts if code in known]
