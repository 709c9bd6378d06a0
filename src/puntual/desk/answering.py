"""One answer as the desk shows it: whose, what it says, what it seems to say, and what may come of it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from puntual.audit.actions import Actor
from puntual.desk import formats
from puntual.desk.fields import DayField
from puntual.desk.forms.disputes import ObjectionFields
from puntual.desk.forms.promises import Promisable, WordFields
from puntual.desk.promising import promisable
from puntual.desk.standing import coded
from puntual.kernel.problems import N_
from puntual.organizations.models import Organization, User
from puntual.outreach.answers.models import Answer
from puntual.outreach.answers.outcomes import OUTCOMES, said
from puntual.outreach.answers.queries import answered, candidates
from puntual.outreach.models import Activity
from puntual.outreach.surroundings import calendar_of
from puntual.parties.models import Customer

KINDS = {
    "bounce": N_("Came back"),
    "complaint": N_("Complaint"),
    "auto_reply": N_("Automatic reply"),
    "reply": N_("Answer"),
    "other": N_("Other"),
}
ICONS = {"bounce": "mail-off", "complaint": "ban", "auto_reply": "clock-pause", "reply": "message", "other": "mail"}
_DAYS_TO_CHECK = 5
"""Working days to find a payment that somebody says was made: banks settle within three."""
_PROGRAMS = frozenset(
    {
        "apk", "app", "bat", "cmd", "com", "cpl", "dll", "exe", "hta", "htm", "html", "iso", "jar", "js", "jse", "lnk", "msi",
        "ps1", "reg", "scr", "sh", "svg", "url", "vbe", "vbs", "wsf", "xhtml", "xll",
    }
)  # fmt: skip
"""Ends of names of files that do something when they are opened."""


class OutcomeForm(WordFields, ObjectionFields):
    """What came of an answer; `until` for outcomes that pause, of one invoice or of everything."""

    outcome = forms.ChoiceField(widget=forms.RadioSelect)
    until = DayField(required=False)
    invoice = forms.ChoiceField(required=False)
    note = forms.CharField(required=False, max_length=2000)
    successor_name = forms.CharField(required=False, max_length=150)
    successor_address = forms.EmailField(required=False, max_length=254)

    def __init__(self, *arguments: Any, theirs: Promisable | None = None, whose: bool = True, **options: Any):
        super().__init__(*arguments, **options)
        theirs = theirs or Promisable()
        self.offer(theirs.invoices)
        self.offer_promise(theirs)
        self.promising = frozenset(code for code, outcome in OUTCOMES.items() if outcome.opens == "promise")
        self.disputing = frozenset(code for code, outcome in OUTCOMES.items() if outcome.opens == "dispute")
        self.pausing = frozenset(code for code, outcome in OUTCOMES.items() if outcome.hold)
        codes = OUTCOMES if whose else ("no_action",)
        self.fields["outcome"].choices = [(code, said(code)) for code in codes]  # type: ignore[attr-defined]
        everything = ("", str(_("The whole customer")))
        self.fields["invoice"].choices = [everything, *theirs.invoices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("outcome") not in self.pausing:
            given["until"], given["invoice"] = None, ""
        if given.get("outcome") in self.promising:
            self.need_a_day()
        if given.get("outcome") != "wrong_person":
            given["successor_name"] = given["successor_address"] = ""
        return given


class FindForm(forms.Form):
    """Whose an answer is, by name or code."""

    q = forms.CharField(label=gettext_lazy("Customer"), max_length=100, required=False)


@dataclass(frozen=True, slots=True)
class Shown:
    """A suggestion in words, with its quote."""

    outcome: str
    title: str
    facts: str
    quote: str


@dataclass(frozen=True, slots=True)
class File:
    """A file that came along, by its place; `warns` where opening it does something, `whole` where it can be taken from here."""

    number: int
    name: str
    kind: str
    size: int
    warns: bool
    whole: bool


@dataclass(frozen=True, slots=True)
class AnswerPane:
    """An answer with what stands beside it."""

    answer: Answer
    kind: str
    suggestions: list[Shown]
    answers: Activity | None
    candidates: list[Customer]
    assigned_to: str
    consequence: str
    outcome: str
    files: list[File]


def pane(answer: Answer) -> AnswerPane:
    """What the desk shows of an answer."""
    assigned = User.objects.filter(pk=answer.assigned_to).first() if answer.assigned_to else None
    return AnswerPane(
        answer,
        _(KINDS[answer.kind]),
        [_shown(one) for one in answer.suggestions],
        answered(answer),
        candidates(answer),
        str(assigned or ""),
        _consequence(answer),
        said(answer.outcome),
        [
            File(number, one["name"], one["kind"], one["size"], _is_program(one["name"]), answer.channel == "email")
            for number, one in enumerate(answer.attachments)
        ],
    )


def _is_program(name: str) -> bool:
    return name.lower().rstrip(". ").rpartition(".")[2] in _PROGRAMS


def outcome_form(organization: Organization, by: Actor, answer: Answer, chosen: str, data: Any = None) -> OutcomeForm:
    """The form, filled with what `chosen` suggests, else with the first suggestion."""
    of_customer = answer.customer_id is not None
    codes = [one["outcome"] for one in answer.suggestions]
    outcome = chosen if chosen in OUTCOMES else next(iter(codes), "")
    left: dict[str, str] = next((one for one in answer.suggestions if one["outcome"] == "wrong_person"), {})
    initial = {
        "outcome": outcome,
        "until": _until(organization, by, answer, outcome),
        "successor_name": left.get("name", ""),
        "successor_address": left.get("address", ""),
        **_word(by, answer),
    }
    return OutcomeForm(
        data, theirs=promisable(by, answer.customer_id), whose=of_customer, initial=initial if of_customer else {}
    )


def _until(organization: Organization, by: Actor, answer: Answer, outcome: str) -> date | None:
    """The day a suggestion brings along, if it is still to come; some days to look for a payment."""
    if outcome == "paid":
        calendar = calendar_of(organization.id, organization.country)
        return calendar.add_business_days(by.today, _DAYS_TO_CHECK)
    told = next((one.get("day") for one in answer.suggestions if one["outcome"] == outcome), None)
    return _to_come(by, told)


def _word(by: Actor, answer: Answer) -> dict[str, Any]:
    """What they seem to promise: the day, if it is still to come, and how much."""
    found: dict[str, str] = next((one for one in answer.suggestions if one["outcome"] == "promises"), {})
    currency = found.get("currency", "")
    amount = formats.money(Decimal(found["amount"]), currency) if currency and found.get("amount") else ""
    return {
        "promise_day": _to_come(by, found.get("day")),
        "promise_amount": amount,
        "promise_currency": currency,
        "promise_by": answer.sender_name,
    }


def _to_come(by: Actor, told: str | None) -> date | None:
    day = date.fromisoformat(told) if told else None
    return day if day and day >= by.today else None


def _shown(one: dict[str, str]) -> Shown:
    facts = []
    if day := one.get("day"):
        facts.append(formats.long_date(date.fromisoformat(day)))
    if amount := one.get("amount"):
        currency = one.get("currency", "")
        facts.append(coded(Decimal(amount), currency) if currency else formats.written(Decimal(amount)))
    if operation := one.get("operation"):
        facts.append(_("operation {number}").format(number=operation))
    facts += [one[name] for name in ("name", "address") if one.get(name)]
    return Shown(one["outcome"], said(one["outcome"]), ", ".join(facts), one["quote"])


def _consequence(answer: Answer) -> str:
    """What the program did by itself when this came."""
    match answer.kind, answer.hard:
        case "bounce", True:
            text = _("The address does not exist. It is not used any more, and what was said there counts as not said.")
        case "bounce", False:
            text = _("The address takes no messages for now. It is counted, and the step counts as not said.")
        case "bounce", _:
            text = _("It came back for a reason that says nothing about the address. The step counts as not said.")
        case "complaint", _:
            text = _("Nobody is written to there any more.")
        case "reply", _ if answer.state == Answer.State.NOTED and answer.outcome == "opt_out":
            return _("They asked for silence, so nothing is sent there any more. A task asks for another way.")
        case "auto_reply", _ if answer.until:
            text = _("Away until {day}.").format(day=formats.long_date(answer.until))
        case _:
            return ""
    known = answer.customer_id is not None or answer.kind == "complaint"
    return text if known or answer.kind == "auto_reply" else _("It is about no message of ours, so nothing followed.")
