"""What was said about each address and number, as the page of a customer's people shows it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from puntual.desk import formats, labels
from puntual.outreach.answers.models import Answer
from puntual.parties.consents import history
from puntual.parties.models import Consent, ContactPoint


@dataclass(frozen=True, slots=True)
class Told:
    """One yes or no: about what, since when, how we know, in which words. `answer` is the one it stands in.

    `stands` is whether nothing else was said about it since.
    """

    about: list[str]
    granted: bool
    on: date
    source: str
    evidence: str
    person: str
    answer: UUID | None
    stands: bool

    @property
    def purposes(self) -> str:
        """Cobranzas, Estados de cuenta y Encuestas."""
        return formats.listed(self.about)


def told(organization_id: UUID, points: Iterable[ContactPoint], people: dict[UUID, str]) -> dict[UUID, list[Told]]:
    """By point all that was said, the latest first."""
    said = history(organization_id, [point.id for point in points])
    answers = _answers(organization_id, [one for each in said.values() for one in each])
    found: dict[UUID, list[Told]] = {}
    for point, each in said.items():
        seen: set[str] = set()
        for one in each:
            line = Told(
                [labels.label("purpose", one.purpose)],
                one.granted,
                one.given_on,
                one.source,
                one.evidence,
                people.get(one.person_id, "") if one.person_id else "",
                one.source_id if one.source_id in answers else None,
                one.purpose not in seen,
            )
            seen.add(one.purpose)
            last = next(reversed(found.get(point, [])), None)
            if last and replace(last, about=line.about) == line:  # said at once: one line
                last.about.extend(line.about)
            else:
                found.setdefault(point, []).append(line)
    return found


def _answers(organization_id: UUID, said: Collection[Consent]) -> frozenset[UUID]:
    """Which of their sources are answers that can be read."""
    keys = {one.source_id for one in said if one.source_id}
    if not keys:
        return frozenset()
    return frozenset(Answer.objects.filter(organization_id=organization_id, pk__in=keys).values_list("id", flat=True))
