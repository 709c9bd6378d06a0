"""What is drawn of a report: points and series that are true to its rows."""

from datetime import date
from decimal import Decimal

from babel import Locale

from puntual.analytics.charts import drawn
from puntual.analytics.tables import Column, Report, Shape

ES = Locale("es", "PE")
COLUMNS = (
    Column("day", "Día", "date"),
    Column("cause", "Causa"),
    Column("currency", "Moneda", "currency"),
    Column("amount", "Importe", "money"),
    Column("late", "Vencido", "money"),
)
ROWS = [
    ("2026-11-03", "Llamada", "PEN", Decimal("10.50"), Decimal(1)),
    ("2026-11-02", "Correo", "PEN", Decimal("4.00"), Decimal(4)),
    ("2026-11-03", "Llamada", "PEN", Decimal("2.00"), None),
    ("2026-11-03", "Correo", "PEN", Decimal("7.00"), Decimal(0)),
]


def _report(shape: Shape | None) -> Report:
    return Report("r", "Cobrado", "", date(2026, 11, 22), COLUMNS, iter(()), (), chart=shape)


def test_rows_of_a_label_are_added_up_and_days_stand_in_their_order() -> None:
    chart = drawn(_report(Shape("stack", ("amount",), label=("day",), split="cause")), ROWS, (), ES)
    assert chart and chart["labels"] == ["2 nov 2026", "3 nov 2026"]
    assert chart["series"] == [{"name": "Llamada", "values": [None, 12.5]}, {"name": "Correo", "values": [4.0, 7.0]}]
    assert (chart["most"], chart["least"]) == (19.5, 0.0)


def test_without_values_rows_are_counted() -> None:
    chart = drawn(_report(Shape("stack", label=("cause",), split="day")), ROWS, (), ES)
    assert chart and chart["labels"] == ["Llamada", "Correo"]
    assert {one["name"]: one["values"] for one in chart["series"]} == {
        "3 nov 2026": [2.0, 1.0],
        "2 nov 2026": [None, 1.0],
    }


def test_sums_of_a_part_are_not_drawn_but_bars_of_the_first_are() -> None:
    assert drawn(_report(Shape("stack", ("amount",))), ROWS, (), ES, all_of_them=False) is None
    many = [(f"2026-01-{day:02}", "x", "PEN", Decimal(day), None) for day in range(1, 29)]
    chart = drawn(_report(Shape("bars", ("amount", "late"))), many, (), ES, all_of_them=False)
    assert chart and len(chart["labels"]) == 10
    assert chart["series"][1]["values"] == [None] * 10


def test_what_is_beyond_the_colors_is_added_to_the_last() -> None:
    rows = [("2026-11-01", f"Causa {number}", "PEN", Decimal(number), None) for number in range(1, 10)]
    chart = drawn(_report(Shape("stack", ("amount",), split="cause")), rows, (), ES)
    assert chart and [one["name"] for one in chart["series"]][-1] == "Causa 4 …"
    assert sum(one["values"][0] for one in chart["series"]) == 45 == chart["most"]


def test_totals_are_drawn_across_else_the_first_row() -> None:
    shape = Shape("bars", ("amount", "late"), across=True)
    chart = drawn(_report(shape), ROWS, [("Total", "", "PEN", Decimal("23.50"), Decimal(5))], ES)
    assert chart and chart["labels"] == ["Importe", "Vencido"]
    assert chart["series"] == [{"name": "Cobrado", "values": [23.5, 5.0]}]
    alone = drawn(_report(shape), ROWS, (), ES)
    assert alone and alone["series"][0]["values"] == [10.5, 1.0]


def test_where_there_is_nothing_to_see_nothing_is_drawn() -> None:
    nothing = [("2026-11-01", "x", "PEN", Decimal(0), None)] * 3
    for shape in (None, Shape("lines", ("amount",)), Shape("stack", ("amount",)), Shape("bars", ("amount",))):
        assert drawn(_report(shape), nothing, (), ES) is None
    assert drawn(_report(Shape("lines", ("amount",))), ROWS[:1], (), ES) is None, "one point is no line"
    assert drawn(_report(Shape("bars", ("amount",))), [], (), ES) is None
