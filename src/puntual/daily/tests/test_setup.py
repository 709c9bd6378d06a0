"""A new organization is complete: its first file can be imported and its first day run."""

import pytest

from conftest import NOW, Cast
from puntual.audit.models import Record
from puntual.daily.run import run_day
from puntual.daily.setup import EMAILS_PER_DAY, set_up_organization
from puntual.kernel.problems import Problem
from puntual.organizations.actions import actor_of
from puntual.organizations.models import Membership, Organization
from puntual.outreach.models import Capacity
from puntual.parties.models import Creditor
from puntual.strategies.queries import assignments
from puntual.tenancy.scope import acting_for


def test_everything_a_first_day_needs(cast: Cast) -> None:
    made = set_up_organization(
        NOW, slug="acme", name="Acme Ltda.", country="CL", currency="CLP", owner=cast.owner, language=""
    )
    assert (made.time_zone, made.language, made.is_live) == ("America/Santiago", "es", False)
    assert Membership.objects.get(organization=made, user=cast.owner).role == "owner"
    with acting_for(made.id):
        creditor = Creditor.objects.get(organization_id=made.id)
        assert (creditor.name, creditor.currency, creditor.country) == ("Acme Ltda.", "CLP", "CL")
        assert assignments(made.id).of_organization[1].language == "es"
        assert Capacity.objects.get(organization_id=made.id).per_day == EMAILS_PER_DAY
        assert Record.objects.filter(action="organization.set_up", actor_name=str(cast.owner)).exists()
    assert run_day(actor_of(made, NOW)).customers == 0


def test_the_manual_that_was_chosen(db: None) -> None:
    made = set_up_organization(NOW, slug="club", name="Club", country="BR", currency="BRL", manual="schools")
    with acting_for(made.id):
        assert assignments(made.id).of_organization[1].code == "schools-pt"
    with pytest.raises(Problem, match="no built-in manual"):
        set_up_organization(NOW, slug="bank", name="Bank", country="BR", currency="BRL", manual="banks")
    assert not Organization.objects.filter(slug="bank").exists()


def test_without_an_owner_nobody_signs_in(db: None) -> None:
    made = set_up_organization(NOW, slug="acme", name="Acme", country="PE", currency="PEN")
    assert not Membership.objects.filter(organization=made).exists()


def test_a_taken_name_leaves_nothing_behind(cast: Cast) -> None:
    with pytest.raises(Problem, match="already is an organization"):
        set_up_organization(NOW, slug="sembria", name="Other", country="PE", currency="PEN", owner=cast.owner)
    assert Organization.objects.count() == 2
