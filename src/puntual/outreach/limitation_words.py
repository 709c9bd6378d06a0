"""Whether a customer's claims can still be enforced, and what is on record about it, in sentences. Inside `acting_for`."""

from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from puntual.kernel.problems import N_
from puntual.outreach.limitations import Barring, barring_of, facts_of
from puntual.receivables.models import ClaimFact, Installment
from puntual.strategies.wording import day_text

_HAPPENED = {
    "acknowledgment": N_("The customer acknowledged {what} on {day}: {evidence}"),
    "lawsuit": N_("{what} was sued for on {day}: {evidence}"),
    "demand": N_("{what} was demanded with proof on {day}: {evidence}"),
    "protest": N_("{what} was protested on {day}: {evidence}"),
    "lifted": N_("Counsel lets {what} be pursued since {day}: {evidence}"),
}


def limitation_in_sentences(organization_id: UUID, customer_id: UUID, day: date) -> list[str]:
    """What is time-barred or soon will be, item by item, then each fact that counts on `day`; nothing for most customers."""
    found = barring_of(organization_id, customer_id, day)
    rows = Installment.objects.filter(organization_id=organization_id, id__in=[one.installment_id for one in found])
    numbers = dict(rows.values_list("id", "invoice__number"))
    said = [_item(one, numbers[one.installment_id]) for one in found]
    return said + [_fact(one) for one in facts_of(organization_id, customer_id) if one.counts_on(day)]


def _item(one: Barring, number: str) -> str:
    if one.days_left > 0:
        text = _("{number} can be enforced until {day}; then it is time-barred.")
    elif one.lifted:
        text = _("{number} could be enforced until {day}, and counsel lets it be pursued all the same.")
    else:
        text = _("{number} could be enforced until {day}: it is time-barred, and counsel decides.")
    return text.format(number=number, day=day_text(one.last_day))


def _fact(one: ClaimFact) -> str:
    what = one.invoice.number if one.invoice else _("all that is owed")
    text = _(_HAPPENED[one.kind]).format(what=what, day=day_text(one.on), evidence=one.evidence.rstrip("."))
    return f"{text[:1].upper()}{text[1:]}."
