"""What a credit policy says to a customer: plain words for a contract or an invoice, from the policy and the manual in force.

One content serves the page, the PDF and the text to copy. It says nothing that the system does not do.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from importlib import resources
from typing import Any, Final
from uuid import UUID

from babel import Locale, UnknownLocaleError
from babel.lists import format_list
from babel.numbers import format_decimal
from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext, override

from puntual.kernel import documents
from puntual.kernel.money import minor_units
from puntual.kernel.phones import spaced
from puntual.kernel.problems import N_
from puntual.organizations.models import Organization
from puntual.parties.models import Creditor
from puntual.receivables.interest.laws import laws
from puntual.receivables.interest.models import InterestTerms
from puntual.receivables.interest.queries import standing_terms
from puntual.strategies.credit.policy import Policy, Rule
from puntual.strategies.manual import LANGUAGES, Manual
from puntual.strategies.queries import assignments
from puntual.strategies.wording import percent, when

CONTRACT, INVOICE = "contract", "invoice"
PURPOSES: Final = {CONTRACT: N_("For a contract or an annex"), INVOICE: N_("For the foot of an invoice")}


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its sentences; `points` are listed below them."""

    title: str
    paragraphs: tuple[str, ...]
    points: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PolicyText:
    """The whole text, in one language."""

    title: str
    creditor: str
    language: str
    sections: tuple[Section, ...]

    def plain(self) -> str:
        """As plain text to copy."""
        parts = [f"{self.title}\n{self.creditor}"]
        for section in self.sections:
            lines = [section.title, *section.paragraphs, *(f"- {point}" for point in section.points)]
            parts.append("\n".join(line for line in lines if line))
        return "\n\n".join(parts) + "\n"

    def as_json(self) -> dict[str, Any]:
        """As its layout takes it."""
        return {
            "title": self.title,
            "creditor": self.creditor,
            "language": self.language,
            "page": gettext("Page"),
            "of": gettext("of"),
            "sections": [
                {"title": one.title, "paragraphs": list(one.paragraphs), "points": list(one.points)}
                for one in self.sections
            ],
        }


def policy_text(
    organization: Organization, creditor: Creditor, policy: Policy, segment: str, language: str, purpose: str = CONTRACT
) -> PolicyText:
    """What customers of a segment ("" for everybody else) of a creditor are told; inside `acting_for`.

    What the organization added to its policy stands at the end, where it was written in that language.
    """
    spoken = language if language in LANGUAGES else "en"
    rule = policy.rule_of(segment) or policy.rules[-1]
    with override(spoken):
        said = _Said(organization, creditor, rule, _manual(organization.id, creditor.id), spoken)
        if purpose == INVOICE:
            sections: tuple[Section, ...] = (Section("", tuple(said.briefly())),)
        else:
            own = (one for one in policy.paragraphs if one.language == spoken)
            added = (Section(one.title, tuple(part for part in one.text.split("\n\n") if part.strip())) for one in own)
            sections = (*said.sections(), *added)
        return PolicyText(gettext("Payment terms"), creditor.name, spoken, sections)


def pdf(text: PolicyText, now: datetime) -> bytes:
    """The text as a PDF. Raises Problem where it cannot be set."""
    layout = resources.files("puntual.strategies").joinpath("credit", "text.typ").read_bytes()
    with override(text.language):
        return documents.pdf(layout, text.as_json(), now)


def _manual(organization_id: UUID, creditor_id: UUID) -> Manual | None:
    found = assignments(organization_id)
    return found.of("", str(creditor_id))[1] if found else None


