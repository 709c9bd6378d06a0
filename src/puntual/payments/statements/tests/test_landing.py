"""What lands, what is there already, what one format says of another; and that order makes no difference."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from puntual.audit.models import Record
from puntual.kernel.problems import Problem
from puntual.parties import actions as parties
from puntual.parties.models import Creditor
from puntual.payments.models import BankAccount, BankLine, BankStatement
from puntual.payments.statements.actions import Landed, import_statement
from puntual.payments.statements.problems import AnotherCreditors, WhoseAccount
from puntual.payments.statements.reading.statement import Found, Kind, Line, Statement
from puntual.payments.statements.tests.files import ACCOUNT, balance, camt, detail, entry, mt940, norma43, read_file
from puntual.receivables.tests.build import Books

DAY = date(2026, 3, 2)


def _take(books: Books, file: bytes, **named: object) -> Landed:
    return import_statement(books.by, read_file(file), file_name="file", **named)


def _lines(**wanted: object) -> list[tuple[str, str, str]]:
    rows = BankLine.objects.filter(**wanted).order_by("booked_on", "amount", "identity")
    return [(f"{line.amount.normalize():f}", line.kind, line.state) for line in rows]


def test_a_statement_lands_once(books: Books) -> None:
    file = camt(balance("OPBD", "0", "2026-03-01"), balance("CLBD", "75", "2026-03-02"),
                entry("100", "2026-03-02", key="K1", details=detail("100", "F001-7", name="Ana")),
                entry("25", "2026-03-02", sign="DBIT", key="K2"))  # fmt: skip
    assert _take(books, file).states == {"new": 2}
    line = BankLine.objects.get(amount=100)
    assert (line.currency, line.payer_name, line.text, line.bank_key) == ("EUR", "Ana", "F001-7", "K1")
    assert (line.creditor, line.account.number, line.statement.difference) == (books.creditor, ACCOUNT, 0)
    assert "<Ntry>" in line.raw
    assert _take(books, file).states == {"duplicate": 2}
    assert (BankLine.objects.count(), BankStatement.objects.count(), BankAccount.objects.count()) == (2, 1, 1)
    assert Record.objects.filter(action="payments.import_statement").count() == 2


def test_overlapping_statements_bring_what_is_new(books: Books) -> None:
    first = [(DAY, 1000, "UNO"), (DAY, 1000, "UNO"), (DAY + timedelta(1), 500, "DOS")]
    assert _take(books, norma43(first, opening=0, closing=2500)).states == {"new": 3}
    second = [first[2], (DAY + timedelta(2), 700, "TRES")]
    assert _take(books, norma43(second, opening=2000, closing=3200)).states == {"new": 1, "duplicate": 1}
    assert [amount for amount, _kind, _state in _lines()] == ["10", "10", "5", "7"]


def test_equal_amounts_of_a_day_are_told_apart(books: Books) -> None:
    """By the bank's key, by what they say, and where they say the same by their number."""
    keyed = [entry("50", "2026-03-02", key=key) for key in "ABB"]
    file = camt(*keyed, *(entry("50", "2026-03-02", details=detail("50", text)) for text in "xy"))
    assert _take(books, file).states == {"new": 5}
    assert _take(books, file).states == {"duplicate": 5}


def test_what_is_provisional_is_replaced_in_either_order(books: Books) -> None:
    running = camt(entry("30", "2026-03-02", key="T1"), message="052")
    later = camt(entry("40", "2026-03-05", key="T2"), message="052")
    booked = camt(
        balance("OPBD", "0", "2026-03-01"), balance("CLBD", "30", "2026-03-02"), entry("30", "2026-03-02", key="K1")
    )
    assert _take(books, running).states == {"new": 1}
    _take(books, booked)
    assert _take(books, later).states == {"new": 1}
    assert _lines() == [
        ("30", "provisional", "duplicate") if _lines()[0][1] == "provisional" else ("30", "posted", "new"),
        ("30", "posted", "new") if _lines()[0][1] == "provisional" else ("30", "provisional", "duplicate"),
        ("40", "provisional", "new"),
    ]
    again = camt(entry("30", "2026-03-02", key="T9"), message="052")
    assert _take(books, again).states == {"duplicate": 1}


