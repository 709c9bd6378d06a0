"""What the states of changed terms are called."""

from datetime import date

from django.utils.translation import pgettext

from puntual.agreements.models import Terms


def state(terms: Terms, today: date) -> str:
    """Vigentes, for those that hold."""
    if terms.withdrawn_on:
        return pgettext("terms", "Taken back")
    if terms.effective_on > today:
        return pgettext("terms", "From that day on")
    return pgettext("terms", "In force")
