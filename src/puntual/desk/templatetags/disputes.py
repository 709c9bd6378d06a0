"""Tags for pages about disputes."""

from django import template

from puntual.disputes import words

register = template.Library()


@register.filter
def dispute_state(state: str) -> str:
    """En revisión, for "open"."""
    return words.state(state)


@register.filter
def dispute_reason(reason: str) -> str:
    """Precio equivocado, for "price"."""
    return words.reason(reason)


@register.filter
def dispute_cause(cause: str) -> str:
    """Lo que la originó; of one that nobody decided yet, that."""
    return words.cause(cause)


@register.filter
def dispute_source(source: str) -> str:
    """Dicho en una llamada, for "contact"."""
    return words.source(source)