@pytest.mark.parametrize("order", [(0, 1), (1, 0), (1, 0, 1), (0, 1, 0, 1)])
def test_a_notification_splits_a_bulk_credit(books: Books, order: tuple[int, ...]) -> None:
    bulk = camt(entry("90", "2026-03-02", key="K1"), entry("10", "2026-03-02", key="K2"))
    told = camt(
        entry("90", "2026-03-02", key="K1", details=detail("60", "a", name="Ana") + detail("30", "b", name="Bea")),
        message="054",
    )
    files = [bulk, told]
    for number in order:
        _take(books, files[number])
    parent = BankLine.objects.get(amount=90, kind="posted")
    parts = BankLine.objects.filter(part_of=parent).order_by("amount")
    assert parent.parts == 2
    assert [(part.amount, part.payer_name, part.kind, part.state) for part in parts] == [
        (30, "Bea", "posted", "new"),
        (60, "Ana", "posted", "new"),
    ]
    assert BankLine.objects.filter(kind="posted", parts=0, state="new").count() == 3
    assert BankLine.objects.get(kind="split").state == "duplicate"


def test_a_notification_that_could_be_of_two_waits(books: Books) -> None:
    _take(books, camt(entry("90", "2026-03-02", details=detail("90", "x")), entry("90", "2026-03-02")))
    _take(books, camt(entry("90", "2026-03-02", details=detail("60", "a") + detail("30", "b")), message="054"))
    assert BankLine.objects.get(kind="split", part_of=None).state == "new"
    assert not BankLine.objects.filter(kind="posted", parts__gt=0).exists()


def test_the_same_money_in_another_format_is_a_duplicate(books: Books) -> None:
    _take(
        books, camt(entry("90", "2026-03-02", key="K1"), entry("90", "2026-03-02", key="K2"), entry("5", "2026-03-02"))
    )
    told = mt940(":61:2603020302C90,00NTRFNONREF", ":86:Ana", ":61:2603020302C90,00NTRFNONREF", ":86:Bea",
                 ":61:2603020302C7,00NTRFNONREF", ":86:Carla")  # fmt: skip
    assert _take(books, told).states == {"duplicate": 2, "new": 1}
    assert _take(books, told).states == {"duplicate": 3}


def test_whose_account_it_is(books: Books, acting) -> None:
    file = camt(entry("5", "2026-03-02"))
    other = parties.create_creditor(books.by, code="B", name="Beta", country="ES", currency="EUR", language="es")
    with pytest.raises(WhoseAccount, match=ACCOUNT):
        _take(books, file)
    assert not BankAccount.objects.exists() and not BankStatement.objects.exists()
    _take(books, file, creditor=other)
    assert BankAccount.objects.get().creditor == other
    with pytest.raises(AnotherCreditors, match="Beta"):
        _take(books, file, creditor=books.creditor)
    _take(books, norma43([(DAY, 100, "x")], opening=0, closing=100))  # the same account as the norm writes it
    assert BankAccount.objects.count() == 1


def test_an_account_that_is_told_to_customers_says_whose_it_is(books: Books) -> None:
    other = parties.create_creditor(books.by, code="B", name="Beta", country="ES", currency="EUR", language="es")
    parties.add_account(
        books.by,
        other.id,
        currency="EUR",
        bank="CaixaBank",
        number="1",
        interbank_number="ES91 2100 0418 4502 0005 1332",
    )
    _take(books, camt(entry("5", "2026-03-02")))
    assert BankAccount.objects.get().creditor == other


