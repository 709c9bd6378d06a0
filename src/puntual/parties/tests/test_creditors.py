"""Who is owed: corrected with its log, paid into the account of the currency."""

from datetime import timedelta

import pytest

from conftest import TODAY, Cast
from puntual.audit.models import Record
from puntual.kernel.problems import Problem
from puntual.parties.actions import add_account, change_creditor, create_creditor, end_account
from puntual.parties.models import Creditor, CreditorAccount

VALUES = {
    "name": "Sembria S.A.C.",
    "tax_id": "20-100017491",
    "email": "cobranzas@Sembria.Example",
    "phone": "+51 1 555 0100",
    "address": "Av. Norte 100\nLima",
    "signs_as": "Carmen Ríos",
    "language": "es",
}


@pytest.fixture
def creditor(acting: Cast) -> Creditor:
    return create_creditor(acting.actor(), code="main", name="Sembria", country="PE", currency="PEN", language="es")


def test_who_we_are(acting: Cast, creditor: Creditor) -> None:
    changed = change_creditor(acting.actor(), creditor.id, **VALUES)
    assert (changed.tax_id, changed.email) == ("20100017491", "cobranzas@sembria.example")
    detail = Record.objects.get(action="creditor.change").detail
    assert detail["name"] == ["Sembria", "Sembria S.A.C."]
    assert "language" not in detail


@pytest.mark.parametrize(
    ("field", "value", "said"), [("name", " ", "a name"), ("name", "x" * 201, "a name"), ("email", "carmen", "address")]
)
def test_what_a_creditor_cannot_be(acting: Cast, creditor: Creditor, field: str, value: str, said: str) -> None:
    with pytest.raises(Problem, match=said):
        change_creditor(acting.actor(), creditor.id, **{**VALUES, field: value})
    assert Creditor.objects.get().name == "Sembria"


def test_an_account_begins_and_ends(acting: Cast, creditor: Creditor) -> None:
    account = add_account(acting.actor(), creditor.id, currency="USD", bank=" Banco Norte ", number="001-2")
    assert (account.bank, account.ends_on) == ("Banco Norte", None)
    end_account(acting.actor(), account.id, last_day=TODAY - timedelta(1))
    assert CreditorAccount.objects.get().ends_on == TODAY - timedelta(1)
    with pytest.raises(Problem, match="bank"):
        add_account(acting.actor(), creditor.id, currency="USD", bank="", number="1")
    with pytest.raises(Problem):
        add_account(acting.actor(), creditor.id, currency="US$", bank="Norte", number="1")
