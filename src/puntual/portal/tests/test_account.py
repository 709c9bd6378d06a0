"""The customer's page by its link: only its own things, nothing for a changed or an old key, and what it says is taken down."""

import logging.config
from datetime import timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from puntual.disputes.models import Dispute, Evidence
from puntual.organizations.actions import actor_of
from puntual.outreach.models import Activity
from puntual.outreach.portal_link import PATH, portal_link, portal_token, read_portal_token
from puntual.outreach.tests.build import make_world
from puntual.payments.models import PaymentClaim
from puntual.receivables.deductions import expect_deduction
from puntual.receivables.models import Hold
from puntual.receivables.queries import active_holds
from puntual.tenancy.scope import acting_for

PDF = b"%PDF-1.4\n%receipt\n"


@pytest.fixture
def world(cast):
    """A customer with two late invoices and one to come, and a neighbor of the same creditor; as of this very moment."""
    with acting_for(cast.id):
        world = make_world(actor_of(cast.organization, timezone.now(), name="Test"))
        quenara, other = world.customer("Quenara"), world.customer("Ollantay")
        world.items = [
            world.invoice(quenara, "F001-247", 18),
            world.invoice(quenara, "F001-249", 5),
            world.invoice(quenara, "F001-254", -3),
        ]
        world.invoice(other, "F001-999", 40, "777.77")
        return world


def page(world, customer=0, path="", last=None) -> str:
    who = world.customers[customer]
    day = last or world.by.today + timedelta(days=10)
    return f"{PATH}{portal_token(who.organization_id, who.id, day)}{path}"


def test_the_page_shows_what_is_due_and_nothing_of_anybody_else(client, world) -> None:
    answer = client.get(page(world))
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert "F001-247" in shown and "F001-254" in shown and "9,440.00" in shown
    assert "F001-999" not in shown and "Ollantay" not in shown
    assert answer["X-Robots-Tag"].startswith("noindex") and "no-store" in answer["Cache-Control"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "http://" not in shown.replace("http://www.w3.org", "") and "https://" not in shown


def test_what_only_the_withholding_is_missing_from_is_not_asked_for(client, world) -> None:
    """The net was paid: what is left comes from the tax office's account, and no day is named for an amount of zero."""
    with acting_for(world.by.organization_id):
        for item in world.items:
            expect_deduction(world.by, item.id, kind="detraction", amount=item.open_amount)
    shown = client.get(page(world)).content.decode()
    assert "No hay nada vencido" in shown and ", de S/ 0.00" not in shown
    assert shown.count("Solo falta la retención o el depósito") == 3


@pytest.mark.parametrize(
    "path", ["/c/a/{key}/nowhere", "/c/g/{key}/nowhere", "/c/stop/{key}/x?y=1", "/hooks/meta/{key}"]
)
def test_the_log_keeps_no_key(client, db, capfd, path) -> None:
    """Whoever reads the log could open the page with it."""
    logging.config.dictConfig(settings.LOGGING)
    assert client.get(path.format(key="AaIGHNcicsuTFo_F6dTD9Q")).status_code >= 400
    logged = capfd.readouterr().err
    assert path.split("{")[0] + "…" in logged and "AaIGHN" not in logged


def test_a_neighbor_sees_its_own_page(client, world) -> None:
    shown = client.get(page(world, 1)).content.decode()
    assert "777.77" in shown and "F001-247" not in shown


@pytest.mark.parametrize(
    "damage",
    [
        lambda key: key[:-1],
        lambda key: key[:-2] + ("AA" if key[-2:] != "AA" else "BB"),
        lambda key: ("B" if key[0] != "B" else "C") + key[1:],
        lambda key: key[:30] + ("B" if key[30] != "B" else "C") + key[31:],
        lambda key: key[:44] + ("B" if key[44] != "B" else "C") + key[45:],
        lambda key: key + "=",
        lambda key: "x" * len(key),
        lambda key: "ñ" + key,
    ],
)
def test_a_changed_key_opens_nothing(client, world, damage) -> None:
    token = page(world).removeprefix(PATH)
    assert client.get(PATH + damage(token)).status_code == 404
    assert client.post(PATH + damage(token) + "/time", {"said": "x", "said_by": "y"}).status_code == 404


def test_a_key_of_another_organization_opens_nothing(client, world, cast) -> None:
    token = portal_token(cast.other_organization.id, world.customers[0].id, world.by.today)
    assert client.get(PATH + token).status_code == 404


def test_an_old_link_says_so_and_grants_nothing(client, world) -> None:
    old = world.by.today - timedelta(days=1)
    for path in ("", "/statement.pdf", "/paid", "/time", "/problem"):
        assert client.get(page(world, path=path, last=old)).status_code == 410
    assert client.post(page(world, path="/time", last=old), {"said": "x", "said_by": "y"}).status_code == 410
    assert client.get(page(world, last=world.by.today)).status_code == 200


def test_a_key_says_what_it_was_made_for(world) -> None:
    customer = world.customers[0]
    address = portal_link(customer.organization_id, customer.id, world.by.today)
    key = read_portal_token(address.rpartition("/")[2])
    assert (key.organization_id, key.customer_id) == (customer.organization_id, customer.id)
    assert key.last_day == world.by.today + timedelta(days=60)


def test_the_statement_is_a_pdf_to_keep(client, world) -> None:
    answer = client.get(page(world, path="/statement.pdf"))
    assert answer.content.startswith(b"%PDF") and answer["Content-Disposition"].startswith("attachment")


def paid(world, **changes):
    given = {
        "amount": "4720,00",
        "currency": "PEN",
        "paid_on": world.by.today.isoformat(),
        "bank": "Banco Uno 4471",
        "said_by": "Elvira Montalván",
        "receipt": SimpleUploadedFile("voucher.pdf", PDF),
    }
    return {**given, **changes}


def test_what_is_said_to_be_paid_is_held_with_its_receipt(client, world) -> None:
    answer = client.post(page(world, path="/paid"), paid(world), REMOTE_ADDR="203.0.113.9")
    assert answer.status_code == 302
    with acting_for(world.by.organization_id):
        claim = PaymentClaim.objects.get()
        held = active_holds(world.by.organization_id, world.by.today, [world.customers[0].id])
        assert (claim.amount, claim.state, claim.address) == (Decimal("4720.00"), "waiting", "203.0.113.9")
        assert bytes(claim.receipt) == PDF and len(claim.receipt_digest) == 64
        assert [(one.installment_id, one.reason) for one in held] == [(world.items[0].id, "payment_claimed")]
        assert held[0].until_on == claim.held_until > world.by.today
    shown = client.get(page(world)).content.decode()
    assert "Banco Uno 4471" in shown and "4,720.00" in shown


def test_the_same_said_twice_is_one(client, world) -> None:
    for _each in range(2):
        assert client.post(page(world, path="/paid"), paid(world)).status_code == 302
    with acting_for(world.by.organization_id):
        assert PaymentClaim.objects.count() == 1 and Hold.objects.count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": "1e5"},
        {"amount": "-5"},
        {"amount": "0"},
        {"currency": "USD"},
        {"paid_on": "2999-01-01"},
        {"items": ["00000000-0000-0000-0000-000000000000"]},
        {"receipt": SimpleUploadedFile("voucher.pdf", b"<script>alert(1)</script>")},
        {"receipt": SimpleUploadedFile("voucher.txt", b"words")},
    ],
)
def test_what_cannot_be_so_is_refused_beside_the_form(client, world, changes) -> None:
    assert client.post(page(world, path="/paid"), paid(world, **changes)).status_code == 422
    with acting_for(world.by.organization_id):
        assert not PaymentClaim.objects.exists() and not Hold.objects.exists()


