"""The whole letter from a ledger: what it says, that it adds up, on one page, and kept as it was."""

import io
import json
from datetime import date, timedelta
from decimal import Decimal
from importlib import resources

import pytest
from babel import Locale
from django.utils.translation import override
from pypdf import PdfReader

from conftest import NOW, TODAY, Cast
from puntual.analytics import exports, printing, reports
from puntual.analytics.figures.catalog import behind, row_key
from puntual.analytics.figures.letter import UNDECIDED
from puntual.analytics.figures.lines import Figure
from puntual.analytics.keeping import keep_months
from puntual.analytics.letter.keeping import facts_of, keep_letter, letter_of
from puntual.analytics.letter.models import ManagementLetter
from puntual.analytics.letter.moving import FIGURES
from puntual.analytics.letter.reading import letter_month, ways_of
from puntual.analytics.letter.report import values
from puntual.analytics.letter.wording import Letter, Line, Movers, Part, parts_of_change
from puntual.analytics.tables import Question
from puntual.analytics.tests.conftest import Portfolio, customer, invoice, pay, portfolio
from puntual.audit.actions import Actor
from puntual.disputes.models import Dispute
from puntual.kernel import documents
from puntual.outreach.models import Activity
from puntual.outreach.tests.build import World, make_world
from puntual.parties.models import Customer, Party
from puntual.receivables.models import Invoice
from puntual.strategies.models import StoredSegment

AUGUST = date(2026, 8, 1)
__all__ = ["portfolio"]  # the fixture of the room's other tests


@pytest.mark.parametrize(
    ("as_of", "month"),
    [
        ("2026-08-31", "2026-08-01"),
        ("2026-08-30", "2026-07-01"),
        ("2026-03-01", "2026-02-01"),
        ("2026-01-15", "2025-12-01"),
    ],
)
def test_it_is_about_the_last_month_that_is_over(as_of: str, month: str) -> None:
    assert letter_month(date.fromisoformat(as_of)).isoformat() == month


@pytest.fixture
def grown(portfolio: Portfolio) -> Portfolio:
    """August again, with more of it: another late customer, a payment, and one who is late anew."""
    on = portfolio.by
    dora = customer(on(date(2026, 6, 1)), portfolio.main, "003", "Dora & Cía")
    invoice(on(date(2026, 6, 1)), dora, "F5", date(2026, 6, 1), (30, "800.00"), (75, "400.00"))
    pay(on(date(2026, 8, 10)), dora, "P9", date(2026, 8, 10), "300.00")
    return portfolio


@pytest.mark.parametrize("kept", [False, True])
def test_every_list_adds_up_to_the_change(grown: Portfolio, kept: bool) -> None:
    if kept:
        keep_months(grown.by(date(2026, 9, 20)))
    facts = facts_of(grown.organization_id, AUGUST)
    assert "PEN" in facts["currencies"]
    for one in facts["currencies"].values():
        total = Decimal(one["change"])
        assert sum(map(Decimal, one["made_of"].values())) == total
        for what in ("creditors", "customers"):
            assert sum((Decimal(amount) for _key, amount in one[what]), Decimal(0)) == (total if one[what] else 0)
    soles = facts["currencies"]["PEN"]
    # Dora's second part of 400 fell due on 15 August, 300 of her first one was paid, and Ana's 50.50 was written off.
    assert soles["made_of"] == {"fell_due": "400.0000", "paid": "-300.0000", "written_off": "-50.5000"}
    assert soles["figures"]["collected"]["now"] == "300.0000"
    series = soles["series"]["overdue"]
    assert Decimal(series[-1]) - Decimal(series[-2]) == Decimal(soles["change"]) == Decimal("49.50")


def test_currencies_are_never_in_one_figure(grown: Portfolio) -> None:
    report = reports.build("letter", grown.organization_id, date(2026, 8, 31))
    rows = list(report.rows)
    place = report.currency_at
    assert place is not None and {row[place] for row in rows} >= {"PEN", "USD", "CLP"}
    for name in ("PEN", "CLP"):
        (total,) = [row for row in report.totals if row[place] == name]
        months = [row for row in rows if row[place] == name]
        assert months[-1][0] == "2026-08" and total[2] == sum(row[2] for row in months[:-1]) / len(months[:-1])


