"""The report of conduct in words: what each rule did, what each message owed; and as a document for an auditor or a board."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from babel import Locale
from babel.dates import format_date, format_time
from babel.numbers import format_decimal
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from puntual.analytics.conduct import Made, Summary
from puntual.conduct.describe import rule_in_words
from puntual.conduct.rules import Rule

Known = Mapping[str, tuple[str, Rule]]
"""Every rule by its id, with the country of its pack ("" for none)."""
_LISTED = 200
"""Contacts against a rule that are printed; the files have them all."""


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule in the period."""

    text: str
    country: str
    article: str
    law: bool
    checked: int
    broken: int
    refused: int


def rule_lines(found: Summary, known: Known, locale: Locale) -> list[RuleLine]:
    """What became of each rule, in words, by the rules' ids."""
    lines = []
    for rule_id, tally in sorted(found.rules.items()):
        if rule_id not in known:
            continue
        country, rule = known[rule_id]
        lines.append(
            RuleLine(
                text=rule_in_words(rule),
                country=str(locale.territories.get(country, country)) if country else _("elsewhere"),
                article=rule.article,
                law=tally.law > 0,
                checked=tally.checked,
                broken=tally.broken,
                refused=tally.refused,
            )
        )
    return lines


def duties_told(found: Summary, known: Known) -> list[tuple[str, int, int]]:
    """Each duty in words, how often it was fulfilled and how often owed; countries that ask the same are counted together."""
    counted: dict[str, list[int]] = {}
    for rule_id, (yes, owed) in sorted(found.duties.items()):
        sums = counted.setdefault(rule_in_words(known[rule_id][1]), [0, 0])
        sums[0] += yes
        sums[1] += owed
    return [(text, yes, owed) for text, (yes, owed) in counted.items()]


def paper(
    known: Known, period: tuple[date, date], made: Callable[[], Iterator[Made]]
) -> Callable[[Mapping[str, Any], Locale], dict[str, Any]]:
    """Everything the document says of the report's facts, in a reader's language. `made` reads the contacts, where some of them
    broke a rule.
    """

    def values(facts: Mapping[str, Any], locale: Locale) -> dict[str, Any]:
        found = Summary.of(facts)

        def number(value: int) -> str:
            return str(format_decimal(value, "#,##0", locale))

        since, through = (format_date(day, "long", locale) for day in period)
        lines = sorted(rule_lines(found, known, locale), key=lambda one: (-one.broken, -one.refused, -one.checked))
        said = ngettext("{n} contact, {broken} against a rule", "{n} contacts, {broken} against a rule", found.contacts)
        return {
            "language": locale.language,
            "title": _("Conduct"),
            "says": said.format(n=number(found.contacts), broken=number(found.broken)),
            "dated": f"{since} – {through}",
            "basis": _(
                "Each contact is judged again: by the law as it is known today, by your own rules of its day, and by what came"
                " before it with the same person or company."
            ),
            "page": _("Page"),
            "of": _("of"),
            "rules": {
                "title": _("Rule by rule"),
                "heads": [_("Rule"), _("Country"), _("Where it stands"), _("Checked"), _("Broken"), _("Kept back")],
                "rows": [
                    [
                        one.text,
                        one.country,
                        one.article if one.law else _("your policy"),
                        number(one.checked),
                        number(one.broken),
                        number(one.refused),
                    ]
                    for one in lines
                ],
                "note": _("Kept back: how often the rule stopped a contact from being planned or sent."),
            },
            "duties": {
                "title": _("What each message owed"),
                "rows": [
                    [text, _("{yes} of {asked}").format(yes=number(yes), asked=number(owed))]
                    for text, yes, owed in duties_told(found, known)
                ],
            },
            "against": {
                "title": _("Against a rule"),
                "none": _("No contact of this period broke a rule."),
                "rows": [_against(one, known, locale) for one in islice(_broken(made()), _LISTED)]
                if found.broken
                else [],
            },
        }

    return values


def _broken(made: Iterator[Made]) -> Iterator[Made]:
    return (one for one in made if one.broken)


def _against(one: Made, known: Known, locale: Locale) -> list[str]:
    rules = " ".join(rule_in_words(known[check.rule.id][1]) for check in one.broken if check.rule.id in known)
    return [_moment(one.at, locale), f"{one.code} {one.name}", one.channel, rules]


def _moment(at: datetime, locale: Locale) -> str:
    return f"{format_date(at, 'medium', locale)}, {format_time(at, 'short', locale=locale)}"
