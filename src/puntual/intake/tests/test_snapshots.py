"""A creditor's whole open portfolio, day by day: what goes missing, comes back, is confirmed; and a batch taken back as one."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from conftest import Cast
from puntual.audit.actions import Actor
from puntual.intake.actions import NeedsConfirmation, confirm, confirm_missing, launch, start, undo
from puntual.intake.jobs import WhoseFile, WrongState
from puntual.intake.models import ImportJob
from puntual.intake.results import ImportResult
from puntual.intake.running import run
from puntual.intake.tests.files import bring_in, counts, creditor, csv, dump, open_items
from puntual.kernel.problems import Problem
from puntual.parties.models import Creditor, Customer
from puntual.payments.actions import Designation, record_payment
from puntual.payments.models import Payment
from puntual.receivables.actions import Part, issue_invoice, release_hold
from puntual.receivables.models import CreditNote, Entry, Hold, Installment, Invoice
from puntual.receivables.problems import BatchInUse

MONDAY, TUESDAY, WEDNESDAY = date(2026, 11, 16), date(2026, 11, 17), date(2026, 11, 18)
ALL = range(1, 31)


def snapshot(
    cast: Cast, tmp_path: Path, day: date, numbers: Any, changes: dict[int, str] | None = None, **options: Any
) -> ImportResult:
    """The portfolio of a day: thirty invoices of 10 each but for what `changes` says of some."""
    lines = [f"C{n % 4};F-{n};2026-10-01;2026-10-31;10.00;{(changes or {}).get(n, '10.00')}" for n in numbers]
    path = csv(tmp_path / f"foto-{day}.csv", "\n".join(["Código;Número;Emisión;Vencimiento;Importe;Saldo", *lines]))
    return bring_in(cast, path, snapshot_on=day, **options)


def missing() -> set[str]:
    held = Hold.objects.filter(reason="missing", released_on=None).select_related("installment__invoice")
    return {hold.installment.invoice.number for hold in held if hold.installment}


def without(*gone: int) -> list[int]:
    return [n for n in ALL if n not in gone]


def test_day_by_day(acting: Cast, tmp_path: Path) -> None:
    first = snapshot(acting, tmp_path, MONDAY, ALL)
    assert (counts(first), first.tally.missing) == ((30, 0, 0, 0), {"held": 0, "settled_outside": 0, "back": 0})

    # Two are gone: doubted, held, still open. One is partly paid.
    second = snapshot(acting, tmp_path, TUESDAY, without(3, 4), {5: "4.00"})
    assert (counts(second), second.tally.missing["held"]) == ((0, 1, 27, 0), 2)
    assert missing() == {"F-3", "F-4"}
    assert len(open_items()) == 30
    before = dump()
    again = snapshot(acting, tmp_path, TUESDAY, without(3, 4), {5: "4.00"})
    assert (counts(again), again.tally.missing) == ((0, 0, 28, 0), {"held": 0, "settled_outside": 0, "back": 0})
    assert dump() == before

    # F-3 is back; F-4 is still gone, which settles it; F-6 goes missing.
    third = snapshot(acting, tmp_path, WEDNESDAY, without(4, 6), {5: "4.00"})
    assert third.tally.missing == {"held": 1, "settled_outside": 1, "back": 1}
    assert missing() == {"F-6"}
    assert "F-4" not in open_items()
    closed = Entry.objects.get(installment__invoice__number="F-4", kind="closed_outside")
    assert (closed.amount, closed.effective_on) == (-10, WEDNESDAY)
    assert Payment.objects.count() == 0
    assert Creditor.objects.get().invoices_through == WEDNESDAY


def test_a_person_confirms_without_waiting(acting: Cast, tmp_path: Path) -> None:
    snapshot(acting, tmp_path, MONDAY, ALL)
    result = snapshot(acting, tmp_path, TUESDAY, without(3, 4))
    release_hold(acting.actor(), Hold.objects.get(installment__invoice__number="F-3").id, why="sigue pendiente")
    assert confirm_missing(acting.actor(), result.job_id) == 1
    assert missing() == set()
    assert "F-3" in open_items() and "F-4" not in open_items()
    assert confirm_missing(acting.actor(), result.job_id) == 0


def test_too_much_at_once_stops_before_anything_lands(acting: Cast, tmp_path: Path) -> None:
    snapshot(acting, tmp_path, MONDAY, ALL)
    before = dump()
    with pytest.raises(NeedsConfirmation) as raised:
        snapshot(acting, tmp_path, TUESDAY, [*without(1, 2, 3, 4), 31])
    assert "4 / 30" in str(raised.value) or "4 of 30" in str(raised.value)
    assert dump() == before
    assert ImportJob.objects.get(snapshot_on=TUESDAY).state == "stopped"
    result = snapshot(acting, tmp_path, TUESDAY, [*without(1, 2, 3, 4), 31], confirm=True)
    assert (counts(result), result.tally.missing["held"]) == ((1, 0, 26, 0), 4)
    assert ImportJob.objects.filter(snapshot_on=TUESDAY).count() == 1


def test_a_tenth_of_the_value_is_too_much_too(acting: Cast, tmp_path: Path) -> None:
    text = "Código;Número;Emisión;Vencimiento;Importe\n" + "\n".join(
        f"C1;F-{n};2026-10-01;2026-10-31;{1000 if n == 1 else 1}.00" for n in ALL
    )
    bring_in(acting, csv(tmp_path / "f.csv", text), snapshot_on=MONDAY)
    smaller = "\n".join(line for line in text.splitlines() if ";F-1;" not in line)
    with pytest.raises(NeedsConfirmation):
        bring_in(acting, csv(tmp_path / "g.csv", smaller), snapshot_on=TUESDAY)
    checked = bring_in(acting, csv(tmp_path / "g.csv", smaller), snapshot_on=TUESDAY, confirm=True, check=True)
    assert checked.tally.missing["held"] == 1
    assert missing() == set()


def test_an_older_snapshot_stops(acting: Cast, tmp_path: Path) -> None:
    snapshot(acting, tmp_path, TUESDAY, without(30))
    with pytest.raises(NeedsConfirmation) as raised:
        snapshot(acting, tmp_path, MONDAY, ALL)
    assert "2026-11-17" in str(raised.value)
    assert counts(snapshot(acting, tmp_path, MONDAY, ALL, confirm=True)) == (1, 0, 29, 0)


def test_what_the_file_could_not_name_is_not_missing(acting: Cast, tmp_path: Path) -> None:
    snapshot(acting, tmp_path, MONDAY, ALL)
    customer = Customer.objects.order_by("code").first()
    assert customer
    part = [Part(date(2026, 12, 31), Decimal(5))]
    by = acting.actor()
    later = {"customer_id": customer.id, "currency": "PEN", "parts": part, "issued_on": date(2026, 11, 20)}
    issue_invoice(by, number="F-99", **later)
    issue_invoice(by, number="INT-1", kind="charge", **{**later, "issued_on": MONDAY})
    # F-7's row is refused: its number is there all the same.
    result = snapshot(acting, tmp_path, TUESDAY, ALL, {7: "diez"})
    assert (result.tally.rejected, result.tally.missing["held"]) == (1, 0)


def test_another_creditors_items_are_not_missing(acting: Cast, tmp_path: Path) -> None:
    north, south = creditor(acting, "norte"), creditor(acting, "sur")
    snapshot(acting, tmp_path, MONDAY, ALL, creditor=north)
    snapshot(acting, tmp_path, MONDAY, ALL, creditor="sur")
    result = snapshot(acting, tmp_path, TUESDAY, without(1), creditor="SUR")
    assert result.tally.missing["held"] == 1
    assert Hold.objects.select_related("customer").get().customer.creditor_id == south.id
    with pytest.raises(WhoseFile):
        snapshot(acting, tmp_path, TUESDAY, ALL)
    with pytest.raises(Problem):
        snapshot(acting, tmp_path, date(2026, 11, 24), ALL, creditor=north)
    with pytest.raises(Problem):
        snapshot(acting, tmp_path, TUESDAY, ALL, creditor="oeste")


def test_on_the_page_a_stopped_snapshot_is_confirmed(acting: Cast, tmp_path: Path) -> None:
    snapshot(acting, tmp_path, MONDAY, ALL)
    content = "Código;Número;Emisión;Vencimiento;Importe\nC1;F-1;2026-10-01;2026-10-31;10.00"
    by = acting.actor()
    job = start(by, [content.encode()], name="f.csv", kind="invoices", snapshot_on=TUESDAY)
    launch(by, job.id)
    assert run(by, job.id).state == "stopped"
    confirm(by, job.id)
    job = run(by, job.id)
    assert (job.state, len(missing())) == ("done", 29)


# -- undo


def test_a_snapshot_is_taken_back_as_one(acting: Cast, tmp_path: Path) -> None:
    snapshot(acting, tmp_path, MONDAY, ALL)
    snapshot(acting, tmp_path, TUESDAY, without(3, 4))
    opened, doubted = open_items(), missing()
    result = snapshot(acting, tmp_path, WEDNESDAY, [*without(4, 6), 31, 32], {5: "4.00"})
    assert (missing(), "F-4" in open_items()) == ({"F-6"}, False)
    entries = Entry.objects.count()

    job = undo(acting.actor(), result.job_id, why="era la foto de otra empresa")
    assert job.state == "undone"
    assert (open_items(), missing()) == (opened, doubted)
    assert Entry.objects.count() > entries  # posted back, not deleted
    assert Invoice.objects.filter(withdrawn_on__isnull=False).count() == 2
    with pytest.raises(WrongState):
        undo(acting.actor(), result.job_id)
    # The next day goes on as if it had never been.
    after = snapshot(acting, tmp_path, WEDNESDAY, without(4))
    assert after.tally.missing == {"held": 0, "settled_outside": 1, "back": 1}


def test_everything_an_import_did_is_taken_back(acting: Cast, tmp_path: Path) -> None:
    header = "Código;Tipo;Número;Emisión;Vencimiento;Importe;Saldo;Fecha de pago;En disputa\n"
    bring_in(acting, csv(tmp_path / "a.csv", header + "1;F;F-1;2026-10-01;2026-10-31;100.00;100.00;;sí"))
    opened, holds = open_items(), Hold.objects.filter(released_on=None).count()
    text = """
        1;F;F-1;2026-10-01;2026-11-15;100.00;60.00;;no
        2;F;F-2;2026-10-01;2026-10-31;50.00;0.00;2026-11-02;no
        2;F;F-3;2026-10-01;2026-10-31;70.00;30.00;;sí
        2;NC;N-1;2026-10-02;2026-10-02;20.00;20.00;;no
    """
    result = bring_in(acting, csv(tmp_path / "b.csv", header + text.strip()))
    assert counts(result) == (3, 1, 0, 0), result.as_json()
    undo(acting.actor(), result.job_id)
    assert open_items() == opened
    assert Hold.objects.filter(released_on=None).count() == holds
    assert Payment.objects.filter(withdrawn_on=None).count() == 0
    assert CreditNote.objects.filter(withdrawn_on=None).count() == 0
    # The same file lands again: its numbers and references are free.
    assert counts(bring_in(acting, csv(tmp_path / "b.csv", header + text.strip()))) == (3, 1, 0, 0)


def test_a_due_date_somebody_moved_since_stays(acting: Cast, tmp_path: Path) -> None:
    header = "Código;Número;Emisión;Vencimiento;Importe\n"
    bring_in(acting, csv(tmp_path / "a.csv", header + "1;F-1;2026-10-01;2026-10-31;100.00"))
    wrong = bring_in(acting, csv(tmp_path / "b.csv", header + "1;F-1;2026-10-01;2026-11-15;100.00"))
    bring_in(acting, csv(tmp_path / "c.csv", header + "1;F-1;2026-10-01;2026-11-20;100.00"))
    undo(acting.actor(), wrong.job_id)
    assert open_items()["F-1"][0] == "2026-11-20"


def test_what_was_used_since_is_not_taken_back(acting: Cast, tmp_path: Path) -> None:
    result = snapshot(acting, tmp_path, MONDAY, ALL)
    item = Installment.objects.get(invoice__number="F-1")
    record_payment(
        acting.actor(),
        customer_id=item.customer_id,
        reference="op",
        received_on=TUESDAY,
        currency="PEN",
        amount=Decimal(10),
        designations=[Designation(item.id)],
    )
    before = dump()
    with pytest.raises(BatchInUse):
        undo(acting.actor(), result.job_id)
    assert dump() == before
    assert ImportJob.objects.get().state == "done"


def test_a_list_of_customers_is_not_undone(acting: Cast, tmp_path: Path) -> None:
    result = bring_in(acting, csv(tmp_path / "c.csv", "Código;Cliente\n1;Uno"), "customers")
    with pytest.raises(Problem):
        undo(acting.actor(), result.job_id)


def test_nobody_else_can_take_it_back(committed: Cast, tmp_path: Path) -> None:
    result = bring_in(committed, csv(tmp_path / "c.csv", "Código;Número;Vencimiento;Importe\n1;F-1;2026-10-31;1.00"))
    actor = committed.actor()
    outsider = Actor(committed.other_organization.id, now=actor.now, today=actor.today)
    for act in (undo, confirm, confirm_missing):
        with pytest.raises(ImportJob.DoesNotExist):
            act(outsider, result.job_id)
