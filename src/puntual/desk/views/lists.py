"""Every list of the desk: its page, its file, its kept views, and what is done with many rows at once."""

import io
import tempfile
from collections.abc import Callable
from functools import partial
from typing import Any, BinaryIO, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from puntual.desk import agreeing, formats
from puntual.desk.keyset import Page
from puntual.desk.lists import asking, files, reading, showing
from puntual.desk.lists.describing import FEW_ROWS, Bulk, List, Reader
from puntual.desk.lists.forms import SaveViewForm
from puntual.desk.lists.registry import LISTS
from puntual.desk.pages import DeskRequest, address, fragment, needs, page
from puntual.desk.sheets import accepted, done, sheet
from puntual.desk.words import refusal
from puntual.kernel.bulk import Outcome
from puntual.organizations.models import SavedView
from puntual.organizations.roles import Permission, may
from puntual.organizations.saved_views.actions import may_share, remove_view, save_view
from puntual.organizations.saved_views.queries import views_of

GET_POST = ("GET", "POST")
TEMPLATE = "desk/parts/bulk_form.html"
FILES = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def listing(name: str) -> Callable[..., HttpResponseBase]:
    """The page of a list."""

    @require_GET
    @needs("view")
    def view(request: DeskRequest) -> HttpResponse:
        return _page(request, LISTS[name])

    return view


def _page(request: DeskRequest, what: List) -> HttpResponse:
    by = request.actor
    choosing = asking.Choosing(what, by)
    asked = asking.ask(what, by, request.GET, choosing)
    count = reading.counted(what, by, asked)
    sorts, too_long = reading.offered(what, asked, count)
    asked = reading.settled(what, asked, sorts)
    found = reading.page_of(what, by, asked, request) if count else Page([], "", "")
    query = asking.plain(request.GET)
    unsorted = query.copy()
    unsorted.pop("sort", None)
    role = request.membership.role
    reader = Reader(request.organization.slug, by.today, partial(address, request), role)
    return page(
        request,
        "desk/list.html",
        what.title(by, asked, count),
        list=what,
        asked=asked,
        rows=found,
        count=count,
        sorts=sorts,
        orders=[
            (f"-{sort.key}" if falls else sort.key, sort.label, falls, (sort.key, falls) == (asked.sort, asked.falling))
            for sort in sorts
            for falls in ((False, True) if sort.both else (sort.falling,))
        ],
        # The column that leads to the row's page always stays, and a currency comes with its amounts.
        columns=[
            (column.key, column.label, column.key in asked.columns)
            for column in what.columns
            if column.page is None and column.kind != "currency"
        ],
        too_long=too_long,
        few_rows=FEW_ROWS,
        headings=showing.headings(what, asked, sorts, unsorted.urlencode()),
        shown=showing.shown(what, asked, found.items, reader),
        filters=[(one, choosing.of[one.key], asked[one.key]) for one in what.filters],
        bulk=[one for one in what.bulk if may(role, one.permission)],
        query=query.urlencode(),
        views=views_of(request.organization.id, by.user_id, what.name),
        may_share=may_share(role),
        tabs=agreeing.tabs() if what.tabs == "agreements" else (),
        **_about_empty(what, asked.narrowed, role),
    )


def _about_empty(what: List, narrowed: bool, role: str) -> dict[str, Any]:
    return {
        "none": what.none_here if narrowed else what.empty,
        "narrowed": narrowed,
        "may_begin": may(role, what.empty.permission),
    }


def _list(name: str) -> List:
    if name not in LISTS:
        raise Http404
    return LISTS[name]


@require_GET
@needs("export")
def export(request: DeskRequest, name: str, kind: str) -> HttpResponse:
    """All rows that the page shows, in its order and its columns, as a file."""
    what = _list(name)
    if kind not in FILES:
        raise Http404
    by = request.actor
    asked = asking.ask(what, by, request.GET)
    asked = reading.settled(what, asked, reading.offered(what, asked, reading.counted(what, by, asked))[0])
    columns = [what.column(key) for key in asked.columns]
    lines = files.lines(what, columns, reading.every(what, by, asked))
    file = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115 - the response closes it
    if kind == "xlsx":
        files.write_xlsx(str(what.label), by.today, columns, lines, file)
    else:
        # The mark of the encoding is for spreadsheets, which else show accents as two signs.
        text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
        files.write_csv(columns, lines, text)
        text.detach()
    file.seek(0)
    file_name = f"{request.organization.slug}-{what.name}-{by.today}.{kind}"
    return FileResponse(file, as_attachment=True, filename=file_name, content_type=FILES[kind])  # type: ignore[return-value]


