"""Every page, from link to link: it is whole, in the reader's language, and offers nobody what they may not do."""

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

import pytest
from django.test import Client

from conftest import NOW, Cast, make_member
from puntual.desk.tests.book import open_book
from puntual.organizations.models import User
from tests.house.leaks import leaks
from tests.house.test_isolation import BACKEND
from tests.house.test_permissions import LETTERS, table
from tests.house.walking import Page, name_of, walk

FILES = ("report_export", "aging_export")
LANGUAGES = frozenset({"Español", "English", "Português"})
"""Languages are called by their own names, whoever reads."""
PEOPLE = frozenset({"Owner", "Colleague"})
"""Names of the cast that are words of the pages too."""


def faults(page: Page, role: str, language: str, posts: dict[str, dict[str, str]]) -> Iterator[str]:
    """What is wrong with a page for somebody in a role who reads a language."""
    if page.status >= 400:
        yield f"{page.name} answers {page.status}"
    if language != "en":
        for text in leaks(page.texts, language, LANGUAGES | PEOPLE):
            yield f"not in {language}: {text[:120]!r}"
    letter = next(letter for letter, name in LETTERS.items() if name == role)
    for path in dict.fromkeys(page.posts):
        name = name_of(urlsplit(path).path)
        if name in posts and letter not in posts[name]["POST"]:
            yield f"{page.name} offers {name}, which is refused to the {role}"


def told(found: Iterable[tuple[str, str]]) -> str:
    """Each fault once, with the first page that has it."""
    first: dict[str, str] = {}
    for fault, path in found:
        first.setdefault(fault, path)
    return "\n".join(f"{fault}  {path}" for fault, path in first.items())


def sign_in(user: User, language: str) -> Client:
    User.objects.filter(pk=user.pk).update(language=language)
    client = Client(raise_request_exception=False)
    client.force_login(user, backend=BACKEND)
    return client


@pytest.fixture
def a_day(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """A small portfolio on a Monday morning."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    book = open_book(cast)
    for name, late in (("Textiles Quenara S.A.", 18), ("Minera Andurero S.A.", 40)):
        customer = book.customer(name)
        lead = book.invoice(customer, f"F-{late}", due=-late)
        book.invoice(customer, f"G-{late}", due=12, deduction="4.00")
        book.payment(customer, "30.00", day=-2)
        with book.inside():
            book.activity(customer, lead)
            book.activity(customer, lead, state="to_do", channel="call", step="call", value=lead.amount)
    return cast


@pytest.mark.parametrize(("role", "language"), [("owner", "pt"), ("collector", "es")])
def test_what_is_on_the_pages_of_a_day(a_day: Cast, role: str, language: str) -> None:
    posts = table("inside")
    user = a_day.owner if role == "owner" else make_member(a_day.organization, role, f"{role}@walk.example")
    pages = list(walk(sign_in(user, language), f"/o/{a_day.organization.slug}/", most=80, skip=FILES))
    wrong = told((fault, page.path) for page in pages for fault in faults(page, role, language, posts))
    assert not wrong, wrong
    assert len({page.name for page in pages}) > 40, "the walk did not get far"
