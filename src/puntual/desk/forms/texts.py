"""The form a text is written in: what each channel and audience has."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from puntual.desk import words
from puntual.desk.text_list import CHANNELS
from puntual.desk.watched import Watched
from puntual.strategies.texts import NAME, Place, Text, base_language, builtin_places
from puntual.strategies.variables import WRITTEN


class TextForm(Watched):
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


class NewTextForm(forms.Form):
    """What a template is called in the manual, and which of its texts is written first."""

    template = forms.RegexField(
        rf"^{NAME.pattern}$",
        label=_("Code"),
        max_length=60,
        help_text=_("Small letters, digits, “-” and “_”, such as key_accounts."),
        error_messages={"invalid": _("Use small letters, digits, “-” and “_”, no more.")},
    )
    channel = forms.ChoiceField(label=_("Channel"))
    language = forms.ChoiceField(label=_("Language"), choices=list(words.LANGUAGES.items()))
    audience = forms.ChoiceField(
        label=_("Who reads it"), choices=(("company", _("Companies")), ("consumer", _("Natural persons")))
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        channels = [(code, gettext(words.CHANNELS[code])) for code in CHANNELS]
        self.fields["channel"].choices = channels  # type: ignore[attr-defined]

    def clean_template(self) -> str:
        code = str(self.cleaned_data["template"])
        if any(place.template == code for place in builtin_places(base_language(self.data.get("language", "")))):
            raise forms.ValidationError(gettext("A template that comes with Puntual has this code. Choose another."))
        return code
