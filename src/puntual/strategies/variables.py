"""The variables of texts: what each stands for, its type, in which channels it may be used, and what it gives away.

A variable stands between braces, as in {total}. Who sends fills it in the text's language and the reader's locale. A *list*
may take several lines and stands alone on its own; in an SMS the lists that are allowed there take one line. An *optional*
variable may have no value (no portal, no offer): the line that uses it is then left out, so write such a line to be missed.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from puntual.conduct.rules import CHANNELS
from puntual.kernel.problems import N_

Kind: TypeAlias = Literal["text", "amount", "date", "list", "link"]
Tells: TypeAlias = Literal["nothing", "debt", "amount"]
"""What a reader over the shoulder would learn: nothing, that something is owed, or how much."""

WRITTEN = frozenset({"email", "letter"})
SHORT = frozenset({"sms", "whatsapp"})
SPOKEN = frozenset({"call", "visit", "meeting"})
_OF_PARTS = frozenset({"plan_due", "plan_missed"})
_OF_DATES = _OF_PARTS | {"promise_reminder", "approval_asked"}
_ALL, _MESSAGES, _LONG = CHANNELS, WRITTEN | SHORT, CHANNELS - {"sms"}


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable. `about` and `label` (a word or two) are English sentences for the catalogs."""

    name: str
    kind: Kind
    label: str
    about: str
    channels: frozenset[str]
    tells: Tells = "nothing"
    optional: bool = False
    always_in: frozenset[str] = frozenset()  # the notices in which an optional one has a value all the same

    def always_filled(self, occasions: Collection[str]) -> bool:
        """Whether it has a value in whatever a text is for: the notices on these occasions, or steps where there are none."""
        return not self.optional or (bool(occasions) and self.always_in.issuperset(occasions))

    @property
    def in_one_line(self) -> bool:
        """Whether it may stand in a subject or inside a sentence."""
        return self.kind not in ("list", "link")


