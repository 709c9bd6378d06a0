"""Bank lines of a made portfolio whose truth is known: what each one really settles.

Seeded. Payers write as payers do: with and without numbers, with typos, several invoices in one transfer, short, twice, for
somebody else; among them are customers with like names and invoices of the same amount.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from uuid import UUID

from puntual.kernel.references import creditor_reference
from puntual.payments.matching.portfolio import OpenItem, Payer
from puntual.payments.matching.proposals import Credit

DAY = date(2026, 11, 20)
_FIRST = [
    "Inversiones",
    "Transportes",
    "Minera",
    "Comercial",
    "Textiles",
    "Agroindustrias",
    "Servicios",
    "Constructora",
    "Laboratorios",
    "Importaciones",
    "Distribuidora",
    "Consultores",
    "Alimentos",
    "Editorial",
    "Clinica",
    "Ferreteria",
    "Logistica",
    "Pesquera",
    "Hoteles",
    "Seguridad",
]
_SECOND = [
    "Andurero",
    "Quenara",
    "Trehuelen",
    "Sembria",
    "Lonkura",
    "Vinales",
    "Olivar",
    "Puquina",
    "Malloa",
    "Cerrillo",
    "Ayacara",
    "Tambillo",
    "Rucapan",
    "Chilota",
    "Warani",
    "Imbabura",
    "Sotavento",
    "Alameda",
    "Bermejo",
    "Caleta",
    "Dorado",
    "Esmeril",
    "Farallon",
    "Guayabal",
    "Huarango",
    "Isluga",
    "Jacaranda",
    "Kantuta",
    "Llanura",
    "Mirador",
]
_KINDS = ("S.A.C.", "S.A.", "SRL", "SpA", "S.A. de C.V.", "S.L.", "E.I.R.L.")
_LOOKS = {"0": "O", "1": "I", "5": "S", "8": "B"}


@dataclass
class Made:
    """The portfolio, its lines, and for each line what it settles."""

    payers: list[Payer] = field(default_factory=list)
    items: list[OpenItem] = field(default_factory=list)
    credits: list[Credit] = field(default_factory=list)
    truth: dict[UUID, dict[UUID, int]] = field(default_factory=dict)  # empty: nothing that is open


def make(seed: int, customers: int, items: int, lines: int) -> Made:
    """A portfolio of so many customers and open items, and so many credits."""
    return _Maker(Random(seed)).make(customers, items, lines)


class _Maker:
    def __init__(self, random: Random) -> None:
        self.random = random
        self.made = Made()
        self.open: dict[UUID, list[OpenItem]] = defaultdict(list)
        self.name: dict[UUID, str] = {}
        self.account: dict[UUID, str] = {}
        self.paid: list[tuple[UUID, OpenItem]] = []

    def make(self, customers: int, items: int, lines: int) -> Made:
        for number in range(customers):
            self._payer(number)
        for number in range(items):
            self._item(number)
        while len(self.made.credits) < lines:
            self._credit()
        return self.made

    def _key(self) -> UUID:
        return UUID(int=self.random.getrandbits(128))

    def _payer(self, number: int) -> None:
        random = self.random
        own = f"{random.choice(_SECOND)[:4]}{random.choice(_SECOND)[-4:].lower()}"
        name = f"{random.choice(_FIRST)} {own} {random.choice(_SECOND)} {random.choice(_KINDS)}"
        if self.made.payers and random.random() < 0.05:  # a sister company
            name = f"{self.made.payers[-1].name.rsplit(' ', 1)[0]} {random.choice(('Norte', 'Sur', 'II'))} S.A.C."
        key = self._key()
        self.name[key], self.account[key] = name, f"PE{random.randrange(10**18):018d}"
        known = (self.account[key],) if random.random() < 0.4 else ()
        self.made.payers.append(Payer(key, name, creditor_reference(key.hex[-12:]), known))

    def _item(self, number: int) -> None:
        random = self.random
        payer = random.choice(self.made.payers)
        amount = random.choice(
            (
                random.randrange(5_000, 3_000_000),
                random.randrange(100, 9_000) * 100,
                random.choice((118_000, 59_000, 236_000)),
            )
        )
        due = DAY + timedelta(days=random.randrange(-120, 45))
        expected = round(amount * 0.03) if random.random() < 0.1 else 0
        numbered = f"F{random.randrange(1, 5):03d}-{number + 1:08d}"
        item = OpenItem(self._key(), payer.customer_id, numbered, due, "PEN", amount, expected)
        self.open[payer.customer_id].append(item)
        self.made.items.append(item)

    def _credit(self) -> None:
        """One payment of somebody who has something open."""
        random = self.random
        customer = random.choice(self.made.payers).customer_id
        waiting = sorted(self.open[customer], key=lambda item: item.due_on)
        kind = random.random()
        if kind < 0.02:
            return self._line(
                customer, {}, random.randrange(5_000, 900_000), ""
            )  # nothing of ours: a deposit, a refund
        if kind < 0.05 and self.paid:  # the same invoice paid twice
            payer, item = random.choice(self.paid)
            return self._line(payer, {}, item.open, self._numbers([item]))
        if not waiting:
            return None
        count = min(len(waiting), random.choice((1, 1, 1, 1, 2, 2, 3, 4)))
        chosen = waiting[:count] if random.random() < 0.6 else random.sample(waiting, count)
        paid = {item.id: item.open - item.expected for item in chosen}
        words = self._numbers(chosen) if random.random() < 0.72 else ""
        short = random.random()
        last = chosen[-1].id
        if short < 0.03 and paid[last] > 200:  # less than asked, for reasons of their own
            paid[last] -= random.randrange(100, paid[last])
        elif short < 0.05:
            paid[last] -= random.randrange(1, 5)
        self._line(customer, paid, sum(paid.values()), words)
        for item in chosen:
            self.open[customer].remove(item)
            self.paid.append((customer, item))
        return None

    def _line(self, customer: UUID, paid: dict[UUID, int], amount: int, words: str) -> None:
        random = self.random
        key = self._key()
        name, account = self.name[customer], self.account[customer]
        payer = random.random()
        if payer < 0.06:  # somebody else pays: a mother company, a partner
            other = random.choice(self.made.payers).customer_id
            name, account = self.name[other], self.account[other]
        references = ()
        if payer >= 0.06 and random.random() < 0.2:
            references = (creditor_reference(customer.hex[-12:]),)
        if random.random() < 0.15:
            name = name[:18]
        shown = random.random()
        self.made.credits.append(
            Credit(
                key,
                DAY,
                "PEN",
                amount,
                (words, name) if shown < 0.3 else (words,),
                references,
                name if shown >= 0.3 and random.random() < 0.9 else "",
                account if random.random() < 0.6 else "",
            )
        )
        self.made.truth[key] = paid

    def _numbers(self, items: list[OpenItem]) -> str:
        """The numbers as people type them."""
        random = self.random
        style = random.random()
        texts = []
        for item in items:
            series, tail = item.number.split("-")
            if style < 0.35:
                text = item.number
            elif style < 0.55:
                text = f"{series} {int(tail)}"
            elif style < 0.7:
                text = f"{series}{tail}"
            elif style < 0.85:
                text = str(int(tail))
            else:
                text = f"{series[0]}{int(series[1:])}-{int(tail)}"
            if random.random() < 0.04:
                text = self._typo(text)
            texts.append(text)
        lead = random.choice(("PAGO FACT ", "FACTURAS ", "Canc. ", "TRANSF INTERBANC ", "pago de ", ""))
        return lead + random.choice((" ", ", ", " / ", " Y ")).join(texts)

    def _typo(self, text: str) -> str:
        random = self.random
        place = random.randrange(len(text))
        if random.random() < 0.6:
            return "".join(_LOOKS.get(one, one) if random.random() < 0.5 else one for one in text)
        wrong = str(random.randrange(10)) if text[place].isdigit() else text[place]
        return text[:place] + wrong + text[place + 1 :]


def lines(made: Made) -> Iterator[tuple[Credit, dict[UUID, int]]]:
    """Each credit with what it really settles."""
    for credit in made.credits:
        yield credit, made.truth[credit.id]
