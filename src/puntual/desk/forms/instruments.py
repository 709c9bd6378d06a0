"""What a person types about letras, pagarés, checks and debits."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from puntual.desk import labels
from puntual.desk.fields import DayField, MoneyField
from puntual.payments.instruments.actions import Designation
from puntual.payments.instruments.states import HELD_DAYS
from puntual.receivables.queries import ItemBalance


class ReceiveForm(forms.Form):
    """An instrument that came in, and which invoices it is for; none ticked means the oldest."""

    kind = forms.ChoiceField(label=_("What it is"))
    number = forms.CharField(label=_("Number"), max_length=60)
    currency = forms.ChoiceField(label=_("Currency"))
    amount = MoneyField(label=_("Amount"))
    received_on = DayField(label=_("Received on"))
    matures_on = DayField(label=_("Matures on"))
    bank = forms.CharField(label=_("Bank"), max_length=100, required=False)
    drawer = forms.CharField(label=_("Signed by, where it is not the customer"), max_length=200, required=False)
    held_days = forms.IntegerField(
        label=_("Days to wait after it matures"),
        min_value=0,
        max_value=90,
        required=False,
        help_text=_("Empty means 8 for letras and pagarés, 3 for checks and debits."),
    )
    pay = forms.MultipleChoiceField(required=False)

    def __init__(self, items: Sequence[ItemBalance], currencies: Sequence[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = items
        self.fields["kind"].choices = [(kind, labels.label("instrument", kind)) for kind in HELD_DAYS]  # type: ignore[attr-defined]
        self.fields["currency"].choices = [(code, code) for code in currencies]  # type: ignore[attr-defined]
        self.fields["pay"].choices = [(str(item.installment_id), item.number) for item in items]  # type: ignore[attr-defined]

    @property
    def lines(self) -> list[tuple[ItemBalance, bool]]:
        """The items, and whether each is ticked."""
        chosen = set(self.data.getlist("pay")) if self.is_bound else set()  # type: ignore[attr-defined]
        return [(item, str(item.installment_id) in chosen) for item in self.items]

    def designations(self) -> list[Designation]:
        """The ticked items."""
        return [Designation(UUID(key)) for key in self.cleaned_data["pay"]]


class DepositForm(forms.Form):
    deposited_on = DayField(label=_("On"))
    expected_on = DayField(
        label=_("Expected again on"), required=False, help_text=_("Only where it is presented for another day.")
    )


class PaidForm(forms.Form):
    paid_on = DayField(label=_("On"))


class ReturnForm(forms.Form):
    why = forms.CharField(
        label=_("Why it came back"), max_length=200, help_text=_("No funds, signature, account closed.")
    )
    returned_on = DayField(label=_("On"))
    fee = MoneyField(
        label=_("The bank's fee"), required=False, help_text=_("It is billed to the customer as a charge of its own.")
    )


class GiveBackForm(forms.Form):
    why = forms.CharField(label=_("Why"), max_length=200, help_text=_("Paid otherwise, replaced, recorded in error."))
    given_on = DayField(label=_("On"))


class RenewForm(forms.Form):
    """The instrument that takes its place."""

    number = forms.CharField(label=_("Number of the new one"), max_length=60)
    amount = MoneyField(label=_("Amount"))
    matures_on = DayField(label=_("Matures on"))
    bank = forms.CharField(label=_("Bank"), max_length=100, required=False)
    why = forms.CharField(label=_("Why"), max_length=200, required=False)
    renewed_on = DayField(label=_("On"))
