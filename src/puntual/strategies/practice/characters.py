"""The customers one practices with, and the case each is called about. Pure: everything follows from the seed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from puntual.agreements.profiles.findings import Procedure
from puntual.strategies.practice.acts import Act


@dataclass(frozen=True, slots=True)
class Character:
    """A customer as he or she is; the trainee has to find it out.

    `trust` is what one starts with; from `opens_at` on the reason is told, from `tells_at` on what can be paid and when.
    `pays_whole` says whether it can be paid at once on one day; `needs` is what has to be done before a yes is worth
    anything. After `patience` turns the talk is over. `disputes` says that a part of the invoice is wrong.
    """

    code: str
    procedure: Procedure
    reason: str  # of `findings.REASONS`
    trust: int
    opens_at: int
    tells_at: int
    pays_whole: bool
    needs: frozenset[Act]
    patience: int = 14
    disputes: bool = False
    person: bool = False  # a natural person, no company
    says_yes_to_all: bool = False  # agrees to whatever is proposed, and means none of it


CHARACTERS: Mapping[str, Character] = {
    one.code: one
    for one in (
        Character("forgetful", Procedure.CAN_AND_WANTS, "forgotten", 4, 2, 2, True, frozenset()),
        Character(
            "short_of_cash",
            Procedure.WANTS_BUT_CANNOT,
            "short_of_cash",
            3,
            4,
            5,
            False,
            frozenset({Act.ASK_CAPACITY}),
            person=True,
        ),
        Character(
            "angry",
            Procedure.CAN_BUT_DOES_NOT_WANT,
            "disagrees",
            1,
            2,
            4,
            True,
            frozenset({Act.TAKE_CLAIM}),
            disputes=True,
        ),
        Character(
            "evasive",
            Procedure.CAN_BUT_DOES_NOT_WANT,
            "priorities",
            3,
            5,
            5,
            True,
            frozenset({Act.ASK_CAPACITY}),
            12,
            says_yes_to_all=True,
        ),
        Character(
            "slow",
            Procedure.CAN_AND_WANTS,
            "paperwork",
            5,
            3,
            3,
            True,
            frozenset({Act.ASK_WHO, Act.SEND_COPY}),
            says_yes_to_all=True,
        ),
    )
}
_SCALE = {"CLP": 900, "COP": 4000, "MXN": 18, "ARS": 1000, "BRL": 5, "UYU": 40, "PYG": 7000, "DOP": 60, "CRC": 500}
"""By how much the amounts are larger than in dollars, so that they sound right; nothing is ever converted by it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What the manual lets the trainee grant here: parts and their days, the down payment and the discount, in percent."""

    installments: int = 0
    down_percent: int = 0
    discount_percent: int = 0


@dataclass(frozen=True, slots=True)
class Case:
    """What the call is about. `pay_on` is the day the customer really can pay, `soon_on` the one a caller would like.

    `disputed` is the part of `amount` that is wrong; `may_ask_why` says whether the country's law lets one ask for the reason.
    """

    character: str
    seed: int
    currency: str
    amount: Decimal
    disputed: Decimal
    number: str
    days_late: int
    soon_on: date
    pay_on: date
    limits: Limits
    may_ask_why: bool = True

    @property
    def undisputed(self) -> Decimal:
        return self.amount - self.disputed

    @property
    def parts(self) -> int:
        """Into how many parts it is proposed to pay: what the manual allows, else two promises, which nobody has to grant."""
        return max(2, min(self.limits.installments, 3))

    @property
    def first_part(self) -> Decimal:
        """The part to be paid first: the manual's down payment where it has one."""
        share = Decimal(self.limits.down_percent) / 100 if self.limits.down_percent else Decimal(1) / self.parts
        return _rounded(self.undisputed * share)

    @property
    def too_much_off(self) -> int:
        """A discount, in percent, that nobody granted the trainee."""
        return self.limits.discount_percent + 15

    def as_json(self) -> dict[str, Any]:
        """As it is kept with the talk."""
        return {
            "character": self.character,
            "seed": self.seed,
            "currency": self.currency,
            "amount": str(self.amount),
            "disputed": str(self.disputed),
            "number": self.number,
            "days_late": self.days_late,
            "soon_on": self.soon_on.isoformat(),
            "pay_on": self.pay_on.isoformat(),
            "limits": [self.limits.installments, self.limits.down_percent, self.limits.discount_percent],
            "may_ask_why": self.may_ask_why,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Case":
        """What `as_json` gave."""
        return cls(
            character=kept["character"],
            seed=kept["seed"],
            currency=kept["currency"],
            amount=Decimal(kept["amount"]),
            disputed=Decimal(kept["disputed"]),
            number=kept["number"],
            days_late=kept["days_late"],
            soon_on=date.fromisoformat(kept["soon_on"]),
            pay_on=date.fromisoformat(kept["pay_on"]),
            limits=Limits(*kept["limits"]),
            may_ask_why=kept["may_ask_why"],
        )


def amount_of(character: str, seed: int, currency: str) -> tuple[Decimal, int]:
    """How much the case of a seed is about, and how many days late it is: before the manual is asked what it allows."""
    random = Random(f"{character}:{seed}")  # noqa: S311 - the same case every time
    size = random.randint(18, 95) * (30 if CHARACTERS[character].person else 100)
    return _rounded(Decimal(size) * _SCALE.get(currency, 1)), random.randint(8, 40)


def draw(character: str, seed: int, today: date, currency: str, limits: Limits, *, may_ask_why: bool) -> Case:
    """The case of a seed on a day: the same one every time. Raises KeyError for a character nobody knows."""
    who = CHARACTERS[character]
    amount, days_late = amount_of(character, seed, currency)
    random = Random(f"{character}:{seed}:case")  # noqa: S311 - the same case every time
    share = Decimal(random.choice((20, 25, 30, 40))) / 100 if who.disputes else Decimal(0)
    wait = random.randint(2, 4) if who.code == "forgetful" else random.randint(7, 12)
    return Case(
        character=character,
        seed=seed,
        currency=currency,
        amount=amount,
        disputed=_rounded(amount * share),
        number=f"F001-{random.randint(1100, 9800)}",
        days_late=days_late,
        soon_on=_weekday(today + timedelta(days=2)),
        pay_on=_weekday(today + timedelta(days=wait)),
        limits=limits,
        may_ask_why=may_ask_why,
    )


def _weekday(day: date) -> date:
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def _rounded(amount: Decimal) -> Decimal:
    """To tens, as one speaks of money."""
    return max(Decimal(10), (amount / 10).quantize(Decimal(1)) * 10)
