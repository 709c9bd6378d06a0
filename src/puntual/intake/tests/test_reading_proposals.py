"""What a file is taken for: formats proven or asked about, answers and saved mappings."""

import pytest

from puntual.intake.reading.fields import Kind
from puntual.intake.reading.mapping import Mapping, MappingProblem
from puntual.intake.reading.proposals import Unsettled
from puntual.intake.reading.propose import propose
from puntual.intake.reading.read import read_chunks
from puntual.kernel.sheets.dates import DateOrder
from puntual.kernel.sheets.tables import open_table

HEADER = "Cliente;Número;Emisión;Vencimiento;Importe"


@pytest.fixture
def proposed(tmp_path):
    def proposed(text, kind=Kind.INVOICES, currency="PEN", **mappings):
        path = tmp_path / "file.csv"
        path.write_text(text)
        return propose(open_table(path), kind, currency=currency, **mappings)

    return proposed


def invoices(*rows, header=HEADER):
    return header + "\n" + "\n".join(rows) + "\n"


def asked(proposal):
    return {question.option: question for question in proposal.questions}


def test_a_file_that_proves_everything_leaves_no_question(proposed):
    proposal = proposed(invoices("Ana;1;15/01/2026;14/02/2026;1.234,50"))
    assert proposal.questions == ()
    assert proposal.readings["due_date"].order is DateOrder.DAY_FIRST
    assert proposal.readings["due_date"].examples == (("14/02/2026", "2026-02-14"),)
    assert proposal.readings["amount"].decimal == ","
    assert proposal.readings["amount"].examples == (("1.234,50", "1234.50"),)
    assert proposal.rows == 1


def test_a_date_column_that_can_be_read_in_two_orders_is_asked_about(proposed):
    proposal = proposed(invoices("Ana;1;01/02/2026;05/06/2026;10"))
    question = asked(proposal)["date_order"]
    assert question.columns == ("Emisión", "Vencimiento")
    assert [(choice.value, choice.examples[0]) for choice in question.choices] == [
        ("day-first", ("01/02/2026", "2026-02-01")),
        ("month-first", ("01/02/2026", "2026-01-02")),
    ]
    assert "“Emisión”, “Vencimiento”" in question.text()


def test_nothing_is_read_while_a_question_is_open(proposed, tmp_path):
    proposal = proposed(invoices("Ana;1;01/02/2026;05/06/2026;1.234"))
    assert asked(proposal).keys() == {"date_order", "decimal"}
    with pytest.raises(Unsettled, match="date_order, decimal"):
        next(read_chunks(open_table(tmp_path / "file.csv"), proposal))


def test_one_proven_column_tells_the_order_of_the_file(proposed):
    proposal = proposed(invoices("Ana;1;31/01/2026;05/02/2026;10"))
    assert proposal.questions == ()
    assert proposal.readings["due_date"].order is DateOrder.DAY_FIRST


def test_dates_of_another_shape_tell_nothing(proposed):
    assert asked(proposed(invoices("Ana;1;31.01.2026;05/02/2026;10")))["date_order"].columns == ("Vencimiento",)


def test_columns_that_prove_different_orders_each_keep_theirs_and_a_third_is_asked_about(proposed):
    header = "Cliente;Número;Emisión;Vencimiento;Fecha de pago;Importe"
    proposal = proposed(invoices("Ana;1;31/01/2026;02/28/2026;03/04/2026;10", header=header))
    assert asked(proposal)["date_order"].columns == ("Fecha de pago",)
    assert proposal.readings["issue_date"].order is DateOrder.DAY_FIRST
    assert proposal.readings["due_date"].order is DateOrder.MONTH_FIRST


def test_due_dates_after_issue_dates_tell_the_order(proposed):
    rows = [f"Ana;{n};0{n}/03/2026;0{n}/04/2026;10" for n in range(1, 10)]
    # with the month first: January 3 to January 4; both are plausible
    assert "date_order" in asked(proposed(invoices(*rows)))
    rows = [f"Ana;{n};1{n}/12/2025;0{n}/01/2026;10" for n in (1, 2, 3)]  # one of them is no month
    assert proposed(invoices(*rows)).questions == ()
    rows = [f"Ana;{n};0{n}/11/2025;0{n}/02/2026;10" for n in (4, 5, 6)]
    assert asked(proposed(invoices(*rows))).keys() == {"date_order"}
    rows = ["Ana;1;05/11/2025;10/12/2025;10", "Ana;2;06/11/2025;01/12/2025;10", "Ana;3;07/11/2025;02/12/2025;10",
            "Ana;4;08/11/2025;03/12/2025;10"]  # fmt: skip
    proposal = proposed(invoices(*rows))  # with the month first the last three would be due in January to March
    assert proposal.readings["issue_date"].order is DateOrder.DAY_FIRST


