"""Tags for pages about payment plans."""

from django import template

from puntual.agreements.plans import words

register = template.Library()


@register.filter
def plan_kind(name: str) -> str:
    """Plan de pagos, for "plan"."""
    return words.kind(name)


@register.filter
def plan_state(name: str) -> str:
    """Activo, for "active"."""
    return words.state(name)


@register.filter
def part_state(name: str) -> str:
    """Por venir, for "due"."""
    return words.part_state(name)


@register.filter
def plan_rhythm(name: str) -> str:
    """Cada mes, for "monthly"."""
    return words.rhythm(name)


@register.filter
def accepted_how(name: str) -> str:
    """Por teléfono, for "by_phone"."""
    return words.how(name)


@register.filter
def ended_why(text: str) -> str:
    """Why a plan ended, as a sentence."""
    return words.ended_why(text)
