"""The organization's scope: who gets in, what is undone, and that a page never reads outside of it."""

from decimal import Decimal

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from conftest import Cast
from puntual.organizations.models import Membership, Tolerance
from puntual.tenancy.scope import acting_for, current_organization

pytestmark = pytest.mark.urls("puntual.desk.tests.urls")
HTMX = {"HX-Request": "true"}


@pytest.fixture
def owner(cast: Cast, client: Client) -> Client:
    client.force_login(cast.owner)
    client.raise_request_exception = False
    return client


def written(cast: Cast) -> int:
    with acting_for(cast.organization.id):
        return Tolerance.objects.filter(organization_id=cast.id).count()


@pytest.mark.parametrize(
    ("status", "expected", "rows"),
    [
        ("200", 200, 1),
        ("302", 302, 1),
        ("400", 400, 0),
        ("422", 422, 0),
        ("problem", 422, 0),
        ("missing", 404, 0),
        ("bug", 500, 0),
        ("down", 503, 0),
    ],
)
def test_an_answer_of_400_or_more_undoes_what_was_written(
    cast: Cast, owner: Client, status: str, expected: int, rows: int
) -> None:
    assert owner.post(f"/o/sembria/t/answer/{status}").status_code == expected
    assert written(cast) == rows
    assert current_organization() is None


def test_whoever_is_not_a_member_learns_nothing(cast: Cast, owner: Client) -> None:
    theirs, nobodys = owner.get("/o/lonkura/"), owner.get("/o/nobodys/")
    assert theirs.status_code == nobodys.status_code == 404
    assert _plain(theirs.content) == _plain(nobodys.content)
    assert b"Lonkura" not in theirs.content


def _plain(content: bytes) -> list[bytes]:
    return [line for line in content.splitlines() if b"csrfmiddlewaretoken" not in line]


def test_a_membership_that_has_ended_opens_nothing(cast: Cast, owner: Client) -> None:
    Membership.objects.filter(user=cast.owner).update(ends_on="2020-01-01")
    assert owner.get("/o/sembria/").status_code == 404
    assert owner.get("/").status_code == 200  # the page that says so, not a way in
    Membership.objects.filter(user=cast.owner).update(ends_on="2999-12-31")
    assert owner.get("/o/sembria/").status_code == 200


@pytest.mark.parametrize("path", ["/o/sembria/", "/o/nobodys/"])
def test_a_stranger_is_asked_to_sign_in_whatever_the_address(cast: Cast, client: Client, path: str) -> None:
    assert client.get(path).headers["Location"] == f"/accounts/login/?next={path}"
    assert client.get(path, headers=HTMX).headers["HX-Redirect"] == f"/accounts/login/?next={path}"


def test_a_lazy_answer_is_rendered_inside(cast: Cast, owner: Client) -> None:
    with acting_for(cast.organization.id):
        Tolerance.objects.create(organization_id=cast.id, currency="USD", amount=Decimal(1))
    assert owner.get("/o/sembria/t/lazy").content == b"USD"


def test_a_streamed_answer_is_refused_and_a_file_is_not(cast: Cast, owner: Client) -> None:
    assert owner.get("/o/sembria/t/stream").status_code == 500
    answer = owner.get("/o/sembria/t/file")
    assert b"FileResponse" in b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def test_the_actor_is_the_person_on_the_organizations_day(cast: Cast, owner: Client) -> None:
    name, *rest = owner.get("/o/sembria/t/actor").content.decode().split("|")
    assert name == "Owner"
    assert "3 feb 2025" in rest[0]
    assert rest[1] == "−4,720.50"


def test_a_role_that_may_not_is_told_whom_to_ask(cast: Cast, client: Client) -> None:
    client.force_login(cast.colleague)
    answer = client.get("/o/sembria/t/go-live")
    assert answer.status_code == 403
    assert "Pídaselo a quien tenga la de titular" in answer.content.decode()
    client.force_login(cast.owner)
    assert client.get("/o/sembria/t/go-live").status_code == 200


