"""What the forms of the settings share, and those that more than one page shows."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from puntual.desk import places
from puntual.desk.refusing import refuse
from puntual.desk.watched import Watched, overtaken
from puntual.kernel.problems import Problem
from puntual.organizations.models import User


def carried_out(form: forms.Form, act: Callable[..., object], beside: str | None = None) -> bool:
    """Whether the form was right and `act`, called with its values by name, did it.

    What the action refuses is shown `beside` a field, else above the form.
    """
    if not form.is_valid() or overtaken(form):
        return False
    try:
        act(**form.cleaned_data)
    except Problem as problem:
        refuse(form, problem, beside)
        return False
    return True


class PersonForm(forms.Form):
    """Somebody who is to sign in, with a password of the person's own."""

    name = forms.CharField(label=gettext_lazy("Your name"), max_length=150)
    email = forms.EmailField(label=gettext_lazy("E-mail"))
    password = forms.CharField(
        label=gettext_lazy("Password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if password := values.get("password"):
            try:
                validate_password(password, User(email=values.get("email", ""), name=values.get("name", "")))
            except ValidationError as error:
                self.add_error("password", error)
        return values


class OrganizationForm(Watched):
    """An organization. `open_ended` lets what follows from the country be left open."""

    name = forms.CharField(label=gettext_lazy("Name of the company"), max_length=150)
    country = forms.ChoiceField(label=gettext_lazy("Country"))
    currency = forms.ChoiceField(label=gettext_lazy("Currency"))
    language = forms.ChoiceField(label=gettext_lazy("Language of the messages"))
    time_zone = forms.ChoiceField(label=gettext_lazy("Time zone"))

    def __init__(self, *arguments: Any, open_ended: bool = False, **options: Any) -> None:
        super().__init__(*arguments, **options)
        usual = [("", _("the country's usual one"))] if open_ended else []
        choices = {
            "country": places.country_choices(),
            "currency": usual + places.currency_choices(),
            "language": usual + places.language_choices(),
            "time_zone": usual + places.zone_choices(),
        }
        for name, listed in choices.items():
            field = self.fields[name]
            field.required = name == "country" or not open_ended
            field.choices = listed  # type: ignore[attr-defined]


class CreditorForm(Watched):
    """Who is owed, and how the messages are signed."""

    name = forms.CharField(label=gettext_lazy("Legal name"), max_length=200)
    tax_id = forms.CharField(label=gettext_lazy("Tax ID"), max_length=40, required=False)
    signs_as = forms.CharField(
        label=gettext_lazy("Who signs, where nobody is named for the tone"), max_length=150, required=False
    )
    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False)
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=30, required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language"))
    address = forms.CharField(
        label=gettext_lazy("Address"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["language"].choices = places.language_choices()  # type: ignore[attr-defined]


class AccountForm(forms.Form):
    """A bank account in one currency."""

    currency = forms.ChoiceField(label=gettext_lazy("Currency"))
    bank = forms.CharField(label=gettext_lazy("Bank"), max_length=100)
    number = forms.CharField(label=gettext_lazy("Account number"), max_length=50)
    interbank_number = forms.CharField(
        label=gettext_lazy("Interbank number (CCI, CLABE, IBAN)"), max_length=50, required=False
    )
    holder = forms.CharField(label=gettext_lazy("Holder, where it is another"), max_length=200, required=False)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["currency"].choices = places.currency_choices()  # type: ignore[attr-defined]


class LogoForm(forms.Form):
    """A creditor's logo."""

    file = forms.FileField(
        label=gettext_lazy("PNG, JPEG or SVG"),
        max_length=200,
        widget=forms.FileInput(attrs={"accept": ".png,.jpg,.jpeg,.svg,image/png,image/jpeg,image/svg+xml"}),
    )
