"""What an alert says: its kind, what changed in one sentence, what came of it. In the reader's language."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from babel import Locale
from babel.numbers import format_decimal
from django.utils.translation import gettext, ngettext

from puntual.analytics.alerts.kinds import Kind, Outcome
from puntual.analytics.alerts.models import Alert
from puntual.kernel.problems import N_
from puntual.outreach import formats

KINDS: Final[Mapping[str, str]] = {
    Kind.LATER: N_("Later than usual"),
    Kind.MISSED: N_("First missed date"),
    Kind.GROWING: N_("Growing balance"),
    Kind.LIMIT: N_("Limit passed"),
    Kind.PARTS: N_("Payments in part"),
    Kind.SILENCE: N_("Silence"),
    Kind.DISPUTES: N_("Several disputes"),
    Kind.CREDITOR: N_("A creditor slips"),
    Kind.SECTOR: N_("A sector slips"),
    Kind.LIMITATION: N_("Limitation near"),
}
OUTCOMES: Final[Mapping[str, str]] = {
    Outcome.ACTED: N_("True, and acted on"),
    Outcome.TRUE_ALARM: N_("True alarm"),
    Outcome.FALSE_ALARM: N_("False alarm"),
    Outcome.OVERTAKEN: N_("Overtaken by a later alert"),
}


def kind_label(kind: str) -> str:
    """Más tarde de lo habitual, for "later". Raises KeyError."""
    return gettext(KINDS[kind])


def outcome_label(outcome: str) -> str:
    """Falsa alarma, for "false_alarm"; nothing for none. Raises KeyError."""
    return gettext(OUTCOMES[outcome]) if outcome else ""


def sentence(alert: Alert, locale: Locale) -> str:
    """What changed, with amounts and dates as `locale` writes them."""
    return _SAY[Kind(alert.kind)](alert.facts, locale)


def _money(facts: Mapping[str, Any], key: str, locale: Locale) -> str:
    return formats.money(Decimal(facts[key]), facts["currency"], locale)


def _day(facts: Mapping[str, Any], key: str, locale: Locale) -> str:
    return formats.short_date(date.fromisoformat(facts[key]), locale)


def _later(facts: Mapping[str, Any], locale: Locale) -> str:
    now = ngettext("Up to {n} day late", "Up to {n} days late", facts["now"]).format(n=facts["now"])
    if facts["usual"] <= 0:
        return gettext("{now}; as a rule it pays on time.").format(now=now)
    usual = ngettext("{n} day late", "{n} days late", facts["usual"]).format(n=facts["usual"])
    return gettext("{now}; as a rule it pays {usual}.").format(now=now, usual=usual)


def _missed(facts: Mapping[str, Any], locale: Locale) -> str:
    text = gettext("A punctual payer is {n} days late, after {times} weeks in a row on time.")
    return text.format(n=facts["now"], times=facts["on_time"])


def _growing(facts: Mapping[str, Any], locale: Locale) -> str:
    text = gettext("It owes {now}; as a rule it is {usual}.")
    said = text.format(now=_money(facts, "now", locale), usual=_money(facts, "usual", locale))
    if "larger" in facts:
        why = gettext("Its latest invoices are {times} times as large as before.")
    elif "oftener" in facts:
        why = gettext("It is billed {times} times as often as before.")
    else:
        return said
    times = format_decimal(facts.get("larger") or facts["oftener"], "#,##0.0", locale)
    return f"{said} {why.format(times=times)}"


def _limit(facts: Mapping[str, Any], locale: Locale) -> str:
    text = gettext("It owes {now}, and its limit is {limit}.")
    return text.format(now=_money(facts, "now", locale), limit=_money(facts, "limit", locale))


def _parts(facts: Mapping[str, Any], locale: Locale) -> str:
    text = gettext("It paid {parts} invoices only in part of late; of {settled} before, {before}.")
    return text.format(**facts)


def _silence(facts: Mapping[str, Any], locale: Locale) -> str:
    text = gettext("No answer and no payment since {day}, after {n} contacts.")
    return text.format(day=_day(facts, "since", locale), n=facts["contacts"])


def _disputes(facts: Mapping[str, Any], locale: Locale) -> str:
    text = gettext("{n} disputes within three months; in the {months} months before, {before}.")
    return text.format(n=facts["disputes"], months=facts["months"], before=facts["before"])


def _slipping(facts: Mapping[str, Any], locale: Locale) -> str:
    text = gettext("{late} of {customers} customers are more than 15 days late, {now} %; as a rule it is {usual} %.")
    said = text.format(**facts)
    return f"“{facts['tag']}”: {said}" if "tag" in facts else said


def _limitation(facts: Mapping[str, Any], locale: Locale) -> str:
    left = ngettext("{n} day is left", "{n} days are left", facts["days"]).format(n=facts["days"])
    text = gettext("{number}, {now}, can be enforced until {day}: {left}.")
    number, day = facts["number"], _day(facts, "last_day", locale)
    return text.format(number=number, now=_money(facts, "now", locale), day=day, left=left)


_SAY: Mapping[Kind, Callable[[Mapping[str, Any], Locale], str]] = {
    Kind.LATER: _later,
    Kind.MISSED: _missed,
    Kind.GROWING: _growing,
    Kind.LIMIT: _limit,
    Kind.PARTS: _parts,
    Kind.SILENCE: _silence,
    Kind.DISPUTES: _disputes,
    Kind.CREDITOR: _slipping,
    Kind.SECTOR: _slipping,
    Kind.LIMITATION: _limitation,
}
