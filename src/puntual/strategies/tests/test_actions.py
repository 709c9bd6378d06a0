"""Strategies in the database: drafts, what is in force, and for whom."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conftest import NOW, Cast, make_organization
from puntual.audit.models import Record
from puntual.kernel.problems import Problem
from puntual.parties.models import Creditor, Customer, Party
from puntual.strategies.actions import activate, assign, import_draft, install_builtin, unassign
from puntual.strategies.builtin import builtin
from puntual.strategies.manual import to_toml
from puntual.strategies.models import Assignment, Strategy, Version
from puntual.strategies.queries import active_manuals, assignments, strategy_for
from puntual.tenancy.scope import acting_for


@pytest.fixture
def customers(acting: Cast) -> list[Customer]:
    """Two customers of a first creditor and one of a second."""
    found = []
    for code, creditor in (("a", "first"), ("b", "first"), ("c", "second")):
        owed, _ = Creditor.objects.get_or_create(
            organization_id=acting.id,
            code=creditor,
            defaults={"name": creditor, "country": "PE", "currency": "PEN", "language": "es"},
        )
        party = Party.objects.create(organization_id=acting.id, name=code, search_name=code, country="PE")
        found.append(
            Customer.objects.create(
                organization_id=acting.id,
                creditor=owed,
                party=party,
                code=code,
                name=code,
                search_name=code,
                language="es",
                time_zone="America/Lima",
                created_on=NOW.date(),
            )
        )
    return found


def test_the_built_in_manual_applies_to_everybody(acting: Cast, customers: list[Customer]) -> None:
    assert assignments(acting.id) is None and strategy_for(acting.id, [customers[0].id]) == {}
    version = install_builtin(acting.actor(), "es-PE")
    assert (version.state, version.number, version.strategy.code) == ("active", 1, "standard-es")
    assert active_manuals(acting.id) == {version.id: builtin("es")}
    assert strategy_for(acting.id, [one.id for one in customers]) == {one.id: version.id for one in customers}
    found = assignments(acting.id)
    assert found and found.of("nobody", "nothing") == (version.id, builtin("es"))
    record = Record.objects.get(action="strategies.install_builtin")
    assert record.object_id == version.id
    assert [part["action"] for part in record.detail["parts"]] == [
        "strategies.draft",
        "strategies.activate",
        "strategies.assign",
    ]


def test_installing_twice_changes_nothing_and_another_language_takes_over(acting: Cast) -> None:
    first = install_builtin(acting.actor(), "es")
    assert install_builtin(acting.actor(), "es") == first
    assert Version.objects.filter(organization_id=acting.id).count() == 1
    other = install_builtin(acting.actor(), "pt")
    assert Assignment.objects.get(organization_id=acting.id).strategy == other.strategy
    assert set(active_manuals(acting.id)) == {first.id, other.id}


def test_a_draft_changes_nothing_until_it_is_activated(acting: Cast) -> None:
    first = install_builtin(acting.actor(), "es")
    changed = to_toml(builtin("es")).replace("day = 15", "day = 12").replace("Manual estándar", "Manual nuevo")
    draft = import_draft(acting.actor(), changed)
    assert (draft.number, draft.state) == (2, "draft")
    assert import_draft(acting.actor(), changed) == draft
    assert set(active_manuals(acting.id)) == {first.id}
    active = activate(acting.actor(), draft)
    first.refresh_from_db()
    assert (active.state, active.activated_at, first.state, first.retired_at) == ("active", NOW, "retired", NOW)
    manual = active_manuals(acting.id)[active.id]
    assert manual.step("firm").day == 12
    assert Strategy.objects.get(organization_id=acting.id).name == "Manual nuevo"
    for version in (first, active):
        with pytest.raises(Problem, match="Only a draft"):
            activate(acting.actor(), version)


def test_a_wrong_file_leaves_nothing_behind(acting: Cast) -> None:
    with pytest.raises(Problem):
        import_draft(acting.actor(), to_toml(builtin("es")).replace("entry = true\n", ""))
    assert not Strategy.objects.filter(organization_id=acting.id).exists()
    assert not Record.objects.filter(organization_id=acting.id).exists()


def test_the_customer_comes_before_its_creditor_and_that_before_the_organization(
    acting: Cast, customers: list[Customer]
) -> None:
    by = acting.actor()
    general = install_builtin(by, "es")
    of_creditor = activate(by, import_draft(by, to_toml(builtin("en"))))
    of_customer = activate(by, import_draft(by, to_toml(builtin("pt"))))
    for_creditor = assign(by, of_creditor.strategy, creditor=customers[0].creditor)
    assign(by, of_customer.strategy, customer=customers[0])
    a, b, c = (one.id for one in customers)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert strategy_for(acting.id, [a, b, c]) == {a: of_customer.id, b: of_creditor.id, c: general.id}
    assert len(queries) == 3
    assign(by, general.strategy, customer=customers[0])  # again for the same customer: replaced, not added
    unassign(by, for_creditor)
    assert set(strategy_for(acting.id, [a, b, c]).values()) == {general.id}
    with pytest.raises(Problem, match="always has a strategy"):
        unassign(by, Assignment.objects.get(organization_id=acting.id, creditor=None, customer=None))


def test_only_what_is_in_force_can_be_assigned(acting: Cast, customers: list[Customer]) -> None:
    by = acting.actor()
    draft = import_draft(by, to_toml(builtin("es")))
    with pytest.raises(Problem, match="no active version"):
        assign(by, draft.strategy)
    activate(by, draft)
    with pytest.raises(Problem, match="not to several"):
        assign(by, draft.strategy, creditor=customers[0].creditor, customer=customers[0])


def test_strategies_of_two_organizations_never_meet(cast: Cast) -> None:
    other = make_organization("third")
    with acting_for(cast.id):
        install_builtin(cast.actor(), "es")
    with acting_for(other.id):
        assert assignments(other.id) is None
        assert active_manuals(cast.id) == {}
