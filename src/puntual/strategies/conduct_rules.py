"""A conduct rule as a sentence of the manual: what it allows, and whom it protects. The reader's language is the active one."""

from collections.abc import Iterable, Sequence
from datetime import time

from babel import Locale
from babel.dates import format_time
from babel.lists import format_list
from django.utils.translation import get_language, gettext, ngettext

from puntual.conduct.rules import (
    CHANNELS,
    Consent,
    DaysOff,
    Duty,
    ForbiddenChannel,
    Frequency,
    Hours,
    OneChannel,
    Rule,
    Spacing,
    Span,
)
from puntual.conduct.words import duty
from puntual.kernel.problems import N_

_ORDER = ("call", "visit", "email", "whatsapp", "sms", "letter")
_PLURALS = {
    "call": N_("calls"),
    "visit": N_("visits"),
    "email": N_("e-mails"),
    "whatsapp": N_("WhatsApp messages"),
    "sms": N_("text messages"),
    "letter": N_("letters"),
}
_SCOPES = {
    "natural": N_("persons"),
    "legal": N_("companies"),
    "consumer": N_("consumers"),
    "financial_creditor": N_("claims of banks and lenders"),
    "third_party_collector": N_("collection for others"),
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


def sentence(rule: Rule, *, to_customer: bool = False) -> str:
    """What a rule asks for, such as "Calls and visits: Monday to Friday 07:00–20:00, where the customer is."."""
    value = rule.value
    who = _channels(rule.channels | rule.also)
    match value:
        case Duty():
            return duty(value.code, dict(value.params))
        case Hours():
            form = (
                gettext("{channels}: {hours}, by the clock where you are.")
                if to_customer
                else gettext("{channels}: {hours}, where the customer is.")
            )
            text = form.format(channels=who, hours=_week(value.week))
        case DaysOff():
            off = [_day_name(day, "wide") for day in sorted(value.weekdays)]
            if value.holidays:
                off.append(gettext("holidays"))
            text = gettext("{channels}: not on {days}.").format(channels=who, days=_listed(off))
        case Frequency():
            period = gettext("a week") if value.days == 7 else ngettext("a day", "in {n} days", value.days)
            text = gettext("{channels}: {n} at most {period}.").format(
                channels=who, n=value.times, period=period.format(n=value.days)
            )
            if value.counted - rule.channels - rule.also:
                text += " " + gettext("What counts: {counted}.").format(counted=_channels(value.counted, capital=False))
        case Spacing():
            days = ngettext("{n} day", "{n} days", value.days).format(n=value.days)
            form = (
                gettext("{channels}: at least {days} after a conversation.")
                if value.conversation
                else gettext("{channels}: at least {days} between one and the next.")
            )
            text = form.format(channels=who, days=days)
        case OneChannel():
            days = ngettext("{n} day", "{n} days", value.days).format(n=value.days)
            text = gettext("A single channel within {days}.").format(days=days)
        case Consent():
            form = (
                gettext("{channels}: only where you agreed to it.")
                if to_customer
                else gettext("{channels}: only where the customer agreed to it.")
            )
            text = form.format(channels=who)
        case ForbiddenChannel():
            text = gettext("{channels}: never.").format(channels=who)
    return text


def promise(rule: Rule) -> str:
    """The same said to the customer it protects; "" for what is ours to keep and gives the customer nothing to know."""
    if isinstance(rule.value, Duty):
        text = _PROMISES.get(rule.value.code)
        return gettext(text).format(**dict(rule.value.params)) if text else ""
    return sentence(rule, to_customer=True)


def scope(rule: Rule) -> str:
    """Whom the law protects by it: "consumers", "" for everybody."""
    return _listed([gettext(_SCOPES[name]) for name in sorted(rule.applies_to)])


def country_name(code: str) -> str:
    """Perú, for PE."""
    return str(_locale().territories.get(code, code))


def _locale() -> Locale:
    return Locale.parse((get_language() or "en").split("-")[0])


def _listed(names: Sequence[str]) -> str:
    return format_list(names, locale=_locale())


def _channels(channels: Iterable[str], *, capital: bool = True) -> str:
    chosen = [name for name in _ORDER if name in channels]
    text = gettext("contacts") if set(chosen) == CHANNELS else _listed([gettext(_PLURALS[name]) for name in chosen])
    return text[:1].upper() + text[1:] if capital else text


def _day_name(day: int, width: str) -> str:
    return str(_locale().days["format"][width][day])


def _week(week: Sequence[Sequence[Span]]) -> str:
    """lun.–vie. 07:00–20:00; sáb. 08:00–13:00."""
    runs: list[list[int]] = []
    for day, spans in enumerate(week):
        if not spans:
            continue
        if runs and runs[-1][-1] == day - 1 and tuple(week[runs[-1][0]]) == tuple(spans):
            runs[-1].append(day)
        else:
            runs.append([day])
    said = []
    for run in runs:
        names = _day_name(run[0], "wide")
        if len(run) == 7:
            names = gettext("every day")
        elif len(run) > 1:
            names = gettext("{first} to {last}").format(first=names, last=_day_name(run[-1], "wide"))
        hours = _listed([f"{_clock(start)}\N{EN DASH}{_clock(end)}" for start, end in week[run[0]]])
        said.append(f"{names} {hours}")
    return "; ".join(said) if said else gettext("never")


def _clock(minutes: int) -> str:
    at = time(minutes // 60 % 24, minutes % 60)
    return format_time(at, "short" if _locale().language == "en" else "H:mm", locale=_locale())
