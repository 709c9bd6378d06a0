"""The form a text is written in: what each channel and audience has."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from puntual.strategies.texts import Place, Text
from puntual.strategies.variables import WRITTEN


class TextForm(forms.Form):
    """Two subjects for a general e-mail or letter, one where natural persons alone read it, none for the other channels."""

    subject = forms.CharField(label=_("Subject"), max_length=300, required=False)
    subject_private = forms.CharField(label=_("Subject for natural persons"), max_length=300, required=False)
    body = forms.CharField(label=_("Text"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 18}), strip=False)

    def __init__(self, place: Place, data: QueryDict | None = None, text: Text | None = None) -> None:
        begun = {"subject": text.subject, "subject_private": text.subject_private, "body": text.body} if text else None
        super().__init__(data, initial=begun)
        if place.channel not in WRITTEN:
            del self.fields["subject"]
        if place.channel not in WRITTEN or place.audience == "consumer":
            del self.fields["subject_private"]
        if place.channel in ("sms", "whatsapp"):
            self.fields["body"].widget.attrs["rows"] = 10

    def written(self) -> Text:
        """The text as it was typed, in whatever state it is."""

        def typed(name: str) -> str:
            return str(self[name].value() or "").replace("\r", "") if name in self.fields else ""

        subject = typed("subject")
        private = typed("subject_private") if "subject_private" in self.fields else subject
        return Text(subject, private, typed("body"))
