"""Where customers stand on a line of days: each once, at its oldest open item, on the line of the manual it follows."""

from datetime import timedelta
from decimal import Decimal

from conftest import TODAY, Cast
from puntual.parties.models import Creditor, Customer, Party
from puntual.receivables.actions import Part, issue_invoice
from puntual.strategies.actions import activate, assign, import_draft, install_builtin
from puntual.strategies.builtin import builtin
from puntual.strategies.manual import to_toml
from puntual.strategies.standing import standing


def _customer(cast: Cast, code: str, creditor: str) -> Customer:
    owed, _ = Creditor.objects.get_or_create(
        organization_id=cast.id,
        code=creditor,
        defaults={"name": creditor, "country": "PE", "currency": "PEN", "language": "es"},
    )
    party = Party.objects.create(organization_id=cast.id, name=code, search_name=code, country="PE")
    return Customer.objects.create(
        organization_id=cast.id,
        creditor=owed,
        party=party,
        code=code,
        name=code,
        search_name=code,
        language="es",
        time_zone="America/Lima",
        created_on=TODAY,
    )


def _owes(cast: Cast, customer: Customer, *late: int) -> None:
    for number, days in enumerate(late):
        due_on = TODAY - timedelta(days=days)
        issue_invoice(
            cast.actor(),
            customer_id=customer.id,
            number=f"{customer.code}-{number}",
            issued_on=min(due_on - timedelta(days=30), TODAY),
            currency="PEN",
            parts=[Part(due_on, Decimal(100))],
        )


def test_each_customer_stands_once_on_the_line_of_its_manual(acting: Cast) -> None:
    by = acting.actor()
    general = install_builtin(by, "es")
    a, b, c, d = (
        _customer(acting, code, creditor) for code, creditor in (("a", "x"), ("b", "x"), ("c", "y"), ("d", "x"))
    )
    _owes(acting, a, 20, 3)
    _owes(acting, b, -5)
    _owes(acting, c, 20)
    _owes(acting, d, -45)  # too far ahead to stand anywhere
    assert standing(acting.id, general.id, TODAY) == {20: 2, -5: 1}
    own = activate(by, import_draft(by, to_toml(builtin("en"))))
    assert not standing(acting.id, own.id, TODAY)
    assign(by, own.strategy, creditor=c.creditor)
    assign(by, own.strategy, customer=b)
    assert standing(acting.id, own.id, TODAY) == {20: 1, -5: 1}
    assert standing(acting.id, general.id, TODAY) == {20: 1}
