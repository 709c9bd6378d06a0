"""What the reconciliation page says: of a rule, of what told it, and how often it was right."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from puntual.desk import formats
from puntual.kernel.problems import N_
from puntual.payments.matching.proposals import LATE_DISCOUNT, SETTLED, By, How
from puntual.payments.reconciling.trust import ENOUGH, Record, Trust

_TOLD = {
    By.REFERENCE: N_("Their payment reference is in the text: {words}."),
    By.NUMBER: N_("The text names invoice {words}."),
    By.MENDED: N_("The text names invoice {words}, with a character that looks alike."),
    By.ACCOUNT: N_("They have paid from this account before."),
    By.ALIAS: N_("“{words}” has paid for them before."),
    By.TAIL: N_("The text has the last digits of invoice {words}."),
    By.NAME: N_("The payer is called as they are: “{words}”."),
    By.LIKE_NAME: N_("The payer's name is like theirs: “{words}”."),
    By.AMOUNT: N_("Invoice {words} is the only one with exactly this amount open."),
    LATE_DISCOUNT: N_("The discount for paying early is refused: the money came {words} days late."),
    SETTLED: N_("The text names invoice {words}, which is paid already."),
}
_BY = {
    By.REFERENCE: N_("Payment reference"),
    By.NUMBER: N_("Invoice number"),
    By.MENDED: N_("Invoice number with look-alikes"),
    By.ACCOUNT: N_("Known account"),
    By.ALIAS: N_("Known name"),
    By.TAIL: N_("Last digits of the number"),
    By.NAME: N_("Customer's name"),
    By.LIKE_NAME: N_("A name like the customer's"),
    By.AMOUNT: N_("Amount alone"),
}
_HOW = {
    How.EXACT: N_("the amount is exact"),
    How.NET: N_("the amount is exact after what the law deducts"),
    How.SUBSET: N_("the only open invoices that add up"),
    How.ADJUSTED: N_("exact with a named difference"),
    How.PART: N_("a part of it"),
    How.OVER: N_("more than is open of it"),
    How.OLDEST: N_("nothing adds up: the oldest first"),
    How.ON_ACCOUNT: N_("nothing is open: on account"),
}
_DIFFERENCES = {
    "rounding": N_("Rounding"),
    "discount": N_("Discount for paying early"),
    "withholding": N_("Withheld by law"),
    "detraction": N_("Deposited elsewhere by law"),
    "fee": N_("Kept by a bank on the way"),
}
_FORMATS = {"csv": "CSV", "xlsx": "XLSX", "mt940": "MT940", "ofx": "OFX", "norma43": "Norma 43"}


def rule_name(rule: str) -> str:
    """Número de factura: el importe es exacto, for number_exact; a rule that is no longer there keeps its own name."""
    for by in sorted(By, key=len, reverse=True):
        how = rule.removeprefix(f"{by}_")
        if how != rule and how in _HOW:
            return _("{by}: {how}").format(by=_(_BY[by]), how=_(_HOW[How(how)]))
    return rule


def told(evidence: Sequence[tuple[str, str]]) -> list[str]:
    """What told of it, a sentence for each kind: several invoices stand in one."""
    gathered: dict[str, list[str]] = {}
    for kind, words in evidence:
        gathered.setdefault(kind, []).append(words)
    return [_(_TOLD[kind]).format(words=formats.listed(words)) for kind, words in gathered.items() if kind in _TOLD]


def difference(kind: str) -> str:
    """Redondeo, for rounding."""
    return _(_DIFFERENCES.get(kind, kind))


def format_name(name: str) -> str:
    """Norma 43, for norma43; others are called as they are."""
    return _FORMATS.get(name, name)


def record_of(trust: Trust, rule: str) -> str:
    """How often the rule was right, in words; nothing where nobody knows."""
    record = trust.records.get(rule)
    if record is None or not record.answers:
        return _("Nobody knows yet how often this rule is right.")
    return ngettext(
        "This rule was right {right} of {n} time ({share}).",
        "This rule was right {right} of {n} times ({share}).",
        record.answers,
    ).format(right=formats.number(record.right), n=formats.number(record.answers), share=share(record))


def share(record: Record) -> str:
    """99,98 %: cut, not rounded up, for 100 % is said of what was never wrong only."""
    return percent(record.precision or Decimal(0))


def percent(part: Decimal) -> str:
    """99,95 %, cut after two decimals."""
    return _("{n} %").format(n=formats.number(part.quantize(Decimal("0.0001"), ROUND_FLOOR) * 100))


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with its record; `automatic` says that it posts by itself, `few` that it has not answered often enough to."""

    name: str
    right: int
    answers: int
    share: str
    own: bool
    automatic: bool
    few: bool


def rules(trust: Trust) -> list[Rule]:
    """All rules that have a record: those that post by themselves first, then by how often they answered."""
    made = [
        Rule(
            rule_name(rule),
            one.right,
            one.answers,
            share(one) if one.answers else "",
            one.own,
            trust.automatic(rule),
            one.answers < ENOUGH,
        )
        for rule, one in trust.records.items()
    ]
    return sorted(made, key=lambda one: (not one.automatic, -one.answers, one.name))
