"""Proposals for a credit: what it settles, by which rule, on what evidence.

Rules in the order of what they rest on: the payer's structured reference, the invoice numbers in the text, the account it came
from, a name somebody has confirmed before, the customer's own name, at last the amount alone. A tie is a proposal, never more.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from puntual.payments.matching.adjusting import Adjustment, Limits, days_too_late, explain
from puntual.payments.matching.portfolio import Family, OpenItem, Portfolio
from puntual.payments.matching.proposals import LATE_DISCOUNT, SETTLED, By, Credit, How, Part, Proposal, Rules
from puntual.payments.matching.subsets import only_subset
from puntual.payments.matching.words import Found, find_numbers, find_references, name_words

_BY, _HOW = list(By), list(How)
_NAMED = (By.NUMBER, By.MENDED, By.TAIL)
_MOST_CHANCE = 0.001
_RARE = 3


def propose(credit: Credit, portfolio: Portfolio, rules: Rules | None = None) -> list[Proposal]:
    """Every answer there is for a credit, the strongest first. `credit.amount` is above zero."""
    limits = (rules or Rules()).limits
    told = _Told.of(credit, portfolio)
    settled = portfolio.settled_by_numbers(told.numbers.full | told.numbers.tails)
    found = [
        *_by_numbers(credit, portfolio, told, limits),
        *_by_payer(credit, portfolio, told, limits),
        *_by_tail(credit, portfolio, told, limits),
        *_by_amount(credit, portfolio, told),
    ]
    if settled:
        found = [one if one.by in _NAMED else one._replace(sure=False) for one in found]
        found += _paid_before(credit, portfolio, settled)
    return _ranked(found)


def _paid_before(credit: Credit, portfolio: Portfolio, settled: Sequence[OpenItem]) -> Iterator[Proposal]:
    """The text names what nothing is open of: the money waits on account for a word with the payer."""
    for family in {portfolio.family_of(item) for item in settled}:
        evidence = tuple((SETTLED, item.number) for item in settled if portfolio.family_of(item) == family)
        yield _Proposing(family, By.NUMBER, evidence, sure=False)(How.ON_ACCOUNT, (), rest=credit.amount)


def _ranked(found: Iterable[Proposal]) -> list[Proposal]:
    """Without repetitions; of two that are equally strong and say different things none is sure."""
    best: dict[tuple[Part, ...], Proposal] = {}
    for one in sorted(found, key=_strength):
        best.setdefault((*one.parts, Part(one.family, one.rest)), one)
    ranked = list(best.values())
    if len(ranked) > 1 and ranked[0].sure and ranked[1].sure and _strength(ranked[0])[:2] == _strength(ranked[1])[:2]:
        return [one._replace(sure=False) for one in ranked]
    return ranked


def _strength(one: Proposal) -> tuple[bool, int, int, str]:
    return not one.sure, _BY.index(one.by), _HOW.index(one.how), str(one.family)


class _Told(NamedTuple):
    """What the bank's words tell."""

    numbers: Found
    references: frozenset[str]
    by_reference: set[Family]
    by_account: set[Family]
    by_alias: set[Family]
    by_name: list[tuple[float, Family]]
    name: str

    @classmethod
    def of(cls, credit: Credit, portfolio: Portfolio) -> "_Told":
        references = find_references((*credit.references, *credit.texts))
        words = name_words(credit.payer_name) if credit.payer_name else name_words(" ".join(credit.texts))
        return cls(
            find_numbers((*credit.references, *credit.texts)),
            references,
            portfolio.by_references(references),
            portfolio.by_account(credit.payer_account),
            portfolio.by_alias(credit.payer_name),
            portfolio.by_name(words),
            credit.payer_name,
        )

    def payers(self) -> set[Family]:
        """Whom the account, the alias or the whole of a name tells, where it is one family only."""
        whole = {family for score, family in self.by_name if score == 1}
        return next(
            (told for told in (self.by_reference, self.by_account, self.by_alias, whole) if len(told) == 1), set()
        )

    def speaks_against(self, family: Family) -> bool:
        """Whether what tells of a payer tells another one."""
        payers = self.payers()
        return bool(payers) and family not in payers


