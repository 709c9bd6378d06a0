"""From the customer's page to the provider and back: recorded once, matched by our reference, reversed when given back."""

import json
import time
from decimal import Decimal

import pytest
from django.core.cache import cache

from puntual.organizations.models import Organization
from puntual.outreach.deliveries.hooks import hook_address
from puntual.payments.models import Allocation, Payment, PaymentLink, PaymentLinkEvent
from puntual.portal.tests.provider import mercadopago_signature, providers, stripe_signature
from puntual.portal.tests.test_account import page, world  # noqa: F401 - a fixture
from puntual.receivables.models import Installment
from puntual.tenancy.scope import acting_for


@pytest.fixture
def shop(world, settings):  # noqa: F811
    cache.clear()
    with providers() as made:
        settings.PAYMENT_LINKS = made.urls()
        made.world = world
        yield made


def pay(client, shop, provider="stripe"):
    answer = client.post(page(shop.world, path="/pay"), {"provider": provider, "currency": "PEN"})
    assert answer.status_code == 200
    with acting_for(shop.world.by.organization_id):
        return PaymentLink.objects.latest("id")


def path_of(shop, provider) -> str:
    address = hook_address(shop.world.by.organization_id, provider)
    return address[address.index("/hooks/") :]


def event(client, shop, kind, about, *, key="evt_1", at=None, signature=None, path=None):
    raw = json.dumps({"id": key, "object": "event", "type": kind, "data": {"object": about}}).encode()
    header = signature or stripe_signature(raw, at or int(time.time()))
    address = path or path_of(shop, "stripe")
    return client.post(address, raw, content_type="application/json", headers={"Stripe-Signature": header})


def completed(link, amount=944000, **more):
    return {
        "client_reference_id": link.reference,
        "payment_intent": "pi_1",
        "payment_status": "paid",
        "amount_total": amount,
        "currency": "pen",
        **more,
    }


def open_amounts(shop) -> list[Decimal]:
    with acting_for(shop.world.by.organization_id):
        return [Installment.objects.get(id=item.id).open_amount for item in shop.world.items]


def payments(shop) -> list[tuple[Decimal, bool]]:
    with acting_for(shop.world.by.organization_id):
        return [(one.amount, one.reversed_on is None) for one in Payment.objects.order_by("id")]


def test_nothing_is_offered_unless_it_is_set_up(client, world) -> None:  # noqa: F811
    assert b"/pay" not in client.get(page(world)).content
    assert client.post(page(world, path="/pay"), {"provider": "stripe", "currency": "PEN"}).status_code == 404


def test_another_creditors_account_is_not_offered(client, shop, settings) -> None:
    for urls in (shop.urls(creditor="other"), shop.urls(organization="lonkura")):
        settings.PAYMENT_LINKS = urls
        assert b"/pay" not in client.get(page(shop.world)).content


def test_a_test_account_takes_nothing_from_customers_of_a_live_organization(client, shop) -> None:
    Organization.objects.filter(pk=shop.world.by.organization_id).update(mode="live", live_since=shop.world.by.now)
    assert b"/pay" not in client.get(page(shop.world)).content


def test_the_page_leads_to_a_checkout_over_exactly_what_is_overdue(client, shop) -> None:
    link = pay(client, shop)
    (session,) = shop.sessions
    assert session["line_items[0][price_data][unit_amount]"] == "944000"
    assert session["line_items[0][price_data][currency]"] == "pen"
    assert session["client_reference_id"] == link.reference and link.url == "https://pay.example/cs"
    assert link.amount == Decimal(9440)
    assert pay(client, shop).id == link.id and len(shop.sessions) == 1


def test_a_preference_has_its_amount_to_the_cent(client, shop) -> None:
    link = pay(client, shop, "mercadopago")
    (preference,) = shop.preferences
    assert preference["items"][0]["unit_price"] == Decimal("9440.00")
    assert preference["external_reference"] == link.reference


def test_a_provider_that_is_down_leaves_nothing(client, shop) -> None:
    shop.fails = True
    answer = client.post(page(shop.world, path="/pay"), {"provider": "stripe", "currency": "PEN"})
    assert answer.status_code == 422
    with acting_for(shop.world.by.organization_id):
        assert not PaymentLink.objects.exists()


