"""What the pages on credit show: rules in words, a customer's limits with their use, its applications with their documents."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from puntual.analytics.credit import use_now
from puntual.desk import formats
from puntual.desk.pages import DeskRequest
from puntual.desk.words import LANGUAGES
from puntual.organizations.roles import AUTHORITY
from puntual.parties.credit.queries import limits_in_force
from puntual.parties.models import Creditor, Customer
from puntual.strategies.credit.comparing import Difference, differences
from puntual.strategies.credit.models import CreditApplication
from puntual.strategies.credit.policy import DECIDERS, EVERYBODY, Policy, Rule, excess, who_decides
from puntual.strategies.credit.queries import Needed, applications_of, checklist, documents_of, missing, rule_of
from puntual.strategies.segment_queries import kept_segments

_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class RuleShown:
    """A rule as its table has it: `amounts` are (currency, limit, what each role decides up to)."""

    rule: Rule
    name: str
    amounts: Sequence[tuple[str, Decimal, Sequence[Decimal | None]]]


@dataclass(frozen=True, slots=True)
class LimitShown:
    """A limit in force with what is used of it."""

    currency: str
    amount: Decimal
    used: Decimal
    from_on: date
    valid_until: date | None
    overdue: bool

    @property
    def free(self) -> Decimal:
        return max(Decimal(0), self.amount - self.used)

    @property
    def beyond(self) -> Decimal:
        return max(Decimal(0), self.used - self.amount)

    @property
    def percent(self) -> int:
        """For the bar: 100 where it is passed."""
        return int(min(_HUNDRED, self.used * 100 / self.amount)) if self.amount else 100


@dataclass(frozen=True, slots=True)
class Shown:
    """An application as its section has it. `decides` is the least role that may grant what was asked for."""

    application: CreditApplication
    state: str
    needed: Sequence[Needed]
    missing: Sequence[str]
    beyond: Sequence[str]
    decides: str
    facts: Sequence[tuple[str, str]]

    @property
    def open(self) -> bool:
        return self.application.state == CreditApplication.State.OPEN


def segment_names(request: DeskRequest) -> dict[str, str]:
    """The organization's segments, by code."""
    return {one.code: one.name for one in kept_segments(request.organization.id)}


def currencies(request: DeskRequest, policy: Policy | None = None) -> list[str]:
    """Those the organization, its creditors and the policy speak of; its own first."""
    used = Creditor.objects.filter(organization_id=request.organization.id).values_list("currency", flat=True)
    own = [currency for rule in (policy.rules if policy else ()) for currency in rule.limits]
    return list(dict.fromkeys([request.organization.currency, *sorted(set(used)), *sorted(own)]))


def rules_shown(request: DeskRequest, policy: Policy) -> list[RuleShown]:
    """The policy's rules in their order."""
    names = segment_names(request)
    return [
        RuleShown(
            rule,
            names.get(rule.segment, rule.segment) if rule.segment != EVERYBODY else _("Everybody else"),
            [
                (currency, amount, [rule.up_to.get(role, {}).get(currency) for role in DECIDERS])
                for currency, amount in rule.limits.items()
            ],
        )
        for rule in policy.rules
    ]


@dataclass(frozen=True, slots=True)
class DifferenceShown:
    """One part of a policy that is not as it was, in words; `lines` are what of it, before and after."""

    name: str
    kind: str
    lines: Sequence[tuple[str, str, str]]


def differences_shown(request: DeskRequest, before: Policy, after: Policy) -> list[DifferenceShown]:
    """What one wording of the policy says otherwise than another."""
    names = segment_names(request)
    kinds = {
        "added": pgettext("credit policy", "added"),
        "removed": pgettext("credit policy", "removed"),
        "changed": pgettext("credit policy", "changed"),
    }

    def whom(segment: str) -> str:
        return names.get(segment, segment) if segment != EVERYBODY else _("Everybody else")

    def name(one: Difference) -> str:
        if one.what == "rule":
            return whom(one.key)
        if one.what == "paragraphs":
            return _("Your own words in {language}").format(language=LANGUAGES.get(one.key, one.key))
        return _("Name of the policy") if one.what == "name" else _("Order of the rules")

    def said(field: str, value: Any) -> str:
        if field == "order":
            return ", ".join(whom(segment) for segment in value)
        if field == "limits":
            return _amounts(value)
        if field == "up_to":
            roles = {"collector": _("collector"), "manager": _("manager")}
            return "; ".join(f"{roles[role]}: {_amounts(of)}" for role, of in value.items() if of) or "–"
        return ", ".join(value) or "–" if field == "documents" else str(value)

    labels = {
        "terms_days": _("Days to pay"),
        "limits": _("Limit"),
        "documents": _("Documents"),
        "up_to": _("Decides up to"),
        "review_months": _("Months until the review"),
        "name": _("Name"),
        "order": _("Order"),
    }
    return [
        DifferenceShown(
            name(one),
            kinds[one.kind],
            [(labels[field], said(field, was), said(field, now)) for field, was, now in one.fields],
        )
        for one in differences(before, after)
    ]


