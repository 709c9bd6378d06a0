"""What came of an activity: the closed list of result codes, and of the reasons why one failed or was given up, in words."""

from dataclasses import dataclass

from django.utils.translation import gettext, pgettext

from puntual.kernel.problems import N_, Problem
from puntual.outreach.answers.outcomes import OUTCOMES

SPOKEN = frozenset({"call", "visit", "meeting"})
WRITTEN = frozenset({"letter", "whatsapp", "sms", "email"})
TASK = frozenset({"internal"})
_CALL, _VISIT, _MEETING = frozenset({"call"}), frozenset({"visit"}), frozenset({"meeting"})


@dataclass(frozen=True, slots=True)
class Result:
    """One way an activity on a person's list can end.

    `had` says that the customer has had the step: people spoke, or the letter went out. A code that begins with "reached" means a
    conversation, which some laws count apart. `hold` is the reason of the pause that suits what the customer said; `opens` what
    it brings instead: a promise, a dispute. `retires`: nobody of the customer's is to be found there, so the point is not used
    again. `again`: it is to be done anew at a moment that has to be named.
    """

    words: str
    channels: frozenset[str]
    had: bool = False
    hold: str = ""
    opens: str = ""
    retires: bool = False
    again: bool = False


RESULTS: dict[str, Result] = {
    "reached_promises": Result(N_("Promises to pay"), SPOKEN, had=True, opens="promise"),
    "reached_paid": Result(N_("Says it is paid"), SPOKEN, had=True, hold="payment_claimed"),
    "reached_asks_time": Result(N_("Asks for time"), SPOKEN, had=True, hold="person"),
    "reached_disputes": Result(N_("Disputes it"), SPOKEN, had=True, opens="dispute"),
    "reached_refuses": Result(N_("Does not want to pay"), SPOKEN, had=True),
    "reached_other": Result(N_("Spoke, nothing agreed"), SPOKEN, had=True),
    "reached_held": Result(N_("Held"), _MEETING, had=True),
    "reached_call_back": Result(N_("Call back at…"), _CALL, again=True),
    "moved": Result(N_("Moved to…"), _MEETING, again=True),
    "not_held": Result(N_("Nobody came"), _MEETING),
    "no_answer": Result(N_("No answer"), _CALL),
    "voicemail": Result(N_("Left a message on the voicemail"), _CALL),
    "busy": Result(N_("Busy"), _CALL),
    "not_there": Result(N_("Nobody there"), _VISIT),
    "left_envelope": Result(N_("Left a sealed envelope"), _VISIT, had=True),
    "left_message": Result(N_("Left a message with somebody"), _CALL | _VISIT),
    "wrong_number": Result(N_("Wrong number or person"), _CALL | {"whatsapp", "sms"}, retires=True),
    "wrong_address": Result(N_("Wrong address"), _VISIT | {"letter", "email"}, retires=True),
    "handed_over": Result(N_("Sent by hand"), WRITTEN, had=True),
    "task_done": Result(N_("Done"), TASK, had=True),
    "task_not_needed": Result(N_("Not needed"), TASK, had=True),
}
"""In the order in which they are offered."""

NOT_HAD = tuple(code for code, result in RESULTS.items() if not result.had)

REASONS: dict[str, str] = {
    # lapsed
    "not_approved": N_("Nobody approved it in time"),
    "settled": N_("What it asked for is no longer owed"),
    "needs_approval": N_("Somebody has to approve it first"),
    "held": N_("The customer or the invoices were paused"),
    "occasion_over": N_("What it was about is over"),
    "extended": N_("What it asked for is expected later now"),
    "another_contact": N_("Something else was said to the customer that day"),
    "stopped": N_("This customer may not be contacted any more"),
    "window_over": N_("The hours in which it could be sent were over"),
    "not_made": N_("The call was not made in time"),
    "taken_back": N_("The result it came from was taken back"),
    "no_point": N_("There is no address left to send it to"),
    "no_approved_text": N_("WhatsApp takes only approved texts now, and none stands for this one"),
    "conduct": N_("The rules of conduct did not allow it any more"),
    "went_live": N_("It belonged to the rehearsal"),
    # sent
    "rehearsed": N_("It stayed in the capture mailbox"),
    "bounced": N_("It came back undelivered"),
    # a letter that fell out of its batch
    "no_letterhead": N_("The creditor has no postal address for its letterhead"),
    # failed
    "no_sender": N_("The creditor has no address to write from"),
    "not_made_up": N_("The message could not be made"),
    "refused": N_("The recipient's mail server refused the address"),
    "rejected": N_("The mail server refused the message"),
    "put_off": N_("The mail server kept asking to try again later, until the time was over"),
    # queued again
    "unreachable": N_("It waits until the mail server can be reached"),
    "postponed": N_("The mail server asked to try again later"),
    "outside_hours": N_("It waits for the hours in which it may be sent"),
    # unknown
    "interrupted": N_("The sending was interrupted and may or may not have arrived"),
    # dropped
    "dropped": N_("A person decided against it"),
    "withdrawn": N_("Whoever noted it, or a manager, took it back"),
    # answered: what a person found an answer to say
    **{f"answer_{code}": outcome.words for code, outcome in OUTCOMES.items()},
}


def offered(channel: str) -> dict[str, str]:
    """The result codes a person may choose for an activity of this channel, each in the reader's words."""
    return {code: gettext(result.words) for code, result in RESULTS.items() if channel in result.channels}


def result_of(code: str, channel: str) -> Result:
    """The result of that code. Raises Problem where it does not exist or does not fit the channel."""
    result = RESULTS.get(code)
    if result is None or channel not in result.channels:
        raise Problem(
            N_("“{code}” is not a result of this kind of activity. Choose one of: {codes}."),
            code=code,
            codes=", ".join(offered(channel)),
        )
    return result


def said(code: str) -> str:
    """A result or reason in the reader's words; nothing for nothing."""
    if not code:
        return ""
    return gettext(RESULTS[code].words if code in RESULTS else REASONS[code])


def state(name: str) -> str:
    """Espera aprobación, for "proposed". Raises KeyError for a state that does not exist."""
    return {
        "proposed": pgettext("activity", "Waiting for approval"),
        "queued": pgettext("activity", "Queued"),
        "to_do": pgettext("activity", "To do"),
        "attempting": pgettext("activity", "Being sent"),
        "sent": pgettext("activity", "Sent"),
        "done": pgettext("activity", "Done"),
        "failed": pgettext("activity", "Failed"),
        "unknown": pgettext("activity", "Not known whether it arrived"),
        "dropped": pgettext("activity", "Dropped"),
        "lapsed": pgettext("activity", "Lapsed"),
    }[name]