def test_what_came_in_settles_the_items_once(client, shop) -> None:
    link = pay(client, shop)
    for said in ("changed", "known", "known"):
        assert event(client, shop, "checkout.session.completed", completed(link)).json() == {said: 1}
    late = event(client, shop, "checkout.session.async_payment_succeeded", completed(link), key="evt_2")
    assert late.status_code == 200
    assert payments(shop) == [(Decimal(9440), True)] and open_amounts(shop) == [0, 0, 4720]
    with acting_for(shop.world.by.organization_id):
        assert PaymentLinkEvent.objects.count() == 2 and Allocation.objects.count() == 2


def test_a_session_that_is_not_paid_records_nothing(client, shop) -> None:
    link = pay(client, shop)
    answer = event(client, shop, "checkout.session.completed", completed(link, payment_status="unpaid"))
    assert answer.status_code == 204 and payments(shop) == []


def test_a_refund_in_part_leaves_the_rest_and_a_chargeback_nothing(client, shop) -> None:
    link = pay(client, shop)
    event(client, shop, "checkout.session.completed", completed(link))
    refund = {"payment_intent": "pi_1", "amount_refunded": 100000, "currency": "pen"}
    for _again in range(2):
        event(client, shop, "charge.refunded", refund, key="evt_2")
    assert payments(shop) == [(Decimal(9440), False), (Decimal(8440), True)]
    assert open_amounts(shop) == [0, 1000, 4720]
    dispute = {"payment_intent": "pi_1", "amount": 844000, "currency": "pen"}
    event(client, shop, "charge.dispute.funds_withdrawn", dispute, key="evt_3")
    assert open_amounts(shop) == [4720, 4720, 4720]
    event(client, shop, "charge.dispute.funds_reinstated", dispute, key="evt_4")
    assert open_amounts(shop) == [0, 1000, 4720]
    event(client, shop, "charge.refunded", {**refund, "amount_refunded": 944000}, key="evt_5")
    assert open_amounts(shop) == [4720, 4720, 4720] and not any(live for _amount, live in payments(shop))


def test_an_older_refund_that_comes_late_changes_nothing(client, shop) -> None:
    link = pay(client, shop)
    event(client, shop, "checkout.session.completed", completed(link))
    for key, amount in (("evt_2", 944000), ("evt_3", 100000)):
        event(
            client,
            shop,
            "charge.refunded",
            {"payment_intent": "pi_1", "amount_refunded": amount, "currency": "pen"},
            key=key,
        )
    assert not any(live for _amount, live in payments(shop))


def test_money_in_another_currency_waits_on_account(client, shop) -> None:
    link = pay(client, shop)
    event(client, shop, "checkout.session.completed", completed(link, currency="usd"))
    with acting_for(shop.world.by.organization_id):
        payment = Payment.objects.get()
        assert (payment.currency, payment.unapplied) == ("USD", Decimal(9440))
    assert open_amounts(shop) == [4720, 4720, 4720]


@pytest.mark.parametrize("signature", ["", "t=1,v1=00", "v1=00", "t=x,v1=00", "garbage"])
def test_an_unsigned_event_is_refused(client, shop, signature) -> None:
    link = pay(client, shop)
    answer = event(client, shop, "checkout.session.completed", completed(link), signature=signature or "t=,v1=")
    assert answer.status_code == 403 and payments(shop) == []


def test_an_event_with_another_secret_an_old_one_and_one_of_another_organization(client, shop, cast) -> None:
    link = pay(client, shop)
    raw = json.dumps(
        {"id": "evt_1", "type": "checkout.session.completed", "data": {"object": completed(link)}}
    ).encode()
    now = int(time.time())
    for header in (stripe_signature(raw, now, "whsec_other"), stripe_signature(raw, now - 3600)):
        answer = client.post(
            path_of(shop, "stripe"), raw, content_type="application/json", headers={"Stripe-Signature": header}
        )
        assert answer.status_code == 403
    other = hook_address(cast.other_organization.id, "stripe")
    assert event(client, shop, "x", {}, path=other[other.index("/hooks/") :]).status_code == 404
    assert event(client, shop, "x", {}, path="/hooks/stripe/abc").status_code == 404
    assert event(client, shop, "x", {}, path=path_of(shop, "mercadopago")).status_code == 403
    assert payments(shop) == []


