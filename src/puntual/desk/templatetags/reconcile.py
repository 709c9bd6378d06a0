"""What the pages of reconciling are written with."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import template
from django.utils.translation import pgettext

from puntual.desk import formats
from puntual.desk.reconciling import format_name
from puntual.payments.models import BankLine
from puntual.payments.reconciling.running import paid

register = template.Library()


@register.filter
def came_in(line: BankLine) -> Decimal:
    """What the payer paid: there is that much to give."""
    return paid(line)


@register.filter
def plain(amount: Decimal) -> str:
    """1180.00, for scripts."""
    return f"{amount:f}"


@register.filter
def with_more(query: str, more: str) -> str:
    """?order=largest&do=split: the address' query with more behind it."""
    return f"{query}&{more}" if query else f"?{more}"


@register.filter
def line_state(state: str) -> str:
    """What became of a line, in words."""
    return {
        "new": pgettext("bank line", "Nobody has looked at it yet"),
        "matched": pgettext("bank line", "Matched"),
        "partly_matched": pgettext("bank line", "Partly matched"),
        "unmatched": pgettext("bank line", "Waits for its customer"),
        "duplicate": pgettext("bank line", "Came in another file already"),
        "ignored": pgettext("bank line", "Set aside: no customer's payment"),
        "reversed": pgettext("bank line", "Taken back by the bank"),
    }[state]


@register.filter
def decimal(text: str) -> Decimal:
    """A number that was kept as text."""
    return Decimal(text)


register.filter("format_name", format_name)


@register.simple_tag(takes_context=True)
def iso_day(context: Mapping[str, Any], text: str) -> str:
    """23 nov, for a day that was kept as text."""
    return formats.short_date(date.fromisoformat(text), context.get("today"))
