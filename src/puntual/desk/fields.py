"""Form fields that read what people type as the reader's locale writes it."""

import re
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from babel.numbers import NumberFormatError, parse_decimal
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext as _

from puntual.desk import formats
from puntual.kernel import days
from puntual.kernel.money import minor_units

MOST = Decimal("1e15")
"""An amount has to be below; the ledger's columns hold one digit more."""
DECIMALS = 4
"""So many decimals the ledger's columns hold: of more, some would be lost without a word."""
LONGEST_PAUSE = timedelta(days=366)
"""A year, also from before a 29th of February."""

_STRANGE = re.compile(r"[^\d.,'’\s+\u2212-]")  # letters above all: 1e5 is a number and no amount


class MoneyField(forms.Field):
    """An amount as the reader writes it: 1,234.56 in Lima, 1.234,56 in Madrid. What could be read two ways is refused, and
    what is finer than its `currency`, where that is known before, or than so many `decimals`. It
    is `least` at least; where none is given, the action says what it may be."""

    def __init__(
        self, *, currency: str = "", decimals: int = DECIMALS, least: int | None = None, **options: Any
    ) -> None:
        self.decimals = minor_units(currency) if currency else decimals
        if least is not None:
            options["validators"] = [MinValueValidator(least)]
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "maxlength": "30"})
        super().__init__(**{"widget": widget, **options})

    def to_python(self, value: Any) -> Decimal | None:
        text = str(value or "").strip()
        if not text:
            return None
        try:
            if _STRANGE.search(text):
                raise NumberFormatError(text)
            amount = parse_decimal(text.replace(" ", ""), formats.current(), strict=True)
        except (NumberFormatError, InvalidOperation):
            amount = Decimal("NaN")
        if not amount.is_finite() or abs(amount) >= MOST:
            example = formats.money(Decimal("1234.5"), "USD")
            raise ValidationError(
                _("“{text}” is not an amount. Write it like {example}.").format(text=text, example=example)
            )
        if amount != round(amount, self.decimals):
            raise ValidationError(_("“{text}” has too many decimals: {n} at most.").format(text=text, n=self.decimals))
        return amount

    def prepare_value(self, value: Any) -> Any:
        """An amount that is there already, as the reader would type it."""
        if not isinstance(value, Decimal):
            return value
        plain = Decimal(f"{value.normalize():f}")
        return formats.written(round(plain, 2) if plain == round(plain, 2) else plain)


class DayField(forms.DateField):
    """A day, chosen in the browser's own calendar, of those that are meant."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(**{"widget": widget, "input_formats": ["%Y-%m-%d"], "localize": False, **options})

    def to_python(self, value: Any) -> date | None:
        day = super().to_python(value)
        if day is not None and not days.is_meant(day):
            raise ValidationError(
                _("Give a day from {first} to {last}.").format(
                    first=formats.short_date(days.FIRST), last=formats.short_date(days.LAST)
                )
            )
        return day


class PauseEndField(DayField):
    """Through which day somebody is left in peace: within a year, so that each pause is looked at again."""

    def to_python(self, value: Any) -> date | None:
        day, last = super().to_python(value), timezone.localdate() + LONGEST_PAUSE
        if day is not None and day > last:
            raise ValidationError(
                _(
                    "A pause lasts a year at most, so that somebody looks at it again. Choose a day through {last}."
                ).format(last=formats.short_date(last))
            )
        return day
