"""The forms of print batches: gathering one, saying that it was posted, and what came back."""

from collections.abc import Mapping
from datetime import date

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from puntual.desk.fields import DayField
from puntual.outreach.channels.letter.returning import REASONS
from puntual.outreach.channels.letter.services import OUTCOMES, name_of, offered

MOST_LIST = 1 << 20
"""Bytes of a list of the post's numbers: some 40,000 letters."""


def service_name(code: str) -> str:
    """How letters are posted, in the reader's language; a service keeps the name it has in its country."""
    return _(name_of(code)) if code else _("Ordinary post")


class GatherForm(forms.Form):
    """Which letters go into a batch (all that wait, unless some are chosen), how they are posted, and in which envelopes."""

    service = forms.ChoiceField(label=gettext_lazy("How it is posted"), required=False)
    window = forms.ChoiceField(label=gettext_lazy("Window of the envelopes"))

    def __init__(self, country: str, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **options)  # type: ignore[arg-type]
        self.fields["service"].choices = [  # type: ignore[attr-defined]
            ("", service_name("")),
            *((one.code, service_name(one.code)) for one in offered(country)),
        ]
        self.fields["window"].choices = [("left", _("on the left")), ("right", _("on the right"))]  # type: ignore[attr-defined]


class PostedForm(forms.Form):
    """The day a batch was posted, by whom, and the post's numbers as a file."""

    on = DayField(label=gettext_lazy("Day it was posted"))
    office = forms.CharField(label=gettext_lazy("Post office, notary or carrier"), max_length=200, required=False)
    numbers = forms.FileField(
        label=gettext_lazy("List of the post's numbers (CSV)"),
        required=False,
        help_text=gettext_lazy("The letter's code and its number, a line each. What is typed below counts before it."),
    )

    def numbers_text(self) -> str:
        """What the file holds; empty where there is none."""
        given = self.cleaned_data.get("numbers")
        if given is None:
            return ""
        raw: bytes = given.read(MOST_LIST)
        try:
            return raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            return raw.decode("latin-1")


class ReturnedForm(forms.Form):
    """A letter that came back."""

    code = forms.CharField(
        label=gettext_lazy("Code of the letter"),
        max_length=30,
        help_text=gettext_lazy("Below the date on the sheet: type it, or scan the square beside it."),
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off", "inputmode": "numeric"}),
    )
    reason = forms.ChoiceField(label=gettext_lazy("Why"))
    on = DayField(label=gettext_lazy("Day it came back"))

    def __init__(self, today: date, data: Mapping[str, object] | None = None) -> None:
        super().__init__(data, initial={"on": today})
        self.fields["reason"].choices = [(code, _(OUTCOMES[code])) for code in REASONS]  # type: ignore[attr-defined]


class ProofForm(forms.Form):
    """What shows how a notice ended, with its scan."""

    proof = forms.CharField(label=gettext_lazy("Proof of delivery"), max_length=300)
    outcome = forms.ChoiceField(label=gettext_lazy("How it ended"), required=False)
    on = DayField(label=gettext_lazy("Day"), required=False)
    document = forms.FileField(label=gettext_lazy("Scan (PDF or picture)"), required=False)

    def __init__(self, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **options)  # type: ignore[arg-type]
        self.fields["outcome"].choices = [(code, _(words)) for code, words in OUTCOMES.items()]  # type: ignore[attr-defined]
