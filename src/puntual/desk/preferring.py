"""How somebody prefers to be reached: the form, and the same in words."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from puntual.desk.watched import Watched
from puntual.parties.models import Preference
from puntual.strategies.words import CHANNELS

HOURS = range(6, 23)


class PreferenceForm(Watched):
    """A channel and hours of the day, both open."""

    channel = forms.ChoiceField(label=gettext_lazy("Rather by"), required=False)
    first = forms.ChoiceField(label=gettext_lazy("From"), required=False)
    last = forms.ChoiceField(label=gettext_lazy("Until"), required=False)

    def __init__(self, kept: Preference | None, data: Any = None) -> None:
        initial = {
            "channel": kept.channel if kept else "",
            "first": kept.hours_from if kept else None,
            "last": kept.hours_until if kept else None,
        }
        super().__init__(data, initial=initial)
        known = {kept.hours_from, kept.hours_until} - {None} if kept else set()
        hours = [("", _("any time"))] + [(str(hour), f"{hour}:00") for hour in sorted({*HOURS, *known})]
        ways = [(way, _(CHANNELS[way])) for way in Preference.Channel.values]
        self.fields["channel"].choices = [("", _("any way")), *ways]  # type: ignore[attr-defined]
        for name in ("first", "last"):
            self.fields[name].choices = hours  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        first, last = values.get("first"), values.get("last")
        if bool(first) != bool(last):
            self.add_error("last" if first else "first", _("Give both hours, or none."))
        values["hours"] = (int(first), int(last)) if first and last else None
        return values


def preference_words(kept: Preference | None) -> str:
    """Rather by e-mail, 9:00–12:00; "" for none."""
    if kept is None:
        return ""
    by = _("rather by {channel}").format(channel=_(CHANNELS[kept.channel])) if kept.channel else ""
    hours = f"{kept.hours_from}:00–{kept.hours_until}:00" if kept.hours_from is not None else ""
    return ", ".join(part for part in (by, hours) if part)