_EACH = (
    Variable(
        "greeting_name",
        "text",
        N_("name"),
        N_("the person written to or called; the customer's name where no person is known"),
        _ALL,
    ),
    Variable("customer_name", "text", N_("customer"), N_("the customer's name"), _ALL),
    Variable("creditor_name", "text", N_("creditor"), N_("the creditor's name"), _ALL),
    Variable(
        "agency_name",
        "text",
        N_("the agency's name"),
        N_("the organization that writes: for a collection agency its own name, beside that of the creditor"),
        _ALL,
    ),
    Variable(
        "agency_phone",
        "text",
        N_("agency's phone"),
        N_("the phone of the organization that writes"),
        _ALL,
        optional=True,
    ),
    Variable(
        "agency_email",
        "text",
        N_("agency's e-mail"),
        N_("the e-mail of the organization that writes"),
        _ALL,
        optional=True,
    ),
    Variable(
        "invoice_list",
        "list",
        N_("the invoices with their dates and amounts"),
        N_("the items asked for as a table; below it, apart and not totaled in, what is not asked for now"),
        _LONG,
        "amount",
    ),
    Variable(
        "invoice_count",
        "text",
        N_("how many invoices"),
        N_("how many invoices are asked for: “3 invoices”"),
        _ALL,
        "debt",
    ),
    Variable("first_number", "text", N_("number"), N_("the number of the oldest invoice asked for"), _ALL, "debt"),
    Variable(
        "days_late",
        "text",
        N_("days late"),
        N_("for how long that invoice is late, with the word: “1 day”, “18 days”"),
        _ALL,
        "debt",
    ),
    Variable("due_date", "date", N_("due date"), N_("the date that invoice fell or falls due"), _ALL, "debt"),
    Variable("total", "amount", N_("total"), N_("the total asked for, one amount per currency"), _ALL, "amount"),
    Variable(
        "answer_by",
        "date",
        N_("date asked for"),
        N_("the date by which an answer is asked for: five working days from the day it leaves"),
        _ALL,
    ),
    Variable("payment_details", "list", N_("where to pay"), N_("where to pay, for the currencies asked for"), _LONG),
    Variable(
        "offer",
        "text",
        N_("the offer"),
        N_("what the step offers, as in “a plan of up to 3 payments”"),
        _ALL,
        optional=True,
    ),
    Variable(
        "agreed_amount",
        "amount",
        N_("amount agreed on"),
        N_("in a notice: what is still to pay of what was promised, or of the part of a plan"),
        _MESSAGES,
        "amount",
        optional=True,
        always_in=_OF_DATES,
    ),
    Variable(
        "agreed_date",
        "date",
        N_("day agreed on"),
        N_("in a notice: the day it was promised or agreed for, or on which the invoice falls due"),
        _MESSAGES,
        "debt",
        optional=True,
        always_in=_OF_DATES | {"plan_agreed"},
    ),
    Variable(
        "agreed_part",
        "text",
        N_("which part"),
        N_("in a notice about a plan: which of its parts, as in “2 of 4”"),
        _MESSAGES,
        "debt",
        optional=True,
        always_in=_OF_PARTS,
    ),
    Variable(
        "agreed_left",
        "amount",
        N_("left of the plan"),
        N_("in a notice about a plan: what is left to pay of all of it"),
        _MESSAGES,
        "amount",
        optional=True,
        always_in=_OF_PARTS | {"plan_broken", "plan_agreed"},
    ),
    Variable(
        "agreement_number",
        "text",
        N_("number of the plan"),
        N_("in a notice about a plan: its number"),
        _MESSAGES,
        "debt",
        optional=True,
        always_in=_OF_PARTS | {"plan_broken", "plan_agreed", "plan_completed", "reactivation"},
    ),
    Variable(
        "decision",
        "text",
        N_("what was decided"),
        N_("in an answer to an objection: about which invoice, what was decided, and why"),
        _MESSAGES,
        "debt",
        optional=True,
        always_in=frozenset({"dispute_answered"}),
    ),
    Variable(
        "paid_amount",
        "amount",
        N_("amount paid"),
        N_("in a notice of thanks: what came in"),
        _MESSAGES,
        "amount",
        optional=True,
        always_in=frozenset({"thank_you", "plan_completed"}),
    ),
    Variable(
        "kept_months",
        "text",
        N_("for how long"),
        N_("in a recognition: for how long everything was paid as agreed, as in “12 months”"),
        _MESSAGES,
        optional=True,
        always_in=frozenset({"recognition"}),
    ),
    Variable(
        "advice_link",
        "link",
        N_("link to the advice"),
        N_("short pages on due dates, statements and budgeting, for anybody"),
        _MESSAGES,
    ),
    Variable(
        "early_payment",
        "text",
        N_("discount for paying early"),
        N_("what is enough if it is paid by a day, and what may be kept then"),
        _ALL,
        "amount",
        optional=True,
    ),
    Variable("portal_link", "link", N_("link to the portal"), N_("the customer's own page"), _MESSAGES, optional=True),
    Variable("creditor_phone", "text", N_("creditor's phone"), N_("the creditor's phone"), _ALL, optional=True),
    Variable("creditor_email", "text", N_("creditor's e-mail"), N_("the creditor's e-mail"), _ALL, optional=True),
    Variable(
        "signature",
        "list",
        N_("signature"),
        N_(
            "who signs, with the creditor's name, tax number, address and phone; in an SMS the name, and tax number and "
            "address only where the country asks for them"
        ),
        _MESSAGES,
    ),
    Variable(
        "opt_out",
        "text",
        N_("how not to be written to this way"),
        N_("how not to receive these messages any more; in an SMS a few words"),
        _MESSAGES,
    ),
    Variable("caller_name", "text", N_("who calls"), N_("the person who calls"), SPOKEN),
)

VARIABLES: Mapping[str, Variable] = {variable.name: variable for variable in _EACH}
"""Every variable a text may use, by name, in the order they are offered."""
