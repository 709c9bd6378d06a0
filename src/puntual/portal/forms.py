"""What a customer fills in on its page."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from babel import Locale
from babel.numbers import NumberFormatError, parse_decimal
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from puntual.disputes.words import REASONS
from puntual.outreach.formats import money

_STRANGE = re.compile(r"[^\d.,'’\s+-]")
_PICTURES = ".pdf,.png,.jpg,.jpeg,.gif,.webp,.heic,.tif,.tiff"
_MOST = Decimal("1e15")


class _AmountField(forms.Field):
    """An amount as the customer's locale writes it; a lone separator with one or two digits after it is a decimal one."""

    locale: Locale

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "maxlength": "30"})
        super().__init__(widget=widget, **options)

    def to_python(self, value: Any) -> Any:
        text = str(value or "").replace(" ", "").replace("\N{NO-BREAK SPACE}", "")
        if not text:
            return None
        if re.fullmatch(r"\d+[.,]\d{1,2}", text):
            return Decimal(text.replace(",", "."))
        try:
            if _STRANGE.search(text):
                raise NumberFormatError(text)
            amount = parse_decimal(text, self.locale, strict=True)
        except (NumberFormatError, InvalidOperation):
            amount = Decimal("NaN")
        if not amount.is_finite() or not 0 < amount < _MOST:
            example = money(Decimal("1234.5"), "USD", self.locale)
            raise ValidationError(gettext("This is not an amount. Write it like {example}.").format(example=example))
        return amount


class PortalForm(forms.Form):
    """A form on a customer's page: its fields look as the framework draws them."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            if not isinstance(field.widget, forms.RadioSelect):  # what Django draws around ticks would wear it too
                drawn = "form-select" if isinstance(field.widget, forms.Select) else "form-control"
                field.widget.attrs["class"] = f"{field.widget.attrs.get('class', '')} {drawn}".strip()


class PaidForm(PortalForm):
    """“I have paid”: how much, when, where, for what, and the receipt."""

    amount = _AmountField(label=_("Amount"))
    currency = forms.ChoiceField(label=_("Currency"))
    paid_on = forms.DateField(
        label=_("Day of the payment"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d"],
        localize=False,
    )
    bank = forms.CharField(label=_("Bank, and number of the operation if you have it"), max_length=100, required=False)
    items = forms.MultipleChoiceField(
        label=_("For which documents"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("If you mark none, the oldest ones are taken."),
    )
    receipt = forms.FileField(
        label=_("Receipt"),
        required=False,
        help_text=_("A PDF or a picture of up to 10 MB."),
        widget=forms.FileInput(attrs={"accept": _PICTURES}),
    )
    said_by = forms.CharField(
        label=_("Your name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )

    def __init__(
        self,
        *args: Any,
        items: Sequence[tuple[str, str]],
        currencies: Sequence[str],
        today: date,
        locale: Locale,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.fields["amount"].locale = locale  # type: ignore[attr-defined]
        self.fields["currency"].choices = [(code, code) for code in currencies]  # type: ignore[attr-defined]
        if len(currencies) == 1:
            self.fields["currency"].widget = forms.HiddenInput()
            self.fields["currency"].initial = currencies[0]
        self.fields["items"].choices = items  # type: ignore[attr-defined]
        if not items:
            del self.fields["items"]
        self.fields["paid_on"].widget.attrs["max"] = today.isoformat()
        self.fields["paid_on"].initial = today


class TimeForm(PortalForm):
    """More time, in the customer's own words."""

    said = forms.CharField(
        label=_("Until when, or in how many parts"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5})
    )
    said_by = forms.CharField(
        label=_("Your name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )


class ReachForm(PortalForm):
    """How the customer prefers to be reached; what is left open is left to us."""

    channel = forms.ChoiceField(label=_("Rather by"), required=False)
    hours = forms.ChoiceField(label=_("At what time of day"), required=False)

    def __init__(
        self, *args: Any, channels: Sequence[tuple[str, str]], hours: Sequence[tuple[str, str]], **options: Any
    ):
        super().__init__(*args, **options)
        self.fields["channel"].choices = [("", gettext("It is all the same to me")), *channels]  # type: ignore[attr-defined]
        self.fields["hours"].choices = [("", gettext("At any time")), *hours]  # type: ignore[attr-defined]


class ObjectForm(PortalForm):
    """What is wrong with a document, for all of it or a part."""

    invoice = forms.ChoiceField(label=_("Which document"))
    reason = forms.ChoiceField(
        label=_("What is wrong"), choices=[(code, gettext_lazy(said)) for code, said in REASONS.items()]
    )
    amount = _AmountField(
        label=_("Amount you do not agree with"), required=False, help_text=_("Empty means the whole document.")
    )
    said = forms.CharField(label=_("What happened"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}))
    evidence = forms.FileField(
        label=_("A file that shows it"), required=False, help_text=_("A PDF, a picture or a document of up to 10 MB.")
    )
    said_by = forms.CharField(
        label=_("Your name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )

    def __init__(self, *args: Any, invoices: Sequence[tuple[str, str]], locale: Locale, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["invoice"].choices = invoices  # type: ignore[attr-defined]
        self.fields["amount"].locale = locale  # type: ignore[attr-defined]
