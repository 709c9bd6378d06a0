"""Settings from their pages: what each form changes, who may, and that nothing reaches another organization."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from conftest import Cast
from puntual.audit.models import Record
from puntual.desk.tests.book import Book
from puntual.desk.urls.setup import inside
from puntual.organizations.models import Holiday, Membership, Organization, Tolerance, User
from puntual.outreach.models import Capacity, CapturedMessage
from puntual.parties.models import Creditor, CreditorAccount
from puntual.tenancy.scope import acting_for

SETTINGS = "/o/sembria/settings/"
CREDITOR = {
    "name": "Sembria Talento S.A.C.",
    "tax_id": "20100017491",
    "signs_as": "Carmen Ríos",
    "email": "cobranzas@sembria.example",
    "phone": "",
    "language": "es",
    "address": "Av. Norte 100",
}


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


@pytest.fixture
def creditor(book: Book) -> str:
    return f"{SETTINGS}creditors/{book.creditor.id}"


def test_who_you_are_is_kept_on_record(book: Book, owner: Client, creditor: str) -> None:
    assert owner.post(f"{creditor}/change", CREDITOR).status_code == 302
    page = text(owner, creditor)
    assert "Sembria Talento S.A.C., RUC 20100017491" in page  # as it will be signed
    with book.inside():
        assert Record.objects.filter(action="creditor.change", actor_id=book.cast.owner.id).exists()
    wrong = owner.post(f"{creditor}/change", {**CREDITOR, "name": "", "tax_id": "20100017492"})
    assert wrong.status_code == 422
    owner.post(f"{creditor}/change", {**CREDITOR, "tax_id": "20100017492"})
    assert "no coincide" in text(owner, creditor)


def test_accounts_and_days_of_a_creditor(book: Book, owner: Client, creditor: str) -> None:
    account = {"account-currency": "USD", "account-bank": "Banco Norte", "account-number": "001-2"}
    owner.post(f"{creditor}/accounts", account)
    assert "001-2" in text(owner, creditor)
    with book.inside():
        kept = CreditorAccount.objects.get()
    owner.post(f"{creditor}/accounts/{kept.id}/end")
    assert "001-2" not in text(owner, creditor)
    assert owner.post(f"{creditor}/accounts", {**account, "account-bank": ""}).status_code == 422
    assert owner.post(f"{creditor}/through", {"through-bank": "2026-11-24"}).status_code == 422  # tomorrow
    with book.inside():
        Creditor.objects.update(bank_through=date(2026, 11, 1))
    owner.post(f"{creditor}/through", {"through-bank": "2026-11-20"})
    assert owner.post(f"{creditor}/through", {"through-bank": "2026-11-19"}).status_code == 422
    with book.inside():
        assert Creditor.objects.get().bank_through == date(2026, 11, 20)


def test_the_books_are_closed_for_good(book: Book, owner: Client, creditor: str) -> None:
    assert owner.post(f"{creditor}/books", {"books-through": "2026-11-23"}).status_code == 422  # today is not over
    assert owner.post(f"{creditor}/books", {"books-through": ""}).status_code == 422
    owner.post(f"{creditor}/books", {"books-through": "2026-10-31"})
    assert "cerrada hasta" in text(owner, creditor)
    assert owner.post(f"{creditor}/books", {"books-through": "2026-09-30"}).status_code == 422
    with book.inside():
        assert Creditor.objects.get().books_closed_through == date(2026, 10, 31)


def test_another_creditor(book: Book, owner: Client) -> None:
    answer = owner.post(f"{SETTINGS}creditors/new", {"name": "Otra S.A.", "code": "otra"})
    assert "Otra S.A." in text(owner, answer.headers["Location"])
    twice = owner.post(f"{SETTINGS}creditors/new", {"name": "Otra S.A.", "code": "otra"})
    assert twice.status_code == 422
    assert "otra" in twice.content.decode()
    assert "2 acreedores" in text(owner, f"{SETTINGS}creditors/")


def test_channels_a_limit_and_a_test_message(book: Book, owner: Client, settings) -> None:
    settings.SMTP_URL = ""
    assert "PUNTUAL_SMTP_URL" in text(owner, f"{SETTINGS}channels")
    owner.post(f"{SETTINGS}channels/capacity", {"per_day": "50"})
    with book.inside():
        assert Capacity.objects.get().per_day == 50
    assert owner.post(f"{SETTINGS}channels/capacity", {"per_day": "-1"}).status_code == 422
    owner.post(f"{SETTINGS}channels/capacity", {"per_day": ""})
    answer = owner.post(f"{SETTINGS}channels/test")
    assert "/mailbox" in answer.headers["Location"]
    with book.inside():
        assert not Capacity.objects.exists()
        assert CapturedMessage.objects.get().recipient == "owner@sembria.example"
    assert owner.get(answer.headers["Location"]).status_code == 200
    settings.SMTP_URL = "smtps://u:secret@mail.example.com:465"
    page = text(owner, f"{SETTINGS}channels")
    assert "mail.example.com" in page and "secret" not in page


def test_a_member_comes_with_a_password_shown_once(cast: Cast, owner: Client, client: Client) -> None:
    answer = owner.post(
        f"{SETTINGS}members/add", {"email": "rosa@sembria.example", "name": "Rosa", "role": "accountant"}
    )
    assert answer.headers["Cache-Control"] == "no-store"
    password = re.search(r"<code[^>]*>([a-z2-9-]{19})</code>", answer.content.decode())[1]
    rosa = User.objects.get(email="rosa@sembria.example")
    assert rosa.check_password(password)
    assert password not in text(owner, f"{SETTINGS}members/")
    again = owner.post(f"{SETTINGS}members/add", {"email": "rosa@sembria.example", "role": "auditor"})
    assert again.status_code == 422
    known = owner.post(f"{SETTINGS}members/add", {"email": "outsider@lonkura.example", "role": "auditor"})
    assert known.status_code == 302
    assert User.objects.get(pk=cast.outsider.pk).check_password("correct horse battery")


def test_a_members_role_password_and_end(cast: Cast, owner: Client) -> None:
    place = Membership.objects.get(user=cast.colleague)
    member = f"{SETTINGS}members/{place.id}"
    owner.post(f"{member}/change", {"role": "manager", "calls_per_day": "12"})
    place.refresh_from_db()
    assert (place.role, place.calls_per_day) == ("manager", 12)
    theirs = Client()
    theirs.force_login(cast.colleague)
    given = owner.post(f"{member}/password", {"lost_phone": "1"}).content.decode()
    password = re.search(r"<code[^>]*>([a-z2-9-]{19})</code>", given)[1]
    assert User.objects.get(pk=cast.colleague.pk).check_password(password)
    assert theirs.get("/o/sembria/").status_code == 302  # what was open has closed
    theirs.force_login(User.objects.get(pk=cast.colleague.pk))
    owner.post(f"{member}/end", {"last_day": ""})
    assert theirs.get("/o/sembria/").status_code == 404
    own = Membership.objects.get(user=cast.owner)
    assert owner.post(f"{SETTINGS}members/{own.id}/end", {"last_day": ""}).status_code == 422
    assert (
        owner.post(f"{SETTINGS}members/{own.id}/change", {"role": "auditor", "calls_per_day": "0"}).status_code == 422
    )


def test_the_organization_and_ones_profile(cast: Cast, owner: Client) -> None:
    values = {
        "name": "Sembria S.A.C.",
        "country": "CL",
        "currency": "CLP",
        "language": "es",
        "time_zone": "America/Santiago",
    }
    owner.post(f"{SETTINGS}organization", values)
    assert Organization.objects.get(slug="sembria").currency == "CLP"
    assert owner.post(f"{SETTINGS}organization", {**values, "time_zone": "Lima"}).status_code == 422
    owner.post(f"{SETTINGS}profile", {"name": "Carmen Ríos"})
    assert User.objects.get(pk=cast.owner.pk).name == "Carmen Ríos"
    assert "verificación en dos pasos" in text(owner, f"{SETTINGS}profile")


def test_days_off_rests_and_small_amounts(cast: Cast, owner: Client) -> None:
    page = text(owner, f"{SETTINGS}calendar")
    assert "Inmaculada Concepción" in page
    owner.post(f"{SETTINGS}calendar/days", {"day": "2026-12-24", "works": "", "country": "PE", "name": "Nochebuena"})
    assert "Nochebuena" in text(owner, f"{SETTINGS}calendar")
    rules = {"minimum_gap_days": "4", "tone_rest_days": "30", "stale_after_days": "3", "approval_hours": "24"}
    rules["dispute_days"] = "8"
    owner.post(f"{SETTINGS}calendar/rules", rules)
    assert Organization.objects.get(slug="sembria").tone_rest_days == 30
    assert owner.post(f"{SETTINGS}calendar/rules", {**rules, "approval_hours": "999"}).status_code == 422
    owner.post(f"{SETTINGS}calendar/tolerance", {"currency": "PEN", "amount": "2.50"})
    assert "propio" in text(owner, f"{SETTINGS}calendar")
    wrong = owner.post(f"{SETTINGS}calendar/tolerance", {"currency": "PEN", "amount": "dos"})
    assert wrong.status_code == 422
    with acting_for(cast.id):
        day = Holiday.objects.get()
        assert Tolerance.objects.get().amount == Decimal("2.5")
    owner.post(f"{SETTINGS}calendar/days/{day.id}/end")
    owner.post(f"{SETTINGS}calendar/tolerance", {"currency": "PEN", "amount": ""})
    with acting_for(cast.id):
        assert not Holiday.objects.exists() and not Tolerance.objects.exists()


def test_the_manual_is_read_with_its_texts(book: Book, owner: Client, cast: Cast) -> None:
    page = text(owner, "/o/sembria/manual/")
    assert "Manual estándar: 8 pasos" in page
    for said in (
        "Pedido de fecha",
        "Firme",
        "¿Qué día podemos contar con el pago?",
        "Português",
        "<mark>número</mark>",
    ):
        assert said in page
    owner.force_login(cast.outsider)
    assert "Ningún manual está vigente" in text(owner, "/o/lonkura/manual/")


PLACES = ("", "setup", "creditors/", "channels", "calendar", "members/", "profile", "organization", "live")


@pytest.mark.parametrize(
    ("role", "refused"),
    [
        ("owner", set()),
        ("manager", {"live"}),
        ("collector", {"organization", "live"}),
        ("accountant", {"organization", "live"}),
        ("auditor", {"organization", "live"}),
    ],
)
def test_what_each_role_reads(book: Book, client: Client, role: str, refused: set[str]) -> None:
    Membership.objects.filter(user=book.cast.colleague).update(role=role)
    client.force_login(book.cast.colleague)
    answers = {place: client.get(SETTINGS + place).status_code for place in PLACES}
    assert answers == {place: 403 if place in refused else 200 for place in PLACES}


def test_an_outsider_and_another_organizations_things_are_404(book: Book, owner: Client, creditor: str) -> None:
    place = Membership.objects.get(user=book.cast.colleague)
    ours = {"creditor_id": book.creditor.id, "membership_id": place.id, "job_id": place.id, "experiment_id": place.id}
    ours |= {"account_id": place.id, "holiday_id": place.id, "kind": "invoices"}
    ours |= {"channel": "email", "signer_id": place.id, "retention_id": place.id, "customer_id": place.id}
    ours |= {"schedule_id": place.id, "place": "organization"}
    outsider = Client()
    outsider.force_login(book.cast.outsider)
    for pattern in inside:
        names = re.findall(r"<\w+:(\w+)>", str(pattern.pattern))
        values = {name: ours[name] for name in names}
        ask: list[Callable[..., object]] = [outsider.get, outsider.post]
        foreign = reverse(pattern.name, kwargs={"slug": "sembria", **values})
        assert {each(foreign).status_code for each in ask} == {404}, foreign
        if any(name.endswith("_id") for name in names):
            mixed = reverse(pattern.name, kwargs={"slug": "lonkura", **values})
            assert {each(mixed).status_code for each in ask} <= {404, 405}, mixed
    assert Membership.objects.get(pk=place.pk).ends_on is None


def test_a_collector_changes_no_settings(book: Book, client: Client, creditor: str) -> None:
    client.force_login(book.cast.colleague)
    member = f"{SETTINGS}members/{Membership.objects.get(user=book.cast.owner).id}"
    for address in (
        f"{creditor}/change",
        f"{creditor}/accounts",
        f"{creditor}/through",
        f"{creditor}/books",
        f"{SETTINGS}creditors/new",
        f"{SETTINGS}channels/capacity",
        f"{SETTINGS}channels/test",
        f"{SETTINGS}calendar/rules",
        f"{SETTINGS}calendar/days",
        f"{SETTINGS}calendar/tolerance",
        f"{SETTINGS}members/add",
        f"{member}/change",
        f"{member}/password",
        f"{member}/end",
    ):
        assert client.post(address).status_code == 403, address
    assert "disabled" in text(client, creditor)
