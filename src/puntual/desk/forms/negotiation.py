"""The form of what was found out about a customer."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from puntual.agreements.profiles.findings import REASONS, Procedure
from puntual.agreements.profiles.words import reason
from puntual.desk.fields import DayField

_ANSWERS = [
    ("yes", pgettext_lazy("is it so", "yes")),
    ("no", pgettext_lazy("is it so", "no")),
    ("", gettext_lazy("not known")),
]
_SAID = {"yes": True, "no": False}
BY_PROCEDURE = {
    Procedure.CAN_AND_WANTS: ("yes", "yes"),
    Procedure.WANTS_BUT_CANNOT: ("yes", "no"),
    Procedure.CAN_BUT_DOES_NOT_WANT: ("no", "yes"),
    Procedure.NEITHER: ("no", "no"),
}
"""Willing and able, as each procedure takes them."""


class FindingForm(forms.Form):
    """Willing × able, the reason for the arrears, and how that is known."""

    willing = forms.ChoiceField(
        label=gettext_lazy("Wants to pay"), choices=_ANSWERS, required=False, widget=forms.RadioSelect
    )
    able = forms.ChoiceField(label=gettext_lazy("Can pay"), choices=_ANSWERS, required=False, widget=forms.RadioSelect)
    reason = forms.ChoiceField(label=gettext_lazy("Reason for the arrears"), required=False)
    evidence = forms.CharField(
        label=gettext_lazy("What was said or seen"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("In their words, without judging. Whoever speaks with them next relies on it."),
    )
    found_on = DayField(label=gettext_lazy("Found out on"), required=False)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        choices = [("", _("not known")), *((code, reason(code)) for code in REASONS)]
        self.fields["reason"].choices = choices  # type: ignore[attr-defined]

    def finding(self) -> dict[str, Any]:
        """What `record_finding` takes."""
        given = self.cleaned_data
        return {
            "willing": _SAID.get(given["willing"]),
            "able": _SAID.get(given["able"]),
            "reason": given["reason"],
            "evidence": given["evidence"],
            "found_on": given["found_on"],
        }