@pytest.mark.parametrize("language", ["es", "en", "pt"])
def test_it_is_one_page_and_says_that_nothing_is_proved(grown: Portfolio, language: str) -> None:
    with override(language):
        report = reports.build("letter", grown.organization_id, date(2026, 8, 31))
        pdf = printing.pdf(report, "Sembria", Locale(language), NOW)
        assert len(report.says) == 4  # three currencies, and what is not proved
    pages = PdfReader(io.BytesIO(pdf)).pages
    assert len(pages) == 1
    text = pages[0].extract_text()
    assert "Dora & Cía" in text and "100" in report.says[-1]


def test_as_json(grown: Portfolio) -> None:
    out = io.StringIO()
    exports.write_json(reports.build("letter", grown.organization_id, date(2026, 8, 31)), out)
    found = json.loads(out.getvalue())
    assert found["month"] == "2026-08" and found["evidence"] == {"days": 180, "comparisons": 0, "proposals": []}
    assert {row["month"] for row in found["months"]} >= {"2026-07", "2026-08"}


def test_a_letter_does_not_change_once_it_is_kept(grown: Portfolio) -> None:
    by = grown.by(date(2026, 9, 2))
    assert keep_letter(by) and not keep_letter(by)
    before = letter_of(grown.organization_id, date(2026, 9, 15))
    dora = invoice(by, customer(by, grown.main, "009", "Tarde"), "F9", date(2026, 7, 1), (5, "77.00"))
    assert dora and letter_of(grown.organization_id, date(2026, 9, 15)) == before
    assert ManagementLetter.objects.get().made_on == date(2026, 9, 2)
    assert facts_of(grown.organization_id, AUGUST)["currencies"] != before["currencies"]


def test_before_anything_was_billed_there_is_nothing_to_write_about(acting: Cast) -> None:
    report = reports.build("letter", acting.id, date(2026, 8, 31))
    assert list(report.rows) == [] and not keep_letter(acting.actor())
    assert len(PdfReader(io.BytesIO(printing.pdf(report, "Sembria", Locale("es"), NOW))).pages) == 1


def test_a_contact_counts_by_its_customer_and_only_words_are_an_answer(acting: Cast) -> None:
    from puntual.outreach.models import Answer

    world: World = make_world(acting.actor())
    for number in range(3):
        one = world.customer(f"C{number}")
        item = world.invoice(one, f"F-{number}", 40)
        for day in (20, 10):
            said = world.plan(one, [item])
            said.day, said.attempt, said.state = world.by.today - timedelta(days=day), day, "sent"
            said.save(update_fields=["day", "attempt", "state"])
            if number < 2 and day == 20:
                kind = "reply" if number else "auto_reply"
                Answer.objects.create(
                    organization_id=acting.id,
                    digest=f"{number}",
                    kind=kind,
                    state="noted",
                    received_at=NOW,
                    raw=b"",
                    size=0,
                    activity_id=said.pk,
                )
    answered, paid = ways_of(acting.id, world.by.today)
    assert Activity.objects.count() == 6
    assert (answered.sums.customers, answered.sums.items, answered.sums.hits) == (3, 6, 1)
    assert (answered.sums.items_squared, answered.sums.items_by_hits) == (12, 2)
    assert (paid.sums.items, paid.sums.hits) == (3, 0)  # of the first of each it is known: they were told again


def test_the_fullest_letter_is_still_one_page() -> None:
    """Two currencies with every block as long as it gets, long names, three proposals, and five more currencies."""
    name, amount = "Compañía Nacional de Transportes y Servicios Generales del Sur S.A.C.", "+1,234,567,890.00"
    movers = [Movers("Por acreedor", ((name, amount),) * 4) for _block in range(4)]
    lines = tuple(Line("Promesas cumplidas, %", amount, amount, amount, "dso") for _figure in FIGURES)
    says = "PEN: lo vencido subió 192,798.50, hasta 947,082.50. Su media de los 12 meses anteriores: 505,592.00. Cobrado: 1.00."
    part = Part(
        "PEN", says, lines, Movers("Por qué", (("Facturado o reabierto, ya vencido", amount),) * 7), tuple(movers)
    )
    proposal = "«Segundo aviso» por WhatsApp se respondió con una frecuencia 2.0 veces la de correo electrónico " * 3
    letter = Letter("Carta a la gerencia", "octubre", says, ("a", "b", "c"), (part,) * 7, (proposal,) * 9, proposal)
    layout = resources.files("puntual.analytics").joinpath("letter/letter.typ").read_bytes()
    made = documents.pdf(layout, {"organization": "S", **values(letter, TODAY, Locale("es"))}, NOW)
    assert len(PdfReader(io.BytesIO(made)).pages) == 1


