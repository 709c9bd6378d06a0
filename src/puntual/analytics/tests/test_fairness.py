"""The fairness report: what was granted by situation, what it comes to, and every exception with its reason and decider."""

import io
import json
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given as property_of
from hypothesis import strategies as st

from conftest import NOW, TODAY, Cast
from puntual.agreements.approvals import ask
from puntual.agreements.guardrails import Excess, Situation
from puntual.agreements.models import Approval, Extension, Plan, PlanPart
from puntual.analytics import exports, reports
from puntual.analytics.fairness import ACCEPTED, Exceeding, Given, bands, cell_of, given, latest_exceptions, tallies
from puntual.analytics.narrowing import Whose
from puntual.analytics.queries import DEFAULT
from puntual.receivables.tests.build import Books, books_for
from puntual.strategies.actions import activate, assign, import_draft
from puntual.strategies.manual import to_toml
from puntual.strategies.tests.test_manual_files import FULL
from puntual.strategies.tests.test_situations import LARGE, MIDDLE, OLD, SMALL

ZONE = "America/Lima"
SINCE = TODAY - timedelta(days=30)
EDGES = {"PEN": (Decimal(500), Decimal(5000))}


@pytest.fixture
def books(acting: Cast) -> Books:
    by = acting.actor()
    steps = tuple(step for step in FULL.steps if not step.offer)
    manual = FULL.__class__(
        "table", "Tabla", "es", tuple(step for step in steps), FULL.policies, (SMALL, MIDDLE, LARGE, OLD)
    )
    assign(by, activate(by, import_draft(by, to_toml(manual))).strategy)
    return books_for(by)


def extension(
    books: Books, balance: str, age: int, *, days: int = 7, state: str = "granted", **more: object
) -> Extension:
    item = books.item(books.customer(), balance, late=max(age, 1))
    return Extension.objects.create(
        organization_id=books.org,
        customer_id=item.customer_id,
        installment=item,
        from_due=item.due_on,
        to_due=item.due_on + timedelta(days=days),
        reason="r",
        state=state,
        offer="week",
        situation=Situation("PEN", Decimal(balance), age).as_json(),
        granted_on=TODAY if state == "granted" else None,
        recorded_at=more.pop("at", NOW),
        recorded_by="Ana",
        **more,
    )


def plan(books: Books, balance: str, age: int, state: str, *, parts: int = 3, discount: str = "0") -> Plan:
    customer = books.customer()
    amount, less = Decimal(balance), Decimal(discount)
    made = Plan.objects.create(
        organization_id=books.org,
        creditor=books.creditor,
        customer=customer,
        number=f"PP-{Plan.objects.count()}",
        kind="settlement" if less else "plan",
        state=state,
        currency="PEN",
        principal=amount,
        discount=less,
        agreed_on=TODAY,
        offer="parts",
        situation=Situation("PEN", amount, age).as_json(),
        accepted_at=NOW if state in ("active", "completed", "broken") else None,
        ended_on=None if state in ("awaiting", "offered", "active") else TODAY,
        recorded_at=NOW,
        recorded_by="Ana",
    )
    each = (amount - less) / parts
    for place in range(1, parts + 1):
        PlanPart.objects.create(
            organization_id=books.org,
            plan=made,
            position=place,
            due_on=TODAY + timedelta(days=30 * place),
            principal=each + (less if place == parts else 0),
            discount=less if place == parts else 0,
            amount=each,
        )
    return made


def of_the_month(books: Books) -> list[Given]:
    return given(books.org, SINCE, TODAY, ZONE)


def test_bands_come_from_the_manual_in_force(books: Books) -> None:
    assert bands(books.org) == EDGES


def test_situations_with_what_was_granted_in_them(books: Books) -> None:
    extension(books, "300", 10, days=5)
    extension(books, "499.99", 30, days=7)
    extension(books, "500", 31, days=7)
    plan(books, "900", 40, "active", parts=2)
    plan(books, "1200", 45, "expired", parts=3)
    plan(books, "1500", 45, "offered", parts=3)
    plan(books, "1000", 45, "completed", discount="100", parts=1)
    counted = tallies(of_the_month(books), bands(books.org), DEFAULT)
    assert [(cell.kind, cell.band, DEFAULT.names[cell.age], tally.given) for cell, tally in counted.items()] == [
        ("extension", 0, "1-30", 2),
        ("extension", 1, "31-60", 1),
        ("plan", 1, "31-60", 3),
        ("settlement", 1, "31-60", 1),
    ]
    small, _middle, plans, settlement = counted.values()
    assert small.ranges == {"days": (5, 7)} and small.acceptance == 100
    assert (plans.ranges["parts"], plans.acceptance) == ((2, 3), 50)
    assert plans.outcomes == {"accepted": 1, "open": 1, "declined": 1, "refused": 0, "withdrawn": 0}
    assert settlement.ranges["percent"] == (10, 10)


