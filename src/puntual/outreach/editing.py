"""A person's own words for a message, and what they may not give away. Callers import these from `actions`."""

import re
from datetime import datetime

from puntual.audit.actions import Actor, action
from puntual.kernel.problems import N_, Problem
from puntual.organizations.models import Organization
from puntual.outreach.approving import locked
from puntual.outreach.channels import AUTOMATIC
from puntual.outreach.models import Activity
from puntual.outreach.prepare import prepare
from puntual.outreach.results import said
from puntual.parties.models import Party

# A number with decimals or thousands, or one beside a currency: an amount. "F001-247" or a date is none.
_AMOUNT = re.compile(
    r"\d{1,3}(?:[.,\s\u00a0]\d{3})+(?!\d)|\d+[.,]\d{2}\b|(?:[$€£]|\bS/|\bR\$|\b[A-Z]{3})\s?\d|\d\s?(?:€|\b[A-Z]{3}\b)"
)
# What a subject for a natural person does not say, in Spanish, Portuguese and English: anybody may see it on a screen.
_DEBT = re.compile(
    r"\b(?:deud|adeud|vencid|impag|moros|mora\b|cobran|atras|pendiente|factura|cuota|pago\b|d[ií]vida|cobran[cç]a|em\s+atraso"
    r"|fatura|inadimpl|overdue|past\s+due|owed?\b|debts?\b|unpaid|arrears|invoice|collection|outstanding|payment)",
    re.IGNORECASE,
)


def check_wording(subject: str, body: str, *, natural: bool) -> None:
    """Raise Problem where a message may not say this: where others can read it, it names no amount and, to a natural person, no
    debt (facts/conduct.md: public exposure is barred in PE, CL, MX, AR, BR, EC).
    """
    if not subject.strip() or not body.strip():
        raise Problem(N_("A message needs a subject and a text."))
    if len(subject) > 300 or len(subject.splitlines()) > 1:
        raise Problem(N_("The subject is one line of up to 300 characters."))
    if _AMOUNT.search(subject):
        raise Problem(N_("The subject names an amount, and others may read it. Leave the amount to the text."))
    if natural and (found := _DEBT.search(subject)):
        raise Problem(
            N_("The subject says “{word}”, and others may read it. To a person it says nothing of the debt."),
            word=found[0],
        )


def edit(by: Actor, activity: Activity, subject: str, body: str) -> Activity:
    """Keep a person's wording for a message that has not left.

    It stands for the balance of this moment: should that change before it leaves, the text is made anew from the manual. Raises
    Problem where the wording may not be sent, nothing is demanded any more, or the message has left.
    """
    with action(by, "outreach.edit") as log:
        found = locked(by, activity, Activity.State.PROPOSED, Activity.State.QUEUED)
        log.about(found)
        if found.channel not in AUTOMATIC:
            raise Problem(N_("Only a message has words to edit."))
        check_wording(subject, body, natural=found.customer.party.kind == Party.Kind.NATURAL)
        found.demand = _demand_now(by, found, by.now)
        found.subject, found.body, found.edited = subject.strip(), body.strip() + "\n", True
        found.save(update_fields=["subject", "body", "edited", "demand"])
        log.say(subject=found.subject, body=found.body)
    return found


def _demand_now(by: Actor, activity: Activity, at: datetime) -> dict[str, str]:
    prepared = prepare(Organization.objects.get(pk=by.organization_id), activity, at)
    if prepared.stop:
        raise Problem(N_("This message will not be sent: {reason}."), reason=said(prepared.stop))
    return {currency: str(amount) for currency, amount in prepared.asked.amounts.items()}
