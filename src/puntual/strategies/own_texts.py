"""Which words a step uses in an organization: its own where it wrote some, else the built-in. Inside `acting_for`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from django.db.models import Q

from puntual.kernel.remembering import remembered
from puntual.organizations.models import Organization
from puntual.parties.models import Party
from puntual.strategies.models import OwnText
from puntual.strategies.proofreading import Fault, asked_by, proofread, reaches_persons
from puntual.strategies.text_files import FiledText
from puntual.strategies.texts import Place, Text, base_language, builtin, builtin_places, missing, places

Own: TypeAlias = Mapping[Place, OwnText]


@dataclass(frozen=True, slots=True)
class Found:
    """The words for a step and where they stand; `own` is None where they are built in."""

    place: Place
    text: Text
    own: OwnText | None


@remembered
def text_for(
    organization_id: UUID, creditor_id: UUID, template: str, language: str, channel: str, *, consumer: bool
) -> Found:
    """The words for a customer: at each of `texts.places` the creditor's own, else the organization's, else the built-in.

    Raises Problem where there are none for the channel.
    """
    looked_for = places(template, channel, consumer=consumer)
    own = in_force(organization_id, language, creditor_id, templates={place.template for place in looked_for})
    found = find(looked_for, language, own)
    if found is None:
        raise missing(template, channel)
    return found


def find(looked_for: tuple[Place, ...], language: str, own: Own) -> Found | None:
    """The first of the places with words, or None."""
    for place in looked_for:
        mine = own.get(place)
        if text := mine.text if mine else builtin(place, language):
            return Found(place, text, mine)
    return None


def in_force(
    organization_id: UUID, language: str, creditor_id: UUID | None = None, *, templates: set[str] | None = None
) -> dict[Place, OwnText]:
    """An organization's own active texts in a language, a creditor's own before those for all."""
    rows = OwnText.objects.filter(
        Q(creditor=None) | Q(creditor=creditor_id),
        organization_id=organization_id,
        language=base_language(language),
        state=OwnText.State.ACTIVE,
    )
    if templates is not None:
        rows = rows.filter(template__in=templates)
    ordered = sorted(rows, key=lambda row: row.creditor_id is not None)
    return {row.place: row for row in ordered}


def versions(organization_id: UUID, place: Place, language: str, creditor_id: UUID | None = None) -> list[OwnText]:
    """Every version of an organization's own words at a place, the newest first."""
    rows = OwnText.objects.filter(
        organization_id=organization_id, language=base_language(language), creditor=creditor_id, **place._asdict()
    )
    return list(rows.order_by("-number"))


def filed(organization_id: UUID) -> list[FiledText]:
    """Every own text in force, as it is written into a file."""
    rows = OwnText.objects.filter(organization_id=organization_id, state=OwnText.State.ACTIVE).select_related(
        "creditor"
    )
    return [FiledText(row.place, row.language, row.creditor.code if row.creditor else "", row.text) for row in rows]


def countries_of(organization_id: UUID) -> frozenset[str]:
    """Where the organization's customers are, and itself: whose rules its texts have to meet."""
    of_customers = Party.objects.filter(organization_id=organization_id).values_list("country", flat=True).distinct()
    home = Organization.objects.values_list("country", flat=True).get(pk=organization_id)
    return frozenset({home, *of_customers})


def faults(
    organization_id: UUID, place: Place, language: str, text: Text, creditor_id: UUID | None = None
) -> tuple[Fault, ...]:
    """What must not go out of a text at a place of this organization, by the rules of all countries it has customers in."""
    taken = {*builtin_places(base_language(language)), *in_force(organization_id, language, creditor_id)}
    return proofread(
        text,
        place,
        language,
        persons=reaches_persons(place, taken),
        asked=asked_by(countries_of(organization_id), place),
    )
