"""Findings about a customer: kept with their evidence, the latest day counts, segments may ask for it."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils.translation import override

from conftest import TODAY, Cast
from puntual.agreements.models import Finding
from puntual.agreements.profiles.actions import record_finding
from puntual.agreements.profiles.findings import Procedure, procedure
from puntual.agreements.profiles.queries import current, findings
from puntual.agreements.profiles.words import profile
from puntual.kernel.problems import Problem
from puntual.parties.models import Customer
from puntual.receivables.tests.build import Books, books_for


@pytest.fixture
def books(acting: Cast) -> Books:
    return books_for(acting.actor())


def stands(books: Books, customer: Customer) -> tuple[bool | None, bool | None, str]:
    found = Customer.objects.get(organization_id=books.org, pk=customer.pk)
    return found.willing, found.able, found.arrears_reason


@pytest.mark.parametrize(
    ("willing", "able", "follows", "said"),
    [
        (True, True, Procedure.CAN_AND_WANTS, "can and wants to pay"),
        (True, False, Procedure.WANTS_BUT_CANNOT, "wants to pay but cannot now"),
        (False, True, Procedure.CAN_BUT_DOES_NOT_WANT, "can pay but does not want to"),
        (False, False, Procedure.NEITHER, "neither can nor wants to pay"),
        (True, None, None, "wants to pay"),
        (None, False, None, "cannot pay now"),
        (None, None, None, ""),
    ],
)
def test_the_procedure_follows_from_both(willing: bool, able: bool, follows: Procedure | None, said: str) -> None:
    with override("en"):
        assert (procedure(willing, able), profile(willing, able)) == (follows, said)


def test_the_latest_day_counts_and_all_are_kept(books: Books) -> None:
    ana = books.customer("Ana")
    record_finding(books.by, ana.id, willing=True, able=False, reason="late_income", evidence="Su cliente paga el 30.")
    assert stands(books, ana) == (True, False, "late_income")
    earlier = TODAY - timedelta(days=3)
    record_finding(books.by, ana.id, willing=False, able=True, reason="", evidence="No contestó.", found_on=earlier)
    assert stands(books, ana) == (True, False, "late_income"), "an older finding, entered late, does not count"
    record_finding(books.by, ana.id, willing=True, able=True, reason="", evidence="Ya cobró.")
    assert stands(books, ana) == (True, True, "")
    kept = findings(books.org, ana.id)
    assert [(one.willing, one.able) for one in kept] == [(True, True), (True, False), (False, True)]
    found = current(books.org, ana.id, as_of=earlier)
    assert found and found.able and not found.willing


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"willing": None, "able": None, "reason": ""}, "at least one thing"),
        ({"evidence": "  "}, "said or seen"),
        ({"reason": "moon"}, "“moon”"),
        ({"found_on": TODAY + timedelta(days=1)}, "still to come"),
    ],
)
def test_what_is_no_finding_is_refused(books: Books, change: dict[str, object], says: str) -> None:
    ana = books.customer("Ana")
    values: dict[str, object] = {"willing": True, "able": True, "reason": "", "evidence": "Lo dijo.", **change}
    with pytest.raises(Problem, match=says):
        record_finding(books.by, ana.id, **values)  # type: ignore[arg-type]
    assert not Finding.objects.filter(organization_id=books.org).exists()


def test_a_finding_is_never_changed(books: Books) -> None:
    made = record_finding(books.by, books.customer("Ana").id, willing=True, able=None, reason="", evidence="Lo dijo.")
    with pytest.raises(DatabaseError), transaction.atomic():
        Finding.objects.filter(organization_id=books.org, pk=made.pk).update(willing=False)
