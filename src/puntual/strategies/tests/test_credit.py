"""The credit policy, and what customers apply for under it."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from puntual.kernel.problems import Problem
from puntual.parties.credit.queries import limits_in_force
from puntual.parties.models import Customer
from puntual.receivables.tests.build import Books, books_for
from puntual.strategies.credit.actions import (
    activate_policy,
    apply_for_credit,
    discard_policy_draft,
    drop_rule,
    grant_credit,
    import_policy,
    make_policy_draft,
    put_rule,
    receive_document,
    refuse_credit,
    withdraw_application,
)
from puntual.strategies.credit.applying import NotYours, months_after
from puntual.strategies.credit.comparing import Difference, differences
from puntual.strategies.credit.files import from_toml, to_toml
from puntual.strategies.credit.models import CreditApplication, CreditPolicy
from puntual.strategies.credit.policy import (
    DOCUMENTS,
    EVERYBODY,
    LIMIT,
    TERMS,
    Paragraph,
    Policy,
    Rule,
    excess,
    faults,
    from_content,
    same,
    to_content,
    who_decides,
)
from puntual.strategies.credit.queries import documents_of, in_force, missing, policy_of, waiting
from puntual.strategies.segment_actions import store_segment
from puntual.strategies.segments import Condition, Segment

RULE = Rule(
    EVERYBODY,
    30,
    {"PEN": Decimal(20000)},
    ("Ficha RUC",),
    {"collector": {"PEN": Decimal(1000)}, "manager": {"PEN": Decimal(10000)}},
    12,
)
BIG = replace(RULE, segment="big", terms_days=60, limits={"PEN": Decimal(100000)}, documents=())


@pytest.mark.parametrize(
    ("amount", "terms", "missing_ones", "passed", "decides"),
    [
        (Decimal(1000), 30, (), (), "collector"),
        (Decimal("1000.01"), 30, (), (), "manager"),
        (Decimal(10001), 30, (), (), "owner"),
        (Decimal(20001), 30, (), (LIMIT,), "owner"),
        (Decimal(10), 31, (), (TERMS,), "owner"),
        (Decimal(10), 30, ("Ficha RUC",), (DOCUMENTS,), "owner"),
        (None, 15, (), (), "collector"),
    ],
)
def test_who_decides_what(amount, terms, missing_ones, passed, decides) -> None:
    found = excess(RULE, "PEN", amount, terms, missing_ones)
    assert tuple(one.what for one in found) == passed
    assert who_decides(RULE, "PEN", amount, found) == decides


def test_a_currency_the_rule_does_not_name_is_an_owners() -> None:
    found = excess(RULE, "USD", Decimal(1), None, ())
    assert who_decides(RULE, "USD", Decimal(1), found) == "owner" and found[0].what == LIMIT
    assert who_decides(RULE, "USD", None, ()) == "owner"


@pytest.mark.parametrize(
    "rules",
    [
        (),
        (BIG,),
        (RULE, BIG),
        (BIG, BIG, RULE),
        (replace(RULE, segment="gone"), RULE),
        (replace(RULE, terms_days=400),),
        (replace(RULE, review_months=0),),
        (replace(RULE, documents=("a", "a")),),
        (replace(RULE, limits={"XXQ": Decimal(1)}),),
        (replace(RULE, up_to={"owner": {}}),),
        (replace(RULE, up_to={"collector": {"PEN": Decimal(2)}, "manager": {"PEN": Decimal(1)}}),),
    ],
)
def test_a_policy_that_cannot_be_followed_is_refused(rules) -> None:
    assert list(faults(Policy("Credit", rules), {"big"}))


def test_a_sound_policy_has_no_fault() -> None:
    assert not list(faults(Policy("Credit", (BIG, RULE)), {"big"}))


_MONEY = st.decimals(0, 10**9, places=2)
_AMOUNTS = st.dictionaries(st.sampled_from(["PEN", "USD", "CLP"]), _MONEY, max_size=3)
_RULES = st.builds(
    Rule,
    st.sampled_from(["", "big", "new"]),
    st.integers(0, 365),
    _AMOUNTS,
    st.lists(st.text(min_size=1, max_size=9), max_size=3).map(tuple),
    st.dictionaries(st.sampled_from(["collector", "manager"]), _AMOUNTS),
    st.integers(1, 60),
)


@given(st.builds(Policy, st.text(), st.lists(_RULES, max_size=4).map(tuple)))
def test_a_policy_is_stored_and_read_as_it_is(policy: Policy) -> None:
    assert from_content(to_content(policy)) == policy


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 11, 23), 12, date(2027, 11, 23)),
        (date(2026, 12, 31), 6, date(2027, 6, 30)),
    ],
)
def test_months_after(day: date, months: int, expected: date) -> None:
    assert months_after(day, months) == expected


@pytest.fixture
def books(acting) -> Books:
    return books_for(acting.actor())


@pytest.fixture
def policy(books: Books) -> CreditPolicy:
    store_segment(books.by, Segment("big", "Grandes", (Condition("open", "at_least", {"PEN": Decimal(50)}),)))
    made = make_policy_draft(books.by, name="Credit", currency="PEN")
    put_rule(books.by, made.id, RULE, replaces=EVERYBODY)
    put_rule(books.by, made.id, BIG)
    return activate_policy(books.by, made.id)


def ask(books: Books, customer: Customer, limit: str | None = "8000", terms: int | None = 30) -> CreditApplication:
    return apply_for_credit(
        books.by,
        customer.id,
        currency="PEN",
        limit=Decimal(limit) if limit else None,
        terms_days=terms,
        asked_by="Rosa Medina",
    )


def test_a_version_in_force_stays_and_a_draft_takes_its_place(books: Books, policy: CreditPolicy) -> None:
    assert [rule.segment for rule in policy_of(policy).rules] == ["big", EVERYBODY]
    with pytest.raises(Problem):
        put_rule(books.by, policy.id, RULE, replaces=EVERYBODY)
    with pytest.raises(IntegrityError), transaction.atomic():
        CreditPolicy.objects.filter(pk=policy.pk).update(content={})
    draft = make_policy_draft(books.by, name="", currency="PEN")
    assert make_policy_draft(books.by, name="", currency="PEN").id == draft.id
    with pytest.raises(Problem):
        drop_rule(books.by, draft.id, EVERYBODY)
    drop_rule(books.by, draft.id, "big")
    activate_policy(books.by, draft.id)
    states = dict(CreditPolicy.objects.values_list("number", "state"))
    assert states == {1: "retired", 2: "active"} and in_force(books.org).number == 2
    again = make_policy_draft(books.by, name="", currency="PEN")
    discard_policy_draft(books.by, again.id)
    assert CreditPolicy.objects.count() == 2


def test_an_application_from_the_question_to_the_limit_in_force(books: Books, policy: CreditPolicy) -> None:
    customer = books.customer(terms_days=15)
    books.item(customer, "40", late=3)
    asked = ask(books, customer)
    assert (asked.rule["terms_days"], [one.id for one in waiting(books.org)]) == (30, [asked.id])
    with pytest.raises(Problem):
        ask(books, customer)
    given = {"limit": Decimal(8000), "terms_days": 30, "reason": "Pays well"}
    with pytest.raises(NotYours):  # a document is missing
        grant_credit(books.by, asked.id, role="manager", **given)
    receive_document(books.by, asked.id, "Ficha RUC", name="ficha.pdf", content=b"%PDF-1.7 x")
    with pytest.raises(Problem):
        receive_document(books.by, asked.id, "Ficha RUC", name="x.exe", content=b"MZ\x00\x01")
    assert missing(asked, list(documents_of(books.org, [asked.id]))) == []
    with pytest.raises(NotYours):
        grant_credit(books.by, asked.id, role="collector", **given)
    with pytest.raises(Problem):
        grant_credit(books.by, asked.id, role="manager", **{**given, "limit": Decimal(9000)})
    done = grant_credit(books.by, asked.id, role="manager", **given)
    assert (done.state, done.valid_until, done.beyond) == ("approved", months_after(books.by.today, 12), [])
    assert done.facts["overdue"] == {"PEN": "40.0000"}
    (limit,) = limits_in_force(books.org, books.by.today, [customer.id])
    assert (limit.amount, limit.valid_until) == (8000, done.valid_until)
    assert Customer.objects.get(pk=customer.pk).terms_days == 30
    with pytest.raises(Problem):
        refuse_credit(books.by, asked.id, role="owner", reason="Late")
    with pytest.raises(IntegrityError), transaction.atomic():
        CreditApplication.objects.filter(pk=asked.pk).update(reason="Another")


def test_the_rule_is_that_of_the_segment_and_less_may_be_granted(books: Books, policy: CreditPolicy) -> None:
    customer = books.customer()
    books.item(customer, "60", late=3)
    asked = ask(books, customer, "50000", 60)
    assert asked.rule["segment"] == "big"
    until = books.by.today + timedelta(days=90)
    done = grant_credit(
        books.by,
        asked.id,
        role="manager",
        limit=Decimal(10000),
        terms_days=60,
        reason="To begin with",
        valid_until=until,
    )
    assert (done.state, done.granted_limit, done.valid_until) == ("partly", 10000, until)


def test_refused_or_withdrawn_nothing_changes(books: Books, policy: CreditPolicy) -> None:
    customer = books.customer()
    asked = ask(books, customer)
    with pytest.raises(NotYours):
        refuse_credit(books.by, asked.id, role="collector", reason="Late")
    refuse_credit(books.by, asked.id, role="manager", reason="Late")
    withdraw_application(books.by, ask(books, customer, None, 45).id, why="Pays in advance")
    assert limits_in_force(books.org, books.by.today, [customer.id]) == []
    assert set(CreditApplication.objects.values_list("state", flat=True)) == {"refused", "withdrawn"}


def test_without_a_policy_nobody_applies(books: Books) -> None:
    with pytest.raises(Problem):
        ask(books, books.customer())


@pytest.mark.parametrize("wrong", [{"limit": "0"}, {"limit": "1.001"}, {"limit": None, "terms": None}, {"terms": 400}])
def test_what_nobody_can_mean_is_refused(books: Books, policy: CreditPolicy, wrong) -> None:
    with pytest.raises(Problem):
        ask(books, books.customer(), **wrong)


_WORDS = st.builds(Paragraph, st.text(max_size=20), st.text(max_size=60), st.sampled_from(["es", "en", "pt"]))


@given(
    st.builds(
        Policy, st.text(max_size=30), st.lists(_RULES, max_size=2).map(tuple), st.lists(_WORDS, max_size=2).map(tuple)
    )
)
def test_a_policy_comes_back_from_its_file(policy: Policy) -> None:
    file = to_toml(policy)
    found = from_toml(file)
    assert same(found, policy) and to_toml(found) == file


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("name = ", "valid TOML"),
        ("[[rule]]", "name"),
        ('name = "P"\n[[rule]]\nsegment = ""', "terms_days"),
        (to_toml(Policy("P", (RULE,))).replace("30", '"30"'), "[[rule]] 1, terms_days"),
        (to_toml(Policy("P", (RULE,))).replace("20000", "NaN"), "limits"),
        (to_toml(Policy("P", (RULE,))) + "colour = 1", "colour"),
    ],
)
def test_a_file_that_is_no_policy_says_where(file: str, said: str) -> None:
    with pytest.raises(Problem) as refused:
        from_toml(file)
    assert said in refused.value.text(str)


def test_a_file_becomes_the_draft_and_is_checked(books: Books) -> None:
    by = books.by
    draft = import_policy(by, to_toml(Policy("Crédito", (RULE,))))
    activate_policy(by, draft.id)
    later = import_policy(by, to_toml(Policy("Crédito", (replace(RULE, terms_days=45),))))
    assert later.number == 2 and policy_of(in_force(by.organization_id)).rules == (RULE,)
    with pytest.raises(Problem):
        import_policy(by, to_toml(Policy("Crédito", (BIG, RULE))))  # no such segment
    assert policy_of(CreditPolicy.objects.get(pk=later.pk)).rules[0].terms_days == 45


def test_what_differs_between_two_versions() -> None:
    small = replace(RULE, segment="small")
    words = Paragraph("Título", "Texto", "es")
    before = Policy("A", (BIG, small, RULE), (words,))
    after = Policy("B", (small, replace(BIG, terms_days=45, documents=("RUC",)), replace(RULE, segment="new"), RULE))
    found = {(one.what, one.key): (one.kind, one.fields) for one in differences(before, after)}
    assert found == {
        ("name", ""): ("changed", (("name", "A", "B"),)),
        ("rule", "big"): ("changed", (("terms_days", 60, 45), ("documents", (), ("RUC",)))),
        ("rule", "new"): ("added", ()),
        ("order", ""): ("changed", (("order", ("big", "small", ""), ("small", "big", "")),)),
        ("paragraphs", "es"): ("removed", ()),
    }
    assert differences(before, before) == []
    assert differences(after, Policy("B", (RULE,)))[0] == Difference("rule", "small", "removed")
