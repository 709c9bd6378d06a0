"""A manual as a document to hand out: for the team in full, for customers without the inner limits.

One content serves the page and the PDF: plain values, all in one language.
"""

import re
from datetime import datetime
from importlib import resources
from typing import Any, Literal, TypeAlias
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext, override

from puntual.conduct.describe import promise, whom, with_channels
from puntual.conduct.packs import pack_for
from puntual.conduct.policies import policy_for
from puntual.conduct.queries import policies_of
from puntual.conduct.rules import Rule
from puntual.kernel import documents
from puntual.organizations.models import Organization
from puntual.strategies import notice_wording, wording
from puntual.strategies.facts import TONES
from puntual.strategies.later import manual_of
from puntual.strategies.manual import LANGUAGES, Manual, Notice, Step
from puntual.strategies.models import Version
from puntual.strategies.negotiation import SITUATIONS, Question
from puntual.strategies.own_texts import countries_of, find, in_force
from puntual.strategies.scripts.queries import script_for
from puntual.strategies.scripts.words import situation_name
from puntual.strategies.segment_queries import kept_segments
from puntual.strategies.texts import places
from puntual.strategies.variables import VARIABLES
from puntual.strategies.words import CHANNELS
from puntual.strategies.words import TONES as TONE_NAMES

Audience: TypeAlias = Literal["team", "customers"]
AUDIENCES: tuple[Audience, ...] = ("team", "customers")
_PLACE = re.compile(r"\{(\w+)\}")


def pdf(organization: Organization, version: Version, audience: Audience, language: str, now: datetime) -> bytes:
    """The PDF of `document`. Raises Problem where it cannot be set."""
    layout = resources.files("puntual.strategies").joinpath("document.typ").read_bytes()
    return documents.pdf(layout, document(organization, version, audience, language), now)


def document(organization: Organization, version: Version, audience: Audience, language: str) -> dict[str, Any]:
    """Everything the document says, in a language of `LANGUAGES`; runs inside `acting_for`.

    Names and policies are in the manual's own language; the texts of messages and all the rest in the one asked for.
    """
    if language not in LANGUAGES:
        language = "en"
    manual = manual_of(version)
    with override(language):
        made = _Making(organization, manual, audience, language)
        return {
            "language": language,
            "audience": audience,
            "organization": organization.name,
            "title": gettext("Collections manual") if made.team else gettext("How we collect"),
            "name": manual.name,
            "dated": made.dated(version),
            "intro": made.intro(),
            "page": gettext("Page"),
            "of": gettext("of"),
            "contents": gettext("Contents"),
            "sections": [section for section in made.sections() if section["blocks"]],
        }


