"""A credit policy as data: for each segment the terms, the limit, the documents, who may decide and when it is looked at again.

Pure: what is stored is read and written here, what goes beyond a rule is said here, and nothing else knows how.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from dataclasses import replace as with_changes
from decimal import Decimal
from typing import Any, Final

from puntual.kernel.money import is_currency
from puntual.kernel.problems import N_, Problem
from puntual.organizations.roles import AUTHORITY

EVERYBODY: Final = ""
"""The segment of the rule for who is in none of the others."""
MOST_DAYS: Final = 365
MOST_MONTHS: Final = 60
MOST_DOCUMENTS: Final = 12
MOST_RULES: Final = 30
DECIDERS: Final = AUTHORITY[:-1]
"""The roles that decide up to an amount; an owner decides any."""
LIMIT, TERMS, DOCUMENTS = "limit", "terms", "documents"
"""What of a rule may be passed."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What customers of a segment may have. Amounts are by currency.

    `limits` are the most that is granted by the rule, `up_to` by role the most that role decides alone; what no role reaches, and
    whatever goes beyond the rule, is an owner's to decide. `review_months` after a decision the limit is looked at again.
    """

    segment: str
    terms_days: int
    limits: Mapping[str, Decimal] = field(default_factory=dict)
    documents: tuple[str, ...] = ()
    up_to: Mapping[str, Mapping[str, Decimal]] = field(default_factory=dict)
    review_months: int = 12


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Something of the organization's own in the text for customers, in one language."""

    title: str
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Policy:
    """All rules, of which the first whose segment a customer is in counts; and what the text for customers says besides."""

    name: str
    rules: tuple[Rule, ...]
    paragraphs: tuple[Paragraph, ...] = ()

    def rule_for(self, segments: Collection[str]) -> Rule:
        """The rule of a customer in these segments. Raises LookupError for a policy without a rule for everybody."""
        for rule in self.rules:
            if rule.segment == EVERYBODY or rule.segment in segments:
                return rule
        raise LookupError("a policy has a rule for everybody")

    def rule_of(self, segment: str) -> Rule | None:
        """The rule of that segment itself."""
        return next((rule for rule in self.rules if rule.segment == segment), None)

    def with_rule(self, rule: Rule, replaces: str | None = None) -> "Policy":
        """With a rule in place of another, or added before the one for everybody."""
        if replaces is not None:
            return with_changes(self, rules=tuple(rule if one.segment == replaces else one for one in self.rules))
        if rule.segment == EVERYBODY:
            return with_changes(self, rules=(*self.rules, rule))
        own = tuple(one for one in self.rules if one.segment != EVERYBODY)
        return with_changes(self, rules=(*own, rule, *(one for one in self.rules if one.segment == EVERYBODY)))

    def without_rule(self, segment: str) -> "Policy":
        """Without the rule of a segment."""
        return with_changes(self, rules=tuple(one for one in self.rules if one.segment != segment))


@dataclass(frozen=True, slots=True)
class Excess:
    """What of a rule is passed: `LIMIT`, `TERMS` or `DOCUMENTS`, with what it allows and what is meant."""

    what: str
    allowed: str
    asked: str


def excess(
    rule: Rule, currency: str, amount: Decimal | None, terms_days: int | None, missing: Collection[str]
) -> tuple[Excess, ...]:
    """What granting so much would pass of a rule; nothing where the rule provides for it."""
    found = []
    allowed = rule.limits.get(currency, Decimal(0))
    if amount is not None and amount > allowed:
        found.append(Excess(LIMIT, format(allowed, "f"), format(amount, "f")))
    if terms_days is not None and terms_days > rule.terms_days:
        found.append(Excess(TERMS, str(rule.terms_days), str(terms_days)))
    if missing:
        found.append(Excess(DOCUMENTS, ", ".join(rule.documents), ", ".join(sorted(missing))))
    return tuple(found)


def who_decides(rule: Rule, currency: str, amount: Decimal | None, passed: Collection[Excess]) -> str:
    """The least role that may grant it: an owner for what goes beyond the rule, else whoever's amount reaches."""
    if passed:
        return AUTHORITY[-1]
    for role in DECIDERS:
        reach = rule.up_to.get(role, {}).get(currency)
        if reach is not None and (amount or Decimal(0)) <= reach:
            return role
    return AUTHORITY[-1]


