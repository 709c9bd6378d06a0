"""The worker's side of a bank's file. Arguments are ids only; the clock is read here and nowhere below."""

from dataclasses import replace
from uuid import UUID

from django.db import InterfaceError, OperationalError
from django.utils import timezone
from django.utils.translation import override
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from puntual.organizations.actions import actor_of
from puntual.organizations.models import Organization
from puntual.payments.models import StatementFile
from puntual.payments.reconciling.arriving import broke, take_in
from puntual.tenancy.scope import acting_for

# Long enough for a database that restarts.
_RETRY = RetryStrategy(max_attempts=6, exponential_wait=3, retry_exceptions={InterfaceError, OperationalError})


@app.task(name="payments.bring_in_statement", queue="imports", retry=_RETRY)
def bring_in_statement(organization_id: str, file_id: str) -> None:
    """Land a bank's file and match what waits; may run again from its start at any time."""
    home = Organization.objects.get(id=organization_id)
    with acting_for(home.id):
        file = StatementFile.objects.get(organization_id=home.id, id=file_id)
    by = replace(actor_of(home, timezone.now(), name=file.created_by_name), user_id=file.created_by)
    with override(home.language):
        try:
            take_in(by, file.id)
        except (InterfaceError, OperationalError):
            raise  # the database went away: again in a while
        except Exception:
            broke(by, UUID(file_id))
            raise
