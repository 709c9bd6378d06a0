"""The manual in force, to be read: its steps on a line of days, as a table, and their texts in each language."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from django.http import HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from puntual.desk import formats
from puntual.desk.pages import DeskRequest, needs, page
from puntual.desk.words import LANGUAGES
from puntual.strategies.manual import Manual, Step
from puntual.strategies.models import Version
from puntual.strategies.queries import assignments
from puntual.strategies.texts import load
from puntual.strategies.variables import VARIABLES

_PLACE = re.compile(r"\{(\w+)\}")
_PARAGRAPHS = re.compile(r"\n\s*\n")
CARD = 0.14
"""How much of the line the card of a step takes, at the line's narrowest."""


@dataclass(frozen=True, slots=True)
class Wording:
    """One text of a step in one language."""

    language: str
    name: str
    channel: str
    subject: str
    body: SafeString


@dataclass(frozen=True, slots=True)
class Row:
    """A step with its texts; an internal one has none."""

    step: Step
    day: str
    wordings: Sequence[Wording]

    @property
    def id(self) -> str:
        return f"step-{self.step.code}"


@dataclass(frozen=True, slots=True)
class Lane:
    """The steps of one channel with their days in words, in rows in which no card covers another."""

    channel: str
    rows: list[list[tuple[Step, str]]]


@require_GET
@needs("view")
def manual(request: DeskRequest) -> HttpResponse:
    """The organization's own manual; of a creditor or customer with another one its page tells."""
    found = assignments(request.organization.id)
    if found is None:
        return page(request, "desk/manual_none.html", _("No manual is active"))
    version_id, content = found.of_organization
    version = Version.objects.get(organization_id=request.organization.id, id=version_id)
    steps = ngettext("{name}: {n} step", "{name}: {n} steps", len(content.steps))
    return page(
        request,
        "desk/manual.html",
        steps.format(name=content.name, n=formats.number(len(content.steps))),
        version=version,
        rows=[_row(step, content, request) for step in content.steps],
        lanes=_lanes(content),
        ticks=_ticks(content),
        span="{} {}".format(*_span(content)),
        any_required=any(step.required for step in content.steps),
        tones=list(dict.fromkeys(step.tone for step in content.steps if step.tone)),
    )


def _row(step: Step, content: Manual, request: DeskRequest) -> Row:
    languages = sorted(LANGUAGES, key=lambda language: language != request.LANGUAGE_CODE)
    wordings = (
        []
        if step.internal
        else [_wording(step, channel, language) for language in languages for channel in step.channels]
    )
    return Row(step, formats.number(step.day), wordings)


def _wording(step: Step, channel: str, language: str) -> Wording:
    text = load(step.template, language, channel)
    return Wording(language, LANGUAGES[language], channel, _filled(text.subject), _paragraphs(text.body))


def _paragraphs(body: str) -> SafeString:
    return format_html_join("", "<p>{}</p>", ((_filled(part),) for part in _PARAGRAPHS.split(body.strip())))


def _filled(text: str) -> SafeString:
    """A text with its places named instead of filled."""
    pieces = _PLACE.split(text)
    return format_html_join(
        "",
        "{}",
        (
            (format_html("<mark>{}</mark>", _(VARIABLES[piece].label)) if place % 2 else piece,)
            for place, piece in enumerate(pieces)
        ),
    )


def _lanes(content: Manual) -> list[Lane]:
    """The steps by their first channel, as channels come up; a card that would cover another takes the next row."""
    first, last = _span(content)
    width = CARD * (last - first)
    lanes: dict[str, Lane] = {}
    for step in content.steps:
        channel = step.channels[0] if step.channels else "internal"
        rows = lanes.setdefault(channel, Lane(channel, [])).rows
        row = next((row for row in rows if row[-1][0].day + width <= step.day), None)
        if row is None:
            row = []
            rows.append(row)
        row.append((step, formats.number(step.day)))
    return list(lanes.values())


def _span(content: Manual) -> tuple[int, int]:
    """The days at both ends of the line: the last card fits in."""
    first, last = min(content.steps[0].day, 0) - 2, max(content.steps[-1].day, 1)
    return first, first + ceil((last - first) / (1 - CARD))


def _ticks(content: Manual) -> list[tuple[int, str]]:
    """Days to write under the line: the first step's, then every tenth (or more where the line is long)."""
    last = _span(content)[1]
    every = next(step for step in (10, 20, 50, 100, 500) if last / step <= 12)
    days = sorted({0, content.steps[0].day, *range(0, last, every)})
    return [(day, formats.number(day)) for day in days]
