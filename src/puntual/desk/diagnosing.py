"""What the record suggests of a customer, in the reader's words: the proposal, its evidence and the way the manual goes on."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from puntual.agreements.profiles.words import profile, reason
from puntual.analytics.diagnosis.proposing import Proposal, Signal
from puntual.analytics.diagnosis.queries import Diagnosis, diagnose
from puntual.desk import formats
from puntual.desk.forms.negotiation import BY_PROCEDURE
from puntual.desk.pages import DeskRequest
from puntual.parties.models import Customer
from puntual.strategies.scripts.queries import script_for

_SAID: dict[str, Callable[[int], str]] = {
    "promise_kept": lambda n: ngettext("kept {n} promise", "kept {n} promises", n),
    "promise_partly_kept": lambda n: ngettext("kept {n} promise in part", "kept {n} promises in part", n),
    "promise_broken": lambda n: ngettext("did not keep {n} promise", "did not keep {n} promises", n),
    "part_payment": lambda n: ngettext(
        "paid a part of what was late, {n} time", "paid a part of what was late, {n} times", n
    ),
    "part_of_plan_paid": lambda n: ngettext("paid {n} part of a plan", "paid {n} parts of a plan", n),
    "part_of_plan_missed": lambda n: ngettext("missed {n} part of a plan", "missed {n} parts of a plan", n),
    "plan_broken": lambda n: ngettext("{n} plan ended before it was paid", "{n} plans ended before they were paid", n),
    "asked_for_time": lambda n: ngettext("got more time, {n} time", "got more time, {n} times", n),
    "answered": lambda n: ngettext("answered {n} time", "answered {n} times", n),
    "silence": lambda n: ngettext(
        "{n} contact without a word or a payment", "{n} contacts without a word or a payment", n
    ),
    "newer_paid_first": lambda n: ngettext(
        "paid a newer invoice while older ones stayed open, {n} time",
        "paid newer invoices while older ones stayed open, {n} times",
        n,
    ),
    "instrument_returned": lambda n: ngettext(
        "{n} check, letra or debit came back", "{n} checks, letras or debits came back", n
    ),
    "used_to_pay_in_time": lambda n: _("used to pay in time"),
    "always_late": lambda n: _("usually pays late"),
    "insolvent": lambda n: _("is on record as insolvent"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """The part of the page: who it is, and what is suggested with its evidence ("" and nothing where nothing is)."""

    about: list[tuple[str, str]]
    suggestion: str
    situation: str
    evidence: list[tuple[Signal, str]]
    age: str
    goal: str


def shown(request: DeskRequest, customer: Customer) -> Shown:
    """The diagnosis of a customer today."""
    day = request.actor.today
    found = diagnose(customer, day)
    proposal = found.proposal
    if proposal is None:
        return Shown(_about(request, customer, found), "", "", [], "", "")
    age = proposal.age(day)
    situation = proposal.procedure or ""
    return Shown(
        about=_about(request, customer, found),
        suggestion="; ".join(filter(None, (profile(proposal.willing, proposal.able), reason(proposal.reason)))),
        situation=situation,
        evidence=[(one, said(one)) for one in proposal.signals],
        age="" if age is None else ngettext("{n} day old", "{n} days old", age).format(n=formats.number(age)),
        goal=script_for(request.organization.id, situation, request.LANGUAGE_CODE).goal if situation else "",
    )


def said(signal: Signal) -> str:
    """What happened: "did not keep 2 promises"."""
    return _SAID[signal.code](signal.times).format(n=formats.number(signal.times))


def proposed(request: DeskRequest, customer: Customer) -> dict[str, Any]:
    """What the form of a finding begins with where the proposal is taken up; nothing where there is none."""
    found = diagnose(customer, request.actor.today).proposal
    if found is None:
        return {}
    evidence = "; ".join(f"{said(one)} ({formats.long_date(one.on)})" for one in found.signals)
    return {**_answers(found), "reason": found.reason, "evidence": evidence}


def _answers(found: Proposal) -> dict[str, str]:
    if found.procedure:
        willing, able = BY_PROCEDURE[found.procedure]
        return {"willing": willing, "able": able}
    words = {True: "yes", False: "no", None: ""}
    return {"willing": words[found.willing], "able": words[found.able]}


def _about(request: DeskRequest, customer: Customer, found: Diagnosis) -> list[tuple[str, str]]:
    lines = [(_("Kind"), _("company") if found.company else _("natural person"))]
    if found.sector:
        lines.append((_("Sector and other marks"), ", ".join(found.sector)))
    if found.billed:
        billed = [f"{currency} {formats.money(amount, currency)}" for currency, amount in found.billed.items()]
        lines.append((_("Billed in a year"), formats.listed(billed)))
    if found.since:
        lines.append(
            (_("Relationship"), _("since {day}").format(day=formats.short_date(found.since, request.actor.today)))
        )
    return lines