def test_an_event_about_nothing_of_ours_is_answered_and_forgotten(client, shop) -> None:
    link = pay(client, shop)
    about = {**completed(link), "client_reference_id": "someone-elses"}
    assert event(client, shop, "checkout.session.completed", about).json() == {"unknown": 1}
    assert event(client, shop, "invoice.paid", {"currency": "pen"}).status_code == 204
    assert payments(shop) == []


@pytest.mark.parametrize("amount", [9440.5, "944000", -1, True, None])
def test_an_amount_that_is_no_whole_number_is_refused(client, shop, amount) -> None:
    link = pay(client, shop)
    assert event(client, shop, "checkout.session.completed", completed(link, amount)).status_code == 400
    assert payments(shop) == []


@pytest.mark.parametrize(
    "junk", [{"payment_intent": "pi\0"}, {"payment_intent": "\ud800"}, {"currency": "\ud800"}, {"currency": 7}]
)
def test_a_signed_event_with_junk_in_it_is_refused(client, shop, junk) -> None:
    link = pay(client, shop)
    assert event(client, shop, "checkout.session.completed", completed(link) | junk).status_code == 400
    assert payments(shop) == []


def notified(client, shop, key="17014025134", signature=None):
    header = signature or mercadopago_signature(key, "req-1", 1700000000)
    address = f"{path_of(shop, 'mercadopago')}?data.id={key}&type=payment"
    headers = {"X-Signature": header, "X-Request-Id": "req-1"}
    return client.post(address, b"{}", content_type="application/json", headers=headers)


def test_mercado_pago_is_asked_how_the_payment_stands(client, shop) -> None:
    link = pay(client, shop, "mercadopago")
    standing = {
        "id": 17014025134,
        "status": "pending",
        "currency_id": "PEN",
        "transaction_amount": 9440.00,
        "transaction_amount_refunded": 0.0,
        "external_reference": link.reference,
        "date_approved": None,
    }
    shop.payments["17014025134"] = standing
    assert notified(client, shop).status_code == 204 and payments(shop) == []
    standing.update(status="approved", date_approved=f"{shop.world.by.today.isoformat()}T00:30:01.000-03:00")
    assert notified(client, shop).json() == {"changed": 1}
    assert notified(client, shop).json() == {"known": 1}
    assert open_amounts(shop) == [0, 0, 4720]
    standing.update(status="refunded", transaction_amount_refunded=9440.00)
    assert notified(client, shop).json() == {"changed": 1}
    assert open_amounts(shop) == [4720, 4720, 4720]


def test_a_notification_that_is_not_signed_or_not_known_records_nothing(client, shop) -> None:
    pay(client, shop, "mercadopago")
    assert notified(client, shop, signature="ts=1,v1=00").status_code == 403
    assert notified(client, shop, "999").status_code == 503
    assert payments(shop) == []


def test_the_desk_shows_the_accounts_and_asks_whether_they_answer(client, shop, cast, settings) -> None:
    client.force_login(cast.owner)
    place = "/o/sembria/settings/channels"
    assert path_of(shop, "stripe") in client.get(place).content.decode()
    told = client.post(f"{place}/payment-links/test", follow=True).content.decode()
    assert "Stripe" in told and "Mercado Pago" in told
    settings.PAYMENT_LINKS = "stripe://nothing"
    assert client.get(place).status_code == 200 and client.get(page(shop.world)).status_code == 200


def test_opening_the_way_to_pay_by_its_address_leads_to_what_is_open(client, shop) -> None:
    led = client.get(page(shop.world, path="/pay"), HTTP_ACCEPT="text/html", follow=True)
    assert led.status_code == 200 and led.redirect_chain == [(page(shop.world), 302)]
