"""Two people editing the same thing: the second sees what changed and loses nothing that was typed."""

import re
from html import unescape

import pytest
from django.test import Client

from conftest import Cast, make_member
from puntual.desk.tests.book import Book
from puntual.organizations.models import Membership, Organization
from puntual.parties.models import Creditor, Person
from puntual.strategies.manual import read_content
from puntual.strategies.models import Version
from puntual.tenancy.scope import acting_for


@pytest.fixture
def second(cast: Cast, morning: None) -> Client:
    """Another owner's browser."""
    client = Client()
    client.force_login(make_member(cast.organization, "owner", "second@sembria.example"))
    return client


def opened(client: Client, path: str, **changed: object) -> dict[str, object]:
    """What the form of a page would send, with something typed anew."""
    page = client.get(path).content.decode()
    seen = re.search(r'name="seen" value="([^"]*)"', page)
    assert seen, f"{path} is not watched"
    return {"seen": unescape(seen[1]), **changed}


ORGANIZATION = {"country": "PE", "currency": "PEN", "language": "es", "time_zone": "America/Lima"}


def test_the_second_to_save_sees_what_the_first_changed(cast: Cast, owner: Client, second: Client) -> None:
    path = "/o/sembria/settings/organization"
    mine = opened(second, path, name="Sembria Dos", **ORGANIZATION)
    assert owner.post(path, opened(owner, path, name="Sembria Uno", **ORGANIZATION)).status_code == 302
    answer = second.post(path, mine)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "«Sembria Uno»" in page  # what it is now, beside the field
    assert 'value="Sembria Dos"' in page  # and what was typed is still there
    assert Organization.objects.get(pk=cast.id).name == "Sembria Uno"
    again = unescape(re.search(r'name="seen" value="([^"]*)"', page)[1])
    assert second.post(path, {**mine, "seen": again}).status_code == 302
    assert Organization.objects.get(pk=cast.id).name == "Sembria Dos"


def test_the_same_change_twice_is_no_quarrel(cast: Cast, owner: Client, second: Client) -> None:
    path = "/o/sembria/settings/organization"
    mine = opened(second, path, name="Sembria Uno", **ORGANIZATION)
    assert owner.post(path, opened(owner, path, name="Sembria Uno", **ORGANIZATION)).status_code == 302
    assert second.post(path, mine).status_code == 302


def test_what_nobody_carried_is_not_asked_for(owner: Client) -> None:
    for seen in ("", "no json", "[]", '{"unknown": "x"}'):
        answer = owner.post("/o/sembria/settings/organization", {"name": "Sembria", "seen": seen, **ORGANIZATION})
        assert answer.status_code == 302


def test_somebody_at_the_customer(book: Book, owner: Client, second: Client) -> None:
    customer = book.customer("Textiles Quenara S.A.")
    with book.inside():
        person = Person.objects.get(customer=customer)
    path = f"/o/sembria/customers/people/{person.id}"
    mine = opened(second, path, name="Ana Ruiz Paz", title="Tesorería", roles=["billing"])
    theirs = opened(owner, path, name="Ana Ruiz", title="Gerencia", roles=["billing", "approver"])
    assert owner.post(path, theirs).status_code == 302
    page = second.post(path, mine).content.decode()
    assert "«Gerencia»" in page
    assert 'value="Ana Ruiz Paz"' in page
    with book.inside():
        assert Person.objects.get(pk=person.pk).title == "Gerencia"


