"""What the pages are written with. Every text is in the reader's language, every number and date in the reader's locale."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, RadioSelect, Select
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from puntual.desk import formats, words
from puntual.desk.keyset import Page
from puntual.kernel.aging import Buckets

register = template.Library()
Context = Mapping[str, Any]
LIGHT_ICONS = {"may": "circle-check", "wait": "clock-pause", "no": "ban"}


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """An icon of the sprite, hidden from readers: a word always stands beside it. `size="xs"` for the small ones."""
    return format_html(
        '<svg class="icon{}" aria-hidden="true"><use href="{}#i-{}"/></svg>',
        f" icon-{size}" if size else "",
        static("vendor/icons.svg"),
        name,
    )


@register.simple_tag(takes_context=True)
def to(context: Context, name: str, *args: object) -> str:
    """The address of a page of this organization: {% to "customer" customer.id %}."""
    return reverse(name, args=(context["organization"].slug, *args))


@register.filter
def money(amount: Decimal, currency: str) -> str:
    """4,720.00: the amount without its code, which stands once per column."""
    return formats.money(amount, currency)


@register.filter
def change(amount: Decimal, currency: str) -> str:
    """+3,200.00 or −31,480.00: how an amount moved."""
    return formats.money(amount, currency, signed=True)


@register.filter
def count(value: int) -> str:
    """1,204."""
    return formats.number(value)


@register.inclusion_tag("desk/parts/amount.html")
def amount(
    value: Decimal,
    currency: str,
    href: str = "",
    parts: Sequence[tuple[str, Decimal]] = (),
    total: str = "",
    title: str = "",
    name: str = "",
) -> dict[str, object]:
    """An amount that leads to what it is made of, and shows it on hover or focus.

    `parts` are (words, amount) and end in `total`; `title` is the short form where there are no parts; `name` makes the
    popover's id unique on the page.
    """
    return {
        "value": formats.money(value, currency),
        "href": href,
        "parts": [(label, formats.money(part, currency)) for label, part in parts],
        "total": total,
        "title": title,
        "id": f"made-{name or currency}",
    }


@register.simple_tag(takes_context=True)
def day(context: Context, value: date | None, form: str = "short") -> SafeString | str:
    """23 nov, with the full date in the title; `"long"` writes it out. Nothing for no date."""
    if value is None:
        return ""
    text = formats.long_date(value) if form == "long" else formats.short_date(value, context.get("today"))
    return _time(value.isoformat(), formats.long_date(value), text)


@register.simple_tag(takes_context=True)
def moment(context: Context, value: datetime | None) -> SafeString | str:
    """9:12 for today, else 20 nov 9:12, in the organization's time zone; the full date in the title."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    clock, today = formats.clock(local), context.get("today")
    text = clock if local.date() == today else f"{formats.short_date(local.date(), today)} {clock}"
    return _time(local.isoformat(timespec="minutes"), f"{formats.long_date(local.date())} {clock}", text)


@register.simple_tag(takes_context=True)
def ago(context: Context, value: date | datetime | None) -> SafeString | str:
    """hace 3 días, mañana, en 4 días."""
    if value is None:
        return ""
    on = timezone.localtime(value).date() if isinstance(value, datetime) else value
    return _time(on.isoformat(), formats.long_date(on), formats.ago(on, context["today"]))


@register.simple_tag(takes_context=True)
def due(context: Context, value: date) -> SafeString:
    """34 días vencida, vence en 12 días: a due date with its days past or to go."""
    return _time(value.isoformat(), formats.long_date(value), formats.due(value, context["today"]))


def _time(machine: str, title: str, text: str) -> SafeString:
    return format_html('<time datetime="{}" title="{}">{}</time>', machine, title, text)


@register.simple_tag
def tone(name: str, text: str = "") -> SafeString:
    """The mark and the word of a tone, nothing for none; `text` says more than its name ("Firme, por correo")."""
    if not name:
        return SafeString("")
    return format_html('<span class="tone {}">{}</span>', tone_class(name), text or words.tone(name))


@register.filter
def tone_class(name: str) -> str:
    """tone-3, for "firm": colors what is inside it."""
    return f"tone-{words.TONES.index(name) + 1}" if name in words.TONES else ""


@register.filter
def channel(name: str) -> str:
    """Correo, for "email"."""
    return _(words.CHANNELS[name])


@register.filter
def channel_icon(name: str) -> str:
    """mail, for "email": {% icon activity.channel|channel_icon %}."""
    return words.CHANNEL_ICONS[name]


@register.filter
def role(name: str) -> str:
    """cobrador, for "collector"."""
    return words.role(name)


@register.simple_tag
def light(verdict: str, text: str, reason: str = "") -> SafeString:
    """The conduct light: `verdict` is may, wait or no; a shape, a word, and then the reason in grey."""
    grey = format_html("<span>{}</span>", reason) if reason else ""
    return format_html('<span class="light {}">{}{}</span>{}', verdict, icon(LIGHT_ICONS[verdict]), text, grey)


@register.simple_tag
def age_bar(totals: Mapping[str, Decimal], currency: str) -> SafeString:
    """The age of debt as a strip; `totals` are by bucket name in order, and all of them are read out."""
    whole = sum(totals.values(), Decimal(0))
    if not whole:
        return SafeString("")
    rects, start = [], Decimal(0)
    for position, value in enumerate(totals.values()):
        width = value / whole * 100
        if width > 0:
            rects.append((min(position, 4), f"{start:.2f}", f"{width:.2f}"))
        start += width
    spoken = "; ".join(
        f"{words.bucket(name)} {formats.money(value, currency)}" for name, value in totals.items() if value
    )
    return format_html(
        '<svg class="aging" role="img" aria-label="{}: {}">{}</svg>',
        currency,
        spoken,
        format_html_join("", '<rect class="age-{}" x="{}%" width="{}%" height="100%"/>', rects),
    )


@register.simple_tag
def age_legend(names: Sequence[str] = ()) -> SafeString:
    """What each color of an age bar means."""
    rows = [(min(position, 4), words.bucket(name)) for position, name in enumerate(names or Buckets().names)]
    return format_html(
        '<span class="legend-age fine d-flex flex-wrap column-gap-3">{}</span>',
        format_html_join("", '<span><i class="age-{}"></i>{}</span>', rows),
    )


@register.filter
def bucket(name: str) -> str:
    """por vencer, 1–30, 91+."""
    return words.bucket(name)


@register.inclusion_tag("desk/parts/pager.html")
def pager(rows: Page) -> dict[str, object]:
    """Previous and next below a list; nothing where one page is all."""
    return {"page": rows}


@register.inclusion_tag("desk/parts/field.html")
def field(bound: BoundField, label: str = "", help: str = "", **attrs: str) -> dict[str, object]:
    """A form's field with its label, help and errors; further names become the input's attributes (`autocomplete="off"`)."""
    widget = bound.field.widget
    kind = (
        "form-check-input"
        if isinstance(widget, CheckboxInput)
        else "form-select"
        if isinstance(widget, Select)
        else "form-control"
    )
    if bound.errors:
        attrs["aria-invalid"] = "true"
        attrs["aria-describedby"] = f"{bound.auto_id}_error"
    elif help:
        attrs["aria-describedby"] = f"{bound.auto_id}_help"
    css = f"{kind} is-invalid" if bound.errors else kind
    return {
        "bound": bound,
        "input": bound.as_widget(attrs={"class": css, "placeholder": "", **attrs}),
        "label": label or bound.label,
        "help": help,
        "check": kind == "form-check-input",
        "choices": isinstance(widget, RadioSelect),
    }