@dataclass(frozen=True, slots=True)
class _Said:
    """The sentences of one text. The reader's language is active."""

    organization: Organization
    creditor: Creditor
    rule: Rule
    manual: Manual | None
    language: str

    def sections(self) -> tuple[Section, ...]:
        found = [
            Section(gettext("When you pay"), (self.terms(), self.counted(), gettext(
                "Payment counts from the day the money reaches our account. Write the reference of the invoice on your"
                " transfer, so that we recognize it."
            ))),
            self._credit(),
            Section(gettext("Interest"), (self.interest(),)),
            self._reminders(),
            self._difficulties(),
            Section(gettext("If something on an invoice is wrong"), self._wrong()),
            Section(gettext("How to reach us"), (self.reach(),)),
        ]  # fmt: skip
        return tuple(one for one in found if one.paragraphs or one.points)

    def briefly(self) -> list[str]:
        """For the foot of an invoice."""
        return [
            self.terms(),
            self.interest(),
            gettext("If something on this invoice is wrong, or you cannot pay in time, tell us before the due date."),
            self.reach(),
        ]

    def terms(self) -> str:
        days = self.rule.terms_days
        if not days:
            return gettext("Each invoice is due on the day it is issued.")
        return ngettext(
            "Each invoice is due {n} day after the day it is issued. The due date is printed on it.",
            "Each invoice is due {n} days after the day it is issued. The due date is printed on it.",
            days,
        ).format(n=number_format(days))

    def counted(self) -> str:
        return gettext(
            "All days count, weekends and holidays too. Where the due date is a day on which banks are closed, the next"
            " business day is still in time."
        )

    def interest(self) -> str:
        found = standing_terms(self.organization.id, self.creditor.id)
        if found is None or found.basis == InterestTerms.Basis.NEVER:
            return gettext("We charge no interest for late payment unless we agreed on it with you in writing.")
        if found.basis == InterestTerms.Basis.AGREED and found.percent is not None:
            return gettext(
                "After the due date an invoice bears interest of {percent} a year, as agreed in {clause}. We tell you before"
                " we charge any."
            ).format(percent=percent(found.percent), clause=found.clause)
        law = laws().get(self.creditor.country)
        return gettext(
            "After the due date the law provides for interest between companies ({law}). We tell you before we charge any."
        ).format(law=law.name if law else self.creditor.country)

    def reach(self) -> str:
        ways = [one for one in (self.creditor.email, spaced(self.creditor.phone)) if one]
        if not ways:
            return gettext("Answer any message of ours: a person reads it.")
        return gettext("Write or call us: {ways}. You can also answer any message of ours: a person reads it.").format(
            ways=format_list(ways, "or", self.language)
        )

    def _credit(self) -> Section:
        limits = {currency: amount for currency, amount in self.rule.limits.items() if amount}
        paragraphs = []
        if limits:
            paragraphs.append(
                gettext(
                    "You can have invoices open with us up to the limit we agree on with you; for customers like you at most"
                    " {amounts}. Beyond it we ask you to pay first, or look at the limit again together."
                ).format(amounts=_amounts(limits, self.language, self.creditor.country))
            )
        if self.rule.documents:
            paragraphs.append(gettext("To open or raise a limit we ask you for:"))
        months = ngettext("{n} month", "{n} months", self.rule.review_months).format(
            n=number_format(self.rule.review_months)
        )
        after = gettext(
            "We answer every application with the reason, also when it is less than you asked for. Every {months} we look at it"
            " again."
        ).format(months=months)
        if not paragraphs:
            return Section(gettext("Your credit with us"), ())
        if not self.rule.documents:
            return Section(gettext("Your credit with us"), (*paragraphs, after))
        return Section(gettext("Your credit with us"), (paragraphs[0], after, *paragraphs[1:]), self.rule.documents)

    def _reminders(self) -> Section:
        intro = gettext(
            "We write to you and nobody else, at reasonable hours, and never twice about the same thing on one day. If you have"
            " paid already, you need not do anything."
        )
        steps = [one for one in self.manual.steps if not (one.internal or one.segments)] if self.manual else []
        points = tuple(f"{_capital(when(one))}: {one.name}" for one in steps)
        return Section(gettext("How we remind you"), (intro,), points)

    def _difficulties(self) -> Section:
        # A partial discount is for one case at a time: in a contract it would be a price.
        all_offers = self.manual.offers if self.manual else ()
        offers = [one for one in all_offers if not one.segments and one.kind != "discount"]
        paragraphs = [
            gettext(
                "Tell us before the due date, and say what you can pay and when. While we look for a way together we do not"
                " press you, and what we agree on holds for both."
            )
        ]
        if offers:
            paragraphs.append(gettext("What may be possible, depending on the amount and the time:"))
        return Section(
            gettext("If you cannot pay in time"),
            tuple(paragraphs),
            tuple(_capital(one.words.rstrip(".")) for one in offers),
        )

    def _wrong(self) -> tuple[str, ...]:
        days = ngettext("{n} business day", "{n} business days", self.organization.dispute_days).format(
            n=number_format(self.organization.dispute_days)
        )
        return (
            gettext(
                "Tell us as soon as you see it: what is wrong, on which invoice and how much it is. What you question is not"
                " asked for while we look at it, and bears no interest; the rest is due as usual."
            ),
            gettext("We answer within {days}, with the reason.").format(days=days),
        )


def _amounts(amounts: Mapping[str, Decimal], language: str, country: str) -> str:
    """PEN 20,000.00 o USD 5,000.00, as one writes in the creditor's country."""
    try:
        locale = Locale.parse(f"{language}_{country}")
    except (UnknownLocaleError, ValueError):
        locale = Locale(language)
    said = []
    for currency, amount in sorted(amounts.items()):
        decimals = minor_units(currency)
        pattern = "#,##0" + (f".{'0' * decimals}" if decimals else "")
        said.append(f"{currency} {format_decimal(amount, pattern, locale)}")
    return format_list(said, "or", locale)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
