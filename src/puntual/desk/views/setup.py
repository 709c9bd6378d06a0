"""Setting up: the six lines from nothing to the first day, the day itself, and going live."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods

from puntual.desk import formats, navigation
from puntual.desk.pages import DeskRequest, address, needs, page
from puntual.desk.readiness import MINUTES, MOST, Readiness
from puntual.organizations.roles import may
from puntual.outreach.actions import end_rehearsal
from puntual.strategies.words import TONES

BLOCKERS = {
    "no_data": (gettext_lazy("There is nothing open yet: bring your invoices in."), "imports"),
    "no_sender": (gettext_lazy("No creditor has a verified sender: nothing could leave."), "identity"),
    "no_manual": (gettext_lazy("No manual is active."), "manual"),
}
LACKS = {
    "sender": gettext_lazy("a verified sender"),
    "signs_as": gettext_lazy("who signs"),
    "tax_id": gettext_lazy("the tax ID"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One of the six. `facts` say how it stands, `lacks` what is missing, each with where it is mended (or "")."""

    code: str
    title: str | Promise
    gives: str | Promise
    href: str
    action: str | Promise
    done: bool
    minutes: int
    facts: list[str] = field(default_factory=list)
    lacks: list[tuple[str, str]] = field(default_factory=list)


@require_GET
@needs("view")
def setup(request: DeskRequest) -> HttpResponse:
    """The set-up page."""
    ready = readiness(request)
    lines = [_line(request, ready, code) for code in MINUTES]
    left = [line for line in lines if not line.done]
    title = _("Everything is set up")
    if left:
        title = ngettext("{n} step is left, about {minutes} min", "{n} steps are left, about {minutes} min", len(left))
        title = title.format(n=len(left), minutes=sum(line.minutes for line in left))
    return page(request, "desk/setup.html", title, lines=lines, primary=_primary(ready, left), ready=ready)


@require_http_methods(["GET", "POST"])
@needs("go_live")
def go_live(request: DeskRequest) -> HttpResponse:
    """End the rehearsal: what it will mean, what is missing, and the organization's name typed to confirm."""
    ready = readiness(request)
    wrong = ""
    if request.method == "POST" and not ready.blockers:
        if request.POST.get("name", "").strip() == request.organization.name:
            end_rehearsal(request.actor)
            messages.success(request, _("You are live. From now on what you approve leaves."))
            return redirect(address(request, "today"))
        wrong = _("Type the name exactly as it is written here.")
    title = _("{name} is live") if request.organization.is_live else _("Go live with {name}")
    blockers = [(text, address(request, where)) for text, where in (BLOCKERS[code] for code in ready.blockers)]
    return page(
        request,
        "desk/go_live.html",
        title.format(name=request.organization.name),
        422 if wrong or (request.method == "POST" and blockers) else 200,
        ready=ready,
        blockers=blockers,
        rehearsed=_at_most(ready.captured),
        wrong=wrong,
    )


def readiness(request: DeskRequest) -> Readiness:
    """How far this organization is, today."""
    return Readiness(request.organization, request.actor.today, request.actor.now)


def _primary(ready: Readiness, left: list[Line]) -> str:
    """The one thing to do next: data first, then a first day to read, then what is still left."""
    if not ready.open_items:
        return "data"
    if ready.waiting["messages"]:
        return "approve"
    return left[0].code if ready.run_today and left else "plan"


def _line(request: DeskRequest, ready: Readiness, code: str) -> Line:
    makers: dict[str, Callable[[DeskRequest, Readiness], Line]] = {
        "data": _data,
        "look": _look,
        "who": _who,
        "channels": _channels,
        "manual": _manual,
        "live": _live,
    }
    return makers[code](request, ready)


def _at_most(count: int) -> str:
    return formats.up_to(count, MOST)


def _data(request: DeskRequest, ready: Readiness) -> Line:
    facts = []
    if ready.open_items:
        items = ngettext("{n} open item", "{n} open items", ready.open_items)
        who = ngettext("of {n} customer", "of {n} customers", ready.customers)
        facts.append(f"{items.format(n=formats.number(ready.open_items))} {who.format(n=_at_most(ready.customers))}")
        facts += [f"{currency} {formats.money(amount, currency)}" for currency, (_n, amount) in ready.portfolio.items()]
    if ready.last_import:
        when = formats.ago(timezone.localtime(ready.last_import.created_at).date(), ready.today)
        facts.append(_("last file: {file}, {when}").format(file=ready.last_import.file_name, when=when))
    return Line(
        "data",
        _("Bring your data in"),
        _("A spreadsheet of invoices is enough: customers, amounts and due dates come with it."),
        address(request, "new_import" if may(request.membership.role, "import") else "imports"),
        _("Import another file") if ready.open_items else _("Import a file"),
        ready.done["data"],
        MINUTES["data"],
        facts,
    )