def test_the_bank_is_known_through_the_last_whole_day(books: Books) -> None:
    _take(books, camt(balance("OPBD", "0", "2026-03-01"), balance("CLBD", "5", "2026-03-03"), entry("5", "2026-03-02")))
    creditor = Creditor.objects.get(id=books.creditor.id)
    assert creditor.bank_through == date(2026, 3, 3)
    _take(books, camt(entry("5", "2026-03-09", key="T"), message="052"))
    assert Creditor.objects.get(id=books.creditor.id).bank_through == date(2026, 3, 3)


def test_nothing_of_a_file_lands_where_one_statement_cannot(books: Books) -> None:
    good = Statement("mt940", Kind.POSTED, ACCOUNT, "EUR", (Line(DAY, Decimal(5), "EUR"),))
    for bad in (
        replace(good, currency="XXX", entries=(Line(DAY, Decimal(5), "XXX"),)),
        replace(good, entries=(Line(DAY, Decimal("5.001"), "EUR"),)),
        replace(good, entries=(Line(DAY, Decimal(10**15), "EUR"),)),
        replace(good, closing=Decimal(10**20)),
    ):
        with pytest.raises(Problem):
            import_statement(books.by, Found("mt940", (good, bad)), file_name="x")
    assert not BankLine.objects.exists() and not BankStatement.objects.exists()


def test_lines_are_seen_by_their_organization_only(books: Books, cast) -> None:
    _take(books, camt(entry("5", "2026-03-02")))
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.org', %s, true)", [str(cast.other_organization.id)])
        cursor.execute("SELECT (SELECT count(*) FROM payments_bankline), (SELECT count(*) FROM payments_bankaccount)")
        assert cursor.fetchone() == (0, 0)
        cursor.execute("SELECT set_config('app.org', %s, true)", [str(books.org)])


# A month of movements; a statement is a run of its days, as banks give them.
_MOVES = st.lists(
    st.tuples(
        st.integers(0, 6),
        st.sampled_from(["5", "5", "7.50", "-5"]),
        st.sampled_from(["", "K1", "K2"]),
        st.sampled_from(["", "F001", "F002"]),
    ),
    max_size=12,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    moves=_MOVES, runs=st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=4), data=st.data()
)
def test_any_order_and_overlap_gives_the_same_lines(books: Books, moves, runs, data) -> None:
    def statement(first: int, last: int) -> Found:
        lines = tuple(
            Line(DAY + timedelta(day), Decimal(amount), "EUR", bank_key=key, texts=(text,) if text else ())
            for day, amount, key, text in sorted(moves, key=lambda move: move[0])
            if first <= day <= last
        )
        days = DAY + timedelta(first), DAY + timedelta(last)
        return Found("mt940", (Statement("mt940", Kind.POSTED, "", "EUR", lines, from_on=days[0], to_on=days[1]),))

    def landed(creditor: Creditor, found: list[Found]) -> list[tuple[object, ...]]:
        for one in found:
            import_statement(books.by, one, file_name="x", creditor=creditor)
        lines = BankLine.objects.filter(creditor=creditor)
        return sorted(lines.values_list("identity", "amount", "booked_on", "state"))

    files = [statement(min(run), max(run)) for run in runs]
    shuffled = data.draw(st.permutations(files + data.draw(st.lists(st.sampled_from(files), max_size=2))))
    covered = [move for move in moves if any(min(run) <= move[0] <= max(run) for run in runs)]
    creditors = [
        parties.create_creditor(
            books.by, code=str(Creditor.objects.count()), name="x", country="ES", currency="EUR", language="es"
        )
        for _ in range(2)
    ]
    one, other = landed(creditors[0], files), landed(creditors[1], list(shuffled))
    assert one == other
    assert len(one) == len(covered)
    assert sum((line[1] for line in one), Decimal(0)) == sum((Decimal(move[1]) for move in covered), Decimal(0))