def _by_numbers(credit: Credit, portfolio: Portfolio, told: _Told, limits: Limits) -> Iterator[Proposal]:
    for by, find, keys in (
        (By.NUMBER, portfolio.by_numbers, told.numbers.full),
        (By.MENDED, portfolio.by_mended_numbers, told.numbers.mended),
    ):
        named = find(keys, credit.currency)
        families: dict[Family, list[OpenItem]] = {}
        for item in named:
            families.setdefault(portfolio.family_of(item), []).append(item)
        for family, items in families.items():
            yield from _settle_named(credit, portfolio, told, limits, by, family, items, alone=len(families) == 1)
        if named:
            return


def _settle_named(
    credit: Credit,
    portfolio: Portfolio,
    told: _Told,
    limits: Limits,
    by: By,
    family: Family,
    items: Sequence[OpenItem],
    *,
    alone: bool,
) -> Iterator[Proposal]:
    """What fits the items a text names."""
    evidence = [(str(by), item.number) for item in items]
    if family in told.payers():
        evidence += _payer_evidence(told, family, portfolio)
    against = told.speaks_against(family)
    proposal = _Proposing(family, by, tuple(evidence), sure=alone)
    fits = _whole(credit, items)
    if fits:
        yield proposal(fits[0], fits[1])
        return
    fitting = list(_fitting(credit, items))
    for how, parts, chance in fitting:
        yield proposal(how, parts, sure=alone and len(fitting) == 1 and chance < _MOST_CHANCE)
    if fitting:
        return
    if adjusted := explain(items, credit.amount, credit.booked_on, limits):
        parts = tuple(Part(*part) for part in adjusted.parts)
        yield proposal(How.ADJUSTED, parts, adjustments=adjusted.adjustments, sure=alone and not against)
        return
    total = sum(item.open for item in items)
    if credit.amount < total:
        sure = alone and family in told.payers() and len(items) == 1 and by != By.MENDED
        if late := days_too_late(items, credit.amount, credit.booked_on):
            proposal = proposal._replace(evidence=(*proposal.evidence, (LATE_DISCOUNT, str(late))))
        yield proposal(How.PART, _oldest(items, credit.amount), sure=sure)
        return
    others = [item for item in portfolio.open_of(family, credit.currency) if item not in items]
    more = only_subset([item.open for item in others], credit.amount - total)
    if more:
        chosen = [*items, *(others[place] for place in more.places)]
        yield proposal(How.SUBSET, _in_full(chosen), sure=alone and not against and more.chance < _MOST_CHANCE)
    else:
        yield proposal(How.OVER, _in_full(items), rest=credit.amount - total, sure=False)


def _by_payer(credit: Credit, portfolio: Portfolio, told: _Told, limits: Limits) -> Iterator[Proposal]:
    """What fits the open items of whom the words tell."""
    seen: set[Family] = set()
    exact = {family for score, family in told.by_name if score == 1}
    like = [family for score, family in told.by_name if score < 1][:5]
    for by, families in (
        (By.REFERENCE, told.by_reference),
        (By.ACCOUNT, told.by_account),
        (By.ALIAS, told.by_alias),
        (By.NAME, exact),
        (By.LIKE_NAME, like),
    ):
        alone = len(families) == 1 and by != By.LIKE_NAME
        for family in families:
            if family in seen:  # something stronger told of it
                continue
            seen.add(family)
            sure = alone and not told.speaks_against(family)
            if by != By.REFERENCE:  # names are shared, and accounts pay for others: an amount few owe tells them apart
                sure = sure and len(portfolio.by_amount(credit.currency, credit.amount, _RARE)) <= _RARE
            items = portfolio.open_of(family, credit.currency)
            proposal = _Proposing(family, by, tuple(_payer_evidence(told, family, portfolio)), sure)
            yield from _settle_payer(credit, items, proposal, limits)


def _settle_payer(
    credit: Credit, items: Sequence[OpenItem], proposal: "_Proposing", limits: Limits
) -> Iterator[Proposal]:
    """What of a payer's open items the amount fits."""
    if not items:
        if proposal.by != By.LIKE_NAME:
            yield proposal(How.ON_ACCOUNT, (), rest=credit.amount, sure=False)
        return
    fitting = list(_fitting(credit, items))
    for how, parts, chance in fitting:
        yield proposal(how, parts, sure=proposal.sure and len(fitting) == 1 and chance < _MOST_CHANCE)
    if fitting:
        return
    same = [item for item in items if item.open == credit.amount]
    for item in same:  # which one of several, only a person can tell
        yield proposal(How.EXACT, _in_full([item]), sure=False)
    if same:
        return
    for item in items:
        if adjusted := explain([item], credit.amount, credit.booked_on, limits):
            parts = tuple(Part(*part) for part in adjusted.parts)
            yield proposal(How.ADJUSTED, parts, adjustments=adjusted.adjustments, sure=False)
    parts = _oldest(items, credit.amount)
    yield proposal(How.OLDEST, parts, rest=credit.amount - sum(part.amount for part in parts), sure=False)