def _look(request: DeskRequest, ready: Readiness) -> Line:
    facts, lacks = [], []
    if ready.open_items:
        known = [creditor.bank_through for creditor in ready.creditors if creditor.bank_through]
        if known and not ready.undated:
            facts.append(_("payments known through {day}").format(day=formats.short_date(min(known), ready.today)))
        if ready.unreachable:
            text = ngettext(
                "{n} customer has no e-mail and no phone",
                "{n} customers have no e-mail and no phone",
                ready.unreachable,
            )
            lacks.append((text.format(n=_at_most(ready.unreachable)), _href(request, "customers")))
    if ready.open_items and ready.undated:
        text = _("until when are your payments known? Until you say so, nothing firmer than friendly goes out")
        lacks.append((text, address(request, "creditor", ready.undated[0].id) + "#through"))
    return Line(
        "look",
        _("Look at it"),
        _("Whether the balances are right, and until which day they are: nobody is asked for what is paid."),
        _href(request, "portfolio") or _href(request, "customers") or address(request, "imports"),
        _("See the portfolio"),
        ready.done["look"],
        MINUTES["look"],
        facts,
        lacks,
    )


def _who(request: DeskRequest, ready: Readiness) -> Line:
    lacks = []
    for state in ready.incomplete_creditors[:3]:
        missing = [str(LACKS[name]) for name in state.lacks]
        missing += [_("an account in {currency}").format(currency=currency) for currency in state.without_account]
        text = (
            f"{state.creditor.name}: {formats.listed(missing)}" if len(ready.creditors) > 1 else formats.listed(missing)
        )
        where = "senders" if state.lacks == ("sender",) else "creditor"
        lacks.append((text, address(request, where, state.creditor.id)))
    only = ready.creditors[0] if len(ready.creditors) == 1 else None
    count = ngettext("{n} creditor", "{n} creditors", len(ready.creditors)).format(
        n=formats.number(len(ready.creditors))
    )
    return Line(
        "who",
        _("Say who you are"),
        _("Your name, signature and bank accounts stand in every message."),
        address(request, "creditor", only.id) if only else address(request, "creditors"),
        _("Complete your data") if lacks else _("See your data"),
        ready.done["who"],
        MINUTES["who"],
        [only.name if only else count] if not lacks else [],
        lacks,
    )


def _channels(request: DeskRequest, ready: Readiness) -> Line:
    facts = [_("e-mails: {n} a day").format(n=formats.number(ready.emails_per_day))] if ready.emails_per_day else []
    facts.append(_("calls: {n} more today").format(n=formats.number(ready.calls_today)))
    lacks = []
    if not ready.mail_server:
        lacks.append((_("no mail server yet: needed to go live, not to rehearse"), address(request, "channels")))
    return Line(
        "channels",
        _("Check the channels"),
        _("How messages leave, and how many a day you can take on."),
        address(request, "channels"),
        _("See the channels"),
        ready.done["channels"],
        MINUTES["channels"],
        facts,
        lacks,
    )


def _manual(request: DeskRequest, ready: Readiness) -> Line:
    facts, lacks = [], []
    if manual := ready.manual:
        facts.append(manual.name)
        facts.append(ngettext("{n} step", "{n} steps", len(manual.steps)).format(n=formats.number(len(manual.steps))))
        tones = list(dict.fromkeys(step.tone for step in manual.steps if step.tone))
        if len(tones) > 1:
            facts.append(_("from {first} to {last}").format(first=_(TONES[tones[0]]), last=_(TONES[tones[-1]])))
    else:
        lacks.append((_("no manual is active"), ""))
    return Line(
        "manual",
        _("Read the manual"),
        _("When what is said, by which channel and in which tone. It comes ready; read it once."),
        address(request, "manual"),
        _("Read the manual"),
        ready.done["manual"],
        MINUTES["manual"],
        facts,
        lacks,
    )


def _live(request: DeskRequest, ready: Readiness) -> Line:
    facts = []
    if ready.organization.live_since:
        day = ready.organization.live_since.astimezone().date()
        facts.append(_("live since {day}").format(day=formats.short_date(day, ready.today)))
    if ready.run_today:
        messages_, calls, tasks = ready.waiting["messages"], ready.waiting["calls"], ready.waiting["tasks"]
        facts.append(
            ngettext("{n} message to approve", "{n} messages to approve", messages_).format(n=_at_most(messages_))
        )
        facts.append(ngettext("{n} call to make", "{n} calls to make", calls).format(n=_at_most(calls)))
        if tasks:
            facts.append(ngettext("{n} task to do", "{n} tasks to do", tasks).format(n=_at_most(tasks)))
    if ready.captured:
        text = ngettext("{n} in the capture mailbox", "{n} in the capture mailbox", ready.captured)
        facts.append(text.format(n=_at_most(ready.captured)))
    return Line(
        "live",
        _("Rehearse, then go live"),
        _("Prepare the day, approve, read what would have left. When it reads well, let it leave."),
        address(request, "go_live"),
        _("Go live"),
        ready.done["live"],
        MINUTES["live"],
        facts,
    )


def _href(request: DeskRequest, name: str) -> str:
    return address(request, name) if navigation.pages[name] else ""
