"""Forms for rules of conduct stricter than the law. Each makes one kind of rule, in the words of a pack."""

from collections.abc import Mapping
from datetime import time
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from puntual.desk import places
from puntual.desk.fields import DayField
from puntual.desk.words import CHANNELS

_ORDER = ("call", "visit", "email", "whatsapp", "sms", "letter")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class OwnRuleForm(forms.Form):
    """Where a rule of one's own holds, and for which channels; each kind of rule adds what it asks."""

    what = ""
    title: str | Promise = ""

    country = forms.ChoiceField(label=gettext_lazy("Customers in"), required=False)
    channels = forms.MultipleChoiceField(label=gettext_lazy("Channels"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        countries = [("", _("every country")), *places.country_choices()]
        self.fields["country"].choices = countries  # type: ignore[attr-defined]
        self.fields["channels"].choices = [(name, _(CHANNELS[name])) for name in _ORDER]  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """The rule's own words, from what was filled in."""
        return {}


class HoursForm(OwnRuleForm):
    what, title = "hours", gettext_lazy("Narrower hours")

    weekdays_from = forms.TimeField(label=gettext_lazy("Monday to Friday from"), initial=time(9))
    weekdays_until = forms.TimeField(label=gettext_lazy("until"), initial=time(18))
    saturday_from = forms.TimeField(label=gettext_lazy("Saturday from"), required=False)
    saturday_until = forms.TimeField(label=gettext_lazy("until"), required=False)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for name in ("weekdays_from", "weekdays_until", "saturday_from", "saturday_until"):
            self.fields[name].widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for days in ("weekdays", "saturday"):
            first, last = given.get(f"{days}_from"), given.get(f"{days}_until")
            if first and last and last <= first:
                self.add_error(f"{days}_until", _("The hours end before they begin."))
        if bool(given.get("saturday_from")) != bool(given.get("saturday_until")):
            self.add_error(
                "saturday_until" if given.get("saturday_from") else "saturday_from", _("Give both hours, or none.")
            )
        return given

    def values(self) -> dict[str, Any]:
        hours = {"mon-fri": _span(self.cleaned_data, "weekdays")}
        if self.cleaned_data["saturday_from"] and self.cleaned_data["saturday_until"]:
            hours["sat"] = _span(self.cleaned_data, "saturday")
        return {"hours": hours}


def _span(values: Mapping[str, time], name: str) -> str:
    return f"{values[f'{name}_from']:%H:%M}-{values[f'{name}_until']:%H:%M}"


class FrequencyForm(OwnRuleForm):
    what, title = "frequency", gettext_lazy("Fewer contacts")

    times = forms.IntegerField(label=gettext_lazy("At most"), min_value=1, max_value=100, initial=2)
    days = forms.IntegerField(label=gettext_lazy("in so many days"), min_value=1, max_value=30, initial=7)

    def values(self) -> dict[str, Any]:
        return {
            "times": self.cleaned_data["times"],
            "days": self.cleaned_data["days"],
            "full_days": True,
            "per": "party",
        }


class SpacingForm(OwnRuleForm):
    what, title = "spacing", gettext_lazy("More time in between")

    days = forms.IntegerField(label=gettext_lazy("Days in between"), min_value=1, max_value=30, initial=3)
    after = forms.ChoiceField(label=gettext_lazy("after"))

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["after"].choices = [  # type: ignore[attr-defined]
            ("attempt", _("every contact")),
            ("conversation", _("a conversation")),
        ]

    def values(self) -> dict[str, Any]:
        return {**{name: self.cleaned_data[name] for name in ("days", "after")}, "full_days": True, "per": "party"}


class DaysOffForm(OwnRuleForm):
    what, title = "days_off", gettext_lazy("Days of the week without contact")

    weekdays = forms.MultipleChoiceField(
        label=gettext_lazy("Days"), widget=forms.CheckboxSelectMultiple, required=False
    )
    holidays = forms.BooleanField(label=gettext_lazy("and holidays"), required=False)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        names = [_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday")]
        self.fields["weekdays"].choices = list(zip(_WEEKDAYS, names, strict=True))  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not values.get("weekdays") and not values.get("holidays"):
            self.add_error("weekdays", _("Choose at least one day."))
        return values

    def values(self) -> dict[str, Any]:
        return {"weekdays": self.cleaned_data["weekdays"], "holidays": self.cleaned_data["holidays"]}


class ConsentForm(OwnRuleForm):
    what, title = "consent", gettext_lazy("Only where the customer authorized the channel")


class ForbiddenForm(OwnRuleForm):
    what, title = "forbidden_channel", gettext_lazy("Channels never to use")


class DayOffForm(forms.Form):
    """A date without contact, in one country."""

    country = forms.ChoiceField(label=gettext_lazy("Country"))
    day = DayField(label=gettext_lazy("Day"))
    name = forms.CharField(label=gettext_lazy("What for"), max_length=100, required=False)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["country"].choices = places.country_choices()  # type: ignore[attr-defined]


FORMS: dict[str, type[OwnRuleForm]] = {
    form.what: form for form in (HoursForm, FrequencyForm, SpacingForm, DaysOffForm, ForbiddenForm, ConsentForm)
}
"""By the kind of rule each makes, in the order in which they are offered."""