def _fitting(credit: Credit, items: Sequence[OpenItem]) -> Iterator[tuple[How, tuple[Part, ...], float]]:
    """The only items that add up, in full and net of what the law deducts, with the chance that they do by accident."""
    whole = only_subset([item.open for item in items], credit.amount)
    if whole:
        chosen = [items[place] for place in whole.places]
        sizes = How.EXACT if len(chosen) == 1 else How.SUBSET
        yield sizes, _in_full(chosen), 0.0 if len(chosen) == len(items) else whole.chance
    net = only_subset([item.open - item.expected for item in items], credit.amount)
    if net and any(items[place].expected for place in net.places):
        chosen = [items[place] for place in net.places]
        yield How.NET, _net(chosen), 0.0 if len(chosen) == len(items) else net.chance


def _by_tail(credit: Credit, portfolio: Portfolio, told: _Told, limits: Limits) -> Iterator[Proposal]:
    """The last digits of numbers: of anybody where the amount agrees to the cent, of whom the words tell also otherwise."""
    families: dict[Family, list[OpenItem]] = {}
    for item in portfolio.by_tails(told.numbers.tails, credit.currency):
        families.setdefault(portfolio.family_of(item), []).append(item)
    whole = [family for family, items in families.items() if _whole(credit, items)]
    payers = told.payers()
    for family, items in families.items():
        if family in whole or family in payers:
            alone = family in payers or whole == [family]
            against = told.speaks_against(family)
            yield from _settle_named(
                credit, portfolio, told, limits, By.TAIL, family, items, alone=alone and not against
            )


def _by_amount(credit: Credit, portfolio: Portfolio, told: _Told) -> Iterator[Proposal]:
    """The only item anywhere of exactly the amount."""
    items = portfolio.by_amount(credit.currency, credit.amount, most=1)
    if len(items) == 1:
        family = portfolio.family_of(items[0])
        evidence = ((str(By.AMOUNT), items[0].number), *_payer_evidence(told, family, portfolio))
        yield _Proposing(family, By.AMOUNT, evidence, sure=False)(How.EXACT, _in_full(items))


def _payer_evidence(told: _Told, family: Family, portfolio: Portfolio) -> Iterator[tuple[str, str]]:
    for by, families, words in (
        (By.REFERENCE, told.by_reference, " ".join(sorted(told.references))),
        (By.ACCOUNT, told.by_account, ""),
        (By.ALIAS, told.by_alias, told.name),
    ):
        if family in families:
            yield str(by), words
    for score, other in told.by_name:
        if other == family:
            yield str(By.NAME if score == 1 else By.LIKE_NAME), told.name


class _Proposing(NamedTuple):
    """What all proposals of one rule for one payer share."""

    family: Family
    by: By
    evidence: tuple[tuple[str, str], ...]
    sure: bool

    def __call__(
        self,
        how: How,
        parts: tuple[Part, ...],
        *,
        rest: int = 0,
        adjustments: tuple[Adjustment, ...] = (),
        sure: bool | None = None,
    ) -> Proposal:
        certain = self.sure if sure is None else sure
        return Proposal(self.family, self.by, how, parts, rest, adjustments, self.evidence, certain)


def _whole(credit: Credit, items: Sequence[OpenItem]) -> tuple[How, tuple[Part, ...]] | None:
    """All the items, in full or net of what the law deducts."""
    if sum(item.open for item in items) == credit.amount:
        return How.EXACT, _in_full(items)
    if sum(item.open - item.expected for item in items) == credit.amount:
        return How.NET, _net(items)
    return None


def _in_full(items: Iterable[OpenItem]) -> tuple[Part, ...]:
    return tuple(Part(item.id, item.open) for item in items)


def _net(items: Iterable[OpenItem]) -> tuple[Part, ...]:
    return tuple(Part(item.id, item.open - item.expected) for item in items)


def _oldest(items: Iterable[OpenItem], amount: int) -> tuple[Part, ...]:
    """The amount over the items in their order, as far as it goes."""
    parts = []
    for item in items:
        taken = min(amount, item.open)
        if taken:
            parts.append(Part(item.id, taken))
        amount -= taken
    return tuple(parts)