def test_an_amount_column_that_can_be_read_in_two_ways_is_asked_about(proposed):
    proposal = proposed(invoices("Ana;1;15/01/2026;14/02/2026;1.234", "Ana;2;15/01/2026;14/02/2026;5.678"))
    question = asked(proposal)["decimal"]
    assert [(choice.value, choice.examples[0]) for choice in question.choices] == [
        (".", ("1.234", "1.234")),
        (",", ("1.234", "1234")),
    ]


def test_answers_settle_the_questions(proposed):
    text = invoices("Ana;1;01/02/2026;05/06/2026;1.234")
    proposal = proposed(text, given=Mapping.from_toml('date_order = "month-first"\ndecimal = ","\n'))
    assert proposal.questions == ()
    assert proposal.readings["due_date"].examples == (("05/06/2026", "2026-05-06"),)
    assert proposal.readings["amount"].examples == (("1.234", "1234"),)
    assert Mapping.from_toml(proposal.mapping.to_toml()) == proposal.mapping


def test_a_saved_mapping_settles_what_a_file_leaves_open_but_not_what_it_proves(proposed):
    first = proposed(
        invoices("Ana;1;01/02/2026;05/06/2026;1.234"),
        given=Mapping(date_order=DateOrder.MONTH_FIRST, decimal=",", columns={"description": ("Cliente",)}),
    )
    assert first.signature == proposed(invoices()).signature
    again = proposed(invoices("Ana;1;01/02/2026;05/06/2026;1.234"), remembered=first.mapping)
    assert [question.option for question in again.questions] == ["columns.customer_code"]  # as it was left
    assert again.readings["due_date"].order is DateOrder.MONTH_FIRST
    assert again.readings["description"].how == "remembered"
    other = proposed(invoices("Ana;1;31/02/2026;30/06/2026;1.234,5"), remembered=first.mapping)
    assert other.readings["due_date"].order is DateOrder.DAY_FIRST
    same = proposed(invoices("Ana;1;01/02/2026;05/06/2026;1.234"), remembered=Mapping(decimal="."))
    assert same.readings["amount"].decimal == "."


def test_what_a_person_says_beats_the_cells_and_the_contrary_is_told(proposed):
    text = invoices("Ana;1;31/01/2026;05/02/2026;10,5")
    proposal = proposed(text, given=Mapping(date_order=DateOrder.MONTH_FIRST, decimal="."))
    assert proposal.readings["issue_date"].order is DateOrder.MONTH_FIRST
    assert [warning.code for warning in proposal.warnings] == ["contrary_dates", "contrary_amounts"]
    assert "“31/01/2026”" in proposal.warnings[0].text()


def test_a_column_that_is_needed_and_not_recognized_is_asked_about(proposed):
    proposal = proposed(invoices("Ana;1;15/01/2026;xyz;10", header="Cliente;foo;Emisión;bar;Importe"))
    questions = asked(proposal)
    assert questions.keys() == {"columns.number", "columns.due_date"}
    assert [choice.value for choice in questions["columns.number"].choices] == ["foo", "bar"]
    assert questions["columns.due_date"].text() == "No column was recognized as the due date. Which one is it?"
    given = Mapping.from_toml('terms_days = 30\n[columns]\nnumber = "FOO"\n')
    assert (
        proposed(invoices("Ana;1;15/01/2026;xyz;10", header="Cliente;foo;Emisión;bar;Importe"), given=given).questions
        == ()
    )


def test_columns_that_claim_the_same_field_are_asked_about(proposed):
    proposal = proposed(invoices("Ana;1;2026-01-15;10.5;20.5", header="Cliente;Número;Vencimiento;Importe;Importe"))
    question = asked(proposal)["columns.amount"]
    assert [choice.value for choice in question.choices] == ["Importe", "Importe (2)"]
    settled = proposed(
        invoices("Ana;1;2026-01-15;10.5;20.5", header="Cliente;Número;Vencimiento;Importe;Importe"),
        given=Mapping(columns={"amount": ("Importe (2)",)}),
    )
    assert settled.questions == ()
    assert settled.unused == ("Importe",)


