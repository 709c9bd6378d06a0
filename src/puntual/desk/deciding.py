"""The decision at the end of the ladder: its forms, and what is said of each choice."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from puntual.desk.fields import DayField
from puntual.outreach.deciding import CHOICES
from puntual.placements.actions import REVIEW_AFTER

_ABOUT: Mapping[str, object] = {
    "place": gettext_lazy("From now on nobody here chases it, until it is recalled. The claim stays yours."),
    "sue": gettext_lazy("It is handed to legal: from now on nobody here chases it, until it is recalled."),
    "write_off": gettext_lazy("Somebody else who keeps the books decides on it; nothing is written off until then."),
    "keep": gettext_lazy("It stays open, and the reason stays on record. On the day you name it is decided again."),
}


class WhyForm(forms.Form):
    """A decision with its reason."""

    why = forms.CharField(label=gettext_lazy("Why"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class PlacingForm(WhyForm):
    """With whom a debt is placed, and why."""

    with_whom = forms.CharField(label=gettext_lazy("With whom"), max_length=150)
    reference = forms.CharField(label=gettext_lazy("Their reference"), max_length=60, required=False)
    field_order = ("with_whom", "reference", "why")


class KeepingForm(WhyForm):
    """Until when a debt stays open, and why."""

    review_on = DayField(label=gettext_lazy("To be decided again on"))
    field_order = ("review_on", "why")


def choices() -> list[tuple[str, str]]:
    """The four, in the reader's words."""
    return [(choice, _(words)) for choice, words in CHOICES.items()]


def form_of(choice: str, data: Any, today: date) -> WhyForm:
    """What a choice asks for."""
    if choice == "keep":
        return KeepingForm(data, initial={"review_on": today + REVIEW_AFTER})
    return (PlacingForm if choice in ("place", "sue") else WhyForm)(data)


def about(choice: str) -> str:
    """What a choice does, in a sentence."""
    return str(_ABOUT[choice])


def done_words(choice: str, customer: str) -> str:
    """What was done."""
    words = {
        "place": _("Placed with an agency: {customer}"),
        "sue": _("Handed to legal: {customer}"),
        "write_off": _("Proposed to be written off: {customer}"),
        "keep": _("It stays open: {customer}"),
    }
    return words[choice].format(customer=customer)
