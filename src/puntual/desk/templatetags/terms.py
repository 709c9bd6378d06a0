"""Tags for pages about more time, terms and discounts for paying early."""

from datetime import date, timedelta

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from puntual.agreements.extensions import words as extension_words
from puntual.agreements.models import Terms
from puntual.agreements.terms import words as terms_words
from puntual.desk import formats
from puntual.parties.models import PaymentRules
from puntual.receivables.models import EarlyDiscount, Reception
from puntual.receivables.reception import MISSING

register = template.Library()
_MONDAY = date(2024, 1, 1)

register.filter("extension_state", extension_words.state)
register.filter("terms_state", terms_words.state)


@register.filter
def terms_said(terms: Terms) -> str:
    """60 días; pays on 15, 30: what a change is about."""
    said = []
    if terms.terms_days is not None:
        days = ngettext("{n} day", "{n} days", terms.terms_days).format(n=formats.number(terms.terms_days))
        said.append(days)
    if terms.pay_days:
        said.append(_days_of_month(terms.pay_days))
    if terms.credit_limit is not None:
        amount = formats.money(terms.credit_limit, terms.currency)
        said.append(_("limit {currency} {amount}").format(currency=terms.currency, amount=amount))
    return "; ".join(said)


@register.filter
def pay_days_said(rules: PaymentRules) -> str:
    """Days 15 and 30 of the month, Fridays; and how long is waited for them."""
    said = [_days_of_month(rules.pay_days)] if rules.pay_days else []
    said += [formats.listed([formats.weekday(_MONDAY + timedelta(days=day)) for day in rules.weekdays])]
    text = "; ".join(part for part in said if part)
    if rules.cut_off_days:
        cut = ngettext("cut-off {n} day before", "cut-off {n} days before", rules.cut_off_days)
        text += ", " + cut.format(n=formats.number(rules.cut_off_days))
    most = ngettext(
        "waited for at most {n} day after the due date",
        "waited for at most {n} days after the due date",
        rules.cap_days,
    )
    return f"{text}, {most.format(n=formats.number(rules.cap_days))}"


def _days_of_month(days: list[int]) -> str:
    names = [_("the last one") if day == 31 else str(day) for day in days]
    return _("of the month: {days}").format(days=formats.listed(names))


@register.filter
def early_state(discount: EarlyDiscount, today: date) -> str:
    """Taken; missed, 3 days late; open, or over without the money."""
    if discount.state == EarlyDiscount.State.MISSED:
        late = discount.days_late or 0
        return ngettext("Refused: the money came {n} day late", "Refused: the money came {n} days late", late).format(
            n=formats.number(late)
        )
    if discount.state == EarlyDiscount.State.OPEN and discount.until_on < today:
        return pgettext("early payment", "Its day is over")
    return {
        "open": pgettext("early payment", "Offered"),
        "taken": pgettext("early payment", "Applied"),
        "withdrawn": pgettext("early payment", "Taken back"),
    }[discount.state]


@register.filter
def missing_said(reception: Reception) -> str:
    """What is missing of an invoice, in a list."""
    return formats.listed([_(MISSING[code]) for code in reception.missing])
