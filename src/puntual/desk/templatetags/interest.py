"""Rates as the reader writes numbers."""

from decimal import Decimal

from django import template

from puntual.desk import formats

register = template.Library()


@register.filter
def rate(value: Decimal) -> str:
    """11.15 for a rate in percent, without the zeros nobody says."""
    return formats.written(Decimal(f"{value.normalize():f}"))
