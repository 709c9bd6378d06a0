"""Tags for pages about what was agreed."""

from datetime import date

from django import template

from puntual.agreements.models import Promise
from puntual.agreements.promises import words as promise_words

register = template.Library()


@register.filter
def promise_state(promise: Promise, today: date) -> str:
    """Abierta; an open one whose day is over waits for the bank: {{ row|promise_state:today }}."""
    overdue = promise.state == Promise.State.OPEN and promise.promised_for < today
    return promise_words.state("awaiting" if overdue else promise.state)
