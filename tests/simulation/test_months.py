"""Seeded months of a whole organization: conduct holds, balances add up, and nobody hears a step twice.

Every contact that really went out, over all accounts of a party, is judged by the naive checker of the conduct room, which shares
no code with the gate. A failure names its seed; `make soak` plays longer and with more seeds.
"""

from collections import Counter, defaultdict
from datetime import date, timedelta
from random import Random

import pytest

from puntual.analytics.conduct import summary
from puntual.conduct.gate import Allowed
from puntual.conduct.packs import pack_for
from puntual.conduct.tests.naive import Said as Contact
from puntual.conduct.tests.naive import violations
from puntual.outreach.actions import approve_many, record_result
from puntual.outreach.models import Activity
from puntual.outreach.outbox import send_due
from puntual.outreach.prepare import prepare
from puntual.parties.models import ContactPoint
from puntual.payments.actions import reverse_payment
from puntual.payments.models import Payment
from puntual.payments.verify import verify as verify_payments
from puntual.receivables.verify import verify as verify_receivables
from puntual.strategies.builtin import builtin
from puntual.strategies.facts import TONES
from tests.scenarios.story import Story

PLACES = {
    "PE": "America/Lima",
    "CL": "America/Santiago",
    "CO": "America/Bogota",
    "MX": "America/Tijuana",
    "ES": "Europe/Madrid",
    "AR": "America/Argentina/Buenos_Aires",
    "BR": "America/Sao_Paulo",
    "EC": "America/Guayaquil",
    "DO": "America/Santo_Domingo",
    "US": "America/New_York",
    "UY": "America/Montevideo",
}


