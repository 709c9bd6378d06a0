"""What a person says about a contact: other words, a pause, a reason, a result."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from puntual.outreach.results import RESULTS, offered

LATER = "later"
"""Not a result: the call is put off."""


class DateInput(forms.DateInput):
    """The browser's own calendar, which speaks ISO 8601."""

    input_type = "date"

    def __init__(self, **attrs: Any) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class EditForm(forms.Form):
    subject = forms.CharField(label=_("Subject"), max_length=300, required=False)  # an SMS has none
    body = forms.CharField(label=_("Text"), widget=forms.Textarea(attrs={"rows": 20}))


class PauseForm(forms.Form):
    until = forms.DateField(label=_("Until when, that day included"), widget=DateInput(), input_formats=["%Y-%m-%d"])
    why = forms.CharField(label=_("Why"), max_length=300)
    whole_customer = forms.BooleanField(label=_("The whole customer, not only these invoices"), required=False)


class DropForm(forms.Form):
    why = forms.CharField(label=_("Why"), max_length=300)


class ResultForm(forms.Form):
    """What came of a call or a task; `pause_until` for results that pause, `later` for a call that is put off."""

    result = forms.ChoiceField(widget=forms.RadioSelect)
    pause_until = forms.DateField(required=False, widget=DateInput(), input_formats=["%Y-%m-%d"])
    later = forms.DateTimeField(
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M"],
    )
    note = forms.CharField(required=False, max_length=2000)

    def __init__(self, channel: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pausing = frozenset(code for code, result in RESULTS.items() if result.hold)
        choices = list(offered(channel).items())
        if channel != "internal":
            choices.append((LATER, str(_("Later"))))
        self.fields["result"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("result") == LATER and not isinstance(given.get("later"), datetime) and "later" not in self.errors:
            self.add_error("later", _("Say when."))
        if given.get("result") not in self.pausing:
            given["pause_until"] = None
        return given
