"""A payment plan or a settlement as a document for the customer: who, what it covers, what is paid when, what follows if not.

It is shown before it is accepted and kept word for word with the acceptance. In the customer's language, as a PDF.
"""

from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.numbers import format_decimal
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override, pgettext

from puntual.agreements.models import Plan, PlanPart
from puntual.agreements.plans.queries import covered_by, parts_of
from puntual.agreements.plans.words import how
from puntual.kernel.documents import pdf
from puntual.organizations.models import Organization
from puntual.outreach.channels import Document
from puntual.outreach.formats import locale_of, long_date, money, short_date
from puntual.outreach.paying import account_line, accounts, as_svg, bank_code, spaced
from puntual.outreach.variables import letterhead_of
from puntual.parties.logos.queries import printed_logo
from puntual.parties.models import Customer
from puntual.parties.references import payment_reference
from puntual.strategies.manual import LANGUAGES


def plan_document(plan: Plan, made_at: datetime, language: str = "") -> Document:
    """The agreement of a plan in the customer's language or another; with who accepted it and when, once somebody has.

    The same plan and moment give the same bytes. Must run inside `acting_for`. Raises Problem where it cannot be made.
    """
    customer = Customer.objects.select_related("creditor", "party").get(
        organization_id=plan.organization_id, id=plan.customer_id
    )
    spoken = language or customer.language or customer.creditor.language
    spoken = spoken if spoken[:2].lower() in LANGUAGES else "en"
    with override(spoken):
        locale = locale_of(spoken, customer.party.country)
        values = _Values(plan, customer, locale).all()
        name = _("agreement-{number}.pdf").format(number=plan.number)
    return Document(name, "application/pdf", pdf(_layout(), values, made_at))


@lru_cache(maxsize=1)
def _layout() -> bytes:
    return resources.files("puntual.outreach").joinpath("plan_document.typ").read_bytes()