class Months(Story):
    """A story that writes itself."""

    def __init__(self, start: date, seed: int, customers: int) -> None:
        super().__init__(start)
        self.first = start
        self.random = Random(seed)
        others = [self.add_creditor("lonkura", "CL"), self.add_creditor("tarwi", "PE")]
        self.numbers = 0
        for number in range(customers):
            country = self.random.choice(list(PLACES))
            made = self.customer(
                f"C{number:02}",
                email=self.random.random() < 0.9,
                phone=self.random.random() < 0.7,
                country=country,
                zone=PLACES[country],
            )
            if self.random.random() < 0.4:
                for letter, creditor in zip("BC", others, strict=True):
                    code, zone = f"C{number:02}{letter}", PLACES[country]
                    self.customer(code, country=country, zone=zone, creditor=creditor, party=made.party)
        if consented := [one for one in self.customers.values() if one.party.country == "CO"]:
            with self.inside():
                ContactPoint.objects.filter(customer__in=consented).update(consent="granted")

    def happen(self) -> None:
        """What customers and accountants do on a day."""
        people = list(self.customers.values())
        for _ in range(self.random.randint(0, 2)):
            self.numbers += 1
            due = self.day + timedelta(days=self.random.choice((-40, -10, 5, 15)))
            who, amount = self.random.choice(people), f"{self.random.randint(1, 90) * 50}.00"
            currency = self.random.choice(("PEN", "PEN", "USD"))
            self.invoices.append(self.invoice(who, f"F-{self.numbers}", due, amount, currency))
        if self.invoices and self.random.random() < 0.3:
            invoice = self.random.choice(self.invoices)
            amount = invoice.amount if self.random.random() < 0.7 else round(invoice.amount / 2, 2)
            who = next(one for one in people if one.id == invoice.customer_id)
            self.pay(who, str(amount), invoice.currency)
        if self.invoices and self.random.random() < 0.08:
            self.dispute(self.random.choice(self.invoices), self.day + timedelta(days=self.random.randint(0, 15)))
        if self.random.random() < 0.04:
            with self.inside():
                paid = list(Payment.objects.filter(reversed_on=None).order_by("id"))
            if paid:
                reverse_payment(self.by(), self.random.choice(paid).id, reason="devuelto")

    def work(self) -> None:
        """What the team does on a day: run it, approve, let the outbox work hour by hour, make the calls that may be made."""
        if self.random.random() < 0.06:
            return  # an outage
        self.plan()
        with self.inside():
            proposed = list(Activity.objects.filter(state="proposed").values_list("id", flat=True))
        chosen = [one for one in proposed if self.random.random() < 0.9]
        if chosen:
            approve_many(self.by(2), ids=chosen)
        for hour in range(1, 24, 2):
            send_due(self.organization.id, self.by(hour).now)
            if 7 <= hour <= 19:
                self._call(hour)

    def _call(self, hour: int) -> None:
        with self.inside():
            to_do = list(Activity.objects.filter(state="to_do").select_related("customer__party", "customer__creditor"))
        for one in to_do:
            if self.random.random() < 0.6:
                continue
            if one.channel != "call":
                record_result(self.by(hour), one, "task_done")
                continue
            with self.inside():
                prepared = prepare(self.organization, one, self.by(hour).now)
            if not prepared.stop and isinstance(prepared.answer, Allowed):
                result = self.random.choice(("no_answer", "reached_other", "reached_refuses", "left_message"))
                record_result(self.by(hour), one, result)

    def go_on(self, days: int) -> None:
        self.invoices: list = []
        for _ in range(days):
            self.happen()
            self.work()
            self.day += timedelta(days=1)

    def check(self) -> Counter[str]:
        """Judge it all; returns how many contacts went out by channel."""
        assert verify_receivables(self.organization.id) == []
        assert verify_payments(self.organization.id) == []
        with self.inside():
            done = list(
                Activity.objects.filter(state__in=["sent", "done"], direction="out")
                .exclude(channel="internal")
                .select_related("customer__party")
                .order_by("settled_at")
            )
        by_party: dict[object, list[Activity]] = defaultdict(list)
        for one in done:
            by_party[one.customer.party].append(one)
        for party, contacts in by_party.items():
            debts: dict[object, int] = {}
            log = [
                Contact(
                    debt=debts.setdefault(one.customer_id, len(debts)),
                    channel=one.channel,
                    at=one.settled_at,
                    conversation=one.result.startswith("reached"),
                    outbound=True,
                    authorized=True,
                )
                for one in contacts
            ]
            # Only what the law or manners ask of companies is judged: the checker knows consumers, the packs are the same.
            pack = pack_for(party.country).country
            assert violations(pack, party.country, PLACES[party.country], log) == []
        self._check_report(len(done))
        self._check_customers(done)
        return Counter(one.channel for one in done)

    def _check_report(self, contacts: int) -> None:
        """The organization's own report on conduct comes to the same as the judge."""
        with self.inside():
            found = summary(self.organization.id, self.first, self.day)
        assert (found.contacts, found.broken) == (contacts, 0)

    def _check_customers(self, done: list[Activity]) -> None:
        days = Counter((one.customer_id, one.day) for one in done if one.channel != "call")
        assert max(days.values(), default=0) == 1, "two messages to a customer on one day"
        tone_of = {step.code: step.tone for step in builtin("es").steps}
        hardest: dict[object, int] = {}  # what each item has heard, also riding along with another
        led: Counter[tuple[object, int, str]] = Counter()
        for one in done:
            if not one.tone or one.result in ("no_answer", "left_message"):
                continue
            rank, before = TONES.index(one.tone), hardest.get(one.lead_id)
            assert rank <= (1 if before is None else before + 1), "met firmly, or two tones up at once"
            led[one.lead_id, one.due_generation, one.step] += 1
            for item, step in zip(one.items, one.item_steps, strict=True):
                if tone := tone_of.get(step):
                    hardest[item] = max(hardest.get(item, 0), TONES.index(tone))
        assert max(led.values(), default=0) <= 1, "an item led the same step twice"


@pytest.mark.parametrize("seed", [11, 12])
def test_weeks(transactional_db: None, seed: int) -> None:
    months = Months(date(2026, 3, 26), seed, customers=10)  # over two changes of the clocks and Easter
    months.go_on(25)
    sent = months.check()
    assert sent["email"] >= 8, f"seed {seed}: it must not be quiet by doing nothing: {sent}"


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 106))
def test_half_a_year(transactional_db: None, seed: int) -> None:
    months = Months(date(2026, 2, 2), seed, customers=24)
    months.go_on(180)
    sent = months.check()
    assert sent["email"] > 150 and sent["call"] > 5, f"seed {seed}: {sent}"
