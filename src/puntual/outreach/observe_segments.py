"""What `observe` adds to its statement to learn which segments each customer is in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from puntual.strategies.figures import figures_parameters
from puntual.strategies.figures_sql import figures_sql
from puntual.strategies.segment_queries import kept_segments
from puntual.strategies.segments_sql import mask


@dataclass(frozen=True, slots=True)
class Told:
    """The mask of segments as SQL with its parameters, what it is worked out from, and which code each of its bits means."""

    codes: tuple[str, ...] = ()
    mask: str = ""
    figures: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)


def segments_told(
    organization_id: UUID, day: date, customers: Sequence[UUID] | None, *, kept: bool, back_dated: bool
) -> Told:
    """All of the organization's segments; nothing is added where it has none."""
    segments = kept_segments(organization_id)
    if not segments:
        return Told()
    sql, parameters = mask(segments, day)
    codes = tuple(segment.code for segment in segments)
    if kept:
        return Told(codes, sql, "strategies_customerfigures", parameters)
    figures = f"({figures_sql(only=customers is not None, back_dated=back_dated)})"
    return Told(codes, sql, figures, {**parameters, **figures_parameters(organization_id, day, customers)})
