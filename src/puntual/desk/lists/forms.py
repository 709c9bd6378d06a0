"""What bulk actions ask before they are done."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from puntual.audit.actions import Actor
from puntual.desk import labels
from puntual.desk.lists.common import NOBODY, members


class NothingForm(forms.Form):
    """Nothing has to be known."""


class OwnerForm(forms.Form):
    """Whose it is from now on."""

    owner = forms.ChoiceField(label=_("Whose they are from now on"))

    def __init__(self, by: Actor, *args: Any, nobody: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = [pair for pair in members(by) if nobody or pair[0] != NOBODY]
        self.fields["owner"].choices = found  # type: ignore[attr-defined]


class HandlingForm(forms.Form):
    """How customers are handled, and why."""

    handling = forms.ChoiceField(label=_("How they are handled"))
    why = forms.CharField(label=_("Why"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["handling"].choices = labels.choices("handling")  # type: ignore[attr-defined]


class TagForm(forms.Form):
    """A tag."""

    tag = forms.CharField(label=_("Tag"), max_length=40)


class SaveViewForm(forms.Form):
    """What a view of a list is called, and whether everybody has it."""

    name = forms.CharField(label=_("Name of the view"), max_length=60)
    shared = forms.BooleanField(label=_("For everybody in the organization"), required=False)
    query = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2000)

    def __init__(self, *args: Any, may_share: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_share:
            del self.fields["shared"]
