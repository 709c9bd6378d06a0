"""Every reason of a decision in a sentence: the reader's language is the active one."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from puntual.conduct.words import refusal
from puntual.kernel.money import minor_units, round_money
from puntual.kernel.problems import N_
from puntual.strategies.manual import (
    ANSWER_REQUEST,
    ASK_INSTRUMENT,
    ASK_PAYER,
    CREDIT_TO_APPLY,
    FIND_CONTACT,
    GIVE_MISSING,
    OTHER_WAY,
    REVIEW_OF_TERMS,
)
from puntual.strategies.notices import STATEMENT
from puntual.strategies.outcomes import Reason

REASONS = {
    Reason.HARD_STOP: N_("Not to be contacted"),
    Reason.HELD: N_("On hold"),
    Reason.NOTHING_DEMANDED: N_("Nothing to ask for"),
    Reason.NO_STEP_DUE: N_("No step due today"),
    Reason.RESTING: N_("Resting after an earlier contact"),
    Reason.NO_USABLE_POINT: N_("No way to reach them"),
    Reason.CONDUCT: N_("Conduct says not now"),
    Reason.CAPACITY: N_("The day is full"),
}
TONES = {
    "courteous": N_("courteous"),
    "friendly": N_("friendly"),
    "firm": N_("firm"),
    "formal": N_("formal"),
    "final": N_("final"),
}
CHANNELS = {
    "email": N_("e-mail"),
    "call": N_("call"),
    "whatsapp": N_("WhatsApp"),
    "sms": N_("SMS"),
    "letter": N_("letter"),
    "visit": N_("visit"),
    "meeting": N_("meeting"),
    "internal": N_("internal task"),
}
TASKS = {
    FIND_CONTACT: N_("Find a contact"),
    CREDIT_TO_APPLY: N_("Apply the credit"),
    REVIEW_OF_TERMS: N_("Review the terms"),
    OTHER_WAY: N_("Agree on another way to reach them"),
    ASK_PAYER: N_("Ask what a payment is for"),
    ANSWER_REQUEST: N_("Answer a request for time"),
    ASK_INSTRUMENT: N_("Find out whether it was paid"),
    GIVE_MISSING: N_("Give the customer what is missing"),
}
"""What the tasks are called that no manual names. The tables hold English; `gettext` says them."""
NOTICES = {
    "plan_missed": N_("A part of the plan was missed"),
    "plan_broken": N_("The plan ended before it was paid"),
    "dispute_answered": N_("Answer to an objection"),
    "plan_agreed": N_("Copy of the agreement"),
    "promise_reminder": N_("Reminder of the agreed day"),
    "plan_due": N_("A part of the plan falls due"),
    "approval_asked": N_("Received and approved?"),
    "plan_completed": N_("The plan was completed"),
    "thank_you": N_("Thanks for the payment"),
    "reactivation": N_("Welcome back"),
    "recognition": N_("Recognition for keeping one's word"),
    "advice": N_("Advice in plain words"),
    STATEMENT: N_("Account statement"),
}
"""What the notices are called."""
BESIDE_STEPS = {**TASKS, **NOTICES}
"""What an activity is called that is no step of a manual."""

_HOLDS = {
    "person": N_("somebody asked to wait"),
    "dispute": N_("a dispute is open"),
    "promise": N_("a payment was promised"),
    "plan": N_("a payment plan is running"),
    "extension": N_("more time was granted"),
    "placement": N_("it was placed with others to collect"),
    "reply": N_("an answer has not been read yet"),
    "missing": N_("it is missing from the creditor's last file"),
    "payment_claimed": N_("the customer says it is paid"),
    "instrument": N_("a letra, a check or a debit for it has not matured yet"),
}
_STATUSES = {
    "deceased": N_("The person has died: nobody is contacted, and a person decides what follows."),
    "insolvent": N_("The customer is in insolvency proceedings: contacts stop, and a person decides what follows."),
    "represented": N_("A lawyer represents the customer: the customer is not contacted directly."),
    "identity_disputed": N_("It is disputed who owes this: nobody is contacted until that is clear."),
}
_STATES = {
    "proposed": N_("it waits for approval"),
    "queued": N_("it is about to leave"),
    "to_do": N_("it is on somebody's list"),
    "attempting": N_("it is leaving now"),
}
_UNUSABLE = {
    "bounced": N_("Messages to the known one came back ({channel})."),
    "withdrawn": N_("The customer does not want to be contacted at the known one ({channel})."),
}
_SENTENCES: dict[str, Any] = {  # sentences, and what ngettext_lazy makes of those with a number
    # do it
    "entry": ngettext_lazy(
        "The invoice is {days} day late and nothing was said about it yet: the manual begins with “{step}”.",
        "The invoice is {days} days late and nothing was said about it yet: the manual begins with “{step}”.",
        "days",
    ),
    "step_due": ngettext_lazy(
        "The invoice is {days} day late and the manual asks for the {tone} step from day {day} on.",
        "The invoice is {days} days late and the manual asks for the {tone} step from day {day} on.",
        "days",
    ),
    "step_due_business": ngettext_lazy(
        "The invoice is {days} day late and the manual asks for the {tone} step from business day {day} on.",
        "The invoice is {days} days late and the manual asks for the {tone} step from business day {day} on.",
        "days",
    ),
    "next_tone": ngettext_lazy(
        "The invoice is {days} day late. The tone rises one degree at a time: the {tone} step, “{step}”, comes now.",
        "The invoice is {days} days late. The tone rises one degree at a time: the {tone} step, “{step}”, comes now.",
        "days",
    ),
    "required": N_("The step “{step}” is required and was not proved to be delivered yet, so it comes now."),
    "before_due": ngettext_lazy(
        "The invoice falls due in {days} day and the manual announces it.",
        "The invoice falls due in {days} days and the manual announces it.",
        "days",
    ),
    "due_today": N_("The invoice falls due today and the manual announces it."),
    "statement": N_("It is the day of the month for account statements. It informs and asks for nothing."),
    "plan_missed": N_("A part of the plan was to be paid on {day}, and neither it nor the grace brought the money."),
    "plan_broken": N_("The plan {number} ended before it was paid."),
    "dispute_answered": N_("What was objected to was decided on {day}: the customer hears the answer and its reason."),
    "plan_agreed": N_("The plan {number} was accepted on {day}: the customer gets a copy of it."),
    "promise_reminder": N_("A payment was promised for {day}."),
    "plan_due": N_("A part of the plan falls due on {day}."),
    "approval_asked": N_("The invoice falls due on {day}, and this customer pays what it has received and approved."),
    "plan_completed": N_("The plan {number} was paid to the end."),
    "thank_you": N_("What was asked for was paid: the manual thanks for it."),
    "advice": N_("Something falls due on {day}, and the customer asked for advice: the manual sends a page of it."),
    "thank_you_promise": N_("What was promised for {day} was paid: the manual thanks for it."),
    "reactivation": N_("The plan {number} is behind us since {day}, and nothing is overdue."),
    "recognition": ngettext_lazy(
        "Everything that fell due within {months} month was paid as agreed.",
        "Everything that fell due within {months} months was paid as agreed.",
        "months",
    ),
    "call_back": N_("It was agreed with the customer."),
    "next_channel": ngettext_lazy(
        "Nobody answered or paid within {n} day of “{step}” ({channel}), so it goes on by its next channel.",
        "Nobody answered or paid within {n} days of “{step}” ({channel}), so it goes on by its next channel.",
        "n",
    ),
    "third_round_call": N_("It would be the third {tone} message within 90 days: a call is better now."),
    "decision": ngettext_lazy(
        "The invoice is {days} day late and every step was taken: decide to place, sue, write off or keep it.",
        "The invoice is {days} days late and every step was taken: decide to place, sue, write off or keep it.",
        "days",
    ),
    "decision_unreachable": ngettext_lazy(
        "The invoice is {days} day late and nobody could be reached: decide to place, sue, write off or keep it.",
        "The invoice is {days} days late and nobody could be reached: decide to place, sue, write off or keep it.",
        "days",
    ),
    "decision_too_few": ngettext_lazy(
        "The invoice is {days} day late and “{step}” asks for more contacts than there were: decide what to do with it.",
        "The invoice is {days} days late and “{step}” asks for more contacts than there were: decide what to do with it.",
        "days",
    ),
    "internal": ngettext_lazy(
        "The invoice is {days} day late and the manual asks the team for “{step}” from day {day} on.",
        "The invoice is {days} days late and the manual asks the team for “{step}” from day {day} on.",
        "days",
    ),
    FIND_CONTACT: N_("“{step}” is due and there is no usable contact for it: find one."),
    CREDIT_TO_APPLY: N_("{amount} {currency} in the customer's favor wait to be applied to what is open."),
    ASK_PAYER: N_("{amount} {currency} came in on {day} and nobody can tell what it is for."),
    ANSWER_REQUEST: N_("The customer asked for more time on its page. The note says what was asked."),
    GIVE_MISSING: N_("The customer has not approved {number} yet: something is missing. The note says what."),
    ASK_INSTRUMENT: N_("{number} over {amount} {currency} was due on {day}, and neither money nor a word has come."),
    REVIEW_OF_TERMS: N_(
        "It would be the third {tone} message within 90 days and a call is not possible: review the terms."
    ),
    # hard stop
    "handling_none": N_("This customer is not contacted: somebody decided so in the customer's handling."),
    "not_ours": N_("The claim was factored or sold: it is not ours to collect."),
    "time_barred": N_("The claim is time-barred: counsel decides, not the manual."),
    # held
    "customer_held": N_("The customer is on hold: {hold}."),
    "customer_held_until": N_("The customer is on hold until {until}: {hold}."),
    "item_held": N_("What is overdue is on hold: {hold}."),
    "item_held_until": N_("What is overdue is on hold until {until}: {hold}."),
    # nothing demanded
    "below_tolerance": N_("What is overdue is too little to ask for."),
    "nothing_open": N_("Nothing is open."),
    "nothing_overdue": N_("Nothing is overdue. The next invoice falls due on {due}."),
    # no step due
    "next_step": ngettext_lazy(
        "The invoice is {days} day late. The next step, “{step}”, comes on {on}.",
        "The invoice is {days} days late. The next step, “{step}”, comes on {on}.",
        "days",
    ),
    "ended": N_("Every step of the manual was taken and a decision was made."),
    "kept_open": N_("{name} kept it open on {day}, to be decided again: {said}"),
    "under_way": N_("What was planned on {day} has not ended: {state}."),
    "unknown": N_("It is not known whether the message of {day} arrived: somebody has to find out first."),
    "stale": N_("The creditor's data is too old for “{step}”: import invoices and payments first."),
    "needs_delivered": N_("“{step}” asks for {needed} delivered contacts before it; there were {delivered}."),
    # resting
    "minimum_gap": N_("The last contact was on {date}; the next one may follow on {again}."),
    "tone_rest": N_("The customer heard a {tone} message on {date}; the next one may follow on {again}."),
    "after_payment": N_("A large payment came in: nothing is asked for before {again}."),
    # no usable point
    "no_point": N_("“{step}” is due and there is no usable contact for it."),
    "not_set_up": N_("“{step}” is due and its channel is not set up: {channel}."),
    "no_approved_text": N_("“{step}” is due, and no text approved for WhatsApp says it: map one under Channels."),
    # capacity
    "capacity": N_("What can be done in a day is used up; where more is at stake goes first."),
}
_DATES = ("date", "due", "on", "day", "until")


def sentence(code: str, params: Mapping[str, str | int], money: Callable[[Decimal, str], str] | None = None) -> str:
    """A `Why` in words, such as "The invoice is 18 days late and the manual asks for the firm step from day 15 on."

    `money` writes an amount of a currency as the reader does; without it, as is usual in the language. A code that a former
    release stored and this one no longer knows is shown as it is.
    """
    if code == "party_status":
        return _(_STATUSES[str(params["status"])])
    if code == "conduct":
        return _conduct(params)
    if code in ("customer_held", "item_held") and "until" in params:
        code = f"{code}_until"
    if code not in _SENTENCES:
        return code
    text = _SENTENCES[code]
    filled = _filled(params, money or _money)
    said: str = (_(text) if isinstance(text, str) else text).format(**filled)
    if "unusable" in params:
        said += " " + _(_UNUSABLE[str(params["unusable"])]).format(**filled)
    if "passed" in params:
        said += " " + _("It does not go by WhatsApp: no text approved there says it.")
    if "prefers" in params:
        said += " " + _("Of the channels of the step the customer prefers this one: {prefers}.").format(**filled)
    if "prefers_from" in params:
        said += " " + _("They prefer to be reached between {prefers_from} and {prefers_until}.").format(**filled)
    return said


def _money(amount: Decimal, currency: str) -> str:
    decimals = minor_units(currency)
    return str(number_format(round_money(amount, currency), decimals, force_grouping=True))


def _filled(params: Mapping[str, str | int], money: Callable[[Decimal, str], str]) -> dict[str, object]:
    """The parameters as a reader sees them."""
    words: dict[str, object] = dict(params)
    for name, table in (
        ("tone", TONES),
        ("hold", _HOLDS),
        ("state", _STATES),
        ("channel", CHANNELS),
        ("prefers", CHANNELS),
    ):
        if params.get(name):
            words[name] = _(table[str(params[name])])
    for name in (*_DATES, "again"):
        if isinstance(params.get(name), str):
            words[name] = date_format(date.fromisoformat(str(params[name])), "DATE_FORMAT")
    if "amount" in params:
        words["amount"] = money(Decimal(str(params["amount"])), str(params["currency"]))
    return words


def _conduct(params: Mapping[str, str | int]) -> str:
    said = refusal(str(params["refusal"]), params, law=bool(params["law"]))
    if "again" not in params:
        return said
    again = datetime.fromisoformat(str(params["again"]))  # in the customer's time zone, and said so
    when = _("It is possible again from {date}, {time} where the customer is.")
    day, time = date_format(again, "DATE_FORMAT"), date_format(again, "TIME_FORMAT")
    return f"{said} {when.format(date=day, time=time)}"
