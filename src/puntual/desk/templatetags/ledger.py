"""Tags for pages about customers and money; the general ones are in `desk`."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from puntual.desk import formats, labels
from puntual.desk.history.lines import scope as hold_scope
from puntual.desk.lifting import page_of
from puntual.kernel.phones import spaced
from puntual.receivables.models import Hold

register = template.Library()


@register.filter
def says(key: str, table: str) -> str:
    """En disputa, for {{ hold.reason|says:"hold" }}."""
    return labels.label(table, key) if key else ""


@register.filter
def by_channel(name: str) -> str:
    """por correo, for "email"."""
    return labels.by_channel(name)


@register.filter
def scope(hold: Hold) -> str:
    """The whole customer, F001-254, or PEN 300.00 of F001-254."""
    return hold_scope(hold)


@register.filter
def ends_at(hold: Hold) -> str:
    """The name of the page where what the pause stands for is ended; "" for one that is lifted by hand."""
    return page_of(hold)


@register.filter
def phone(value: str) -> str:
    """+51 987 654 321 for a number in E.164; anything else as it is."""
    return spaced(value) if value.startswith("+") else value


@register.filter
def point_icon(kind: str) -> str:
    """mail, for "email": {% icon point.kind|point_icon %}."""
    return {"email": "mail", "phone": "phone", "whatsapp": "brand-whatsapp", "post": "file-text"}[kind]


@register.simple_tag(takes_context=True)
def age(context: Mapping[str, Any], due_on: date) -> SafeString | str:
    """34 días, for what is that long overdue; vence en 17 días, for what is not."""
    days = (context["today"] - due_on).days
    if days <= 0:
        return formats.due(due_on, context["today"])
    text = ngettext("{n} day", "{n} days", days).format(n=formats.number(days))
    return format_html('<time datetime="{}" title="{}">{}</time>', due_on.isoformat(), formats.long_date(due_on), text)


@register.simple_tag
def lateness(due_on: date, settled_on: date) -> str:
    """21 días tarde, a tiempo, 3 días antes."""
    days = (settled_on - due_on).days
    if days == 0:
        return _("on the day")
    text = (
        ngettext("{n} day late", "{n} days late", days)
        if days > 0
        else ngettext("{n} day early", "{n} days early", -days)
    )
    return text.format(n=formats.number(abs(days)))


@register.simple_tag
def clock(moment: datetime) -> SafeString:
    """9:12, with the full date in the title."""
    local = timezone.localtime(moment)
    text = formats.clock(local)
    title = f"{formats.long_date(local.date())} {text}"
    return format_html('<time datetime="{}" title="{}">{}</time>', local.isoformat(timespec="minutes"), title, text)
