"""The texts of the manual as a list: which templates there are, for which step and tone, and whose words each channel has."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from puntual.desk.words import TONES
from puntual.kernel.problems import N_
from puntual.strategies import notice_wording
from puntual.strategies.builtin import KINDS, builtin
from puntual.strategies.models import OwnText
from puntual.strategies.own_texts import Own, find
from puntual.strategies.queries import active_manuals
from puntual.strategies.steps import Manual
from puntual.strategies.texts import Audience, Place, builtin_places, places
from puntual.strategies.words import NOTICES

CHANNELS = ("email", "letter", "whatsapp", "sms", "call", "visit")
OWN, BUILTIN, BORROWED, MISSING = "own", "builtin", "borrowed", "missing"
_OTHERS = {
    **NOTICES,
    "thanks": N_("Thanks for a payment"),
    "club_fee": N_("Club fee"),
}
"""Templates that come with Puntual and that no built-in manual has to use."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One channel of a template. `state` says whose words are used; `borrowed` ones are those of another place."""

    place: Place
    state: str
    used: Place | None


@dataclass(frozen=True, slots=True)
class Row:
    """A template with its step's name and tone, where a manual uses it."""

    template: str
    name: str
    tone: str
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Listed:
    """The rows of the manuals in force, and the others that are there to be used."""

    used: Sequence[Row]
    others: Sequence[Row]

    @property
    def own(self) -> int:
        return sum(cell.state == OWN for row in (*self.used, *self.others) for cell in row.cells)

    @property
    def lacking(self) -> int:
        """Steps of the manuals in force that have no words for a channel they may use."""
        return sum(cell.state == MISSING for row in self.used for cell in row.cells)


def listed(organization_id: UUID, language: str, audience: Audience, own: Own, reader: str) -> Listed:
    """Every template in one language for one audience; `reader` is the language that built-in steps are named in."""
    in_force = _steps(active_manuals(organization_id).values())
    known = _steps(builtin(reader, kind.code) for kind in KINDS)
    begun = OwnText.objects.filter(organization_id=organization_id, state=OwnText.State.DRAFT)
    written = {place.template for place in (*builtin_places(language), *own)}
    written |= set(begun.values_list("template", flat=True))

    def row(template: str, steps: Mapping[str, tuple[str, str]]) -> Row:
        name, tone = steps.get(template) or known.get(template) or (_other(template), "")
        cells = tuple(_cell(template, channel, audience, language, own) for channel in CHANNELS)
        return Row(template, name, tone, cells)

    used = [row(template, in_force) for template in in_force]
    others = [row(template, {}) for template in written - in_force.keys()]
    return Listed(sorted(used, key=_softest), sorted(others, key=_softest))


def named(organization_id: UUID, template: str, reader: str) -> tuple[str, str]:
    """A template's name and tone as the list has them: those of the step or notice that uses it."""
    own = _steps(active_manuals(organization_id).values()).get(template)
    known = own or _steps(builtin(reader, kind.code) for kind in KINDS).get(template)
    return known or (_other(template), "")


def _other(template: str) -> str:
    return _(_OTHERS[template]) if template in _OTHERS else template


def _steps(manuals: Iterable[Manual]) -> dict[str, tuple[str, str]]:
    """The name and tone of the first step or notice that uses each template."""
    found: dict[str, tuple[str, str]] = {}
    for manual in manuals:
        for step in manual.steps:
            if step.template:
                found.setdefault(step.template, (step.name, step.tone))
        for notice in manual.notices:
            found.setdefault(notice.template, (notice_wording.called(notice.code), notice.tone))
    return found


def _cell(template: str, channel: str, audience: Audience, language: str, own: Own) -> Cell:
    here = Place(template, channel, audience)
    found = find(places(template, channel, consumer=audience == "consumer"), language, own)
    if found is None:
        return Cell(here, MISSING, None)
    if found.place != here:
        return Cell(here, BORROWED, found.place)
    return Cell(here, OWN if found.own else BUILTIN, here)


def _softest(row: Row) -> tuple[int, str]:
    return TONES.index(row.tone) if row.tone else len(TONES), row.template
