"""Trying a model once a month, and keeping what was found."""

import logging
from datetime import date
from importlib.util import find_spec
from uuid import UUID

from django.db import connection

from puntual.analytics.learning.comparing import Month, by_month, compared
from puntual.analytics.learning.history import Item, items
from puntual.analytics.learning.models import ScoreModel
from puntual.analytics.learning.scored import in_use, latest
from puntual.audit.actions import Actor, action
from puntual.organizations.models import Organization
from puntual.tenancy.scope import acting_for

Outcome = ScoreModel.Outcome
_log = logging.getLogger(__name__)


def installed() -> bool:
    """Whether what models are learned with is on this machine: the extra `ml`."""
    return find_spec("sklearn") is not None


def learn_scores(by: Actor) -> ScoreModel | None:
    """Once a month, try a model on the months past, and use it where it is surely better than each customer's own rate.

    What was found is kept, or None where there is nothing to do: tried this month already, or the extra `ml` is not installed and
    no model is in use. Doing it twice changes nothing.
    """
    if not installed():
        _log.info("The extra ml is not installed here: chances of paying late are each customer's own rate.")
    with acting_for(by.organization_id):
        if not _due(by.organization_id, by.today):
            return None
    with action(by, "analytics.learn_scores") as log:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended('scores ' || %s, 0))", [str(by.organization_id)]
            )
        if not _due(by.organization_id, by.today):
            return None
        before = in_use(by.organization_id, by.today)
        found = _tried(by) if installed() else ScoreModel(outcome=Outcome.NOT_INSTALLED)
        found.organization_id, found.day = by.organization_id, by.today
        if found.outcome == Outcome.BETTER:
            found.used_since = (before and before.used_since) or by.today
        found.save(force_insert=True)
        log.about(found)
        log.say(
            outcome=found.outcome,
            months=found.months,
            items=found.items,
            customers=found.customers,
            own_error=found.own_error,
            model_error=found.model_error,
            interval=[found.low, found.high],
        )
    return found


def _due(organization_id: UUID, today: date) -> bool:
    last = latest(organization_id, today)
    if not installed():
        return last is not None and last.outcome == Outcome.BETTER
    if last is None or last.outcome == Outcome.NOT_INSTALLED:
        return last is None or last.day < today
    return last.day.replace(day=1) < today.replace(day=1)


def _tried(by: Actor) -> ScoreModel:
    """What comes of trying a model on what is known on the day."""
    zone = Organization.objects.get(pk=by.organization_id).time_zone
    return tried_on(items(by.organization_id, by.today, zone), by.today)


def tried_on(known: list[Item], day: date) -> ScoreModel:
    """A model tried on these items, by what was known before the day; not kept yet. Needs the extra `ml`."""
    from puntual.analytics.learning.fitting import fitted, tried

    origins = tried(known, day)
    judged = [one for origin in origins for one in origin]
    comparison = compared(judged)
    if comparison is None:
        return ScoreModel(outcome=Outcome.TOO_LITTLE)
    model = fitted(known, day) if comparison.better else None
    return ScoreModel(
        outcome=Outcome.BETTER if model else Outcome.NOT_BETTER,
        months=len(origins),
        items=comparison.items,
        customers=comparison.customers,
        own_error=comparison.own,
        model_error=comparison.model,
        low=comparison.low,
        high=comparison.high,
        weights=model.kept() if model else None,
        judged={f"{month:%Y-%m}": list(found) for month, found in by_month(judged).items()},
    )


def months_judged(found: ScoreModel) -> dict[str, Month]:
    """How right the model was, by month ("2026-03")."""
    return {month: Month(*values) for month, values in found.judged.items()}