def test_more_time_is_a_task_and_a_pause_with_an_end(client, world) -> None:
    for words in ("Hasta fin de mes", "Y en dos partes"):
        given = {"said": words, "said_by": "Elvira"}
        assert client.post(page(world, path="/time"), given).status_code == 302
    with acting_for(world.by.organization_id):
        task = Activity.objects.get(step="answer_request")
        assert task.state == "to_do" and "Hasta fin de mes" in task.note and "dos partes" in task.note
        hold = Hold.objects.get()
        assert hold.customer_id == world.customers[0].id and hold.until_on > world.by.today


def test_an_objection_is_a_dispute_with_its_evidence(client, world) -> None:
    given = {
        "invoice": str(world.items[0].invoice_id),
        "reason": "price",
        "amount": "100",
        "said": "El precio era otro",
        "said_by": "Elvira",
        "evidence": SimpleUploadedFile("orden.pdf", PDF),
    }
    assert client.post(page(world, path="/problem"), given).status_code == 302
    with acting_for(world.by.organization_id):
        dispute = Dispute.objects.get()
        assert (dispute.source, dispute.amount, dispute.said_by) == ("portal", Decimal(100), "Elvira")
        assert Evidence.objects.get().dispute_id == dispute.id


def test_nobody_objects_to_an_invoice_of_somebody_else(client, world) -> None:
    with acting_for(world.by.organization_id):
        foreign = world.invoice(world.customers[1], "F001-998", 3)
    given = {"invoice": str(foreign.invoice_id), "reason": "price", "said": "x", "said_by": "y"}
    assert client.post(page(world, path="/problem"), given).status_code == 422
    with acting_for(world.by.organization_id):
        assert not Dispute.objects.exists()


def test_a_form_of_another_site_is_refused(world) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post(page(world, path="/time"), {"said": "x", "said_by": "y"}).status_code == 403
    with acting_for(world.by.organization_id):
        assert not Activity.objects.filter(step="answer_request").exists()


def test_a_flood_of_forms_is_stopped(client, world) -> None:
    answers = [client.post(page(world, path="/time"), {"said": "x", "said_by": "y"}).status_code for _ in range(22)]
    assert answers[:20] == [302] * 20 and answers[20:] == [429] * 2
    assert client.get(page(world)).status_code == 200


def test_while_nothing_is_asked_for_no_form_asks_which_document(client, world) -> None:
    assert page(world, path="/problem") in client.get(page(world)).content.decode()
    client.post(page(world, path="/time"), {"said": "Pagamos el 30.", "said_by": "Ana"})
    assert page(world, path="/problem") not in client.get(page(world)).content.decode()
    assert client.get(page(world, path="/problem")).headers["Location"] == page(world)
    assert 'name="items"' not in client.get(page(world, path="/paid")).content.decode()
    assert client.post(page(world, path="/paid"), paid(world, items=[])).status_code == 302
