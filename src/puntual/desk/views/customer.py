"""A customer's page: who, how to reach them now, what they owe, the next step and why; then one tab at a time."""

from collections.abc import Callable
from itertools import groupby
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from puntual.analytics.alerts.queries import open_alerts_of
from puntual.analytics.habits import behavior_of
from puntual.daily.why import Explanation, explain
from puntual.desk import account, alerting, customer_files, history, reach
from puntual.desk.answer_habits import answer_habits
from puntual.desk.coming import Coming, coming, under_way
from puntual.desk.consenting import told
from puntual.desk.customer_agreements import parts_of
from puntual.desk.formats import sentence
from puntual.desk.history import asking
from puntual.desk.keyset import paginate
from puntual.desk.pages import DeskRequest, address, fragment, needs, page
from puntual.desk.paying import paying
from puntual.desk.preferring import preference_words
from puntual.desk.standing import standings
from puntual.kernel.problems import N_, Problem
from puntual.organizations.queries import members_of
from puntual.outreach.limitation_words import limitation_in_sentences
from puntual.outreach.limitations import facts_of
from puntual.outreach.notes.actions import DECIDE
from puntual.parties.models import ContactPoint, Customer, Party, Person
from puntual.parties.preferences.queries import preferences_of
from puntual.receivables.grouping import grouped
from puntual.receivables.queries import open_items

SIZE = 30
TABS = {
    "history": N_("History"),
    "invoices": N_("Invoices"),
    "agreements": N_("Agreements"),
    "people": N_("People"),
    "behavior": N_("Behavior"),
    "files": N_("Files"),
}


def find(request: DeskRequest, customer_id: UUID) -> Customer:
    """The customer with its creditor, party and owner. Raises Http404."""
    rows = Customer.objects.select_related("creditor", "party", "owner", "paid_by")
    return get_object_or_404(rows, organization_id=request.organization.id, id=customer_id)


@require_GET
@needs("view")
def customer(request: DeskRequest, customer_id: UUID, tab: str = "history") -> HttpResponse:
    """The page with one of its tabs; the query narrows the time line (`history.asking`), `?before=` continues it."""
    if tab not in TABS:
        raise Http404
    found = find(request, customer_id)
    if tab == "history" and request.htmx and request.GET.get("before"):
        return fragment(request, "desk/parts/history.html", customer=found, **_history(request, found))
    context = _head(request, found)
    context |= _TABS[tab](request, found, context)
    return page(request, f"desk/customer_{tab}.html", found.name, customer=found, tab=tab, **context)


def _head(request: DeskRequest, found: Customer) -> dict[str, Any]:
    by = request.actor
    items = open_items(by.organization_id, [found.id])
    explanation, missing = _explained(request, found)
    holds = account.holds_now(by, found)
    lights = reach.lights(explanation, by.now) if explanation else []
    return {
        "items": items,
        "holds": holds,
        "standings": standings(items, by.today).get(found.id, []),
        "credits": account.credits(by, found),
        "lights": lights,
        "local_time": reach.local_time(found.time_zone, by.now),
        "followed": explanation.followed if explanation else "",
        "coming": coming(by, found, explanation, under_way(by.organization_id, found.id)) or Coming(missing, ""),
        "stopped": found.party.status != Party.Status.ACTIVE,
        "tabs": [(name, _(words), _count(name, items, holds)) for name, words in TABS.items()],
        "whole_hold": next((hold for hold in holds if hold.invoice_id is None and hold.installment_id is None), None),
    }


def _explained(request: DeskRequest, found: Customer) -> tuple[Explanation | None, str]:
    """What today decides; or nothing, and the sentence that says what is missing for it."""
    try:
        return explain(request.actor, found), ""
    except Problem as problem:
        return None, sentence(problem)


def _count(tab: str, items: list[Any], holds: list[Any]) -> int | None:
    return {"invoices": len(items), "agreements": len(holds)}.get(tab)


def _history(request: DeskRequest, found: Customer) -> dict[str, Any]:
    by = request.actor
    ours = {one.user_id: str(one.user) for one in members_of(by.organization_id, by.today)}
    narrowed = asking.asked(request.GET, ours)
    whose = history.Whose(found.id, found.party_id, request.organization.time_zone)
    before = asking.moment_of(request.GET.get("before", ""))
    moments = history.latest(by, whose, narrowed, before, SIZE + 1)
    events = history.events(by, whose, moments[:SIZE])
    more = ""
    if len(moments) > SIZE:
        query = request.GET.copy()
        query["before"] = asking.key_of(moments[SIZE - 1])
        more = f"{address(request, 'customer', found.id)}?{query.urlencode()}"
    return {
        "narrowed": narrowed,
        "ours": ours,
        "days": [(day, list(of_day)) for day, of_day in groupby(events, key=lambda event: event.day)],
        "more": more,
        "decides": request.membership.role in DECIDE,
    }


