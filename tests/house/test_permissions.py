"""Each role × each page and action, in one table (permissions.txt): what is allowed, what is refused, and what is not there.

The views are called as the addresses resolve, in a transaction that is undone, with one of the cast's own calls where an
address asks for one: a refusal must come before anything is looked for. That requests reach them only through the
organization's scope is tried by test_isolation.py over HTTP.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from django.contrib.messages.storage.fallback import FallbackStorage
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest
from django.test import Client, RequestFactory
from django.urls import URLPattern, get_resolver, resolve, reverse
from django_htmx.middleware import HtmxDetails

from conftest import NOW, TODAY, Cast
from puntual.audit.actions import Actor
from puntual.desk.lists.registry import LISTS
from puntual.desk.tests.book import open_book
from puntual.kernel.ids import uuid7
from puntual.kernel.problems import Problem
from puntual.organizations.models import Membership, User
from puntual.organizations.roles import ROLES
from puntual.tenancy.scope import acting_for
from tests.house.test_isolation import BACKEND, fill

TABLE = Path(__file__).with_name("permissions.txt")
LETTERS = {"o": "owner", "m": "manager", "c": "collector", "a": "accountant", "u": "auditor"}
METHODS = ("GET", "POST")
WITHOUT_TOKEN = {"stop_messages", "meta_hook", "twilio_hook", "mail_hook", "stripe_hook", "mercadopago_hook"}
"""What other machines post to: a signed key or the signature of the body is the permission, there is no form of ours."""


def table(part: str) -> dict[str, dict[str, str]]:
    """What a part of the table says: by page and method the letters, one word, or a dash."""
    rows: dict[str, dict[str, str]] = {}
    here = ""
    for line in TABLE.read_text().splitlines():
        if line.startswith("["):
            here = line.strip("[]")
        elif line and not line.startswith("#") and here == part:
            name, *cells = line.split()
            assert name not in rows, f"{name} stands twice in the table"
            rows[name] = dict(zip(METHODS, cells, strict=True))
    return rows


def routes() -> Iterator[tuple[str, URLPattern]]:
    """Every address there is, with what leads to it."""

    def walk(patterns: list, prefix: str) -> Iterator[tuple[str, URLPattern]]:
        for one in patterns:
            if isinstance(one, URLPattern):
                yield prefix + str(one.pattern), one
            else:
                yield from walk(one.url_patterns, prefix + str(one.pattern))

    return walk(list(get_resolver().url_patterns), "")


INSIDE = [(route, pattern) for route, pattern in routes() if route.startswith("o/<slug:slug>/")]
OUTSIDE = [(route, pattern) for route, pattern in routes() if not route.startswith("o/<slug:slug>/")]


@dataclass
class House:
    """An organization with one member in each role, and a call on its list."""

    cast: Cast
    members: dict[str, Membership]
    call: UUID

    def answer(self, path: str, method: str, role: str) -> int:
        """The status a member gets: what the view does is undone."""
        membership = self.members[role]
        request: HttpRequest = getattr(RequestFactory(), method.lower())(path)
        request.user, request.session, request.htmx = membership.user, {}, HtmxDetails(request)
        request.organization, request.membership = self.cast.organization, membership
        request.organizations, request.problem = [self.cast.organization], None
        request.LANGUAGE_CODE = "es"
        request.actor = Actor(self.cast.id, NOW, TODAY, membership.user_id, str(membership.user))
        request._messages = FallbackStorage(request)
        view, arguments, named = resolve(path)
        with transaction.atomic():
            try:
                return view(request, *arguments, **named).status_code
            except PermissionDenied:
                return 403
            except Http404:
                return 404
            except Problem:
                return 422
            finally:
                transaction.set_rollback(True)


@pytest.fixture
def house(cast: Cast) -> House:
    book = open_book(cast)
    customer = book.customer("Textiles Quenara S.A.")
    with acting_for(cast.id):
        call = book.activity(customer, book.invoice(customer, "F-1", due=-20), state="to_do", channel="call", value=1)
    members = {}
    for role in ROLES:
        user = User.objects.create_user(f"{role}@roles.example", None, name=role)
        members[role] = Membership.objects.create(user=user, organization=cast.organization, role=role)
    return House(cast, members, call.id)


def test_every_address_has_its_row_and_every_row_its_address() -> None:
    for part, there in (("inside", INSIDE), ("outside", OUTSIDE)):
        names = [pattern.name for _route, pattern in there]
        assert all(names), "an address without a name"
        assert len(set(names)) == len(names), "two addresses with one name"
        assert set(names) == set(table(part)), f"[{part}] of {TABLE.name}"


def test_each_role_gets_what_the_table_says_and_nothing_else(house: House) -> None:
    wrong, rows = [], table("inside")
    with acting_for(house.cast.id):
        for route, pattern in INSIDE:
            key = house.call if "activity_id" in pattern.pattern.converters else uuid7()
            path = fill(route, pattern, house.cast.organization.slug, key)
            for method, letters in rows[pattern.name].items():
                # What is not there is so for everybody: it need be asked once.
                for letter, role in LETTERS.items() if letters != "-" else [("u", "auditor")]:
                    status = house.answer(path, method, role)
                    said = "nothing" if status == 405 else "refused" if status == 403 else "allowed"
                    expected = "nothing" if letters == "-" else "allowed" if letter in letters else "refused"
                    if said != expected or status >= 500:
                        wrong.append(f"{pattern.name} {method} {role}: {said} ({status}), the table says {expected}")
    assert wrong == []


def test_what_a_list_does_with_many_rows_is_for_the_roles_of_its_row(house: House) -> None:
    rows, wrong = table("bulk"), []
    assert set(rows) == {f"{name}/{one.name}" for name, what in LISTS.items() for one in what.bulk}
    with acting_for(house.cast.id):
        for action, row in rows.items():
            path = reverse("list_bulk", args=(house.cast.organization.slug, *action.split("/")))
            for method, letters in row.items():
                for letter, role in LETTERS.items():
                    status = house.answer(path, method, role)
                    if (status == 403) == (letter in letters) or status >= 500:
                        wrong.append(f"{action} {method} {role}: {status}, the table says {letters}")
    assert wrong == []


def test_the_table_knows_every_role() -> None:
    assert set(LETTERS.values()) == set(ROLES)
    for name, row in (table("inside") | table("bulk")).items():
        for letters in row.values():
            assert letters == "-" or set(letters) <= set(LETTERS), name
            assert letters == "-" or "o" in letters, f"{name}: an owner may do everything"


def test_outside_an_organization_only_what_is_for_anyone_answers(db: None, cast: Cast) -> None:
    wrong, rows = [], table("outside")
    member = Client()
    for route, pattern in OUTSIDE:
        member.force_login(cast.colleague, backend=BACKEND)  # anew: one of the addresses is where one signs out
        path = fill(route, pattern, "", uuid7())
        for method, word in rows[pattern.name].items():
            for who, client in (("a stranger", Client()), ("a member", member)):
                answer = client.generic(method, path)
                sent_away = answer.status_code == 302 and answer["Location"].split("?")[0] in ("/", "/accounts/login/")
                expected = {
                    "-": answer.status_code in (404, 405) or (sent_away and who == "a stranger"),
                    "key": answer.status_code in (400, 401, 403, 404),
                    "gone": answer.status_code == 404,
                    "owner": sent_away if who == "a stranger" else answer.status_code == 403,
                    "member": sent_away if who == "a stranger" else answer.status_code not in (401, 403),
                    "anyone": answer.status_code < 400 or answer.status_code == (404 if "<" in route else 422),
                }[word]
                if not expected:
                    wrong.append(f"{pattern.name} {method} by {who}: {answer.status_code} {answer.get('Location', '')}")
    assert wrong == []


def test_a_post_needs_our_form_except_where_a_signature_is_the_permission() -> None:
    without = {pattern.name for _route, pattern in routes() if getattr(pattern.callback, "csrf_exempt", False)}
    assert without == WITHOUT_TOKEN
