"""The rules themselves in people's words: what a pack or a policy asks, of whom, and how sure we are."""

from babel import Locale
from babel.lists import format_list
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from puntual.conduct.rules import (
    CHANNELS,
    Consent,
    DaysOff,
    Duty,
    ForbiddenChannel,
    Frequency,
    Hours,
    Limitation,
    OneChannel,
    Rule,
    Spacing,
    Span,
    group_of,
)
from puntual.conduct.windows import clock
from puntual.conduct.words import PLURALS, count, duty, duty_to_customer, on_weekday, period
from puntual.kernel.problems import N_

_CONDITIONS = {
    "consumer": N_("consumers"),
    "financial_creditor": N_("debts to a financial creditor"),
    "legal": N_("companies"),
    "natural": N_("natural persons"),
    "third_party_collector": N_("third parties that collect for others"),
}
_CONFIDENCES = {
    "V": N_("read in the text of the law"),
    "Q": N_("the law as quoted elsewhere"),
    "S": N_("secondary source"),
    "M": N_("good manners, no source"),
}
_INTERRUPTIONS = {
    "part_payment": N_("paying a part"),
    "acknowledgment": N_("acknowledging the debt"),
    "lawsuit": N_("a lawsuit"),
    "demand": N_("a demand that can be proved"),
    "protest": N_("a protest"),
}
_CLAIMS = {
    "ordinary": N_("A claim from a contract or invoice"),
    "executive": N_("A claim from an enforceable instrument"),
}


def rule_in_words(rule: Rule) -> str:
    """What a rule asks by the channels it is about, in the reader's language."""
    return _sentence(_asked(rule))


def with_channels(rule: Rule) -> str:
    """The same where its channels do not stand beside it: "Calls and visits: at most 2 contacts a week"."""
    return _named(rule, _asked(rule))


def promise(rule: Rule) -> str:
    """The same said to the customer it protects; "" for what is ours to keep and gives the customer nothing to know."""
    match rule.value:
        case Duty(code, params):
            return duty_to_customer(code, dict(params))
        case Hours(week) if any(week):
            return _named(rule, _("only {hours}, by the clock where you are").format(hours=_week(week)))
        case Consent():
            return _named(rule, _("only where you agreed to it"))
        case Frequency():
            return _named(rule, _often(rule.value))
        case Spacing():
            return _named(rule, _apart(rule.value))
        case OneChannel(days_):
            return _named(rule, _single(days_))
        case _:
            return with_channels(rule)


def _asked(rule: Rule) -> str:
    """What a rule asks, to be the sentence or the end of one; a duty is a sentence already."""
    match rule.value:
        case Hours(week):
            return (
                _("only {hours}, where the customer is").format(hours=_week(week))
                if any(week)
                else _("no contact at all")
            )
        case DaysOff(weekdays, holidays):
            days = [on_weekday(day) for day in sorted(weekdays)] + [_("on holidays")] * holidays
            return _("no contact {days}").format(days=_listed(days))
        case Frequency(per=per):
            return f"{_often(rule.value)}, {_per(per)}"
        case Spacing(per=per):
            return f"{_apart(rule.value)}, {_per(per)}"
        case OneChannel(days_, _full, per):
            return f"{_single(days_)}, {_per(per)}"
        case Consent():
            return _("only where the customer agreed to it")
        case ForbiddenChannel():
            return _("never")
        case Duty(code, params):
            return duty(code, dict(params))


def _often(limit: Frequency) -> str:
    times = count(limit.times, group_of(limit.counted))
    return _("at most {count} {period}").format(count=times, period=period(limit.days))


def _apart(limit: Spacing) -> str:
    text = _("at least {span} after a conversation") if limit.conversation else _("at least {span} between contacts")
    return text.format(span=_span(limit.days))


def _single(days: int) -> str:
    return _("a single channel within {span}").format(span=_span(days))


def _span(days: int) -> str:
    return ngettext("{n} day", "{n} days", days).format(n=days)


def _per(per: str) -> str:
    return _("over all debts together") if per == "party" else _("per debt")


def _named(rule: Rule, asked: str) -> str:
    """With the channels in front, where it is not about all of them; a duty names none."""
    channels = rule.channels | rule.also
    if isinstance(rule.value, Duty) or channels == CHANNELS:
        return _sentence(asked)
    return _sentence(f"{_listed([_(name) for code, name in PLURALS.items() if code in channels])}: {asked}")


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."


def whom(rule: Rule) -> str:
    """Whom the rule binds by law; nothing where it is no law."""
    if not rule.is_law:
        return ""
    if not rule.applies_to:
        return _("everybody")
    return _listed([_(_CONDITIONS[condition]) for condition in sorted(rule.applies_to)])


def confidence(code: str) -> str:
    """How sure we are of a rule: a code of `rules.CONFIDENCES` in words."""
    return _(_CONFIDENCES[code])


def limitation_in_words(one: Limitation) -> str:
    """Until when a claim can be enforced, and what starts the period anew."""
    years = ngettext("{n} year", "{n} years", one.years).format(n=one.years)
    facts = _listed([_(text) for kind, text in _INTERRUPTIONS.items() if kind in one.interrupted_by])
    text = _("{claim} can be enforced for {years} from its due date; {facts} start the period anew.")
    if one.once:
        text = _("{claim} can be enforced for {years} from its due date; {facts} start the period anew, only once.")
    return text.format(claim=_(_CLAIMS[one.claim]), years=years, facts=facts)


def _listed(parts: list[str]) -> str:
    return str(format_list(parts, locale=_locale()))


def _locale() -> Locale:
    return Locale.parse(get_language() or "en", sep="-")


def _week(week: tuple[tuple[Span, ...], ...]) -> str:
    """Monday to Friday 8:00–20:00; Saturday 9:00–13:00: days that follow each other with the same hours are written once."""
    names = _locale().days["format"]["wide"]
    pieces = []
    start = 0
    for day in range(1, 8):
        if day < 7 and week[day] == week[start]:
            continue
        if week[start]:
            days = _("{first} to {last}").format(first=names[start], last=names[day - 1])
            days = _("every day") if day - start == 7 else days if day - start > 1 else names[start]
            pieces.append(f"{days} {_listed([f'{clock(first)}–{clock(last)}' for first, last in week[start]])}")
        start = day
    return "; ".join(pieces)
