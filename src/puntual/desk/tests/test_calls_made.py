"""Making calls, visits and meetings on the desk: who may, announced, called back, minutes; files and statements beside them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from conftest import NOW, Cast
from puntual.desk.tests.work import call, now, plan, text
from puntual.outreach.actions import engage
from puntual.outreach.models import Activity, Minutes, StatementSchedule
from puntual.outreach.tests.build import World
from puntual.parties.models import ContactPoint
from puntual.receivables.models import Invoice, InvoiceFile
from puntual.strategies import drafts
from puntual.strategies.actions import activate
from puntual.strategies.drafts import make_draft
from puntual.strategies.manual import from_content
from puntual.tenancy.scope import acting_for

QUEUE = "/o/sembria/queue/"
PDF = b"%PDF-1.7\nx"


@pytest.fixture
def colleague(cast: Cast, morning: None) -> Client:
    client = Client()
    client.force_login(cast.colleague)
    return client


def test_a_call_is_announced_and_the_colleague_sees_it(world: World, owner: Client, colleague: Client) -> None:
    activity = call(world, "Lucma")
    page = f"{QUEUE}{activity.pk}"
    assert "Estoy llamando" in text(owner, page)
    assert owner.post(f"{page}/now").headers["Location"] == page
    assert "Suya: nadie más" in text(owner, page)
    assert "Owner" in text(colleague, page) and "Estoy llamando" not in text(colleague, page)
    refused = colleague.post(f"{page}/now", follow=True)
    assert refused.status_code in (200, 409, 422) and now(activity).state == "to_do"


def test_a_call_back_is_asked_for_at_an_hour(world: World, owner: Client) -> None:
    activity = call(world, "Lucma")
    address = f"{QUEUE}{activity.pk}/result"
    assert owner.post(address, {"result": "reached_call_back"}).status_code == 422
    late = owner.post(address, {"result": "reached_call_back", "again": "2026-11-23T22:30"})
    assert late.status_code == 422 and "Elija otro momento" in late.content.decode()
    assert owner.post(address, {"result": "reached_call_back", "again": "2026-11-23T16:00"}).status_code == 302
    with acting_for(world.by.organization_id):
        assert Activity.objects.get(state="to_do").not_before == NOW.replace(hour=21, minute=0)


def test_the_wrong_number_is_the_one_that_was_called(world: World, owner: Client) -> None:
    activity = call(world, "Lucma")
    with acting_for(world.by.organization_id):
        second = world.point(activity.customer, "phone", "+51999999999")
    assert "+51999999999" in text(owner, f"{QUEUE}{activity.pk}")
    owner.post(f"{QUEUE}{activity.pk}/result", {"result": "wrong_number", "point": str(second.pk)})
    with acting_for(world.by.organization_id):
        assert [one.value for one in ContactPoint.objects.exclude(retired_on=None)] == ["+51999999999"]


def test_the_role_a_step_names_records_its_task(world: World, cast: Cast, colleague: Client) -> None:
    by = cast.actor()
    with acting_for(cast.id):
        draft = make_draft(by, world.version)
        decision = from_content(draft.content).step("decision")
        assert decision
        drafts.change_step(by, draft.id, replace(decision, assignee="accountant"))
        world.version = activate(by, draft).id
    theirs = plan(world, "Uno", channel="internal", state="to_do", tone="", step="decision")
    others = plan(world, "Dos", channel="internal", state="to_do", tone="", step="find_contact")
    cast.colleague.memberships.update(role="accountant")
    assert colleague.post(f"{QUEUE}{others.pk}/result", {"result": "task_done"}).status_code == 403
    assert 'value="task_done"' in text(colleague, f"{QUEUE}{theirs.pk}")
    assert colleague.post(f"{QUEUE}{theirs.pk}/result", {"result": "task_done"}).status_code == 302
    assert now(theirs).state == "done"
    cast.colleague.memberships.update(role="auditor")
    more = plan(world, "Tres", channel="internal", state="to_do", tone="", step="decision")
    assert colleague.post(f"{QUEUE}{more.pk}/result", {"result": "task_done"}).status_code == 403


def test_a_meeting_from_its_arranging_to_its_minutes(world: World, owner: Client) -> None:
    with acting_for(world.by.organization_id):
        customer = world.customer("Quenara")
        world.invoice(customer, "F-1", 10)
    where = f"/o/sembria/customers/{customer.pk}/arrange"
    assert "Hasta entonces" in text(owner, where)
    assert owner.post(where, {"channel": "meeting", "at": "2026-11-23T23:00"}).status_code == 422
    assert owner.post(where, {"channel": "meeting", "at": "2026-11-24T10:00"}).status_code == 302
    with acting_for(world.by.organization_id):
        meeting = Activity.objects.get()
    page = f"{QUEUE}{meeting.pk}"
    assert "Quiénes estuvieron" in text(owner, page)
    assert owner.post(f"{page}/result", {"result": "reached_held"}).status_code == 422
    given = {
        "result": "reached_held",
        "attendees": "Elvira, Pagos\nCarmen",
        "agreed": "Elvira: paga el viernes",
        "note": "Bien",
    }
    assert owner.post(f"{page}/result", given).status_code == 302
    told = text(owner, page)
    assert "Elvira, Pagos" in told and "<b>Elvira</b>: paga el viernes" in told
    assert owner.post(f"{page}/minutes", {"attendees": "Elvira", "agreed": "", "note": ""}).status_code == 302
    with acting_for(world.by.organization_id):
        assert Minutes.objects.count() == 2


def test_an_arranged_call_shows_what_to_say(world: World, owner: Client) -> None:
    with acting_for(world.by.organization_id):
        customer = world.customer("Quenara")
        world.point(customer, "phone", "+51987650001")
        world.invoice(customer, "F-1", 10)
    owner.post(f"/o/sembria/customers/{customer.pk}/arrange", {"channel": "call", "at": "2026-11-23T16:00"})
    with acting_for(world.by.organization_id):
        made = Activity.objects.get()
    assert "<em>S/" in text(owner, f"{QUEUE}{made.pk}")
    assert "Quenara" in text(owner, f"{QUEUE}?channel=call&later")


def test_a_file_is_attached_taken_and_taken_away(world: World, owner: Client, colleague: Client) -> None:
    plan(world, "Uno")
    with acting_for(world.by.organization_id):
        invoice = Invoice.objects.get()
    page = f"/o/sembria/portfolio/invoices/{invoice.pk}"
    bad = SimpleUploadedFile("x.pdf", b"<script>alert(1)</script>")
    assert owner.post(f"{page}/files", {"file": bad}).status_code == 422
    assert colleague.post(f"{page}/files", {"file": SimpleUploadedFile("x.pdf", PDF)}).status_code == 403
    assert owner.post(f"{page}/files", {"file": SimpleUploadedFile("F-1.pdf", PDF)}).status_code == 302
    assert "F-1.pdf" in text(colleague, page)
    with acting_for(world.by.organization_id):
        kept = InvoiceFile.objects.get()
    file = colleague.get(f"/o/sembria/portfolio/files/{kept.pk}")
    assert file.content == PDF and file.headers["X-Content-Type-Options"] == "nosniff"
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in file.headers["Content-Security-Policy"]
    owner.post(f"/o/sembria/portfolio/files/{kept.pk}/remove")
    assert "F-1.pdf" not in text(owner, page)


def test_a_file_of_another_organization_is_nobodys_here(
    world: World, cast: Cast, client: Client, owner: Client
) -> None:
    plan(world, "Uno")
    with acting_for(cast.id):
        invoice = Invoice.objects.get()
    owner.post(f"/o/sembria/portfolio/invoices/{invoice.pk}/files", {"file": SimpleUploadedFile("F.pdf", PDF)})
    with acting_for(cast.id):
        kept = InvoiceFile.objects.get()
    client.force_login(cast.outsider)
    for slug in ("sembria", "lonkura"):
        assert client.get(f"/o/{slug}/portfolio/files/{kept.pk}").status_code == 404
        assert client.post(f"/o/{slug}/portfolio/files/{kept.pk}/remove").status_code == 404


def test_statements_are_set_for_everybody_for_a_creditor_and_for_one(
    world: World, owner: Client, colleague: Client
) -> None:
    with acting_for(world.by.organization_id):
        customer = world.customer("Quenara")
    where = "/o/sembria/settings/statements/"
    assert "Ningún estado de cuenta" in text(owner, where)
    assert owner.post(f"{where}set", {"scope": "", "day": "5"}).status_code == 302
    assert owner.post(f"{where}set", {"scope": f"creditor-{world.creditor.pk}", "day": ""}).status_code == 302
    assert owner.post(f"{where}set", {"scope": "", "day": "31"}).status_code == 422
    assert owner.post(f"/o/sembria/customers/{customer.pk}/statements/when", {"day": "10"}).status_code == 302
    page = text(owner, where)
    assert "el día 5 de cada mes" in page and "nunca" in page and "Quenara" in page
    assert colleague.post(f"{where}set", {"scope": "", "day": "6"}).status_code == 403
    with acting_for(world.by.organization_id):
        first = StatementSchedule.objects.get(day=5)
    owner.post(f"{where}{first.pk}/drop")
    assert "el día 5" not in text(owner, where)


def test_a_proposed_statement_is_looked_at_like_any_message(world: World, owner: Client) -> None:
    from puntual.outreach.actions import plan_statements, set_schedule
    from puntual.outreach.monthly_statements import Scope

    with acting_for(world.by.organization_id):
        customer = world.customer("Quenara")
        world.invoice(customer, "F-1", -5)
        set_schedule(world.by, Scope(), 23, approve=True)
        plan_statements(world.by)
        found = Activity.objects.get()
    page = text(owner, f"/o/sembria/activities/{found.pk}")
    assert "Estado de cuenta" in page and "F-1" in page
    assert "Quenara" in text(owner, "/o/sembria/activities/")
    assert owner.post(f"/o/sembria/activities/{found.pk}/approve").status_code == 302
    assert now(found).state == "queued"
    assert text(owner, f"/o/sembria/customers/{customer.pk}")


def test_visits_are_offered_where_the_day_has_room(world: World, owner: Client) -> None:
    from puntual.daily.rules import channels_offered
    from puntual.organizations.models import Organization

    organization = Organization.objects.get(slug="sembria")
    with acting_for(organization.id):
        assert "visit" not in channels_offered(organization)
    owner.post("/o/sembria/settings/channels/in-person", {"letter": "30", "visit": "4", "meeting": ""})
    with acting_for(organization.id):
        assert channels_offered(organization) >= {"visit", "letter"} and "meeting" not in channels_offered(organization)


def test_who_is_called_by_a_colleague_is_not_called_twice(
    world: World, cast: Cast, owner: Client, colleague: Client
) -> None:
    activity = call(world, "Lucma")
    with acting_for(cast.id):
        engage(cast.actor(now=NOW + timedelta(minutes=0)), activity)
    answer = colleague.post(f"{QUEUE}{activity.pk}/now", follow=True)
    assert "Owner" in answer.content.decode()
