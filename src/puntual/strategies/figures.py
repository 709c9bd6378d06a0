"""The figures of each customer that segments ask for: kept in a table, or worked out for a day. See `segments.Figures`."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from puntual.audit.actions import Actor, action
from puntual.audit.models import Record
from puntual.kernel.gathering import gather
from puntual.organizations.tolerances import tolerances
from puntual.receivables.models import PortfolioDelta
from puntual.strategies.figures_sql import CHANGED, REFRESH, figures_sql
from puntual.strategies.models import FiguresRead

_LOCK = "hashtextextended('figures ' || %s, 0)"
_CHANGED_TABLE = "strategies_changed"
_CHANGE_NOTHING = (
    "strategies.",
    "day.",
    "outreach.send",
    "member.",
    "profile.",
    "portfolios.",
    "absence.",
    "analytics.",
)
"""Actions, by how their names begin, after which every figure is what it was."""


def refresh_figures(by: Actor) -> int:
    """Work out the figures of every customer as of `by.today` and write the rows that differ; how many those were."""
    with action(by, "strategies.refresh_figures") as log, connection.cursor() as cursor:
        _one_at_a_time(by.organization_id)
        parameters = figures_parameters(by.organization_id, by.today)
        figures = figures_sql(only=False, back_dated=False)
        gather(cursor, _CHANGED_TABLE, CHANGED.format(figures=figures), parameters)
        cursor.execute(REFRESH.format(changed=_CHANGED_TABLE), parameters)
        changed: int = cursor.rowcount
        FiguresRead.objects.update_or_create(
            organization_id=by.organization_id, defaults={"day": by.today, "at": by.now}
        )
        log.say(changed=changed)
    return changed


def fresh_figures(by: Actor) -> None:
    """Refresh them where they are of another day or anything was done since that may have changed one.

    While somebody else is at it (a day run takes a while), they are left as they are.
    """
    read = FiguresRead.objects.filter(organization_id=by.organization_id).first()
    if (read is None or read.day != by.today or _changed_since(read)) and _nobody_at_it(by.organization_id):
        refresh_figures(by)


def figures_parameters(organization_id: UUID, day: date, customers: Sequence[UUID] | None = None) -> dict[str, Any]:
    """What the statement of `figures_sql` needs."""
    deltas = PortfolioDelta.objects.filter(organization_id=organization_id).order_by()
    small = tolerances(organization_id, deltas.values_list("currency", flat=True).distinct())
    return {
        "org": organization_id,
        "day": day,
        "customers": list(customers or ()),
        "currencies": list(small),
        "tolerances": list(small.values()),
    }


def _changed_since(read: FiguresRead) -> bool:
    nothing = Q()
    for name in _CHANGE_NOTHING:
        nothing |= Q(action__startswith=name)
    return Record.objects.filter(organization_id=read.organization_id, at__gte=read.at).exclude(nothing).exists()


def _one_at_a_time(organization_id: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock({_LOCK})", [str(organization_id)])


def _nobody_at_it(organization_id: UUID) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_try_advisory_xact_lock({_LOCK})", [str(organization_id)])
        return bool(cursor.fetchone()[0])