class _Values:
    """What the layout shows, said in words: it only sets them."""

    def __init__(self, plan: Plan, customer: Customer, locale: Locale) -> None:
        self.plan, self.customer, self.locale = plan, customer, locale
        self.creditor = customer.creditor
        self.parts = parts_of(plan)
        self.settles = plan.kind == Plan.Kind.SETTLEMENT
        self.total = plan.principal + plan.interest - plan.discount

    def all(self) -> dict[str, Any]:
        creditor, plan = self.creditor, self.plan
        tax_id = self.customer.party.tax_id
        return {
            "language": self.locale.language,
            "title": _("Settlement") if self.settles else _("Payment plan"),
            "number": plan.number,
            "dated": long_date(plan.agreed_on, self.locale),
            "creditor": creditor.name,
            "letterhead": letterhead_of(creditor),
            "logo": printed_logo(creditor),
            "customer": self.customer.name,
            "whose": [line for line in (tax_id, _("Customer {code}").format(code=self.customer.code)) if line],
            "opening": self._opening(),
            "covered": self._covered(),
            "schedule": self._schedule(),
            "figures": self._figures(),
            "clauses": self._clauses(),
            "pay_title": _("How to pay"),
            "pay": [account_line(one, creditor) for one in accounts(creditor, plan.currency, plan.agreed_on)],
            "reference_label": _("Reference for your payment"),
            "reference": spaced(payment_reference(self.customer.id)),
            "qr": as_svg(bank_code(self.customer, plan.currency, self.parts[0].amount, plan.agreed_on)),
            "reach_title": _("How to reach us"),
            "reach": self._reach(),
            "accepted": self._accepted(),
            "signatures": [creditor.name, self.customer.name],
            "page": _("Page"),
            "of": _("of"),
        }

    def _opening(self) -> str:
        names = {"creditor": self.creditor.name, "customer": self.customer.name}
        if self.settles:
            return _(
                "{creditor} and {customer} agree that the documents below are settled with less than is open of them, if it is "
                "paid as written here."
            ).format(**names)
        return _("{creditor} and {customer} agree that the documents below are paid in the parts written here.").format(
            **names
        )

    def _covered(self) -> dict[str, Any]:
        rows = []
        for one in covered_by(self.plan):
            item, invoice = one.installment, one.installment.invoice
            number = (
                invoice.number
                if item.position == 1
                else _("{number}, part {position}").format(number=invoice.number, position=item.position)
            )
            days = [short_date(day, self.locale) for day in (invoice.issued_on, item.due_on)]
            rows.append([number, *days, self._money(one.principal)])
        return {
            "title": _("What it covers"),
            "heads": [_("Document"), _("Issued"), _("Due date"), pgettext("statement", "Open")],
            "rows": rows,
            "total": [_("Total"), "", "", self._money(self.plan.principal)],
        }

    def _schedule(self) -> dict[str, Any]:
        plan = self.plan
        extra = [
            (name, words)
            for name, words in (("interest", _("Interest")), ("discount", _("Discount")))
            if getattr(plan, name)
        ]
        heads = [
            _("Part"),
            _("To be paid by"),
            *([_("Principal")] if extra else []),
            *(words for _name, words in extra),
            _("Amount"),
        ]
        rows = []
        for part in self.parts:
            cells = [self._name(part), long_date(part.due_on, self.locale)]
            if extra:
                cells += [self._money(part.principal), *(self._signed(part, name) for name, _words in extra)]
            rows.append([*cells, self._money(part.amount)])
        sums = [self._money(plan.principal), *(self._signed(plan, name) for name, _words in extra)] if extra else []
        return {
            "title": _("What is paid, and when"),
            "heads": heads,
            "rows": rows,
            "total": [_("Total"), "", *sums, self._money(self.total)],
        }

    def _name(self, part: PlanPart) -> str:
        if part.position == 0:
            return _("Down payment")
        last = self.parts[-1].position
        return _("Only payment") if last == 1 and len(self.parts) == 1 else f"{part.position} / {last}"

    def _figures(self) -> list[list[str]]:
        found = [[_("Open today"), self._money(self.plan.principal)], [_("Paid in all"), self._money(self.total)]]
        if self.settles:
            share = self.plan.discount * 100 / self.plan.principal
            found.append([_("Discount"), f"{self._money(self.plan.discount)} ({self._number(share)} %)"])
        else:
            found.append([_("What the plan costs"), self._money(self.plan.interest)])
        rate = f"{self._number(self.plan.yearly_percent)} %" if self.plan.interest else _("none")
        return [*found, [_("Interest a year"), rate]]

    def _clauses(self) -> list[dict[str, Any]]:
        meanwhile = [
            _("While it is kept, we ask for nothing else of these documents, and they bear no late interest."),
            _("The documents stay as they were issued, with their dates; what you pay is set against them."),
            _("You may pay any part earlier, or all that is left at once. Interest of days to come is then not owed.")
            if self.plan.interest
            else _("You may pay any part earlier, or all that is left at once."),
        ]
        return [
            {"title": _("While it lasts"), "lines": meanwhile},
            {"title": _("If something comes in between"), "lines": self._if_missed()},
        ]

    def _if_missed(self) -> list[str]:
        grace = ngettext(
            "A part counts as not paid when it has not arrived {days} business day after its day.",
            "A part counts as not paid when it has not arrived {days} business days after its day.",
            self.plan.grace_days,
        ).format(days=self.plan.grace_days)
        lines = [
            _("If you see that you will not make a day, tell us before it: we will look for another way with you."),
            grace,
        ]
        if self.settles:
            return [
                *lines,
                _(
                    "If it is not paid as written here, nothing is taken off: what you have paid is set against the documents, "
                    "and the rest of them is owed as before."
                ),
            ]
        allowed = ngettext(
            "The plan ends if more than {n} part is not paid. What is then open of the documents is due as before.",
            "The plan ends if more than {n} parts are not paid. What is then open of the documents is due as before.",
            self.plan.misses_allowed,
        ).format(n=self.plan.misses_allowed)
        if not self.plan.misses_allowed:
            allowed = _("The plan ends if a part is not paid. What is then open of the documents is due as before.")
        return [*lines, allowed]

    def _reach(self) -> str:
        where = [part for part in (self.creditor.phone, self.creditor.email) if part]
        if not where:
            return _("Answer the message with which you got this.")
        return _("With any question, or if something changes: {where}.").format(where=_(" or ").join(where))

    def _accepted(self) -> str:
        plan = self.plan
        if plan.accepted_at is None:
            return ""
        zone = Organization.objects.values_list("time_zone", flat=True).get(id=plan.organization_id)
        on = plan.accepted_at.astimezone(ZoneInfo(zone)).date()
        return _("Accepted by {name} on {date}. {how}.").format(
            name=plan.accepted_by, date=long_date(on, self.locale), how=how(plan.accepted_how)
        )

    def _signed(self, row: Plan | PlanPart, name: str) -> str:
        amount: Decimal = getattr(row, name)
        return self._money(-amount if name == "discount" else amount) if amount else "–"

    def _money(self, amount: Decimal) -> str:
        return money(amount, self.plan.currency, self.locale)

    def _number(self, value: Decimal) -> str:
        return str(format_decimal(round(value, 2).normalize(), locale=self.locale))
