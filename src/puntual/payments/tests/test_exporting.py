"""Payments for accounting: each movement once, reversals as lines of their own, the same export the same file."""

import csv
import io
import json
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from puntual.analytics.exports import write_csv, write_json, write_xlsx
from puntual.analytics.payment_exports import report_of
from puntual.kernel.problems import Problem
from puntual.parties.models import Customer
from puntual.payments.actions import record_payment, refund, reverse_payment, unallocate
from puntual.payments.exporting.actions import export_payments
from puntual.payments.exporting.models import PaymentExport
from puntual.payments.exporting.queries import lines_of
from puntual.payments.models import Allocation


def pay(books, customer, reference, amount, on=None, **more):
    return record_payment(
        books.by,
        customer_id=customer.id,
        reference=reference,
        received_on=on or books.by.today,
        currency="PEN",
        amount=Decimal(amount),
        **more,
    )


def told(export):
    return sorted((line.texts[4], line.kind, f"{line.amount:.2f}", line.texts[6]) for line in lines_of(export))


def as_csv(export):
    out = io.StringIO(newline="")
    write_csv(report_of(export), out)
    return out.getvalue()


def test_money_in_what_it_settled_and_what_was_taken_back(books) -> None:
    customer = books.customer()
    item = books.item(customer, "100", number="F-1")
    payment = pay(books, customer, "OP-1", "150.50")
    refund(books.by, payment.id, amount=Decimal("10.10"), refunded_on=books.by.today, reference="R-1")
    bounced = pay(books, customer, "OP-2", "30", oldest_first=False)
    reverse_payment(books.by, bounced.id, reason="Bounced")
    taken = Allocation.objects.get(organization_id=books.org, installment=item)
    unallocate(books.by, taken.id, why="Another invoice")
    assert told(export_payments(books.by, only_new=True)) == [
        ("OP-1", "applied", "100.00", "F-1"),
        ("OP-1", "received", "150.50", ""),
        ("OP-1", "refunded", "-10.10", ""),
        ("OP-1", "taken_off", "-100.00", "F-1"),
        ("OP-2", "received", "30.00", ""),
        ("OP-2", "reversed", "-30.00", ""),
    ]


def test_since_the_last_export_and_nothing_twice(books) -> None:
    customer = books.customer()
    first = pay(books, customer, "OP-1", "10", books.ago(5))
    one = export_payments(books.by, only_new=True)
    with pytest.raises(Problem, match="since the last export"):
        export_payments(books.by, only_new=True)
    pay(books, customer, "OP-2", "20", books.ago(9))  # an older day, told later
    reverse_payment(books.by, first.id, reason="Bounced")
    two = export_payments(books.by, only_new=True)
    assert [line[:2] for line in told(one)] == [("OP-1", "received")]
    assert [line[:2] for line in told(two)] == [("OP-1", "reversed"), ("OP-2", "received")]
    assert [(one.number, one.lines), (two.number, two.lines)] == [(1, 1), (2, 2)]


def test_the_same_export_again_is_the_same_file(books) -> None:
    customer = books.customer()
    pay(books, customer, "OP-1", "10", books.ago(5))
    period = {"from_on": books.ago(10), "to_on": books.ago(1)}
    first = export_payments(books.by, **period)
    text = as_csv(first)
    Customer.objects.filter(organization_id=books.org).update(name="Another name")
    assert as_csv(export_payments(books.by, **period)) == text
    pay(books, customer, "OP-2", "20", books.ago(4))
    assert as_csv(first) == text
    again = export_payments(books.by, **period)
    assert (again.lines, again.made_by) == (2, books.by.name)
    books_made = [io.BytesIO(), io.BytesIO()]
    for out in books_made:
        write_xlsx(report_of(first), out)
    assert books_made[0].getvalue() == books_made[1].getvalue()
    assert PaymentExport.objects.filter(organization_id=books.org).count() == 3


def test_a_period_is_what_counts_in_it(books) -> None:
    customer = books.customer()
    for reference, ago in (("OP-1", 10), ("OP-2", 5), ("OP-3", 0)):
        pay(books, customer, reference, "10", books.ago(ago))
    export = export_payments(books.by, from_on=books.ago(9), to_on=books.ago(1))
    assert [line[0] for line in told(export)] == ["OP-2"]
    with pytest.raises(Problem, match="before it begins"):
        export_payments(books.by, from_on=books.ago(1), to_on=books.ago(2))


def test_amounts_are_exact_and_no_cell_is_a_formula(books) -> None:
    customer = books.customer("=HYPERLINK(evil)")
    pay(books, customer, "@SUM(A1)", "9007199254740.99", memo="+cmd|calc")
    export = export_payments(books.by, only_new=True)
    (row,) = csv.DictReader(io.StringIO(as_csv(export)))
    assert (row["customer"], row["reference"], row["memo"]) == ("'=HYPERLINK(evil)", "'@SUM(A1)", "'+cmd|calc")
    assert row["amount"] == "9007199254740.99"
    out = io.StringIO()
    write_json(report_of(export), out)
    found = json.loads(out.getvalue())
    assert found["movements"][0]["amount"] == "9007199254740.99"
    assert (found["export"], found["came_in"]) == (1, {"PEN": "9007199254740.99"})
    workbook = io.BytesIO()
    write_xlsx(report_of(export), workbook)
    cells = [cell for line in openpyxl.load_workbook(workbook)["PEN"].iter_rows() for cell in line]
    assert "f" not in {cell.data_type for cell in cells}
    assert "=HYPERLINK(evil)" in {cell.value for cell in cells}


def test_an_export_of_nothing_is_a_header(books) -> None:
    export = export_payments(books.by, from_on=date(2020, 1, 1), to_on=date(2020, 1, 2))
    assert as_csv(export).count("\n") == 1 and export.lines == 0