def _amounts(amounts: Mapping[str, Decimal]) -> str:
    return ", ".join(f"{currency} {formats.money(amount, currency)}" for currency, amount in amounts.items()) or "–"


def limits_shown(request: DeskRequest, customer: Customer) -> list[LimitShown]:
    """A customer's limits in force with their use of today."""
    limits = limits_in_force(request.organization.id, request.actor.today, [customer.id])
    used = use_now(request.organization.id, customer.id) if limits else {}
    today = request.actor.today
    return [
        LimitShown(
            one.currency, one.amount, used.get(one.currency, Decimal(0)), one.from_on, one.valid_until,
            one.review_due(today),
        )
        for one in limits
    ]  # fmt: skip


def applications_shown(request: DeskRequest, customer: Customer) -> list[Shown]:
    """A customer's applications, the latest first."""
    found = list(applications_of(request.organization.id, customer.id))
    received = list(documents_of(request.organization.id, [one.id for one in found]))
    shown = []
    for one in found:
        mine = [document for document in received if document.application_id == one.id]
        lacking = missing(one, mine)
        shown.append(
            Shown(
                one,
                state(one.state),
                checklist(one, mine),
                lacking,
                passed_words(one, lacking),
                decides(one, lacking),
                facts_words(one.facts),
            )
        )
    return shown


def decides(application: CreditApplication, lacking: Sequence[str]) -> str:
    """The least role that may grant what was asked for as it stands; "" once it was decided."""
    if application.state != CreditApplication.State.OPEN:
        return ""
    rule = rule_of(application)
    passed = excess(rule, application.currency, application.asked_limit, application.asked_terms, lacking)
    return who_decides(rule, application.currency, application.asked_limit, passed)


def may_decide(role: str, least: str) -> bool:
    """Whether a role has the authority of another; some have none at all."""
    return role in AUTHORITY and AUTHORITY.index(role) >= AUTHORITY.index(least)


def passed_words(application: CreditApplication, lacking: Sequence[str]) -> list[str]:
    """What of the rule is, or was, passed: "limit of the policy: 20,000.00"."""
    rule, currency = rule_of(application), application.currency
    if application.state == CreditApplication.State.OPEN:
        found = [
            (one.what, one.allowed)
            for one in excess(rule, currency, application.asked_limit, application.asked_terms, lacking)
        ]
    else:
        found = [(one["what"], one["allowed"]) for one in application.beyond]
    said = []
    for what, allowed in found:
        if what == "limit":
            amount = formats.money(Decimal(allowed), currency)
            said.append(_("above the policy's limit of {currency} {amount}").format(currency=currency, amount=amount))
        elif what == "terms":
            days = ngettext("{n} day", "{n} days", int(allowed)).format(n=formats.number(int(allowed)))
            said.append(_("longer than the policy's {days}").format(days=days))
        else:
            said.append(_("documents are missing"))
    return said


def state(code: str) -> str:
    """What became of an application."""
    return {
        "open": pgettext("credit application", "Waiting"),
        "approved": pgettext("credit application", "Approved"),
        "partly": pgettext("credit application", "Approved in part"),
        "refused": pgettext("credit application", "Refused"),
        "withdrawn": pgettext("credit application", "Taken back"),
    }[code]


def facts_words(facts: dict[str, Any]) -> list[tuple[str, str]]:
    """What the ledger knows, as label and value; nothing of what nobody knows."""
    if not facts:
        return []

    def amounts(of: dict[str, str]) -> str:
        coded = [f"{currency} {formats.money(Decimal(amount), currency)}" for currency, amount in sorted(of.items())]
        return formats.listed(coded) or _("nothing")

    def days(value: int) -> str:
        return ngettext("{n} day", "{n} days", value).format(n=formats.number(value))

    said = [
        (_("Customer for"), days(facts["known_days"])),
        (_("Invoices so far"), formats.number(facts["invoices"])),
        (_("Open"), amounts(facts["open"])),
        (_("Overdue"), amounts(facts["overdue"])),
    ]
    if facts["days_overdue"]:
        said.append((_("Oldest overdue"), days(facts["days_overdue"])))
    if facts["usual_delay"] is not None:
        said.append((_("Pays on average"), _late(facts["usual_delay"])))
    if facts["paid_late"] is not None:
        said.append((_("Paid late, of the last"), formats.percent(Decimal(facts["paid_late"]) / 100)))
    if facts["promises_kept"] is not None:
        said.append((_("Promises kept"), formats.percent(Decimal(facts["promises_kept"]) / 100)))
    return said


def _late(days: int) -> str:
    if days == 0:
        return _("on the day")
    text = (
        ngettext("{n} day late", "{n} days late", days)
        if days > 0
        else ngettext("{n} day early", "{n} days early", -days)
    )
    return text.format(n=formats.number(abs(days)))
