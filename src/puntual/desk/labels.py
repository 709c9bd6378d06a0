"""What the ledger's and the customers' stored values are called on the desk: `label("hold", "dispute")`."""

from collections.abc import Mapping

from django.utils.translation import gettext, pgettext

from puntual.kernel.problems import N_

_TABLES: Mapping[str, Mapping[str, str]] = {
    "hold": {
        "person": N_("Somebody asked to wait"),
        "dispute": N_("In dispute"),
        "promise": N_("Payment promised"),
        "plan": N_("Payment plan"),
        "extension": N_("More time granted"),
        "placement": N_("Placed with others to collect"),
        "reply": N_("Answer to be read"),
        "missing": N_("Missing from the creditor's last file"),
        "payment_claimed": N_("Says it is paid"),
        "instrument": N_("Waits for a letra, a check or a debit"),
    },
    "handling": {
        "automatic": N_("Automatic, as the manual says"),
        "approve": N_("Each contact is approved first"),
        "owner_only": N_("Only its owner decides"),
        "none": N_("Not to be contacted"),
    },
    "status": {
        "active": N_("Nothing special"),
        "deceased": N_("Deceased"),
        "insolvent": N_("In insolvency proceedings"),
        "represented": N_("Represented by a lawyer"),
        "identity_disputed": N_("Disputes being the one who owes"),
    },
    "claim_fact": {
        "acknowledgment": N_("The customer acknowledged the debt"),
        "lawsuit": N_("A lawsuit was filed"),
        "demand": N_("It was demanded out of court, with proof"),
        "protest": N_("It was protested"),
        "lifted": N_("Counsel: pursue it all the same"),
    },
    "method": {
        "transfer": N_("Transfer"),
        "card": N_("Card"),
        "cash": N_("Cash"),
        "check": N_("Check"),
        "debit": N_("Direct debit"),
        "other": N_("Other"),
    },
    "entry": {
        "issued": N_("Issued"),
        "payment": N_("Payment"),
        "credit_note": N_("Credit note"),
        "cancellation": N_("Cancellation"),
        "waiver": N_("Waiver"),
        "deduction": N_("Deduction"),
        "discount": N_("Discount"),
        "write_off": N_("Write-off"),
        "recovery": N_("Recovery"),
        "closed_outside": N_("Settled outside"),
        "adjustment": N_("Adjustment"),
    },
    "point": {
        "email": N_("E-mail"),
        "phone": N_("Phone"),
        "whatsapp": N_("WhatsApp"),
        "post": N_("Postal address"),
    },
    "person": {
        "billing": N_("Billing"),
        "approver": N_("Approves payments"),
        "escalation": N_("Escalation"),
        "notices": N_("Formal notices"),
    },
    "consent": {
        "granted": N_("Agreed to be contacted"),
        "withdrawn": N_("Does not want to be contacted here"),
        "unknown": N_("Never asked"),
    },
    "purpose": {
        "collections": N_("Collections"),
        "statements": N_("Account statements"),
        "surveys": N_("Surveys"),
        "education": N_("Advice and news"),
    },
    "bounce": {"hard": N_("Messages come back"), "soft": N_("A message came back")},
    "deduction": {
        "withholding": N_("Withholding"),
        "detraction": N_("Detraction (SPOT)"),
        "credit_note": N_("Discount, credit note to come"),
    },
    "instrument": {
        "bill": N_("Letra"),
        "note": N_("Pagaré"),
        "check": N_("Post-dated check"),
        "debit": N_("Debit order"),
    },
    "instrument_state": {
        "received": N_("With us"),
        "deposited": N_("With the bank"),
        "paid": N_("Paid"),
        "returned": N_("Returned"),
        "given_back": N_("Given back"),
        "renewed": N_("Renewed"),
    },
    "claim": {"ours": N_("Ours"), "factored": N_("Factored"), "sold": N_("Sold")},
}


def label(table: str, key: str) -> str:
    """The words for a stored value. Raises KeyError for a table or a value that does not exist."""
    return gettext(_TABLES[table][key])


def choices(table: str) -> list[tuple[str, str]]:
    """Every value of a table with its words, for a form."""
    return [(key, gettext(text)) for key, text in _TABLES[table].items()]


def by_channel(channel: str) -> str:
    """por correo, for "email"."""
    return {
        "email": pgettext("channel", "by e-mail"),
        "whatsapp": pgettext("channel", "by WhatsApp"),
        "sms": pgettext("channel", "by SMS"),
        "letter": pgettext("channel", "by letter"),
        "call": pgettext("channel", "by phone"),
        "visit": pgettext("channel", "by a visit"),
        "meeting": pgettext("channel", "in a meeting"),
        "internal": pgettext("channel", "a task for the team"),
    }[channel]