def test_a_field_can_be_left_out(proposed):
    text = invoices("Ana;1;15/01/2026;14/02/2026;10")
    proposal = proposed(text, given=Mapping.from_toml('[columns]\nissue_date = ""\n'))
    assert "issue_date" not in proposal.readings
    assert "issue_date" not in proposed(text, remembered=proposal.mapping).readings


@pytest.mark.parametrize(
    ("amounts", "header", "currency", "option"),
    [
        (("10", "20"), "Importe", None, "currency"),
        (("$ 10", "$ 20"), "Importe", "PEN", "dollar"),
        (("$ 10", "$ 20"), "Importe", None, "dollar"),
        (("10", "20"), "Importe $", "PEN", "dollar"),
        (("$ 10", "$ 20"), "Importe", "MXN", None),
        (("US$ 10", "S/ 20"), "Importe", None, None),
        (("10", "20"), "Importe (S/)", None, None),
        (("10", "20"), "Importe", "PEN", None),
    ],
)
def test_a_currency_nobody_tells_is_asked_about(proposed, amounts, header, currency, option):
    text = invoices(*(f"A;{n};2026-01-01;{amount}" for n, amount in enumerate(amounts)),
                    header=f"Cliente;Número;Vencimiento;{header}")  # fmt: skip
    assert list(asked(proposed(text, currency=currency))) == ([option] if option else [])


def test_a_column_that_tells_what_was_paid_and_is_not_used_is_mentioned(proposed):
    proposal = proposed(invoices("A;1;2026-01-01;10;Sí", header="Cliente;Número;Vencimiento;Importe;Pagado"))
    assert [warning.code for warning in proposal.warnings] == ["unused_paid"]
    assert proposal.unused == ("Pagado",)


def test_the_mapping_of_the_documentation_is_read():
    mapping = Mapping.from_toml(
        """
        kind = "invoices"
        date_order = "month-first"          # day-first, year-first
        decimal = "."
        [columns]                           # field = "header in the file"
        customer_code = "customerID"
        number = ["Serie", "Número"]
        paid_on = "SettledDate"
        description = ""
        """
    )
    assert mapping.kind is Kind.INVOICES
    assert mapping.date_order is DateOrder.MONTH_FIRST
    assert mapping.columns == {
        "customer_code": ("customerID",),
        "number": ("Serie", "Número"),
        "paid_on": ("SettledDate",),
        "description": (),
    }
    assert Mapping.from_toml(mapping.to_toml()) == mapping
    assert Mapping.from_toml("") == Mapping()


def test_a_mapping_with_any_header_comes_back_as_it_was():
    odd = Mapping(
        columns={"number": ('a "b" \\ \n\t\x01 ñ €',)}, sheet="Hoja'1", terms_days=0, dollar="USD", currency="PEN"
    )
    assert Mapping.from_toml(odd.to_toml()) == odd


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("kind =", "not valid TOML"),
        ('colums = "x"', "unknown key “colums”"),
        ('kind = "invoice"', "“invoice” is not allowed for “kind”"),
        ('date_order = "dmy"', "day-first, month-first, year-first"),
        ("decimal = 5", "“5” is not allowed"),
        ('currency = "soles"', "not a currency code"),
        ('terms_days = "30"', "number of days"),
        ("terms_days = true", "number of days"),
        ('[columns]\nfoo = "x"', "unknown field “foo”"),
        ("[columns]\nnumber = 5", "must name a header"),
        ('columns = "x"', "must be a table"),
    ],
)
def test_a_mapping_that_cannot_be_followed_names_the_key(text, message):
    with pytest.raises(MappingProblem, match=message):
        Mapping.from_toml(text)


@pytest.mark.parametrize(
    ("columns", "message"),
    [({"number": ("Nope",)}, "no column “Nope”.*“?Cliente"), ({"tags": ("Cliente",)}, "no field “tags”")],
)
def test_a_mapping_that_does_not_fit_the_file_says_so(proposed, columns, message):
    with pytest.raises(MappingProblem, match=message):
        proposed(invoices("Ana;1;15/01/2026;14/02/2026;10"), given=Mapping(columns=columns))
