"""Champion and challenger: who is in which arm, what an arm follows, and what cannot be tried."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from conftest import TODAY
from puntual.kernel.ids import uuid7
from puntual.kernel.problems import Problem
from puntual.parties.actions import create_creditor
from puntual.parties.bulk import Incoming, upsert_customers
from puntual.parties.models import Customer
from puntual.strategies.actions import activate, assign, import_draft, install_builtin
from puntual.strategies.experiment_actions import Design, begin_experiment, stop_experiment
from puntual.strategies.experiments import Split, delayed
from puntual.strategies.manual import to_toml
from puntual.strategies.models import Enrollment
from puntual.strategies.queries import assignments

DESIGN = Design(
    "Firmer sooner",
    TODAY,
    TODAY + timedelta(days=90),
    challenger_share=40,
    holdback_share=10,
    holdback_days=5,
)


def test_the_shares_come_out_and_an_arm_never_changes() -> None:
    split = Split("salt", challenger=30, holdback=10)
    customers = [str(uuid7()) for _ in range(5000)]
    arms = {customer: split.arm(customer) for customer in customers}
    counts = Counter(arms.values())
    assert 1350 < counts["challenger"] < 1650 and 400 < counts["holdback"] < 600
    assert all(split.arm(customer) == arm for customer, arm in arms.items())
    other = Split("another", challenger=30, holdback=10)
    assert sum(other.arm(customer) == arm for customer, arm in arms.items()) < 3000


def test_a_larger_share_only_adds_customers() -> None:
    customers = [str(uuid7()) for _ in range(500)]
    small = {one for one in customers if Split("s", 20, 0).arm(one) == "challenger"}
    large = {one for one in customers if Split("s", 50, 0).arm(one) == "challenger"}
    assert small < large


@pytest.fixture
def customers(acting):
    by = acting.actor()
    creditor = create_creditor(by, code="main", name="Main", country="PE", currency="PEN", language="es")
    upsert_customers(by, [Incoming(creditor.id, f"C{n}", f"Customer {n}", "", (), "", "PE") for n in range(30)])
    return list(Customer.objects.filter(organization_id=acting.id))


@pytest.fixture
def two(acting):
    """The built-in manual in force for everybody, and a second one."""
    by = acting.actor()
    champion = install_builtin(by, "en")
    manual = assignments(acting.id).of_organization[1]
    other = replace(manual, code="other", name="Other")
    challenger = activate(by, import_draft(by, to_toml(other)))
    return by, champion.strategy, challenger.strategy


def test_a_hold_back_hears_everything_later_and_required_steps_in_time(two, acting) -> None:
    manual = assignments(acting.id).of_organization[1]
    required = replace(manual.steps[3], required=True, proof="receipt")
    manual = replace(manual, steps=(*manual.steps[:3], required, *manual.steps[4:]))
    later = delayed(manual, 5)
    assert {step.code: step.day - manual.step(step.code).day for step in later.steps} == {
        step.code: 0 if step.required else 5 for step in manual.steps
    }
    assert [step.day for step in later.steps] == sorted(step.day for step in later.steps)


def test_each_customer_follows_its_arm_while_it_lasts(two, acting, customers) -> None:
    by, champion, challenger = two
    experiment = begin_experiment(by, DESIGN, champion, challenger)
    stored = dict(Enrollment.objects.filter(experiment=experiment).values_list("customer_id", "arm"))
    assert set(stored) == {customer.id for customer in customers}
    days = {DESIGN.starts_on: True, DESIGN.ends_on: True, DESIGN.ends_on + timedelta(days=1): False}
    for day, running in days.items():
        manuals = assignments(acting.id, day)
        for customer in customers:
            _version, manual = manuals.of(str(customer.id), str(customer.creditor_id))
            arm = stored[customer.id] if running else "champion"
            assert manual.code == ("other" if arm == "challenger" else "standard-en")
            assert (manual.steps[0].day == 0) == (arm == "holdback")
    assign(by, challenger, customer=customers[0])
    manuals = assignments(acting.id, TODAY)
    assert manuals.of(str(customers[0].id), "")[1].code == "other"  # a person's own choice is no experiment
    stop_experiment(by, experiment, why="Too many complaints")
    assert not assignments(acting.id, TODAY).trials
    with pytest.raises(Problem, match="over"):
        stop_experiment(by, experiment, why="Again")


@pytest.mark.parametrize(
    "changes",
    [
        {"name": " "},
        {"starts_on": TODAY - timedelta(days=1)},
        {"ends_on": TODAY + timedelta(days=20)},
        {"ends_on": TODAY + timedelta(days=400)},
        {"within_days": 0},
        {"challenger_share": 0},
        {"challenger_share": 51},
        {"holdback_share": 21},
        {"holdback_days": 0},
        {"holdback_days": 15},
    ],
)
def test_designs_that_show_nothing_are_refused(two, changes) -> None:
    by, champion, challenger = two
    with pytest.raises(Problem):
        begin_experiment(by, replace(DESIGN, **changes), champion, challenger)


def test_a_strategy_is_in_one_experiment_at_a_time(two) -> None:
    by, champion, challenger = two
    with pytest.raises(Problem, match="itself"):
        begin_experiment(by, DESIGN, champion, champion)
    first = begin_experiment(by, replace(DESIGN, challenger_share=0), champion)
    with pytest.raises(Problem, match="Firmer sooner"):
        begin_experiment(by, replace(DESIGN, name="Second"), champion, challenger)
    stop_experiment(by, first, why="Changed our mind")
    begin_experiment(by, replace(DESIGN, name="Second"), champion, challenger)