def test_a_creditor_and_a_text(book: Book, owner: Client, second: Client) -> None:
    creditor = f"/o/sembria/settings/creditors/{book.creditor.id}"
    values = {"name": "Sembria Talento", "language": "es", "email": "c@sembria.example"}
    mine = opened(second, creditor, **values, phone="+51 1 700 0002")
    assert (
        owner.post(f"{creditor}/change", opened(owner, creditor, **values, phone="+51 1 700 0001")).status_code == 302
    )
    assert "700 0001»" in second.post(f"{creditor}/change", mine).content.decode()
    with acting_for(book.cast.id):
        assert Creditor.objects.get(pk=book.creditor.pk).phone.endswith("0001")

    text = "/o/sembria/manual/texts/firm/email/company/es"
    words = {"subject": "Factura vencida", "subject_private": "Su factura", "do": "draft"}
    body = "{} {{total}}\n\n{{signature}}\n\n{{opt_out}}"
    mine = opened(second, text, **words, body=body.format("Segunda"))
    assert owner.post(f"{text}/write", opened(owner, text, **words, body=body.format("Primera"))).status_code == 302
    page = second.post(f"{text}/write", mine)
    assert page.status_code == 422
    assert "Primera" in page.content.decode()
    assert "Segunda" in page.content.decode()


def test_a_step_of_a_draft(book: Book, owner: Client, second: Client) -> None:
    owner.post(f"/o/sembria/manual/versions/{book.version.id}/draft")
    with book.inside():
        draft = Version.objects.exclude(pk=book.version.pk).get(organization_id=book.cast.id)
        step = read_content(draft.content).step("firm")
    path = f"/o/sembria/manual/versions/{draft.id}/steps/firm"
    assert step
    values = {"name": step.name, "channel_1": "email", "tone": "firm", "template": "firm", "role": step.role}
    values["approval"] = step.approval
    mine = opened(second, path, **values, day=17)
    theirs = owner.post(path, opened(owner, path, **values, day=16))
    assert theirs.status_code == 302, re.findall(r'class="wrong"[^>]*>([^<]*)', theirs.content.decode())
    page = second.post(path, mine)
    assert page.status_code == 422
    assert "«16»" in page.content.decode()


def test_a_task_and_a_notice_of_a_draft(book: Book, owner: Client, second: Client) -> None:
    owner.post(f"/o/sembria/manual/versions/{book.version.id}/draft")
    with book.inside():
        draft = Version.objects.exclude(pk=book.version.pk).get(organization_id=book.cast.id)
        manual = read_content(draft.content)
    task = next(step for step in manual.steps if step.internal)
    base = f"/o/sembria/manual/versions/{draft.id}"
    values: dict[str, object] = {"name": task.name, "internal": task.internal, "assignee": task.assignee}
    assert_told(owner, second, f"{base}/steps/{task.code}", values, day=(81, 82))

    notice = manual.notices[0]
    values = {name: getattr(notice, name) for name in ("code", "tone", "template", "role", "approval")}
    values |= {"channel_1": notice.channels[0], "offer": notice.offer, "months": notice.months}
    values["rest_days"] = notice.rest_days
    assert_told(owner, second, f"{base}/notices/{notice.code}", values, days=(9, 8))


