"""The worker's side of an import. Arguments are ids only; the clock is read here and nowhere below."""

from dataclasses import replace

from django.db import InterfaceError, OperationalError
from django.utils import timezone
from django.utils.translation import override
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from puntual.intake.models import ImportJob
from puntual.intake.running import AlreadyRunning, fail, run
from puntual.kernel.problems import Problem
from puntual.organizations.actions import actor_of
from puntual.organizations.models import Organization, User
from puntual.tenancy.scope import acting_for

# Long enough for a database that restarts.
_RETRY = RetryStrategy(max_attempts=6, exponential_wait=3, retry_exceptions={InterfaceError, OperationalError})


@app.task(name="intake.run_import", queue="imports", retry=_RETRY)
def run_import(organization_id: str, job_id: str) -> None:
    """Land what is left of a job; may run again from its start at any time."""
    home = Organization.objects.get(id=organization_id)
    with acting_for(home.id):
        job = ImportJob.objects.get(organization_id=home.id, id=job_id)
    if job.state != ImportJob.State.RUNNING:
        return
    user = User.objects.filter(id=job.created_by).first() if job.created_by else None
    by = actor_of(home, timezone.now(), name=str(user or "Puntual"))
    by = replace(by, user_id=job.created_by)
    with override((user and user.language) or home.language):
        try:
            run(by, job.id)
        except AlreadyRunning:
            return
        except Problem:
            return  # the job is FAILED and says why
        except (InterfaceError, OperationalError):
            raise  # the database went away: again in a while
        except Exception:
            fail(by, job.id)
            raise
