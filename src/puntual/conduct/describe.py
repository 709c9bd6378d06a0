"""The rules themselves in people's words: what a pack or a policy asks, of whom, and how sure we are."""

from babel import Locale
from babel.lists import format_list
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from puntual.conduct.rules import (
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
from puntual.conduct.words import count, duty, on_weekday, period
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
    """What a rule asks, in the reader's language."""
    match rule.value:
        case Hours(week):
            return _("Contact only {hours}.").format(hours=_week(week)) if any(week) else _("No contact at all.")
        case DaysOff(weekdays, holidays):
            days = [on_weekday(day) for day in sorted(weekdays)] + [_("on holidays")] * holidays
            return _("No contact {days}.").format(days=_listed(days))
        case Frequency(times, days_, _full, per, counted):
            often = _("At most {count} {period}").format(count=count(times, group_of(counted)), period=period(days_))
            return f"{often}, {_per(per)}."
        case Spacing(days_, _full, per, _counted, conversation):
            span = ngettext("{n} day", "{n} days", days_).format(n=days_)
            text = _("At least {span} after a conversation") if conversation else _("At least {span} between contacts")
            return f"{text.format(span=span)}, {_per(per)}."
        case OneChannel(days_, _full, per):
            span = ngettext("{n} day", "{n} days", days_).format(n=days_)
            return _("A single channel within {span}").format(span=span) + f", {_per(per)}."
        case Consent():
            return _("Only by channels that the customer authorized.")
        case ForbiddenChannel():
            return _("Never by this channel.")
        case Duty(code, params):
            return duty(code, dict(params))


def _per(per: str) -> str:
    return _("over all debts together") if per == "party" else _("per debt")


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
    """Mon–Fri 8:00–20:00, Sat 9:00–13:00: days that follow each other with the same hours are written once."""
    names = _locale().days["format"]["abbreviated"]
    pieces = []
    start = 0
    for day in range(1, 8):
        if day < 7 and week[day] == week[start]:
            continue
        if week[start]:
            days = names[start] if day - start == 1 else f"{names[start]}–{names[day - 1]}"
            pieces.append(f"{days} {', '.join(f'{clock(first)}–{clock(last)}' for first, last in week[start])}")
        start = day
    return "; ".join(pieces)