def _history_tab(request: DeskRequest, found: Customer, head: dict[str, Any]) -> dict[str, Any]:
    behavior = behavior_of(request.organization.id, found.id)
    people = _people(request, found)
    theirs = [(entry["person"].id, entry["person"].name) for entry in people if entry["person"]]
    told = _history(request, found)
    return {
        **told,
        "filters": asking.offer(told["narrowed"], theirs, sorted(told["ours"].items(), key=lambda one: one[1])),
        "alerts": [alerting.shown(one) for one in open_alerts_of(request.organization.id, found.id)],
        "behavior": behavior,
        "paying": paying(behavior),
        "people": [entry for entry in people if entry["now"]],
        "first_items": head["items"][:8],
    }


def _invoices_tab(request: DeskRequest, found: Customer, head: dict[str, Any]) -> dict[str, Any]:
    closed = account.settled(request.organization.id, found.id)
    return {
        "groups": grouped(head["items"], head["holds"], request.actor.today),
        "closed": paginate(closed, request, by=("settled_on", "id"), descending=True, size=25),
    }


def _agreements_tab(request: DeskRequest, found: Customer, head: dict[str, Any]) -> dict[str, Any]:
    ahead, over = account.other_holds(request.actor, found)
    limits = limitation_in_sentences(request.organization.id, found.id, request.actor.today)
    facts = facts_of(request.organization.id, found.id)
    return {"parts": parts_of(request, found), "ahead": ahead, "over": over, "limits": limits, "claim_facts": facts}


def _people_tab(request: DeskRequest, found: Customer, head: dict[str, Any]) -> dict[str, Any]:
    people = _people(request, found)
    points = [point for entry in people for point in (*entry["points"], *entry["retired"])]
    names = {entry["person"].id: entry["person"].name for entry in people if entry["person"]}
    wishes = preferences_of(request.organization.id, found.id)
    for entry in people:
        entry["prefers"] = preference_words(wishes.get(entry["person"].id)) if entry["person"] else ""
    return {
        "prefers": preference_words(wishes.get(None)),
        "told": told(request.organization.id, points, names),
        "people": [entry for entry in people if entry["now"]],
        "former": [entry for entry in people if not entry["now"]],
    }


def _behavior_tab(request: DeskRequest, found: Customer, head: dict[str, Any]) -> dict[str, Any]:
    behavior = behavior_of(request.organization.id, found.id)
    return {"behavior": behavior, "paying": paying(behavior), "habits": answer_habits(request, found)}


def _files_tab(request: DeskRequest, found: Customer, head: dict[str, Any]) -> dict[str, Any]:
    kind = request.GET.get("kind", "all")
    kind = kind if kind in customer_files.KINDS else "all"
    files, key = customer_files.files_of(request.organization.id, found.id, kind, request.GET.get("before", ""))
    return {
        "files": [(one, address(request, one.page, *one.arguments)) for one in files],
        "kind": kind,
        "kinds": [(name, customer_files.label(name)) for name in customer_files.KINDS],
        "more": f"?{urlencode({'kind': kind, 'before': key})}" if key else "",
    }


_TABS: dict[str, Callable[[DeskRequest, Customer, dict[str, Any]], dict[str, Any]]] = {
    "history": _history_tab,
    "invoices": _invoices_tab,
    "agreements": _agreements_tab,
    "people": _people_tab,
    "behavior": _behavior_tab,
    "files": _files_tab,
}


def _people(request: DeskRequest, found: Customer) -> list[dict[str, Any]]:
    """Each person with its points, and the points of nobody in particular; `now` is whether somebody can be reached there."""
    mine = {"organization_id": request.organization.id, "customer": found}
    points: dict[UUID | None, list[ContactPoint]] = {}
    for point in ContactPoint.objects.filter(**mine).order_by("kind", "value"):
        points.setdefault(point.person_id, []).append(point)
    today = request.actor.today
    entries = [
        {
            "person": person,
            "points": [point for point in points.get(person.id, []) if point.retired_on is None],
            "retired": [point for point in points.get(person.id, []) if point.retired_on is not None],
            "now": person.ends_on is None or person.ends_on >= today,
        }
        for person in Person.objects.filter(**mine).order_by("name", "id")
    ]
    if loose := points.get(None):
        entries.append(
            {
                "person": None,
                "points": [point for point in loose if point.retired_on is None],
                "retired": [point for point in loose if point.retired_on is not None],
                "now": True,
            }
        )
    return entries
