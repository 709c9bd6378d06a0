"""What a message offers is what the manual allows in the situation: the step's own offer, another of its kind, or none."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conftest import NOW
from puntual.kernel.remembering import remembering
from puntual.organizations.models import Organization
from puntual.outreach.models import Activity
from puntual.outreach.offering import offers_for
from puntual.outreach.prepare import prepare
from puntual.outreach.tests.build import World
from puntual.strategies.actions import activate, import_draft
from puntual.strategies.builtin import builtin
from puntual.strategies.manual import to_toml
from puntual.strategies.steps import Offer

_PLAN = {"days": 90, "from_day": 5, "granted_by": "collector"}
SMALL = Offer(
    "small", "Dos", "plan", installments=2, balance_below={"PEN": Decimal(1000)}, words="un pago en 2 partes", **_PLAN
)
LARGE = Offer(
    "large", "Seis", "plan", installments=6, balance_from={"PEN": Decimal(1000)}, words="un pago en 6 partes", **_PLAN
)


@pytest.fixture
def table(world: World) -> World:
    """The standard manual with one offer, by the balance, and a first step that makes it."""
    manual = builtin("es")
    steps = tuple(replace(step, offer="small" if step.code == "firm" else "") for step in manual.steps)
    made = replace(manual, offers=(SMALL, LARGE), steps=steps, notices=())
    world.version = activate(world.by, import_draft(world.by, to_toml(made))).id
    return world


@pytest.mark.parametrize(
    ("amount", "currency", "late", "offered"),
    [
        ("999.99", "PEN", 20, "2 partes"),
        ("1000", "PEN", 20, "6 partes"),
        ("500", "USD", 20, None),  # no offer names dollars
        ("500", "PEN", 4, None),  # too young for any
    ],
)
def test_a_message_offers_what_applies(
    table: World, amount: str, currency: str, late: int, offered: str | None
) -> None:
    customer = table.customer("Textiles Quenara S.A.")
    activity = table.plan(customer, [table.invoice(customer, "F001-1", late, amount, currency)], step="firm")
    fresh = Activity.objects.select_related("customer__party", "customer__creditor").get(pk=activity.pk)
    wording = prepare(Organization.objects.get(pk=table.by.organization_id), fresh, NOW).wording
    assert wording
    assert (offered in wording.text) if offered else "partes" not in wording.text


def test_of_several_each_is_offered_their_own_in_one_look(table: World) -> None:
    activities = []
    for number, amount in enumerate(("300", "3000", "600")):
        customer = table.customer(f"Cliente {number}")
        activities.append(table.plan(customer, [table.invoice(customer, f"F001-{number}", 20, amount)], step="firm"))
    counts = []
    for some in (activities[:1], activities):
        with remembering(), CaptureQueriesContext(connection) as asked:
            found = offers_for(table.by.organization_id, some, table.by.today)
        counts.append(len(asked))
    assert [offer.code for offer in found.values() if offer] == ["small", "large", "small"]
    assert counts[0] == counts[1]