def faults(policy: Policy, segments: Collection[str]) -> Iterator[Problem]:
    """Every mistake in a policy, for an organization with these segments."""
    if not policy.name.strip():
        yield Problem(N_("Give the policy a name."))
    if len(policy.rules) > MOST_RULES:
        yield Problem(N_("A policy has at most {most} rules."), most=MOST_RULES)
    if not policy.rules or policy.rules[-1].segment != EVERYBODY:
        yield Problem(N_("The last rule is for everybody who is in no other segment. Add it."))
    seen: set[str] = set()
    for rule in policy.rules:
        if rule.segment in seen:
            yield Problem(N_("There are two rules for the same customers. Keep one of them."))
        if rule.segment != EVERYBODY and rule.segment not in segments:
            yield Problem(N_("There is no segment “{segment}” any more. Choose another one."), segment=rule.segment)
        seen.add(rule.segment)
        yield from _wrong(rule)


def _wrong(rule: Rule) -> Iterator[Problem]:
    if not 0 <= rule.terms_days <= MOST_DAYS:
        yield Problem(N_("Give from 0 to {most} days."), most=MOST_DAYS)
    if not 1 <= rule.review_months <= MOST_MONTHS:
        yield Problem(N_("Give from 1 to {most} months until it is looked at again."), most=MOST_MONTHS)
    if len(rule.documents) > MOST_DOCUMENTS or len(set(rule.documents)) < len(rule.documents):
        yield Problem(N_("Name at most {most} documents, each of them once."), most=MOST_DOCUMENTS)
    amounts = [rule.limits, *rule.up_to.values()]
    for currency, amount in (one for each in amounts for one in each.items()):
        if not is_currency(currency) or amount < 0:
            yield Problem(N_("Amounts are by currency and not below zero."), amount=amount)
    if set(rule.up_to) - set(DECIDERS):
        yield Problem(N_("Amounts are for collectors and managers; an owner decides any."))
    collector, manager = (rule.up_to.get(role, {}) for role in DECIDERS)
    for currency, amount in collector.items():
        if amount > manager.get(currency, amount):
            yield Problem(
                N_("A manager decides at least as much as a collector. Raise the manager's amount."),
                beside=f"manager_{currency}",
            )


def rule_to_content(rule: Rule) -> dict[str, Any]:
    """A rule as it is stored; amounts are text."""
    return {
        "segment": rule.segment,
        "terms_days": rule.terms_days,
        "limits": _texts(rule.limits),
        "documents": list(rule.documents),
        "up_to": {role: _texts(amounts) for role, amounts in rule.up_to.items()},
        "review_months": rule.review_months,
    }


def rule_from_content(content: Mapping[str, Any]) -> Rule:
    """What `rule_to_content` gave."""
    return Rule(
        segment=content["segment"],
        terms_days=content["terms_days"],
        limits=_amounts(content["limits"]),
        documents=tuple(content["documents"]),
        up_to={role: _amounts(amounts) for role, amounts in content["up_to"].items()},
        review_months=content["review_months"],
    )


def to_content(policy: Policy) -> dict[str, Any]:
    """A policy as it is stored."""
    return {
        "name": policy.name,
        "rules": [rule_to_content(rule) for rule in policy.rules],
        "paragraphs": [{"title": one.title, "text": one.text, "language": one.language} for one in policy.paragraphs],
    }


def from_content(content: Mapping[str, Any]) -> Policy:
    """What `to_content` gave."""
    return Policy(
        name=content["name"],
        rules=tuple(rule_from_content(one) for one in content["rules"]),
        paragraphs=tuple(Paragraph(one["title"], one["text"], one["language"]) for one in content["paragraphs"]),
    )


def starter(name: str, currency: str, terms_days: int = 30) -> Policy:
    """A policy to begin with: one rule for everybody, under which an owner decides."""
    return Policy(name, (Rule(EVERYBODY, terms_days, {currency: Decimal(0)}),))


def same(one: Policy, other: Policy) -> bool:
    """Whether two policies say the same."""
    return json.dumps(to_content(one), sort_keys=True) == json.dumps(to_content(other), sort_keys=True)


def _texts(amounts: Mapping[str, Decimal]) -> dict[str, str]:
    return {currency: format(amount.normalize() + 0, "f") for currency, amount in sorted(amounts.items())}


def _amounts(texts: Mapping[str, str]) -> dict[str, Decimal]:
    return {currency: Decimal(text) for currency, text in texts.items()}