@pytest.mark.parametrize("kept", [False, True])
def test_every_figure_leads_to_the_rows_that_made_it(grown: Portfolio, kept: bool) -> None:
    """Every month's figures, each part of the change, and whose it is; of a kept letter as was known when it was written."""
    by = grown.by(date(2026, 9, 2))
    ana = Customer.objects.get(code="001", creditor=grown.main)
    _segments_of(ana)
    _dispute(by, ana, date(2026, 8, 5), "70.00", cause="billing")
    _dispute(by, ana, date(2026, 7, 5), "30.00")
    if kept:
        keep_months(by)
        assert keep_letter(by)
        later = grown.by(date(2026, 9, 3))
        invoice(later, customer(later, grown.main, "009", "Tarde"), "F9", date(2026, 7, 1), (5, "77.00"))
        pay(later, ana, "P10", date(2026, 8, 30), "10.00")
        Party.objects.update(country="CL")
        _dispute(later, ana, date(2026, 8, 6), "11.00")
    through = date(2026, 8, 31)

    def rows(column: str, row: dict[str, str]) -> Decimal:
        found = behind("letter", Figure(grown.organization_id, Question(through), column, row))
        assert sum((line.amount for line in found.all()), Decimal(0)) == found.total()
        return Decimal(found.total())

    report = reports.build("letter", grown.organization_id, through)
    places = {column.key: place for place, column in enumerate(report.columns)}
    tried = 0
    for line in report.rows:
        for column in ("balance", "overdue", "collected", "disputed"):
            assert rows(column, row_key("letter", report, line)) == line[places[column]], (line, column)
            tried += bool(line[places[column]])
    assert tried > 20
    blocks = set()
    for currency, one in report.facts["currencies"].items():
        row = {"month": "2026-08", "currency": currency}
        assert rows("change", row) == Decimal(one["change"])
        assert {part: rows(part, row) for part in parts_of_change() if rows(part, row)} == {
            part: Decimal(amount) for part, amount in one["made_of"].items()
        }
        for what, column in (("creditors", "creditor_id"), ("segments", "segment"), ("customers", "customer_id")):
            for key, amount in one[what]:
                whose = {column: key} if key else {"but": what}
                assert rows("change", {**row, **whose}) == Decimal(amount), whose
                blocks.add((what, bool(key)))
        for cause, now, _before in one["causes"]:
            assert rows("disputed", {**row, "cause": cause or UNDECIDED}) == Decimal(now)
    assert blocks >= {("creditors", True), ("segments", True), ("segments", False), ("customers", True)}
    for what in ("creditors", "customers"):
        every = sum((rows("change", {**row, "but": what}), *(Decimal(amount) for key, amount in one[what] if key)))
        assert every == Decimal(one["change"]), "without a rest there are no others"
    if kept:
        ManagementLetter.objects.update(members=None)
        with pytest.raises(KeyError):
            rows("change", {**row, "segment": "north"})


def _segments_of(one: Customer) -> None:
    """Two segments: `one` is in the first, nobody in the second, and the others in none."""
    mine = {"organization_id": one.organization_id}
    Party.objects.filter(pk=one.party_id).update(country="CO")
    for position, (code, country) in enumerate((("north", "CO"), ("chile", "CL")), 1):
        conditions = [{"field": "country", "operator": "is", "value": [country]}]
        StoredSegment.objects.create(**mine, code=code, name=code, conditions=conditions, position=position)


def _dispute(by: Actor, customer: Customer, day: date, amount: str, cause: str = "") -> None:
    Dispute.objects.create(
        organization_id=by.organization_id,
        creditor=customer.creditor,
        customer=customer,
        invoice=Invoice.objects.get(number="F1", customer=customer),
        currency="PEN",
        amount=Decimal(amount),
        reason="price",
        cause=cause,
        opened_on=day,
        opened_at=by.now,
        deadline=day + timedelta(days=10),
        state="withdrawn",
        resolved_on=day,
    )
