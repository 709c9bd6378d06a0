"""Small charts made on the server: a shape beside a sentence, read without a script. Colors come from classes alone."""

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_WIDTH, _HEIGHT = 120, 28


def spark(values: Sequence[float], label: str, *, fresh: int = 0, usual: float | None = None) -> SafeString:
    """Bars of `values`, the last `fresh` of them in the color of news, with a line at `usual`; `label` is what a reader hears.

    Nothing where there are no values.
    """
    if not values:
        return SafeString("")
    low, high = min(*values, usual or 0, 0), max(*values, usual or 0, 0)
    scale = _HEIGHT / ((high - low) or 1)

    def y(value: float) -> float:
        return round((high - value) * scale, 1)

    step = _WIDTH / max(len(values), 6)
    bars = format_html_join(
        "",
        '<rect x="{}" y="{}" width="{}" height="{}"{}/>',
        (
            (
                round(place * step, 1),
                min(y(value), y(0)),
                round(step * 0.7, 1),
                max(abs(y(value) - y(0)), 1),
                SafeString(' class="fresh"') if place >= len(values) - fresh else "",
            )
            for place, value in enumerate(values)
        ),
    )
    line = "" if usual is None else format_html('<line x1="0" x2="{}" y1="{}" y2="{}"/>', _WIDTH, y(usual), y(usual))
    return format_html(
        '<svg class="bars" viewBox="0 0 {} {}" width="{}" height="{}" role="img" aria-label="{}">{}{}</svg>',
        _WIDTH,
        _HEIGHT,
        _WIDTH,
        _HEIGHT,
        label,
        bars,
        line,
    )
