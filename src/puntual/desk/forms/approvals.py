"""The form of a decision."""

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy


class DecisionForm(forms.Form):
    """Yes or no, and why."""

    decision = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=[("yes", pgettext_lazy("decision", "Approve")), ("no", pgettext_lazy("decision", "Refuse"))],
        widget=forms.RadioSelect,
    )
    why = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("It is kept with the decision, and whoever asked reads it."),
    )