def test_only_the_period_counts_in_the_organizations_days(books: Books) -> None:
    extension(books, "300", 10, at=NOW - timedelta(days=31))
    assert of_the_month(books) == []
    assert len(given(books.org, SINCE - timedelta(days=1), TODAY, ZONE)) == 1
    assert given(books.org, SINCE, TODAY, ZONE, Whose(creditor=UUID(int=1))) == []


def test_every_exception_has_its_reason_and_decider(books: Books) -> None:
    asked = extension(books, "300", 10, days=20, state="awaiting")
    ask(books.by, asked, "extension", (Excess("days", 7, 20),), "Cobra el 30.", "manager")
    (one,) = of_the_month(books)
    assert one.exception == Exceeding(
        [{"limit": "days", "allowed": "7", "asked": "20"}], "Cobra el 30.", books.by.name, "waiting", "", ""
    )
    Approval.objects.filter(organization_id=books.org).update(decision="refused", decided_by="Bea", why="No.")
    Extension.objects.filter(pk=asked.pk).update(state="refused")
    (one,) = of_the_month(books)
    assert one.exception and (one.outcome, one.exception.decided_by, one.exception.why) == ("refused", "Bea", "No.")
    ((_cell, tally),) = tallies([one], EDGES, DEFAULT).items()
    assert (tally.exceptions, tally.acceptance, tally.ranges) == (1, None, {}), "an exception widens no range"


def test_the_latest_exceptions_come_first(books: Books) -> None:
    extension(books, "300", 10)
    for days, at in ((20, NOW - timedelta(days=3)), (25, NOW - timedelta(days=1)), (30, NOW - timedelta(days=2))):
        asked = extension(books, str(100 * days), 10, days=days, state="awaiting", at=at)
        ask(books.by, asked, "extension", (Excess("days", 7, days),), "Cobra el 30.", "manager")
    found = latest_exceptions(books.org, SINCE, TODAY, ZONE, 2)
    assert [one.days for one in found] == [25, 30]
    assert [one.days for one in of_the_month(books)] == [20, 30, 25, 7]


@pytest.mark.parametrize("form", ["csv", "json", "xlsx"])
def test_as_a_file(books: Books, form: str) -> None:
    asked = extension(books, "700", 10, days=20, state="awaiting")
    ask(books.by, asked, "extension", (Excess("days", 7, 20),), "Cobra el 30.", "manager")
    found = reports.build("fairness", books.org, TODAY, since=SINCE)
    if form == "xlsx":
        file = io.BytesIO()
        exports.write_xlsx(found, file)
        assert file.getvalue().startswith(b"PK")
        return
    text = io.StringIO()
    (exports.write_csv if form == "csv" else exports.write_json)(found, text)
    said = text.getvalue()
    assert "Cobra el 30." in said and "700" in said
    if form == "json":
        written = json.loads(said)
        (situation,) = written["situations"]
        assert (written["exceptions"], situation["balance_from"], situation["balance_below"]) == (1, "500", "5000")
        assert written["agreements"][0]["reason"] == "Cobra el 30."


def agreed(kind: str, balance: int | None, age: int, days: int) -> Given:
    here = None if balance is None else Situation("PEN", Decimal(balance), age)
    who = UUID(int=days)
    return Given(kind, who, "c", "n", "d", here, "o", ACCEPTED, TODAY, "b", days, None, None, None, None)


_given = st.builds(
    agreed,
    st.sampled_from(["extension", "plan"]),
    st.none() | st.integers(0, 9000),
    st.integers(-10, 200),
    st.integers(1, 90),
)


@property_of(st.lists(_given, max_size=12))
def test_everybody_is_counted_once_whatever_the_order(found: list[Given]) -> None:
    counted = tallies(found, EDGES, DEFAULT)
    assert sum(tally.given for tally in counted.values()) == len(found)
    again = tallies(found[::-1], EDGES, DEFAULT)
    assert again == counted and list(counted) == sorted(counted)
    assert all(cell_of(one, EDGES, DEFAULT) in counted for one in found)
