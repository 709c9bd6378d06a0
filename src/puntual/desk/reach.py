"""How a customer can be reached at this moment: the conduct light of each channel, with its reason and the next hour."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from puntual.conduct.gate import Allowed, Answer, Refused, may_contact
from puntual.conduct.words import refusal
from puntual.daily.why import Explanation
from puntual.desk import formats, labels, words

ORDER = ("email", "whatsapp", "sms", "call", "letter", "visit", "meeting")


@dataclass(frozen=True, slots=True)
class Light:
    """One channel now: `verdict` is may, wait or no; `text` says it, `reason` why and when again."""

    channel: str
    verdict: str
    text: str
    reason: str


def lights(explanation: Explanation, now: datetime) -> list[Light]:
    """The channels that are set up, each with its light; none where nothing is open that comes due soon."""
    facts, rules = explanation.facts, explanation.rules
    if facts is None:
        return []
    found = []
    for channel in sorted(rules.channels, key=ORDER.index):
        name = pgettext("channels", "Calls") if channel == "call" else _(words.CHANNELS[channel])
        if channel not in facts.reachable:
            found.append(
                Light(channel, "no", _("{channel}: no").format(channel=name), _unusable(facts.unusable.get(channel)))
            )
            continue
        country = facts.subject.country
        answer = may_contact(
            rules.pack(country),
            facts.subject,
            channel,
            now,
            facts.history,
            rules.policy(country),
            authorized=channel in facts.authorized,
        )
        found.append(_light(channel, name, answer, now))
    return found


def _unusable(why: str | None) -> str:
    if why == "bounced":
        return labels.label("bounce", "hard")
    return labels.label("consent", "withdrawn") if why == "withdrawn" else _("No contact for it")


def _light(channel: str, name: str, answer: Answer, now: datetime) -> Light:
    if not isinstance(answer, Refused):
        return Light(channel, "may", _("{channel}: may be used").format(channel=name), until(answer))
    reason = refusal(answer.code, answer.params, law=answer.law)
    if answer.again_from is None:
        return Light(channel, "no", _("{channel}: no").format(channel=name), reason)
    again = _("Again {when}.").format(when=when(answer.again_from, now))
    return Light(channel, "wait", _("{channel}: not now").format(channel=name), f"{reason} {again}")


def until(answer: Allowed) -> str:
    """hasta las 20:00, todo el día: how long it stays so today."""
    midnight = answer.until.time() == time() and answer.until.date() > answer.not_before.date()
    return _("all day") if midnight else _("until {time}").format(time=formats.clock(answer.until))


def when(moment: datetime, now: datetime) -> str:
    """hoy a las 12:00, mañana a las 9:00, el 26 nov a las 8:00: in the time zone the moment is in."""
    clock, today = formats.clock(moment), now.astimezone(moment.tzinfo).date()
    if moment.date() == today:
        return _("today at {time}").format(time=clock)
    if moment.date() == today + timedelta(days=1):
        return _("tomorrow at {time}").format(time=clock)
    return _("on {date} at {time}").format(date=formats.short_date(moment.date(), today), time=clock)


def local_time(time_zone: str, now: datetime) -> str:
    """11:14 en Santiago."""
    there = now.astimezone(ZoneInfo(time_zone))
    return _("{time} in {city}").format(city=formats.city(time_zone), time=formats.clock(there))
