"""What a credit can be for: the open items, and everything that tells whose a credit is. It moves on with what is settled."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import NamedTuple
from uuid import UUID

from puntual.payments.matching.words import account_key, name_words, number_keys

_COMMON = 2_000
"""A word in more names than this tells nothing by itself."""

_LOOKED_AT = 20
"""Names that share the most with a text, which are compared word by word."""


class OpenItem(NamedTuple):
    """One item that can be settled; amounts in minor units of `currency`.

    `expected` is the part of `open` that the law deducts elsewhere; `discount` what the payer may keep of it through
    `discount_until`.
    """

    id: UUID
    customer_id: UUID
    number: str
    due_on: date
    currency: str
    open: int
    expected: int = 0
    discount: int = 0
    discount_until: date | None = None


class Payer(NamedTuple):
    """A customer as a payer: its own structured reference, the accounts it paid from, and names under which it pays."""

    customer_id: UUID
    name: str
    reference: str = ""
    accounts: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    paid_by: UUID | None = None  # the customer that pays for it


Family = UUID
"""The customer that pays, for itself and for others of the same creditor."""


@dataclass(slots=True)
class Portfolio:
    """The items of one creditor, by everything a bank's text may name them or their payer by."""

    _items: dict[UUID, OpenItem] = field(default_factory=dict)
    _of_family: dict[tuple[Family, str], list[UUID]] = field(default_factory=lambda: defaultdict(list))
    _full: dict[str, list[UUID]] = field(default_factory=lambda: defaultdict(list))
    _mended: dict[str, list[UUID]] = field(default_factory=lambda: defaultdict(list))
    _tails: dict[str, list[UUID]] = field(default_factory=lambda: defaultdict(list))
    _amounts: dict[tuple[str, int], list[UUID]] = field(default_factory=lambda: defaultdict(list))
    _family: dict[UUID, Family] = field(default_factory=dict)
    _names: list[tuple[frozenset[str], Family]] = field(default_factory=list)
    _words: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    _references: dict[str, Family] = field(default_factory=dict)
    _accounts: dict[str, set[Family]] = field(default_factory=lambda: defaultdict(set))
    _aliases: dict[frozenset[str], set[Family]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def of(cls, payers: Iterable[Payer], items: Iterable[OpenItem]) -> "Portfolio":
        """The index over these items; each belongs to one of the payers."""
        made = cls()
        for payer in payers:
            made._add_payer(payer)
        for item in items:
            made._add_item(item)
        return made

    def _add_payer(self, payer: Payer) -> None:
        family = self._family[payer.customer_id] = payer.paid_by or payer.customer_id
        words = name_words(payer.name)
        for word in words:
            self._words[word].append(len(self._names))
        self._names.append((words, family))
        if payer.reference:
            self._references[payer.reference] = family
        for account in payer.accounts:
            self._accounts[account_key(account)].add(family)
        for alias in payer.aliases:
            self._aliases[name_words(alias)].add(family)

    def _add_item(self, item: OpenItem) -> None:
        self._items[item.id] = item
        self._of_family[self._family[item.customer_id], item.currency].append(item.id)
        self._amounts[item.currency, item.open].append(item.id)
        keys = number_keys(item.number)
        for key in keys.full:
            self._full[key].append(item.id)
        for key in keys.mended - keys.full:
            self._mended[key].append(item.id)
        if keys.tail:
            self._tails[keys.tail].append(item.id)

    def settle(self, parts: Iterable[tuple[UUID, int]]) -> None:
        """What each item takes is open no more."""
        for item_id, amount in parts:
            item = self._items[item_id]
            rest = item.open - amount
            self._items[item_id] = item._replace(open=rest, expected=min(item.expected, rest))
            if rest > 0:
                waiting = self._amounts[item.currency, rest]
                if item_id not in waiting:
                    waiting.append(item_id)

    def family_of(self, item: OpenItem) -> Family:
        """Who pays the item."""
        return self._family[item.customer_id]

    def family(self, customer_id: UUID) -> Family:
        """Who pays for a customer."""
        return self._family[customer_id]

    def open_of(self, family: Family, currency: str) -> list[OpenItem]:
        """What is open of all customers of a family, the oldest first."""
        items = [self._items[one] for one in self._of_family.get((family, currency), ())]
        return sorted((item for item in items if item.open > 0), key=lambda item: (item.due_on, item.number))

    def by_numbers(self, keys: Collection[str], currency: str) -> list[OpenItem]:
        """The open items that any of these keys names in full."""
        return self._open({one for key in keys for one in self._full.get(key, ())}, currency)

    def by_mended_numbers(self, keys: Collection[str], currency: str) -> list[OpenItem]:
        """The open items that any of these keys names, look-alikes taken as one."""
        indexes = (self._full, self._mended)
        return self._open({one for key in keys for index in indexes for one in index.get(key, ())}, currency)

    def settled_by_numbers(self, keys: Collection[str]) -> list[OpenItem]:
        """The items of which nothing is open that any of these keys, or their last digits, name."""
        ids = {one for key in keys for index in (self._full, self._tails) for one in index.get(key, ())}
        return sorted((self._items[one] for one in ids if not self._items[one].open), key=lambda item: item.number)

    def by_tails(self, tails: Collection[str], currency: str) -> list[OpenItem]:
        """The open items whose number ends in one of these digits."""
        return self._open({one for tail in tails for one in self._tails.get(tail, ())}, currency)

    def by_amount(self, currency: str, amount: int, most: int) -> list[OpenItem]:
        """The items of which exactly this is open; of more than `most` only so many and one more."""
        found = (self._items[one] for one in self._amounts.get((currency, amount), ()))
        return list(islice((item for item in found if item.open == amount), most + 1))

    def by_references(self, references: Collection[str]) -> set[Family]:
        """The families whose structured reference this is."""
        return {self._references[one] for one in references if one in self._references}

    def by_account(self, account: str) -> set[Family]:
        """The families that paid from this account before."""
        return self._accounts.get(account_key(account), set()) if account else set()

    def by_alias(self, name: str) -> set[Family]:
        """The families for which somebody of this name paid before, as a person has confirmed."""
        return self._aliases.get(name_words(name), set()) if name else set()

    def by_name(self, words: frozenset[str]) -> list[tuple[float, Family]]:
        """Families by how much of one of their names is among these words: 1 is all of it. At least half, the best first."""
        known = sorted((places for word in words if (places := self._words.get(word))), key=len)
        # A name that is meant has one of the two rarest words at least.
        shared = Counter(place for places in known[:2] if len(places) <= _COMMON for place in places)
        best: dict[Family, float] = {}
        for place, _words in shared.most_common(_LOOKED_AT):
            name, family = self._names[place]
            best[family] = max(best.get(family, 0.0), _likeness(name, words))
        found = [(score, family) for family, score in best.items() if score >= 0.5]
        return sorted(found, key=lambda one: (-one[0], one[1].int))

    def _open(self, ids: Iterable[UUID], currency: str) -> list[OpenItem]:
        items = [self._items[one] for one in ids]
        return sorted(
            (item for item in items if item.open > 0 and item.currency == currency),
            key=lambda item: (item.due_on, item.number, item.id),
        )


def _likeness(name: frozenset[str], words: frozenset[str]) -> float:
    """The share of a name's letters that are in words of the text; a word cut short by the bank counts as far as it goes."""
    letters = sum(map(len, name))
    met = sum(len(word) for word in name & words)
    for word in name - words:
        met += max((len(other) for other in words if len(other) >= 4 and word.startswith(other)), default=0)
    return met / letters if letters else 0.0
