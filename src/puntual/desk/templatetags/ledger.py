"""Tags for pages about customers and money; the general ones are in `desk`."""

from datetime import date, datetime

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from puntual.desk import formats, labels
from puntual.desk.history.lines import scope as hold_scope
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
def point_icon(kind: str) -> str:
    """mail, for "email": {% icon point.kind|point_icon %}."""
    return {"email": "mail", "phone": "phone", "whatsapp": "brand-whatsapp", "post": "file-text"}[kind]


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
