"""A manual's notices in words: what each is called, when it goes out, what holds for it. The reader's language is active."""

from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext

from puntual.kernel.problems import N_
from puntual.strategies.steps import Manual, Notice
from puntual.strategies.words import NOTICES

_AFTER = {
    "plan_missed": N_("when the grace of a part is over"),
    "plan_broken": N_("when a plan ends before it is paid"),
    "dispute_answered": N_("when what was objected to is decided"),
    "plan_agreed": N_("when a plan is accepted, with the agreement as a file"),
    "plan_completed": N_("when a plan is completed"),
    "thank_you": N_("when nothing is overdue any more after a reminder, or a promise is kept"),
    "reactivation": N_("when a plan was completed and nothing is overdue"),
}
"""On which occasion those come that follow it; their days come on top."""


def called(code: str) -> str:
    """What a notice is called: "Reminder of the agreed day", for "promise_reminder"."""
    return gettext(NOTICES[code]) if code in NOTICES else code


def when(notice: Notice) -> str:
    """1 business day before the promised day; when a plan is completed."""
    days = notice.days
    match notice.code:
        case "promise_reminder":
            text = ngettext(
                "{n} business day before the promised day", "{n} business days before the promised day", days
            )
        case "plan_due" if days == 0:
            return gettext("on the day of a plan's part")
        case "plan_due":
            text = ngettext("{n} day before the day of a plan's part", "{n} days before the day of a plan's part", days)
        case "approval_asked":
            text = ngettext(
                "{n} day before the due date, to who pays what somebody approved",
                "{n} days before the due date, to who pays what somebody approved",
                days,
            )
        case "recognition":
            text = ngettext(
                "in the first days of a month, to who paid everything as agreed for {months} month",
                "in the first days of a month, to who paid everything as agreed for {months} months",
                notice.months,
            )
        case "advice":
            text = ngettext(
                "{n} day before the next due date, to who asked for advice and paid late at times",
                "{n} days before the next due date, to who asked for advice and paid late at times",
                days,
            )
        case code if code in _AFTER and days == 0:
            return gettext(_AFTER[code])
        case code if code in _AFTER:
            text = ngettext("{what}, {n} day later", "{what}, {n} days later", days)
        case _:
            return notice.code
    what = gettext(_AFTER[notice.code]) if notice.code in _AFTER else ""
    return text.format(n=number_format(days), months=number_format(notice.months), what=what)


def conditions(notice: Notice, manual: Manual) -> list[str]:
    """What holds for it besides: sentences for the team."""
    said: list[str] = []
    if offer := manual.offer(notice.offer) if notice.offer else None:
        said.append(gettext("With it goes: {offer}.").format(offer=offer.name))
    if notice.rest_days:
        text = ngettext("Not again within {n} day.", "Not again within {n} days.", notice.rest_days)
        said.append(text.format(n=number_format(notice.rest_days)))
    said.append(
        gettext("A person approves it first.") if notice.approval == "approve" else gettext("It leaves by itself.")
    )
    return said
