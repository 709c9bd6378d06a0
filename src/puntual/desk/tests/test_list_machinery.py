"""Every list: walked forward and back it is the full order, its file holds what it shows, and no other organization's rows."""

import csv
import io
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

import pytest
from django.http import HttpRequest, QueryDict
from django.test import Client
from django.utils import translation
from python_calamine import CalamineWorkbook

from conftest import TODAY, Cast, make_cast, make_member
from puntual.agreements.promises.actions import promise
from puntual.analytics.alerts.models import Alert
from puntual.audit.actions import Actor
from puntual.audit.models import Record
from puntual.desk.lists import asking, reading
from puntual.desk.lists.describing import List
from puntual.desk.lists.registry import LISTS
from puntual.desk.tests.book import Book, open_book
from puntual.disputes.actions import open_dispute
from puntual.disputes.models import Dispute
from puntual.kernel.problems import Problem
from puntual.organizations.models import SavedView
from puntual.outreach.models import Activity
from puntual.parties.models import Customer
from puntual.receivables.models import Hold
from puntual.tenancy.scope import acting_for

NAMES = ("Ñandú", "Álamos", "Zinc", "Minera", "Minera", "Pesquera", "Beta", "Ceibo", "Dunas")
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("morning")]


def fill(book: Book) -> None:
    """Customers, some of one name, with invoices in two currencies, money, promises, disputes and contacts."""
    for number, name in enumerate(NAMES):
        customer = book.customer(name, tags=["vip"] if number % 2 else [])
        item = book.invoice(
            customer, f"F-{number}", "100.00" if number < 4 else f"{number}50.00", due=-40 + number // 2
        )
        book.invoice(customer, f"G-{number}", "70.00", due=5, currency="USD" if number % 3 else "PEN")
        book.payment(customer, "10.00", day=-number // 2)
        book.activity(customer, item, state="proposed" if number % 2 else "done")
        promise(
            book.by(), customer.id, currency="PEN", promised_for=TODAY + timedelta(days=number // 2), item_ids=[item.id]
        )
        with book.inside():
            Alert.objects.create(
                organization_id=book.cast.id,
                kind="later",
                creditor=book.creditor,
                customer=customer,
                raised_on=TODAY - timedelta(days=number // 2),
                facts={"usual": 3, "now": 25, "weeks": 3},
            )
        if number < 7:
            open_dispute(book.by(), item.invoice_id, reason="price")


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[tuple[Book, Book]]:
    """Two organizations with the same in each; what a test changes is undone."""
    from django.db import transaction

    with django_db_blocker.unblock(), suppress(_Undo), transaction.atomic():
        cast = make_cast()
        book = open_book(cast)
        other = Cast(cast.other_organization, cast.outsider, cast.outsider, cast.organization, cast.owner)
        make_member(cast.organization, "manager", "manager@sembria.example")
        theirs = open_book(other)
        fill(book)
        fill(theirs)
        yield book, theirs
        raise _Undo


class _Undo(Exception):
    """Nothing of the module stays."""


@pytest.fixture
def book(world: tuple[Book, Book]) -> Iterator[Book]:
    from django.db import transaction

    with suppress(_Undo), transaction.atomic(), translation.override("es"):
        yield world[0]
        raise _Undo


@pytest.fixture
def owner(book: Book, client: Client) -> Client:
    client.force_login(book.cast.owner)
    return client


def asked_of(what: List, by: Actor, query: str):
    given = QueryDict(query)
    asked = asking.ask(what, by, given)
    sorts, _long = reading.offered(what, asked, reading.counted(what, by, asked))
    return reading.settled(what, asked, sorts), sorts


def page_at(what: List, by: Actor, query: str, size: int = 4):
    request = HttpRequest()
    request.GET = QueryDict(query)
    asked, _sorts = asked_of(what, by, query)
    return reading.page_of(what, by, asked, request, size)


def ids(what: List, page) -> list[UUID]:
    """The rows themselves: an invoice can stand in a list with several items."""
    return [getattr(row, "id", None) or what.id_of(row) for row in page]


def views_of(what: List, by: Actor) -> list[str]:
    view = next(one for one in what.filters if one.kind == "view")
    assert view.choices is not None
    return [f"{view.key}={key}" for key, _words in view.choices(by)]


@pytest.mark.parametrize("name", LISTS)
def test_every_order_walked_forward_and_back_is_the_whole_of_it(book: Book, name: str) -> None:
    what, by, walked = LISTS[name], book.by(), 0
    with book.inside():
        for view in views_of(what, by):
            for narrowed in ("", "&currency=PEN"):
                _asked, sorts = asked_of(what, by, view + narrowed)
                for sort in sorts:
                    for sign in ("", "-") if sort.both else ("",):
                        query = f"{view}{narrowed}&sort={sign}{sort.key}&cols=currency"
                        whole = ids(what, page_at(what, by, query, 1000))
                        pages = [page_at(what, by, query)]
                        while pages[-1].next:
                            pages.append(page_at(what, by, pages[-1].next[1:]))
                        assert [one for page in pages for one in ids(what, page)] == whole, query
                        back = [pages[-1]]
                        while back[-1].previous:
                            back.append(page_at(what, by, back[-1].previous[1:]))
                        assert [ids(what, page) for page in reversed(back)] == [ids(what, page) for page in pages], (
                            query
                        )
                        walked += len(pages) > 1
    assert walked >= 4, "the lists are too short to be walked"


@pytest.mark.parametrize("name", LISTS)
def test_an_order_and_its_reverse_are_one_another_backwards(book: Book, name: str) -> None:
    what, by = LISTS[name], book.by()
    with book.inside():
        for view in views_of(what, by):
            _asked, sorts = asked_of(what, by, view)
            for sort in (one for one in sorts if one.both):
                rising = ids(what, page_at(what, by, f"{view}&sort={sort.key}", 1000))
                assert ids(what, page_at(what, by, f"{view}&sort=-{sort.key}", 1000)) == rising[::-1]


@pytest.mark.parametrize("name", LISTS)
def test_the_files_hold_what_is_shown_in_its_order_and_columns(book: Book, owner: Client, name: str) -> None:
    what, by = LISTS[name], book.by()
    every = ",".join(column.key for column in what.columns)
    for view in views_of(what, by):
        for query in (view, f"{view}&cols={every}", f"{view}&currency=PEN&sort=-amount&cols={every}"):
            with book.inside():
                asked, _sorts = asked_of(what, by, query)
                rows = list(page_at(what, by, query, 1000))
                wanted = [
                    what.name_of(row) for row in rows for _line in ((what.lines(row) if what.lines else None) or (0,))
                ]
            answer = owner.get(f"/o/sembria/lists/{name}.csv?{query}")
            text = b"".join(answer.streaming_content).decode("utf-8-sig")
            header, *lines = list(csv.reader(io.StringIO(text)))
            assert header == list(asked.columns)
            naming = next(column.key for column in what.columns if column.value(rows[0]) == wanted[0]) if rows else ""
            assert [line[header.index(naming)] for line in lines] == wanted if rows else lines == []
            book_of = b"".join(owner.get(f"/o/sembria/lists/{name}.xlsx?{query}").streaming_content)
            sheet = CalamineWorkbook.from_filelike(io.BytesIO(book_of)).get_sheet_by_index(0).to_python()
            assert sheet[0] == [str(what.column(key).label) for key in asked.columns]
            assert [line[header.index(naming)] for line in sheet[1:]] == wanted if rows else len(sheet) == 1


@pytest.mark.parametrize("name", LISTS)
def test_no_other_organizations_rows(world: tuple[Book, Book], book: Book, name: str) -> None:
    what, theirs = LISTS[name], world[1]
    with theirs.inside():
        foreign = {
            one for view in views_of(what, theirs.by()) for one in ids(what, page_at(what, theirs.by(), view, 1000))
        }
    with book.inside():
        mine = {one for view in views_of(what, book.by()) for one in ids(what, page_at(what, book.by(), view, 1000))}
        assert mine
        assert foreign
        assert not mine & foreign


@pytest.mark.parametrize("name", LISTS)
def test_a_page_with_its_columns_and_headings(book: Book, owner: Client, name: str) -> None:
    what = LISTS[name]
    every = "&".join(f"cols={column.key}" for column in what.columns)
    answer = owner.get(f"{address_of(what)}?{every}")
    page = answer.content.decode()
    assert page.count("aria-sort=") == sum(
        1 for column in what.columns if column.sort in {s.key for s in answer.context["sorts"]}
    )
    in_order = page.count('aria-sort="ascending"') + page.count('aria-sort="descending"')
    assert in_order == any(column.sort == answer.context["asked"].sort for column in what.columns)
    assert len(answer.context["headings"]) == len(what.columns)
    assert page.count('name="cols"') == page.count(" checked>", page.index('name="cols"'))
    assert page.count(" selected>", page.index('id="in-order"')) == 1
    few = owner.get(f"{address_of(what)}?cols={what.columns[0].key}")
    assert len(few.context["headings"]) < len(what.columns)
    assert owner.get(f"{address_of(what)}?sort=nonsense&cols=nonsense&creditor=nonsense&from=x").status_code == 200


def address_of(what: List) -> str:
    from django.urls import reverse

    return reverse(what.address, args=("sembria",))


@pytest.mark.parametrize("name", LISTS)
def test_a_page_costs_the_same_for_two_and_for_fifty(
    book: Book, owner: Client, name: str, django_assert_max_num_queries
) -> None:
    what = LISTS[name]
    view = views_of(what, book.by())[-1] if name != "customers" else "view=all"
    costs = []
    for query in (f"{view}&q=zinc" if name not in ("invoices", "payments") else f"{view}&q=F-2", view):
        with django_assert_max_num_queries(40) as counted:
            assert owner.get(f"{address_of(what)}?{query}").status_code == 200
        costs.append(len(counted))
    assert costs[1] <= costs[0] + 2, costs


def test_a_sort_that_would_be_slow_is_not_offered_and_the_page_says_so(
    book: Book, owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "FEW_ROWS", 4)
    long = owner.get(f"{address_of(LISTS['invoices'])}?sort=-amount")
    assert [sort.key for sort in long.context["sorts"]] == ["due"]
    assert long.context["asked"].sort == "due"
    assert long.context["too_long"]
    few = owner.get(f"{address_of(LISTS['invoices'])}?sort=-amount&q=F-1")
    assert few.context["asked"].sort == "amount"
    assert not few.context["too_long"]


def test_a_file_has_an_end(book: Book, owner: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_IN_A_FILE", 3)
    assert owner.get("/o/sembria/lists/customers.csv").status_code == 422
    assert owner.get("/o/sembria/lists/nothing.csv").status_code == 404
    assert owner.get("/o/sembria/lists/customers.pdf").status_code == 404


class TestBulk:
    """Tick, see what would change, do it: one action, and what was left as it is with its reason."""

    def customers(self, book: Book) -> list[Customer]:
        with book.inside():
            return list(Customer.objects.filter(organization_id=book.cast.id).order_by("search_name", "id"))

    def test_the_preview_changes_nothing_and_says_what_the_action_then_does(self, book: Book, owner: Client) -> None:
        chosen = self.customers(book)[:3]
        with book.inside():
            Customer.objects.filter(id=chosen[0].id).update(owner=book.cast.colleague.id)
            before = Record.objects.count()
        path = "/o/sembria/lists/customers/bulk/assign"
        given = {"id": [str(one.id) for one in chosen], "owner": str(book.cast.colleague.id), "query": "view=all"}
        assert "3 elegidos" in owner.get(path, {"id": given["id"]}).content.decode()
        preview = owner.post(path, {**given, "step": "preview"})
        outcome = preview.context["outcome"]
        assert (outcome.done, sum(outcome.left.values())) == (2, 1)
        with book.inside():
            assert Customer.objects.filter(owner=book.cast.colleague.id).count() == 1
            assert Record.objects.count() == before
        done = owner.post(path, {**given, "step": "do"}, follow=True)
        assert "2 clientes" in done.content.decode()
        with book.inside():
            assert Customer.objects.filter(owner=book.cast.colleague.id).count() == 3
            assert Record.objects.count() == before + 1

    def test_everything_that_was_asked_for_and_nothing_else(self, book: Book, owner: Client) -> None:
        path = "/o/sembria/lists/customers/bulk/tag"
        given = {"everything": "1", "query": "q=minera", "tag": " muy  lenta ", "step": "do"}
        assert owner.post(path, given).status_code == 302
        with book.inside():
            tagged = Customer.objects.filter(tags__contains=["muy lenta"])
            assert {one.name for one in tagged} == {"Minera"}
            assert tagged.count() == 2
        owner.post("/o/sembria/lists/customers/bulk/untag", {**given, "query": "view=overdue"})
        with book.inside():
            assert not Customer.objects.filter(tags__contains=["muy lenta"]).exists()

    def test_handling_and_pausing(self, book: Book, owner: Client) -> None:
        all_of_them = {"everything": "1", "query": "", "step": "do"}
        path = "/o/sembria/lists/customers/bulk/"
        owner.post(path + "handle", {**all_of_them, "handling": "owner_only", "why": "Decisión de gerencia"})
        with book.inside():
            assert not Customer.objects.filter(handling="owner_only").exists()  # nobody has an owner
        until = (TODAY + timedelta(days=9)).isoformat()
        given = {**all_of_them, "reason": "person", "until": until, "note": "Feriado largo"}
        owner.post(path + "pause", given)
        again = owner.post(path + "pause", {**given, "step": "preview"})
        assert again.context["outcome"].done == 0
        with book.inside():
            assert Hold.objects.filter(note="Feriado largo").count() == len(NAMES)

    def test_contacts_promises_and_disputes(self, book: Book, owner: Client) -> None:
        with book.inside():
            proposed = Activity.objects.filter(state="proposed").count()
            disputes = list(Dispute.objects.values_list("id", flat=True))
        owner.post(
            "/o/sembria/lists/contacts/bulk/drop",
            {"everything": "1", "query": "view=proposed", "why": "x", "step": "do"},
        )
        owner.post(
            "/o/sembria/lists/disputes/bulk/assign",
            {"id": [str(one) for one in disputes], "owner": str(book.cast.colleague.id), "step": "do"},
        )
        owner.post(
            "/o/sembria/lists/promises/bulk/assign",
            {"everything": "1", "query": "", "owner": str(book.cast.owner.id), "step": "do"},
        )
        with book.inside():
            assert proposed
            assert Activity.objects.filter(state="dropped").count() == proposed
            assert set(Dispute.objects.values_list("owner_id", flat=True)) == {book.cast.colleague.id}
            assert set(Customer.objects.values_list("owner_id", flat=True)) == {book.cast.owner.id}

    def test_approving_the_ticked(self, book: Book, owner: Client) -> None:
        with book.inside():
            some = list(Activity.objects.order_by("id").values_list("id", "state"))
        given = {"id": [str(key) for key, _state in some]}
        preview = owner.get("/o/sembria/lists/contacts/bulk/approve", given)
        waiting = sum(state == "proposed" for _key, state in some)
        assert preview.context["outcome"].done == waiting
        assert sum(preview.context["outcome"].left.values()) == len(some) - waiting
        owner.post("/o/sembria/lists/contacts/bulk/approve", {**given, "step": "do"})
        with book.inside():
            assert Activity.objects.filter(state="queued").count() == waiting

    def test_only_who_may_and_only_of_the_own_organization(self, world, book: Book, client: Client) -> None:
        with world[1].inside():
            foreign = Customer.objects.filter(organization_id=world[1].cast.id).first()
        client.force_login(book.cast.owner)
        given = {"id": [str(foreign.id)], "tag": "x", "step": "do"}
        client.post("/o/sembria/lists/customers/bulk/tag", given)
        with world[1].inside():
            assert not Customer.objects.filter(tags__contains=["x"]).exists()
        client.force_login(make_member(book.cast.organization, "auditor", "auditor@sembria.example"))
        assert client.post("/o/sembria/lists/customers/bulk/tag", given).status_code == 403
        assert "bulk/tag" not in client.get("/o/sembria/customers/").content.decode()
        assert client.get("/o/sembria/lists/customers/bulk/nothing?id=x").status_code == 404

    def test_nothing_ticked_and_too_much(self, book: Book, owner: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        assert owner.get("/o/sembria/lists/customers/bulk/tag").status_code == 422
        monkeypatch.setattr(reading, "MOST_AT_ONCE", 2)
        with book.inside(), pytest.raises(Problem):
            asked = asking.ask(LISTS["customers"], book.by(), QueryDict(""))
            reading.chosen(LISTS["customers"], book.by(), asked, [], everything=True)


class TestViews:
    """Kept for oneself, or for everybody by whoever may change the settings."""

    def keep(self, client: Client, name: str, query: str, **more: str) -> int:
        return client.post(f"/o/sembria/lists/customers/keep?{query}", {"name": name, **more}).status_code

    def test_kept_found_again_and_given_up(self, book: Book, owner: Client) -> None:
        query = "view=overdue&currency=PEN&sort=-overdue&cols=code&cols=owner&after=xyz&nonsense=1"
        assert self.keep(owner, "Los míos", query) == 302
        assert self.keep(owner, "Los míos", query) == 302  # the same name: replaced
        with book.inside():
            kept = SavedView.objects.get()
        assert kept.query == "view=overdue&currency=PEN&sort=-overdue&cols=name%2Ccode%2Cowner"
        page = owner.get("/o/sembria/customers/")
        assert [one.name for one in page.context["views"]] == ["Los míos"]
        assert owner.get(f"/o/sembria/customers/?{kept.query}").context["asked"].columns == ("name", "code", "owner")
        owner.post(f"/o/sembria/lists/views/{kept.id}/remove")
        with book.inside():
            assert not SavedView.objects.exists()

    def test_own_ones_are_seen_by_nobody_else_and_shared_ones_by_all(self, book: Book, client: Client) -> None:
        client.force_login(book.cast.owner)
        self.keep(client, "Mío", "view=held")
        self.keep(client, "De todos", "view=overdue", shared="on")
        client.force_login(book.cast.colleague)
        assert [one.name for one in client.get("/o/sembria/customers/").context["views"]] == ["De todos"]
        self.keep(client, "Otro", "view=overdue", shared="on")  # a collector keeps views for themselves only
        with book.inside():
            views = {one.name: one for one in SavedView.objects.all()}
        assert views["Otro"].user_id == book.cast.colleague.id
        assert client.post(f"/o/sembria/lists/views/{views['Mío'].id}/remove").status_code == 404
        assert client.post(f"/o/sembria/lists/views/{views['De todos'].id}/remove").status_code == 422
        with acting_for(book.cast.id):
            assert SavedView.objects.count() == 3
