"""What was noticed in a talk, as sentences that say why: the same rules the manual has. The reader's language is active."""

from collections.abc import Mapping

from django.utils.translation import gettext, pgettext_lazy

from puntual.kernel.problems import N_

DIMENSIONS: Mapping[str, object] = {
    "outcome": pgettext_lazy("practice", "Outcome"),
    "respect": pgettext_lazy("practice", "Respect"),
    "conduct": pgettext_lazy("practice", "Conduct"),
    "listening": pgettext_lazy("practice", "Listening"),
}
_MARKS: Mapping[str, str] = {
    "named": N_("You said who calls, for whom and about what, and asked whether it suits."),
    "nameless": N_(
        "Say first who calls and for whom: nobody talks about money with a stranger, and the rules ask for it."
    ),
    "eased": N_("A kind word where there was reason for one: it opens what a question does not."),
    "by_rote": N_("Said a third time, a kind word sounds learned by heart. Go on to what is possible."),
    "repeated": N_("You repeated what you understood: whoever was heard talks on."),
    "nothing_to_repeat": N_("There was nothing to repeat yet: ask first."),
    "asked_received": N_("Asking whether the invoice is there and in order clears up half of all cases."),
    "asked_openly": N_("A good question too early: with a little more trust it is answered."),
    "learned_reason": N_("You know the reason now, and with it which procedure of the manual is the right one."),
    "asked_why": N_("In your country the law does not let you ask why it was not paid. Ask what would help."),
    "asked_twice": N_("It had been answered already. Write down what they say, and use it."),
    "asked_what_is_possible": N_("Right to ask what is possible before proposing; the answer takes trust."),
    "learned_capacity": N_("You let them propose first: an amount and a day of their own are kept more often."),
    "asked_who": N_("You asked who approves and what is missing: there the payment was stuck."),
    "made_it_easy": N_("The document and the account at hand: one obstacle less."),
    "took_claim": N_("You opened the claim: what is disputed is not asked for, and the rest can be agreed."),
    "no_claim_there": N_("Nobody disputed anything. Listen once more for what it is."),
    "claim_unheard": N_("Open the claim before you ask for a day: what is disputed is not chased."),
    "proposed_early": N_("You proposed before you knew what is possible. Ask how much and when, and let them begin."),
    "beyond": N_(
        "Nobody granted you that. What the manual allows is the same for everyone in the same situation; more than that is"
        " asked for, and somebody else decides."
    ),
    "committed": N_("An amount and a day: without both there is no promise."),
    "summarized": N_("You summed it up and send it in writing: both know what was agreed."),
    "pressed": N_("Pressure brings a yes that is not kept. Say what happens next, and when."),
    "argued": N_("Do not argue or convince: listen, repeat and thank."),
    "shamed": N_("That shames. State the fact, and leave a way out."),
    "others": N_("The matter is never taken to others: not to the family, the boss, neighbors or customers."),
    "threatened": N_("That threatens. Say the next step of the manual as it is, without adornment or warning."),
}
_ENDS: Mapping[str, str] = {
    "deal": N_("An agreement"),
    "callback": N_("To be called again"),
    "claim": N_("A claim, and nothing else"),
    "nothing": N_("Nothing agreed"),
    "hung_up": N_("They hung up"),
}


def mark(code: str) -> str:
    """The sentence for something that was noticed."""
    return gettext(_MARKS[code])


def ending(code: str) -> str:
    """How a talk ended, in two or three words."""
    return gettext(_ENDS[code])


def dimension(code: str) -> str:
    """What a score is called."""
    return str(DIMENSIONS[code])
