"""What a person says of an alert: what came of it, and whose it is."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from puntual.analytics.alerts.kinds import GIVEN
from puntual.analytics.alerts.words import outcome_label
from puntual.audit.actions import Actor
from puntual.desk.lists.common import NOBODY, members
from puntual.desk.watched import Watched


class CloseForm(forms.Form):
    """What came of it, and what was found or done."""

    outcome = forms.ChoiceField(label=_("What came of it"), widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("What you found or did"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = [(one.value, outcome_label(one)) for one in GIVEN]  # type: ignore[attr-defined]


class GiveForm(Watched):
    """Whose it is from now on."""

    owner = forms.ChoiceField(label=_("Who sees to it"))

    def __init__(self, by: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [pair for pair in members(by) if pair[0] != NOBODY]
        self.fields["owner"].choices = [("", gettext("Nobody")), *people]  # type: ignore[attr-defined]
        self.fields["owner"].required = False

    def given(self) -> UUID | None:
        """The member, or nobody."""
        return UUID(self.cleaned_data["owner"]) if self.cleaned_data["owner"] else None
