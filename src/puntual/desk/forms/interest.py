"""What a person says about late interest: on which terms it is charged, which rate was published, what is let go."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from puntual.desk.fields import DayField, MoneyField
from puntual.desk.watched import Watched
from puntual.receivables.interest.laws import series


class TermsForm(Watched):
    """On which terms a creditor charges, or one of its customers is charged otherwise."""

    basis = forms.ChoiceField(label=_("Rate"))
    percent = MoneyField(label=_("Agreed rate, % a year"), required=False, least=0)
    clause = forms.CharField(label=_("Where it was agreed"), max_length=200, required=False)
    fixed = forms.BooleanField(label=_("Also what the law grants once for being late"), required=False)
    from_on = DayField(label=_("From the day"), help_text=_("No day before it bears interest."))
    pay_within = forms.IntegerField(label=_("Days to pay a charge"), min_value=0, max_value=365)

    def __init__(self, *args: Any, today: date, of_customer: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("law", _("The law's")), ("agreed", _("The agreed one"))]
        if of_customer:
            choices.append(("never", _("None: never charge this customer")))
        self.fields["from_on"].initial = today
        self.fields["basis"].choices = choices  # type: ignore[attr-defined]


class RateForm(forms.Form):
    """A row of a published rate."""

    series = forms.ChoiceField(label=_("Published rate"))
    valid_from = DayField(label=_("In force from"))
    valid_to = DayField(label=_("Through"), required=False, help_text=_("Empty: until the next one."))
    percent = MoneyField(label=_("% a year"), least=0)
    source = forms.CharField(label=_("Where it was published"), max_length=300)

    def __init__(self, names: list[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = series()
        self.fields["series"].choices = [(name, known[name].title) for name in names]  # type: ignore[attr-defined]


class WaiveForm(forms.Form):
    amount = MoneyField(label=_("Only this part of it"), required=False, help_text=_("Empty means all that is open."))
    why = forms.CharField(label=_("Why"), max_length=200)