def test_a_problem_is_said_in_the_page_and_in_a_part(cast: Cast, owner: Client) -> None:
    whole = owner.post("/o/sembria/t/answer/problem")
    assert "12.00 is too much." in whole.content.decode()
    assert "Sembria" in whole.content.decode()  # still in the organization's frame
    part = owner.post("/o/sembria/t/answer/problem", headers=HTMX)
    assert part.headers["HX-Retarget"] == "#toasts"
    assert "<html" not in part.content.decode()
    assert owner.get("/outside").status_code == 422


def test_a_defect_shows_no_traceback(cast: Cast, owner: Client) -> None:
    for status in ("bug", "down"):
        text = owner.get(f"/o/sembria/t/answer/{status}").content.decode()
        assert "No se guardó nada" in text
        assert "Traceback" not in text
        assert "ZeroDivision" not in text
    assert owner.get("/o/sembria/t/answer/down").headers["Retry-After"]
    part = owner.get("/o/sembria/t/answer/bug", headers=HTMX)
    assert (part.status_code, part.headers["HX-Retarget"]) == (500, "#toasts")


def test_messages_travel_with_a_part(cast: Cast, owner: Client) -> None:
    content = owner.get("/o/sembria/t/part", headers=HTMX).content.decode()
    assert '<hx-partial hx-target="#toasts"' in content
    assert "nine approved" in content
    assert "nine approved" not in owner.get("/o/sembria/t/whole").content.decode()  # said once


def test_every_page_of_an_organization_names_what_it_needs() -> None:
    found = []

    def walk(patterns: list[URLPattern | URLResolver], prefix: str) -> None:
        for pattern in patterns:
            where = prefix + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                walk(pattern.url_patterns, where)
            elif where.startswith("o/"):
                found.append(where)
                assert hasattr(_unwrapped(pattern.callback), "permission"), where

    walk(get_resolver("puntual.config.urls").url_patterns, "")
    assert found


def _unwrapped(view: object) -> object:
    while not hasattr(view, "permission") and hasattr(view, "__wrapped__"):
        view = view.__wrapped__
    return view


def test_the_frame_asks_the_same_few_questions_for_any_number_of_organizations(
    cast: Cast, owner: Client, django_assert_max_num_queries
) -> None:
    with django_assert_max_num_queries(9):
        content = owner.get("/o/sembria/t/whole").content.decode()
    assert "Ensayo: nada sale de aquí." in content
    Membership.objects.create(user=cast.owner, organization=cast.other_organization, role="auditor")
    with django_assert_max_num_queries(9):
        assert "/o/lonkura/" in owner.get("/o/sembria/t/whole").content.decode()


def test_the_policy_stands_on_every_answer(cast: Cast, owner: Client) -> None:
    for path in ("/", "/accounts/logout/", "/o/sembria/", "/o/nobodys/", "/o/sembria/t/answer/bug", "/nowhere"):
        answer = owner.get(path)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert b" style=" not in answer.content
        assert b"<script>" not in answer.content
        assert b"onclick" not in answer.content


def test_root_answers_a_head(cast: Cast, owner: Client) -> None:
    assert owner.head("/").status_code == 302


def test_root_leads_to_the_only_organization(cast: Cast, owner: Client, client: Client) -> None:
    assert owner.get("/").headers["Location"] == "/o/sembria/"
    Membership.objects.create(user=cast.owner, organization=cast.other_organization, role="auditor")
    content = owner.get("/").content.decode()
    assert "/o/sembria/" in content
    assert "/o/lonkura/" in content
    Membership.objects.filter(user=cast.owner).delete()
    assert "ninguna organización" in owner.get("/").content.decode()
    client.logout()
    assert client.get("/").headers["Location"].startswith(settings.FORCE_SCRIPT_NAME or "/accounts/login/")
