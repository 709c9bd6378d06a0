"""Which offers apply to a customer now: from its open items and segments, by the manual it follows."""

from dataclasses import replace
from decimal import Decimal

import pytest

from conftest import TODAY, Cast
from puntual.agreements.guardrails import excess, who_decides
from puntual.receivables.tests.build import Books, books_for
from puntual.strategies.actions import activate, assign, import_draft
from puntual.strategies.allowances import allowances, followed_by, within_for
from puntual.strategies.manual import to_toml
from puntual.strategies.segment_actions import store_segment
from puntual.strategies.segments import Condition, Segment
from puntual.strategies.tests.test_manual_files import FULL
from puntual.strategies.tests.test_situations import LARGE, LONGER, MIDDLE, SHOPS, SMALL


@pytest.fixture
def books(acting: Cast) -> Books:
    by = acting.actor()
    store_segment(by, Segment("shops", "Tiendas", (Condition("tags", "has", ("shop",)),)))
    store_segment(by, Segment("loud", "Otros", (Condition("tags", "has", ("loud",)),)))
    steps = tuple(replace(step, offer="") for step in FULL.steps)
    manual = replace(FULL, offers=(SMALL, MIDDLE, LARGE, SHOPS, LONGER), steps=steps)
    assign(by, activate(by, import_draft(by, to_toml(manual))).strategy)
    return books_for(by)


def codes(books: Books, customer: object, role: str = "collector") -> list[tuple[str, str]]:
    found = allowances(books.org, customer.id, role, TODAY)  # type: ignore[attr-defined]
    return [(one.situation.currency, one.allowance.offer) for one in found]


def test_the_balance_and_the_oldest_item_decide(books: Books) -> None:
    ana = books.customer("Ana")
    books.item(ana, "300", late=40)
    assert codes(books, ana) == [("PEN", "small"), ("PEN", "longer")]
    books.item(ana, "200", late=-20)
    assert codes(books, ana) == [("PEN", "middle"), ("PEN", "longer")]
    (within, _more) = allowances(books.org, ana.id, "collector", TODAY)
    assert within.situation.as_json() == {"currency": "PEN", "balance": "500.0000", "age": 40, "segments": []}


def test_nothing_open_allows_nothing(books: Books) -> None:
    ana = books.customer("Ana")
    assert codes(books, ana) == []
    within = within_for(books.org, ana.id, "collector", TODAY, "plan", "PEN")
    assert who_decides(within, excess(within, {"installments": 2})) == "manager"


def test_segments_count_only_where_an_offer_speaks_of_them(books: Books) -> None:
    ana, shop = books.customer("Ana", tags=["loud"]), books.customer("Bodega", tags=["shop", "loud"])
    for customer in (ana, shop):
        books.item(customer, "700", late=30)
    assert codes(books, ana) == [("PEN", "middle"), ("PEN", "longer")]
    assert codes(books, shop) == [("PEN", "shops"), ("PEN", "longer")]
    situations = followed_by(books.org, [ana.id, shop.id], TODAY)
    assert situations[ana.id].situations["PEN"].segments == frozenset()
    assert situations[shop.id].situations["PEN"].segments == {"shops"}


def test_the_same_situation_allows_the_same_whoever_the_customer(books: Books) -> None:
    """Names, languages, tags nobody asks for and who looks after them make no difference."""
    made = [
        books.customer("Ana", language="es"),
        books.customer("Zoe", language="pt", tags=["vip"], handling="approve"),
        books.customer("Tex S.A.", consumer=True, owner_id=None),
    ]
    for number, customer in enumerate(made, 1):
        for _part in range(number):
            books.item(customer, str(Decimal(1200) / number), late=30)
    allowed = [allowances(books.org, one.id, "manager", TODAY) for one in made]
    assert allowed[0] and allowed[0] == allowed[1] == allowed[2]


@pytest.mark.parametrize(
    ("role", "installments", "offer", "decides"),
    [
        ("collector", 3, "middle", ""),
        ("collector", 8, "longer", "manager"),
        ("collector", 13, "longer", "owner"),
        ("manager", 8, "longer", ""),
        ("manager", 13, "longer", "owner"),
        ("owner", 13, "longer", ""),
    ],
)
def test_of_the_offers_that_apply_the_closest_counts(
    books: Books, role: str, installments: int, offer: str, decides: str
) -> None:
    ana = books.customer("Ana")
    books.item(ana, "700", late=30)
    asked = {"installments": installments}
    within = within_for(books.org, ana.id, role, TODAY, "plan", "PEN", asked)
    assert (within.allowance.offer, who_decides(within, excess(within, asked))) == (offer, decides)
