"""Whose a credit is, and how far it can be told. One small portfolio, many transfers."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from puntual.kernel.references import creditor_reference
from puntual.payments.matching.adjusting import Kind, Limits, Withholding
from puntual.payments.matching.match import propose
from puntual.payments.matching.portfolio import OpenItem, Payer, Portfolio
from puntual.payments.matching.proposals import SETTLED, Credit, Rules

DAY = date(2026, 11, 20)


def key(number: int) -> UUID:
    return UUID(int=number)


QUENARA, ANDURERO, SISTER, OLIVAR, BRANCH = map(key, range(1, 6))
REFERENCE = creditor_reference("00000000A1B2")
PAYERS = [
    Payer(QUENARA, "Textiles Quenara S.A.C.", REFERENCE, accounts=("PE 0011 2233",)),
    Payer(ANDURERO, "Minera Andurero S.A.", aliases=("Holding Austral",)),
    Payer(SISTER, "Minera Andurero Norte S.A."),
    Payer(OLIVAR, "Olivar Hermanos SRL"),
    Payer(BRANCH, "Olivar Sucursal Arica", paid_by=OLIVAR),
]


def item(place: int, customer: UUID, number: str, amount: int, **more: object) -> OpenItem:
    return OpenItem(key(100 + place), customer, number, date(2026, 10, place), "PEN", amount, **more)  # type: ignore[arg-type]


ITEMS = [
    item(1, QUENARA, "F001-00012345", 118_000),
    item(2, QUENARA, "F001-00012399", 59_013),
    item(3, QUENARA, "F001-00012401", 472_000, expected=14_160),
    item(4, ANDURERO, "F001-00013000", 236_017),
    item(5, SISTER, "F001-00013001", 99_000),
    item(6, OLIVAR, "F002-00000700", 50_000, discount=1_000, discount_until=DAY),
    item(7, BRANCH, "F002-00000701", 70_044),
    item(8, ANDURERO, "F001-00013002", 118_000),
]
NUMBER = {one.id: one.number[-4:] for one in ITEMS}


@pytest.fixture
def portfolio() -> Portfolio:
    return Portfolio.of(PAYERS, ITEMS)


def credit(amount: int, *texts: str, name: str = "", account: str = "", currency: str = "PEN") -> Credit:
    return Credit(key(9000), DAY, currency, amount, texts, (), name, account)


TABLE: dict[str, tuple[Credit, str, str, bool]] = {
    "its number, its amount": (credit(118_000, "PAGO FACT F001-00012345"), "number_exact", "2345:118000", True),
    "the number, and the net of what the law deducts": (
        credit(457_840, "F001-12401"),
        "number_net",
        "2401:457840",
        True,
    ),
    "two numbers in one transfer": (
        credit(177_013, "F001 12345 / F001 12399"),
        "number_exact",
        "2345:118000 2399:59013",
        True,
    ),
    "three numbers, two of them paid": (
        credit(177_013, "F001 12345 F001 12399 F001 12401"),
        "number_subset",
        "2345:118000 2399:59013",
        True,
    ),
    "a number with an O for a 0": (credit(118_000, "FO01-OOO12345"), "mended_number_exact", "2345:118000", True),
    "less than the number asks, from its payer": (
        credit(40_000, "F001-00012345", name="TEXTILES QUENARA SAC"),
        "number_part",
        "2345:40000",
        True,
    ),
    "less than the number asks, from nobody knows whom": (
        credit(40_000, "F001-00012345"),
        "number_part",
        "2345:40000",
        False,
    ),
    "less than the number asks, from somebody else": (
        credit(40_000, "F001-00012345", name="Olivar Hermanos SRL"),
        "number_part",
        "2345:40000",
        False,
    ),
    "more than the number asks": (credit(200_000, "F001-00012345"), "number_over", "2345:118000", False),
    "numbers of two payers": (
        credit(354_017, "F001-12345 F001-13000"),
        "number_subset",
        "3000:236017 3002:118000",
        False,
    ),
    "a few cents less": (credit(117_998, "F001-00012345"), "number_adjusted", "2345:117998", True),
    "early, less the discount": (credit(49_000, "F002-00000700"), "number_adjusted", "0700:49000", True),
    "a payer and its branch": (credit(120_044, "F002-700 y F002-701"), "number_exact", "0700:50000 0701:70044", True),
    "the end of a number": (credit(59_013, "fact 12399"), "number_tail_exact", "2399:59013", True),
    "the end of a number, less, from its payer": (
        credit(30_000, "fact 12399", account="PE00112233"),
        "number_tail_part",
        "2399:30000",
        True,
    ),
    "its reference": (credit(118_000, REFERENCE), "reference_exact", "2345:118000", True),
    "its reference, two items": (credit(531_013, REFERENCE), "reference_subset", "2399:59013 2401:472000", True),
    "its reference, no items fit": (
        credit(200_000, REFERENCE),
        "reference_oldest",
        "2345:118000 2399:59013 2401:22987",
        False,
    ),
    "its account": (credit(59_013, "TRANSF", account="pe-0011-2233"), "account_exact", "2399:59013", True),
    "a name that somebody has confirmed": (credit(236_017, name="HOLDING AUSTRAL"), "alias_exact", "3000:236017", True),
    "its name": (credit(236_017, name="MINERA ANDURERO SA"), "name_exact", "3000:236017", True),
    "its name, cut by the bank": (credit(59_013, name="TEXTILES QUENA"), "like_name_exact", "2399:59013", False),
    "only its amount": (credit(59_013, "DEPOSITO EFECTIVO"), "amount_exact", "2399:59013", False),
    "an amount two customers owe": (credit(118_000, "DEPOSITO EFECTIVO"), "", "", False),
    "nothing at all": (credit(1_234, "DEPOSITO EFECTIVO"), "", "", False),
    "another currency": (credit(118_000, "F001-00012345", currency="USD"), "", "", False),
}


@pytest.mark.parametrize("case", TABLE)
def test_the_strongest_answer(portfolio: Portfolio, case: str) -> None:
    asked, rule, parts, sure = TABLE[case]
    found = propose(asked, portfolio)
    first = found[0] if found else None
    assert (first.rule if first else "") == rule
    said = " ".join(sorted(f"{NUMBER[one.item_id]}:{one.amount}" for one in first.parts)) if first else ""
    assert said == parts
    assert bool(first and first.sure) is sure
    if first:
        assert sum(part.amount for part in first.parts) + first.rest == asked.amount
        assert first.evidence


def test_sisters_are_told_apart_by_the_whole_name(portfolio: Portfolio) -> None:
    found = propose(credit(99_000, name="Minera Andurero Norte"), portfolio)
    assert (found[0].rule, found[0].sure, found[0].family) == ("name_exact", False, SISTER)  # both names are in it


def test_what_is_settled_is_not_settled_twice(portfolio: Portfolio) -> None:
    portfolio.settle([(ITEMS[0].id, 118_000)])
    found = propose(credit(118_000, "F001-00012345", name="Minera Andurero S.A."), portfolio)
    assert not any(one.sure for one in found)  # though the payer owes another invoice of that amount
    paid_before = next(one for one in found if one.evidence == ((SETTLED, "F001-00012345"),))
    assert (paid_before.family, paid_before.rest, paid_before.parts) == (QUENARA, 118_000, ())


def test_a_part_leaves_the_rest_open(portfolio: Portfolio) -> None:
    portfolio.settle([(ITEMS[0].id, 18_000)])
    assert propose(credit(100_000, "F001-00012345"), portfolio)[0].rule == "number_exact"


@pytest.mark.parametrize(
    ("amount", "limits", "kind"),
    [
        (117_996, Limits(), Kind.ROUNDING),
        (117_990, Limits(), None),
        (114_460, Limits(withholdings=(Withholding("igv", "withholding", "3", Decimal("0.03")),)), Kind.WITHHOLDING),
        (114_460, Limits(), None),
        (116_000, Limits(fees={"PEN": 35}), Kind.FEE),
        (114_000, Limits(fees={"PEN": 35}), None),
    ],
)
def test_adjustments_have_a_name(portfolio: Portfolio, amount: int, limits: Limits, kind: Kind | None) -> None:
    first = propose(credit(amount, "F001-00012345"), portfolio, Rules(limits))[0]
    named = {one.kind: one.amount for one in first.adjustments}
    assert named == ({kind: 118_000 - amount} if kind else {})


def test_a_discount_ends(portfolio: Portfolio) -> None:
    late = credit(49_000, "F002-00000700")._replace(booked_on=date(2026, 11, 21))
    assert propose(late, portfolio)[0].rule == "number_part"


def proposals(portfolio: Portfolio) -> Iterator[object]:
    for asked, *_ in TABLE.values():
        yield from propose(asked, portfolio)


def test_the_same_question_has_the_same_answers(portfolio: Portfolio) -> None:
    assert list(proposals(portfolio)) == list(proposals(Portfolio.of(reversed(PAYERS), reversed(ITEMS))))