class _Making:
    """The parts of one document. A block is text, a step, an offer, a text to say, or a list with a heading."""

    def __init__(self, organization: Organization, manual: Manual, audience: Audience, language: str) -> None:
        self.organization = organization
        self.manual = manual
        self.language = language
        self.team = audience == "team"
        self.names = {one.code: one.name for one in kept_segments(organization.id)}

    def dated(self, version: Version) -> str:
        since = (version.activated_at or version.created_at).astimezone(ZoneInfo(self.organization.time_zone))
        day = format_date(since.date(), "long", self.language)
        number = number_format(version.number)
        if version.state == Version.State.ACTIVE:
            return gettext("Version {number}, in force since {day}").format(number=number, day=day)
        if version.state == Version.State.DRAFT:
            return gettext("Draft of version {number}, not in force").format(number=number)
        return gettext("Version {number}, no longer in force").format(number=number)

    def intro(self) -> str:
        if self.team:
            return gettext(
                "How we collect what is owed to us: the same conditions for the same situation, the right words, and"
                " pressure that rises step by step. Whoever speaks with a customer acts by this manual."
            )
        return gettext(
            "What you can expect from us when an invoice falls due, what we can offer you when you need time, and how we treat"
            " you. If anything in it was not kept, tell us."
        )

    def sections(self) -> list[dict[str, Any]]:
        found = [
            self._section(gettext("Our policies"), "", self._policies()),
            self._section(gettext("The steps") if self.team else gettext("What happens, and when"), "", self._steps()),
        ]
        if self.team:
            found.append(self._section(gettext("How the steps follow each other"), "", self._pacing()))
        beside = gettext("Messages beside the steps") if self.team else gettext("What else we write to you about")
        found.append(self._section(beside, self._notices_intro(), self._notices()))
        offers = gettext("What may be offered, and who may grant it") if self.team else gettext("If you need time")
        same = gettext(
            "The same for everyone in the same situation. Whatever goes beyond it is decided by somebody else, with its reason."
        )
        found.append(self._section(offers, same if self.team else "", self._offers()))
        found.append(self._section(gettext("How we behave"), self._conduct_intro(), self._conduct()))
        if self.team:
            found.append(self._section(gettext("How to negotiate"), self._scripts_intro(), self._scripts()))
            found.append(self._section(gettext("The words"), self._words_intro(), self._texts()))
        return found

    def _section(self, title: str, intro: str, blocks: list[dict[str, Any]]) -> dict[str, Any]:
        return {"title": title, "intro": intro, "blocks": blocks}

    def _policies(self) -> list[dict[str, Any]]:
        return [
            {
                "kind": "text",
                "title": policy.title,
                "note": gettext("for the team alone") if policy.team_only else "",
                "paragraphs": _paragraphs(policy.text),
            }
            for policy in self.manual.policies
            if self.team or not policy.team_only
        ]

    def _steps(self) -> list[dict[str, Any]]:
        return [self._step(step) for step in self.manual.steps if self.team or not (step.internal or step.segments)]

    def _step(self, step: Step) -> dict[str, Any]:
        offer = self.manual.offer(step.offer) if step.offer else None
        when = wording.when(step)
        lines: list[str] = []
        by = gettext(wording.INTERNALS[step.internal]) if step.internal else wording.channels(step.channels)
        if offer:
            lines.append(gettext("We offer: {offer}.").format(offer=offer.name))
        if self.team:
            lines += self._inner(step)
        elif step.attach_statement:
            lines.append(gettext("The account statement goes with it."))
        if step.attach_invoices and not self.team:
            lines.append(gettext("The files of the invoices go with it."))
        return {
            "kind": "step",
            "when": when[:1].upper() + when[1:],
            "name": step.name,
            "tone": gettext(TONE_NAMES[step.tone]) if step.tone and self.team else "",
            "color": TONES.index(step.tone) + 1 if step.tone in TONES else 0,
            "by": by[:1].upper() + by[1:],
            "lines": lines,
        }

    def _notices_intro(self) -> str:
        if not self.team:
            return ""
        return gettext(
            "They remind of what was agreed, thank or ask. None of them is a step, and none goes out on the day of one."
        )

    def _notices(self) -> list[dict[str, Any]]:
        found = []
        for notice in self.manual.notices:
            when, by = notice_wording.when(notice), wording.channels(notice.channels)
            lines = notice_wording.conditions(notice, self.manual) if self.team else []
            if self.team and notice.role != "billing":
                lines.append(gettext("It speaks to: {role}.").format(role=gettext(wording.PERSON_ROLES[notice.role])))
            found.append(
                {
                    "kind": "step",
                    "when": when[:1].upper() + when[1:],
                    "name": notice_wording.called(notice.code),
                    "tone": gettext(TONE_NAMES[notice.tone]) if self.team and notice.tone in TONES else "",
                    "color": TONES.index(notice.tone) + 1 if notice.tone in TONES else 0,
                    "by": by[:1].upper() + by[1:],
                    "lines": lines,
                }
            )
        return found

    def _inner(self, step: Step) -> list[str]:
        """What only the team reads of a step."""
        lines = wording.conditions(step)
        if step.assignee:
            lines.append(gettext("It goes to: {role}.").format(role=gettext(wording.MEMBER_ROLES[step.assignee])))
        if not step.internal and step.role != "billing":
            lines.append(gettext("It speaks to: {role}.").format(role=gettext(wording.PERSON_ROLES[step.role])))
        if step.segments:
            lines.append(gettext("Only for the segments: {segments}.").format(segments=self._only_for(step)))
        return lines

    def _only_for(self, step: Step) -> str:
        """Whom a step is limited to, by name."""
        return format_list([self.names.get(code, code) for code in step.segments], locale=self.language)

    def _pacing(self) -> list[dict[str, Any]]:
        own = self.organization
        rest = ngettext("{n} day", "{n} days", own.tone_rest_days).format(n=own.tone_rest_days)
        gap = ngettext("{n} day", "{n} days", own.minimum_gap_days).format(n=own.minimum_gap_days)
        hours = ngettext("{n} hour", "{n} hours", own.approval_hours).format(n=own.approval_hours)
        return [
            {
                "kind": "list",
                "title": "",
                "lines": [
                    (gettext("At most one contact per customer and day."), ""),
                    (gettext("Between two contacts at least {days}.").format(days=gap), ""),
                    (gettext("The same tone again only after {days}.").format(days=rest), ""),
                    (
                        gettext("The tone rises one degree at a time, from the last one the customer really received."),
                        "",
                    ),
                    (gettext("A promise, a dispute, a plan or an unread answer stops the steps."), ""),
                    (gettext("What nobody approves within {hours} is not sent.").format(hours=hours), ""),
                ],
            }
        ]

    def _offers(self) -> list[dict[str, Any]]:
        return [
            {
                "kind": "offer",
                "name": offer.name,
                "words": offer.words[:1].upper() + offer.words[1:].rstrip(".") + ".",
                "facts": [
                    (gettext("Limits"), wording.limits(offer)),
                    (gettext("From when"), wording.from_when(offer)),
                    (gettext("For whom"), wording.for_whom(offer, self.names)),
                    (gettext("Granted by"), wording.granters(offer)),
                ]
                if self.team
                else [],
            }
            for offer in self.manual.offers
            if self.team or not offer.segments
        ]

    def _conduct_intro(self) -> str:
        if self.team:
            return gettext(
                "The system keeps these rules by itself when it plans and again when it sends. They also hold for whoever calls"
                " or writes by hand. It is a starting point for counsel, not legal advice."
            )
        return gettext("We keep to these rules in the country where you are.")

    def _conduct(self) -> list[dict[str, Any]]:
        blocks = []
        policies = policies_of(self.organization.id)
        countries = Locale.parse(self.language).territories
        for country in sorted(countries_of(self.organization.id), key=lambda code: str(countries.get(code, code))):
            rules = (*pack_for(country).rules, *policy_for(policies, country).rules)
            said = dict.fromkeys(map(self._rule, rules))
            if lines := [line for line in said if line[0]]:
                blocks.append({"kind": "list", "title": str(countries.get(country, country)), "lines": lines})
        return blocks

    def _rule(self, rule: Rule) -> tuple[str, str]:
        """The sentence, and for the team whom the law protects by it and where it stands."""
        if not self.team:
            return promise(rule), ""
        if not rule.is_law:
            return with_channels(rule), gettext("our own rule")
        law = f"{rule.article} ({whom(rule)})" if rule.applies_to else rule.article
        return with_channels(rule), law

    def _words_intro(self) -> str:
        return gettext(
            "What stands between angle brackets is filled in for each customer, who reads it in their own language."
        )

    def _texts(self) -> list[dict[str, Any]]:
        own = in_force(self.organization.id, self.language)
        said: list[dict[str, Any]] = []
        seen: set[tuple[str, str]] = set()
        speaking: list[tuple[str, Step | Notice]] = [(step.name, step) for step in self.manual.steps]
        speaking += [(notice_wording.called(notice.code), notice) for notice in self.manual.notices]
        for name, part in speaking:
            for channel in part.channels:
                found = find(places(part.template, channel, consumer=False), self.language, own)
                if found is None or (found.place.template, found.place.channel) in seen:
                    continue
                seen.add((found.place.template, found.place.channel))
                channel_name = gettext(CHANNELS[channel])
                said.append(
                    {
                        "kind": "words",
                        "title": f"{name} · {channel_name}",
                        "color": TONES.index(part.tone) + 1 if part.tone in TONES else 0,
                        "subject": _filled(found.text.subject),
                        "paragraphs": [_filled(line) for line in _paragraphs(found.text.body)],
                    }
                )
        return said

    def _scripts_intro(self) -> str:
        return gettext("By what one found out on the phone. Nothing is promised that this manual does not allow.")

    def _scripts(self) -> list[dict[str, Any]]:
        """Each situation with what is said in it, in order."""
        return [
            {
                "kind": "talk",
                "title": situation_name(code).capitalize(),
                "goal": found.goal,
                "parts": [
                    (gettext("To open"), [_filled(words) for words in found.opening]),
                    (gettext("To ask"), [self._question(one) for one in found.questions]),
                    (gettext("If they say"), [f"{one.says} → {_filled(one.answer)}" for one in found.objections]),
                    (gettext("How to go on"), list(found.steps)),
                    (gettext("To write down"), list(found.notes)),
                ],
            }
            for code in SITUATIONS
            if (found := script_for(self.organization.id, code, self.language))
        ]

    def _question(self, question: Question) -> str:
        text = _filled(question.text)
        return gettext("{question} (only where the law allows asking)").format(question=text) if question.why else text


def _paragraphs(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"\n\s*\n", text.strip()) if part.strip()]


def _filled(text: str) -> str:
    """A text with its places named."""

    def name(place: re.Match[str]) -> str:
        variable = VARIABLES.get(place[1])
        return f"‹{gettext(variable.label)}›" if variable else place[0]

    return _PLACE.sub(name, text)