@require_http_methods(GET_POST)
@needs("view")
def keep_view(request: DeskRequest, name: str) -> HttpResponse:
    """Keep the view of a list that the address shows."""
    what = _list(name)
    query = asking.tidy(what, request.actor, request.GET.urlencode())
    back = f"{address(request, what.address)}?{query}"
    form = SaveViewForm(request.POST or None, may_share=may_share(request.membership.role))
    if request.method == "POST" and accepted(
        form,
        lambda given: save_view(request.actor, what.name, given["name"], query, shared=bool(given.get("shared"))),
    ):
        messages.success(request, _("The view is kept."))
        return done(request, back)
    about = _("What is shown, in which order and with which columns, under a name of your own.")
    return sheet(request, form, _("Keep this view"), back, verb=_("Keep"), about=about)


@require_POST
@needs("view")
def drop_view(request: DeskRequest, view_id: UUID) -> HttpResponse:
    """Give a view up."""
    try:
        found = remove_view(request.actor, view_id)
    except SavedView.DoesNotExist as missing:
        raise Http404 from missing
    messages.success(request, _("The view is removed."))
    what = LISTS.get(found.list_name)
    return HttpResponseRedirect(address(request, what.address if what else "today"))


@require_http_methods(GET_POST)
@needs("view")
def bulk(request: DeskRequest, name: str, action: str) -> HttpResponse:
    """Ask what has to be known, show what would change, and do it: what was ticked, or everything the list shows."""
    what = _list(name)
    one = next((one for one in what.bulk if one.name == action), None)
    if one is None:
        raise Http404
    if not may(request.membership.role, one.permission):
        raise PermissionDenied(refusal(request.membership.role, Permission(one.permission)))
    by, given = request.actor, request.POST if request.method == "POST" else request.GET
    query = QueryDict(given.get("query", "")[:2000])
    everything = given.get("everything") == "1"
    ids = reading.chosen(what, by, asking.ask(what, by, query), asking.ids_of(given.getlist("id")), everything)
    back = f"{address(request, what.address)}?{asking.plain(query).urlencode()}"
    form = one.form(by, request.POST if request.method == "POST" else None)
    asks = bool(form.fields)
    context: dict[str, Any] = {
        "chosen": len(ids),
        "ids": [] if everything else ids,
        "everything": everything,
        "query": query.urlencode(),
        "outcome": None,
    }
    step = request.POST.get("step", "")
    if not asks and request.method == "GET":
        form, step = one.form(by, QueryDict()), "preview"
    if step == "do" and accepted(form, lambda values: context.update(outcome=one.act(by, ids, values))):
        _say(request, one, context["outcome"])
        return done(request, back)
    if step == "preview":
        accepted(form, lambda values: context.update(outcome=_tried(one, request, ids, values)))
    return _asked(request, one, form, back, context)


def _tried(one: Bulk, request: DeskRequest, ids: list[UUID], values: dict[str, Any]) -> Outcome:
    """What doing it comes to: it is done, and taken back."""
    with transaction.atomic():
        outcome = one.act(request.actor, ids, values)
        transaction.set_rollback(True)
    return outcome


def _asked(request: DeskRequest, one: Bulk, form: forms.Form, back: str, context: dict[str, Any]) -> HttpResponse:
    outcome: Outcome | None = context["outcome"]
    said = {
        "would": one.would(outcome.done) if outcome else "",
        "left": _left(outcome) if outcome else [],
        "previewed": outcome is not None,
        "would_any": bool(outcome and outcome.done),
    }
    status = 422 if form.is_bound and not form.is_valid() else 200
    shown: dict[str, Any] = {
        "form": form,
        "title": str(one.label),
        "back": back,
        "verb": _("Do it") if outcome else _("See what would change"),
        "about": str(one.about),
        "where": request.path,
        **context,
        **said,
    }
    if request.htmx:
        return fragment(request, TEMPLATE, status, sheet=TEMPLATE, **shown)
    title = shown.pop("title")
    return page(request, "desk/sheet.html", title, status=status, sheet=TEMPLATE, **shown)


def _left(outcome: Outcome) -> list[str]:
    """Why some stay as they are, each with how many: "12: it is so already"."""
    words = _("{n}: {why}")
    return [words.format(n=formats.number(count), why=_(why)) for why, count in outcome.left.items()]


def _say(request: DeskRequest, one: Bulk, outcome: Outcome) -> None:
    """What was done, and what was left as it is and why."""
    said = [one.said(outcome.done)]
    if outcome.left:
        said.append(_("Left as they are: {reasons}.").format(reasons="; ".join(_left(outcome))))
    (messages.success if outcome.done else messages.warning)(request, " ".join(said))
