"""Every page of the sample in every language, from link to link as each role sees it: whole, said in the reader's language,
offering nobody what they may not do; and in a browser: axe in light and dark, nothing sideways, no text cut, no complaint."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.test import Client
from playwright.sync_api import Browser

from conftest import NOW, TODAY
from puntual.agreements.acceptance.actions import make_link
from puntual.agreements.models import Plan
from puntual.agreements.plans.actions import agree_plan
from puntual.agreements.plans.schedule import Wish
from puntual.audit.actions import Actor
from puntual.cli.sample import Login, ensure_sample, history, load
from puntual.organizations.models import Membership, Organization, User
from puntual.outreach.acceptances import acceptance_link
from puntual.outreach.actions import record_contact
from puntual.outreach.optout import stop_link
from puntual.outreach.plan_document import plan_document
from puntual.outreach.portal_link import PATH, portal_token
from puntual.parties.models import ContactPoint, Customer
from puntual.placements.actions import agree_commission, place, record_agency_entry
from puntual.receivables.models import Installment
from puntual.strategies.practice.actions import begin_talk
from puntual.strategies.practice.characters import CHARACTERS
from puntual.tenancy.scope import acting_for
from tests.browser.conftest import Desk
from tests.browser.looking import look
from tests.house.leaks import leaks
from tests.house.test_permissions import table
from tests.house.test_walk import LANGUAGES, faults, sign_in, told
from tests.house.walking import read, walk

pytestmark = [pytest.mark.browser, pytest.mark.soak]
START = f"/o/{load.SLUG}/"
ACCOUNT = ("/accounts/2fa/", "/accounts/2fa/totp/activate/", "/accounts/password/change/")


@pytest.fixture
def login(chromium: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Login:
    """The sample with twenty customers and its last weeks, and how its owner signs in."""
    monkeypatch.setenv("PUNTUAL_HOME", str(tmp_path))
    monkeypatch.setattr(load, "REPLAYED_DAYS", 25)
    everybody = history.customers()
    monkeypatch.setattr(history, "customers", lambda: everybody[:20])
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    login = ensure_sample(NOW)
    owner = User.objects.get(email=login.email)
    organization = Organization.objects.get(slug=load.SLUG)
    with acting_for(organization.id):
        do_what_the_sample_did_not(Actor(organization.id, NOW, TODAY, owner.id, "Carmen Ríos"))
    return login


def do_what_the_sample_did_not(by: Actor) -> None:
    """What so few customers leave no room for: an agency with a customer and its account, a talk, a note for a colleague."""
    inside = {"organization_id": by.organization_id}
    owed = Installment.objects.filter(**inside, open_amount__gt=0).order_by("due_on")[0]
    handed_over = {owed.currency: owed.open_amount}
    placed = place(by, owed.customer_id, "agency", "Recuperos del Sur", why="No contesta", handed_over=handed_over)
    agree_commission(by, placed.agency_id, Decimal(12))
    record_agency_entry(by, placed.agency_id, "remitted", Decimal("40.00"), owed.currency, on=TODAY)
    begin_talk(by, next(iter(CHARACTERS)), 1, role="owner", language="es")
    record_contact(by, owed.customer, channel="internal", direction="out", note="@Julio: pide que le llamemos el lunes")


def pages_of_a_customer(language: str) -> Iterator[str]:
    """The addresses of the portal for somebody who reads the language: what is due, what can be said, a plan to accept."""
    organization = Organization.objects.get(slug=load.SLUG)
    with acting_for(organization.id):
        by = Actor(organization.id, now=NOW, today=TODAY)
        inside = {"organization_id": organization.id}
        Customer.objects.filter(**inside).update(language=language)
        planned = Plan.objects.filter(**inside).values("customer_id")
        owed = Installment.objects.filter(**inside, open_amount__gt=100, due_on__lt=TODAY).exclude(
            customer__in=planned
        )[0]
        wish = Wish(3, TODAY + timedelta(days=30), TODAY, rule="as_is")
        plan = agree_plan(by, owed.customer_id, [owed.id], wish)
        point = ContactPoint.objects.filter(**inside, customer=owed.customer_id, kind="email")[0]
        _made, secret = make_link(by, plan.id, point_id=point.id, document=plan_document(plan, NOW).content)
        account = PATH + portal_token(organization.id, owed.customer_id, TODAY + timedelta(days=5))
        links = acceptance_link(organization.id, secret), stop_link(organization.id, point.id)
    yield from (account + tail for tail in ("", "/paid", "/time", "/problem", "/reach"))
    yield from (urlsplit(link).path for link in (*links, f"/c/learn/{language}/"))


@pytest.mark.parametrize("language", ["es", "en", "pt"])
def test_every_page(login: Login, browse: Callable[..., Desk], language: str) -> None:
    """axe sees no words, so it looks at the Spanish pages alone; each language has its own lengths to be cut."""
    themes = ("light", "dark") if language == "es" else ()
    desk = browse()
    desk.sign_in(login.email, login.password)
    desk.page.set_default_timeout(60_000)
    posts = table("inside")
    found: list[tuple[str, str]] = []

    def show(path: str) -> None:
        desk.open(path)
        found.extend((f"{path}: {one}", "") for one in look(desk.page, themes=themes))

    for member in Membership.objects.filter(organization__slug=load.SLUG).select_related("user"):
        for page in walk(sign_in(member.user, language), START):
            found += [(one, page.path) for one in faults(page, member.role, language, posts)]
            if member.role == "owner" and page.html and page.status < 400:
                show(page.path)
    for path in ACCOUNT:
        show(path)
    for path in pages_of_a_customer(language):
        if language != "en":
            page = read(Client(), path)
            found += [(f"not in {language}: {text[:120]!r}", path) for text in leaks(page.texts, language, LANGUAGES)]
        show(path)
    assert not found, told(found)
