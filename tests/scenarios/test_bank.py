"""From the reminder to the bank: what comes in is asked for no more and thanked for; what it takes back is asked for again."""

from datetime import date, timedelta
from decimal import Decimal

from puntual.outreach.actions import approve_many
from puntual.outreach.models import Activity
from puntual.outreach.outbox import send_due
from puntual.parties.models import Customer
from puntual.payments.models import BankLine
from puntual.payments.reconciling.running import match_lines
from puntual.payments.statements.actions import import_statement
from puntual.payments.statements.reading.camt import read_camt
from puntual.receivables.models import Installment
from tests.scenarios.story import Story

DOCUMENT = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>
<GrpHdr><MsgId>{day}</MsgId><CreDtTm>{day}T22:00:00</CreDtTm></GrpHdr>
<Stmt><Id>{day}</Id><CreDtTm>{day}T22:00:00</CreDtTm><Acct><Id><Othr><Id>194-1</Id></Othr></Id><Ccy>PEN</Ccy></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="PEN">{opening}</Amt><CdtDbtInd>CRDT</CdtDbtInd>
<Dt><Dt>{day}</Dt></Dt></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="PEN">{closing}</Amt><CdtDbtInd>CRDT</CdtDbtInd>
<Dt><Dt>{day}</Dt></Dt></Bal>
<Ntry><Amt Ccy="PEN">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd><RvslInd>{back}</RvslInd><Sts>BOOK</Sts>
<BookgDt><Dt>{day}</Dt></BookgDt><BkTxCd/><NtryDtls><TxDtls><Refs><EndToEndId>OP-77120</EndToEndId></Refs>
<RmtInf><Ustrd>{words}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry></Stmt></BkToCstmrStmt></Document>"""


def statement(story: Story, amount: str, words: str, *, back: bool = False) -> None:
    """The bank's statement of the story's day, and the matching that follows it."""
    opening = Decimal(5000)
    document = DOCUMENT.format(
        day=story.day,
        opening=opening,
        closing=opening + (-1 if back else 1) * Decimal(amount),
        amount=amount,
        side="DBIT" if back else "CRDT",
        back=str(back).lower(),
        words=words,
    )
    import_statement(story.by(8), read_camt(document.encode()), file_name="extracto.xml", creditor=story.creditor)
    match_lines(story.by(8), story.creditor.id)


def waiting(story: Story) -> list[Activity]:
    with story.inside():
        return list(Activity.objects.filter(state__in=("proposed", "queued", "to_do")))


def open_of(story: Story, customer: Customer) -> list[Decimal]:
    with story.inside():
        rows = Installment.objects.filter(customer=customer).order_by("invoice__number")
        return [amount.normalize() + 0 for amount in rows.values_list("open_amount", flat=True)]


def test_from_the_reminder_to_the_transfer_and_back(story: Story) -> None:
    customer = story.customer("Quenara")
    story.invoice(customer, "F001-00000771", date(2026, 2, 27), "4720.00")
    said = story.play(date(2026, 3, 4))
    assert [one.items for one in said] == [("F001-00000771",)], "a reminder leaves"

    # The next step is written and approved; the bank's statement comes before it leaves.
    while not waiting(story):
        story.day += timedelta(days=1)
        story.plan()
    (planned,) = waiting(story)
    approve_many(story.by(7), ids=[planned.id])
    statement(story, "4720.00", "PAGO FACT F001-00000771")
    assert open_of(story, customer) == [0]
    send_due(story.organization.id, story.by(15).now)
    with story.inside():
        assert Activity.objects.get(id=planned.id).state == "lapsed", "it asked for what is paid"
    story.day += timedelta(days=1)
    thanked = story.play(story.day + timedelta(days=30))
    assert [(one.step, one.tone, one.demand, one.items) for one in thanked] == [("thank_you", "courteous", {}, ())], (
        "one word of thanks, and nothing else"
    )
    with story.inside():
        thanks = Activity.objects.get(step="thank_you")
        assert thanks.state == "sent" and thanks.day == planned.day + timedelta(days=1)
        assert "4,720.00" in thanks.body and not thanks.items

    # The bank takes it back: everything is chased again, at the age it has.
    statement(story, "4720.00", "DEVOLUCION CHEQUE SIN FONDOS", back=True)
    assert open_of(story, customer) == [4720]
    with story.inside():
        credit, reversal = BankLine.objects.order_by("booked_on")
        assert (credit.state, reversal.state) == ("reversed", "matched")
    story.day += timedelta(days=1)
    again = story.play(story.day + timedelta(days=10))
    assert again and again[0].items == ("F001-00000771",) and again[0].demand == {"PEN": "4720.00"}
    with story.inside():
        activity = Activity.objects.filter(items__len=1, direction="out").latest("created_at")
        assert activity.lead_days is not None and activity.lead_days > 35, "its age never began anew"


def test_thanks_wait_for_nothing_that_was_taken_back(story: Story) -> None:
    """The bank takes the money back before anybody approved the thanks: they are not sent, and the next step comes."""
    customer = story.customer("Quenara")
    story.invoice(customer, "F001-00000771", date(2026, 2, 27), "4720.00")
    story.play(date(2026, 3, 4))
    story.day = date(2026, 3, 10)
    statement(story, "4720.00", "PAGO FACT F001-00000771")
    story.plan()
    (thanks,) = waiting(story)
    assert thanks.step == "thank_you"
    story.day += timedelta(days=1)
    statement(story, "4720.00", "DEVOLUCION CHEQUE SIN FONDOS", back=True)
    approve_many(story.by(9), ids=[thanks.id])
    send_due(story.organization.id, story.by(10).now)
    with story.inside():
        assert Activity.objects.get(id=thanks.id).result == "occasion_over"
    story.day += timedelta(days=1)
    again = story.play(story.day + timedelta(days=15))
    assert [one.step for one in again][:1] == ["firm"] and again[0].demand == {"PEN": "4720.00"}


def test_who_pays_for_others_ends_what_is_asked_of_them(story: Story) -> None:
    """A head office pays what a branch was reminded of: nothing more leaves to the branch but the thanks."""
    office, branch = story.customer("Central"), story.customer("Sucursal")
    with story.inside():
        Customer.objects.filter(id=branch.id).update(paid_by=office)
    story.invoice(branch, "F001-00000801", date(2026, 2, 27), "1200.00")
    story.play(date(2026, 3, 4))
    while not waiting(story):
        story.day += timedelta(days=1)
        story.plan()
    (planned,) = waiting(story)
    approve_many(story.by(7), ids=[planned.id])
    story.pay(office, "1200.00")
    assert open_of(story, branch) == [0]
    send_due(story.organization.id, story.by(15).now)
    with story.inside():
        assert Activity.objects.get(id=planned.id).state == "lapsed"
    story.day += timedelta(days=1)
    said = story.play(story.day + timedelta(days=20))
    assert [(one.customer, one.step) for one in said] == [("Sucursal", "thank_you")]
