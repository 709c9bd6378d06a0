"""What the gate's answers and a pack's duties say in people's words: the reader's language is the active one."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from puntual.kernel.calendars import OWN_DAY_OFF
from puntual.kernel.problems import N_

_LAWS = {
    "AR": N_("Argentine law"),
    "BR": N_("Brazilian law"),
    "CL": N_("Chilean law"),
    "CO": N_("Colombian law"),
    "DO": N_("Dominican law"),
    "EC": N_("Ecuadorian law"),
    "ES": N_("Spanish law"),
    "MX": N_("Mexican law"),
    "PE": N_("Peruvian law"),
    "US": N_("United States law"),
}
_POLICY = N_("Your policy")
_ACTS = {
    "call": N_("calling"),
    "visit": N_("visiting"),
    "email": N_("writing by e-mail"),
    "whatsapp": N_("writing by WhatsApp"),
    "sms": N_("sending an SMS"),
    "letter": N_("sending a letter"),
}
PLURALS = {
    "call": N_("calls"),
    "visit": N_("visits"),
    "email": N_("e-mails"),
    "whatsapp": N_("WhatsApp messages"),
    "sms": N_("text messages"),
    "letter": N_("letters"),
}
_WEEKDAYS = (
    N_("on Mondays"),
    N_("on Tuesdays"),
    N_("on Wednesdays"),
    N_("on Thursdays"),
    N_("on Fridays"),
    N_("on Saturdays"),
    N_("on Sundays"),
)
_REFUSALS = {
    "before_hours": N_("{who} does not allow {act} before {from}"),
    "after_hours": N_("{who} does not allow {act} after {until}"),
    "preferred_before_hours": N_("The customer prefers to be reached from {from} on"),
    "preferred_after_hours": N_("The customer prefers to be reached before {until}"),
    "weekday": N_("{who} does not allow {act} {weekday}"),
    "holiday": N_("{who} does not allow {act} on holidays, and that day is {holiday}"),
    "own_day_off": N_("{who} does not allow {act} on the days off of the calendar"),
    "frequency": N_("{who} allows {count} {period} at most"),
    "spacing": N_("{who} asks for {span} between one contact and the next"),
    "after_conversation": N_("{who} asks for {span} after a conversation before {act} again"),
    "one_channel": N_("{who} allows a single channel within {span}, and another one was used"),
    "not_authorized": N_("{who} does not allow {act} until the customer authorizes it"),
    "forbidden_channel": N_("{who} does not allow {act}"),
    "day_over": N_("That day is already over where the customer is"),
}
_DUTIES = {
    "agreements_in_writing": N_("Put every agreement in writing."),
    "bureau_listing": N_(
        "List with a credit bureau only debts that are certain, due, undisputed and announced, {years} years at most."
    ),
    "cease_on_request": N_("Stop when the customer asks for it or is represented by a lawyer."),
    "charges_after_days": N_("Collection charges only from {days} days in arrears on."),
    "charges_capped": N_(
        "Collection charges at most {first} % up to {first_uf} UF, {second} % of what is above up to {second_uf} UF,"
        " {third} % of the rest; without the free notice the cap is 0.2 UF lower."
    ),
    "debtor_only": N_("Speak of the debt only with the customer or a guarantor: no references, no third parties."),
    "free_notice": N_("Send a free notice within {days} days of each due date."),
    "identifiable_number": N_("Use a number the customer can see and recognize."),
    "identify_creditor": N_("Say who writes or calls and for which creditor."),
    "identify_document": N_("Every document shows the creditor's name, address and tax number."),
    "keep_log": N_("Keep the record of contacts for {years} years."),
    "no_amount_in_preview": N_("No amount or debt where others can read it: subject, preview, voicemail, postcard."),
    "no_minors_or_elderly": N_("No contact with minors or elderly people about somebody else's debt."),
    "no_payment_to_agency": N_("The customer pays the creditor; an agency takes no money."),
    "no_pseudo_judicial": N_("Nothing that looks like a court document."),
    "no_question_why": N_("Do not ask why it was not paid; offering alternatives is fine."),
    "no_shaming": N_("No threat, no ridicule, nothing made public."),
    "no_workplace_if_barred": N_("No calls to the workplace once the customer asks for it."),
    "opt_out": N_("Offer a plain way to opt out of these messages."),
    "validation_notice": N_("Send the validation notice within {days} days of the first contact."),
}
_PROMISES = {
    "agreements_in_writing": N_("What we agree with you, we put in writing."),
    "cease_on_request": N_("If you ask us to stop, or a lawyer represents you, we stop."),
    "charges_after_days": N_("We charge nothing for collecting before {days} days in arrears."),
    "debtor_only": N_("We speak of what is pending with you or your guarantor only, and with nobody else."),
    "free_notice": N_("You get a free notice within {days} days of each due date."),
    "identifiable_number": N_("We call from a number you can see and recognize."),
    "identify_creditor": N_("We say who writes or calls, and for whom."),
    "no_amount_in_preview": N_("No amount stands where others could read it."),
    "no_minors_or_elderly": N_("We do not speak with children or elderly relatives about it."),
    "no_payment_to_agency": N_("You pay the creditor itself, and nobody who collects."),
    "no_pseudo_judicial": N_("Nothing we send looks like a paper of a court."),
    "no_question_why": N_("We do not ask you why it was not paid; we look for a way with you."),
    "no_shaming": N_("We never threaten, never ridicule, and make nothing public."),
    "no_workplace_if_barred": N_("If you ask for it, we do not call you at work."),
    "opt_out": N_("Each message says how not to receive it any more."),
    "validation_notice": N_(
        "Within {days} days of our first contact you get what is owed in detail, and how to object."
    ),
}


def refusal(code: str, params: Mapping[str, str | int], *, law: bool) -> str:
    """The sentence of a `gate.Refused`, such as "Peruvian law does not allow calling after 20:00 (Ley 29571, art. 62)."

    What is not the law for this customer reads "Your policy" and names no article.
    """
    if code == "holiday" and params["holiday"] == OWN_DAY_OFF:
        code = "own_day_off"
    words = {
        **params,
        "who": _(_LAWS[str(params["country"])] if law else _POLICY),
        "act": _(_ACTS[str(params["channel"])]),
    }
    if "days" in params:
        days = int(params["days"])
        words["span"] = ngettext("{n} day", "{n} days", days).format(n=days)
        words["period"] = period(days)
    if "weekday" in params:
        words["weekday"] = _(_WEEKDAYS[int(params["weekday"])])
    if "times" in params:
        words["count"] = count(int(params["times"]), str(params["group"]))
    sentence = _(_REFUSALS[code]).format(**words)
    return f"{sentence} ({params['article']})." if law else f"{sentence}."


def duty(code: str, params: Mapping[str, int]) -> str:
    """The sentence of a `gate.Requirement`."""
    return _(_DUTIES[code]).format(**params)


def duty_to_customer(code: str, params: Mapping[str, int]) -> str:
    """What a duty means to the customer it protects; "" for what is ours to keep and gives the customer nothing to know."""
    return _(_PROMISES[code]).format(**params) if code in _PROMISES else ""


def on_weekday(day: int) -> str:
    """On Mondays, for 0."""
    return _(_WEEKDAYS[day])


def period(days: int) -> str:
    """A day, a week, in 30 days: what a frequency is counted over."""
    if days == 1:
        return pgettext("how often", "a day")
    if days == 7:
        return pgettext("how often", "a week")
    return pgettext("how often", "in {n} days").format(n=days)


def count(times: int, what: str) -> str:
    """2 calls, for 2 and a word of `rules.group_of`."""
    match what:
        case "call":
            text = ngettext("{n} call", "{n} calls", times)
        case "visit":
            text = ngettext("{n} visit", "{n} visits", times)
        case "call_or_visit":
            text = ngettext("{n} call or visit", "{n} calls or visits", times)
        case "message":
            text = ngettext("{n} message", "{n} messages", times)
        case _:
            text = ngettext("{n} contact", "{n} contacts", times)
    return text.format(n=times)
