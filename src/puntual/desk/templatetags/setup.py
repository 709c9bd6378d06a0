"""What the pages of files and settings say about stored values."""

from django import template
from django.utils.translation import gettext as _

from puntual.desk.views.imports import KINDS, STATES
from puntual.intake.models import ImportJob

register = template.Library()


@register.filter
def kind_of(job: ImportJob) -> str:
    """Facturas, for a file of invoices."""
    return str(KINDS[job.kind][0])


@register.filter
def state_of(job: ImportJob) -> str:
    """What became of a file, in a word or two."""
    return _(STATES[ImportJob.State(job.state)])


@register.filter
def landed_of(job: ImportJob) -> int:
    """How many rows of a file are in, as far as it has come."""
    return sum(job.result.get(name, 0) for name in ("created", "updated", "unchanged"))
