"""Portfolios by rule: the first that fits counts, a person's word always wins, and nothing is given to who left."""

from datetime import timedelta
from uuid import UUID

import pytest

from conftest import TODAY, Cast, make_member
from puntual.audit.actions import Actor
from puntual.kernel.problems import Problem
from puntual.kernel.text import fold
from puntual.organizations.models import Membership
from puntual.parties.actions import assign_owner, set_handling
from puntual.parties.models import Creditor, Customer, Party
from puntual.strategies.models import PortfolioRule
from puntual.strategies.portfolios.actions import apply_rules, delete_rule, move_rule, store_rule
from puntual.strategies.portfolios.queries import Fitting, by_hand_or_rule, fittings, rules_of
from puntual.strategies.segment_actions import delete_segment, store_segment
from puntual.strategies.segments import Condition, Segment


class Book:
    """Customers by code, of two creditors and two countries, some with a tag."""

    def __init__(self, cast: Cast) -> None:
        self.by: Actor = cast.actor()
        self.owner, self.colleague = cast.owner.id, cast.colleague.id
        self.creditors = {
            code: Creditor.objects.create(organization_id=cast.id, code=code, name=code, country="PE", currency="PEN")
            for code in ("main", "sur")
        }
        for code, creditor, country, tags in (
            ("A", "main", "PE", []),
            ("B", "main", "CL", ["vip"]),
            ("C", "sur", "PE", ["vip"]),
            ("D", "sur", "CL", []),
        ):
            self.customer(code, creditor, country, tags)

    def customer(
        self, code: str, creditor: str = "main", country: str = "PE", tags: list[str] | None = None
    ) -> Customer:
        org = self.by.organization_id
        party = Party.objects.create(
            organization_id=org, kind="legal", name=code, search_name=fold(code), country=country
        )
        return Customer.objects.create(
            organization_id=org, creditor=self.creditors[creditor], party=party, code=code, name=code,
            search_name=fold(code), language="es", time_zone="America/Lima", tags=tags or [], created_on=TODAY,
        )  # fmt: skip

    def rule(self, name: str, member: UUID, **named: object) -> PortfolioRule:
        return store_rule(self.by, name=name, member_id=member, **named)  # type: ignore[arg-type]

    def owners(self) -> dict[str, UUID | None]:
        return dict(Customer.objects.order_by("code").values_list("code", "owner"))

    def id(self, code: str) -> UUID:
        return Customer.objects.get(code=code).id


@pytest.fixture
def book(acting: Cast) -> Book:
    return Book(acting)


def test_the_first_rule_that_fits_gives_the_customer_away(book: Book) -> None:
    vip = book.rule("Especiales", book.colleague, tags=["vip"])
    book.rule("Perú", book.owner, countries=["PE"])
    rules = rules_of(book.by.organization_id)
    assert fittings(book.by.organization_id, rules, TODAY) == [Fitting(2, 2, 0), Fitting(2, 1, 0)]
    assert apply_rules(book.by) == 3
    assert book.owners() == {"A": book.owner, "B": book.colleague, "C": book.colleague, "D": None}
    assert fittings(book.by.organization_id, rules, TODAY) == [Fitting(2, 0, 2), Fitting(2, 0, 1)]
    assert apply_rules(book.by) == 0
    move_rule(book.by, vip.id, 1)
    assert apply_rules(book.by) == 0  # whose they are stays, until somebody asks for it anew
    assert apply_rules(book.by, anew=True) == 1
    assert book.owners()["C"] == book.owner


def test_what_a_rule_names_must_all_hold(book: Book) -> None:
    store_segment(book.by, Segment("chile", "Chile", (Condition("country", "is", ("CL",)),)))
    book.rule("Chile del sur", book.colleague, segment="chile", creditors=["sur"])
    assert apply_rules(book.by) == 1
    assert book.owners()["D"] == book.colleague
    with pytest.raises(Problem, match="Chile del sur"):
        delete_segment(book.by, "chile")


def test_a_persons_word_wins_also_that_it_is_nobodys(book: Book) -> None:
    assign_owner(book.by, [book.id("A")], book.owner)
    assign_owner(book.by, [book.id("B")], None)
    set_handling(book.by, book.id("C"), "approve", why="pide trato propio", owner_id=book.owner)
    rule = book.rule("Todos", book.colleague)
    assert apply_rules(book.by, anew=True) == 1
    assert book.owners() == {"A": book.owner, "B": None, "C": book.owner, "D": book.colleague}
    assign_owner(book.by, [book.id("D")], book.colleague)  # it is so already, but now a person says it
    delete_rule(book.by, rule.id)
    book.rule("Otra", book.owner)
    assert apply_rules(book.by, anew=True) == 0
    assert by_hand_or_rule(book.by.organization_id) == (1, 0, 3)


def test_what_no_rule_fits_any_more_is_nobodys_again(book: Book) -> None:
    rule = book.rule("Perú", book.colleague, countries=["PE"])
    apply_rules(book.by)
    set_handling(book.by, book.id("A"), "owner_only", why="solo ella", owner_id=book.colleague)
    store_rule(book.by, rule_id=rule.id, name="Chile", member_id=book.colleague, countries=["CL"])
    apply_rules(book.by, anew=True)
    # Of whom only the owner handles, the owner stays.
    assert book.owners() == {"A": book.colleague, "B": book.colleague, "C": None, "D": book.colleague}


def test_nothing_is_given_to_who_left(book: Book) -> None:
    book.rule("Todos", book.colleague)
    book.rule("Lo demás", book.owner, countries=["CL"])
    Membership.objects.filter(user=book.colleague).update(ends_on=TODAY - timedelta(days=1))
    assert [one.new for one in fittings(book.by.organization_id, rules_of(book.by.organization_id), TODAY)] == [0, 2]
    assert apply_rules(book.by) == 2
    assert set(book.owners().values()) == {None, book.owner}


def test_what_is_refused(book: Book, acting: Cast) -> None:
    book.rule("Uno", book.owner)
    auditor = make_member(acting.organization, "auditor", "auditor@sembria.example")
    for name, member, named, words in (
        ("  ", book.owner, {}, "name"),
        ("Uno", book.owner, {}, "Another rule"),
        ("Dos", auditor.id, {}, "contacts customers"),
        ("Dos", acting.outsider.id, {}, "contacts customers"),
        ("Dos", book.owner, {"segment": "none"}, "no segment"),
    ):
        with pytest.raises(Problem, match=words):
            book.rule(name, member, **named)
    assert PortfolioRule.objects.count() == 1