def assert_told(
    owner: Client, second: Client, path: str, values: dict[str, object], **changed: tuple[object, object]
) -> None:
    """Both open it, the owner changes a value first: the second is told, and keeps what was typed."""
    ((name, (theirs, mine)),) = changed.items()
    typed = opened(second, path, **values, **{name: mine})
    first = owner.post(path, opened(owner, path, **values, **{name: theirs}))
    assert first.status_code == 302, re.findall(r'class="wrong"[^>]*>([^<]*)', first.content.decode())
    answer = second.post(path, typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f"«{theirs}»" in page and f'value="{mine}"' in page


SETTINGS = [
    ("settings/calendar", "settings/calendar/rules", {"minimum_gap_days": (5, 6)}),
    ("settings/channels", "settings/channels/capacity", {"per_day": (100, 200)}),
    ("settings/channels/in-person", "settings/channels/in-person", {"visit": (3, 5)}),
    ("queue/costs", "queue/costs", {"call": ("2", "3.50")}),
    (
        "settings/creditors/{creditor}/senders",
        "settings/creditors/{creditor}/senders/declare",
        {"reply_to": ("a@sembria.example", "b@sembria.example")},
    ),
    ("payments/reconcile/rules/", "payments/reconcile/rules/bar", {"bar": ("0.998", "0.997")}),
    ("settings/members/{colleague}", "settings/members/{colleague}/change", {"calls_per_day": (33, 44)}),
]


@pytest.mark.parametrize(("at", "to", "changed"), SETTINGS)
def test_a_setting_that_two_change(
    book: Book, owner: Client, second: Client, at: str, to: str, changed: dict[str, tuple[object, object]]
) -> None:
    """Whoever opened the form first and sends last is told; also where there was nothing when it was opened."""
    ((name, (theirs, mine)),) = changed.items()
    colleague = Membership.objects.get(organization=book.cast.organization, user=book.cast.colleague).id
    page, path = (f"/o/sembria/{one}".format(colleague=colleague, creditor=book.creditor.id) for one in (at, to))
    form = as_it_is(second, page, name)
    assert owner.post(path, {**as_it_is(owner, page, name), name: theirs}).status_code == 302
    answer = second.post(path, {**form, name: mine})
    told = answer.content.decode()
    assert answer.status_code == 422
    assert f'value="{mine}"' in told
    assert "Entretanto alguien lo cambió" in told
    assert second.post(path, {**as_it_is(second, page, name), name: mine}).status_code == 302


def as_it_is(client: Client, path: str, name: str) -> dict[str, str]:
    """What the form with a field called `name` would send as it stands on the page."""
    page = client.get(path).content.decode()
    form = next(form for form in re.findall(r"<form.*?</form>", page, re.DOTALL) if f'name="{name}"' in form)
    assert 'name="seen"' in form, f"{path} is not watched"
    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        given = dict(re.findall(r'([a-z-]+)="([^"]*)"', tag))
        if given.get("type") not in ("checkbox", "radio") or " checked" in tag:
            found[given.get("name", "")] = unescape(given.get("value", ""))
    return found


ONE_OF_SEVERAL = [
    ("settings/calendar", "settings/calendar/tolerance", "amount", ("2.00", "3.00"), {"currency": "PEN"}),
    (
        "settings/retention",
        "settings/retention/set",
        "months",
        ("72", "84"),
        {"country": "PE", "reason": "Código de Comercio"},
    ),
    (
        "reports/rates",
        "reports/rates/loss",
        "percent_0",
        ("1.00", "2.00"),
        {"segment": "", "reason": "Tres años", **{f"percent_{n}": "5.00" for n in range(1, 5)}},
    ),
    (
        "customers/{customer}/credit/limit",
        "customers/{customer}/credit/limit",
        "amount",
        ("5,000.00", "7,000.00"),
        {"currency": "PEN", "reason": "Paga al día"},
    ),
    (
        "settings/creditors/{creditor}/interest",
        "settings/creditors/{creditor}/interest/on",
        "percent",
        ("10.00", "12.00"),
        {"basis": "agreed", "clause": "Contrato marco, cláusula 7"},
    ),
]


@pytest.mark.parametrize(("at", "to", "name", "both", "rest"), ONE_OF_SEVERAL, ids=[one[1] for one in ONE_OF_SEVERAL])
def test_one_of_several_that_is_chosen_in_the_form_itself(
    book: Book, owner: Client, second: Client, at: str, to: str, name: str, both: tuple[str, str], rest: dict[str, str]
) -> None:
    """Where a currency, a country or a segment is chosen first, what counts is what stands for that one."""
    customer = book.customer("Textiles Quenara S.A.")
    page, path = (f"/o/sembria/{one}".format(creditor=book.creditor.id, customer=customer.id) for one in (at, to))
    theirs, mine = both
    form = {**as_it_is(second, page, name), **rest}
    assert owner.post(path, {**as_it_is(owner, page, name), **rest, name: theirs}).status_code == 302
    answer = second.post(path, {**form, name: mine})
    told = answer.content.decode()
    assert answer.status_code == 422
    assert f"cambió a «{theirs}»" in told
    assert f'value="{mine}"' in told
    assert second.post(path, {**form, name: theirs}).status_code == 302  # the same twice is no quarrel
    assert second.post(path, {**as_it_is(second, page, name), **rest, name: mine}).status_code == 302
