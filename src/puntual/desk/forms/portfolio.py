"""What a person does with invoices and payments."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from puntual.desk.fields import DayField, MoneyField
from puntual.payments.allocate import Designation
from puntual.receivables.queries import ItemBalance


def _proof(**options: Any) -> forms.FileField:
    widget = forms.ClearableFileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg,.xml"})
    return forms.FileField(max_length=200, widget=widget, **options)


class CloseDeductionForm(forms.Form):
    certificate = forms.CharField(label=_("Number of the certificate or deposit"), max_length=100)
    amount = MoneyField(label=_("Amount, where it differs"), required=False)
    closed_on = DayField(label=_("On"))
    file = _proof(label=_("Its file: PDF, picture or XML"), required=False)


class CertificateForm(forms.Form):
    file = _proof(label=_("Its file: PDF, picture or XML"))


class DiscountForm(forms.Form):
    """Which installment, where several are open, how much, and why."""

    item = forms.ChoiceField(label=_("Installment"))
    amount = MoneyField(label=_("Discount"))
    why = forms.CharField(label=_("Why"), max_length=200, help_text=_("Whoever makes the credit note reads it."))

    def __init__(self, items: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _one_of(self.fields["item"], items)


def _one_of(field: forms.Field, items: Sequence[tuple[str, str]]) -> None:
    """The installments to choose from; the only one is chosen."""
    field.choices = items  # type: ignore[attr-defined]
    if len(items) == 1:
        field.widget = forms.HiddenInput()
        field.initial = items[0][0]


class WriteOffForm(forms.Form):
    """Which installment, where several are open; without an amount all that is open of it."""

    item = forms.ChoiceField(label=_("Installment"))
    amount = MoneyField(label=_("Only this part of it"), required=False, help_text=_("Empty means all that is open."))
    written_off_on = DayField(label=_("On"))
    why = forms.CharField(
        label=_("Why"), max_length=200, help_text=_("What was tried, and why no more is to be expected.")
    )

    def __init__(self, items: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _one_of(self.fields["item"], items)


class UndoWriteOffForm(forms.Form):
    undone_on = DayField(label=_("On"))
    why = forms.CharField(label=_("Why"), max_length=200, help_text=_("Written off in error, or there is hope again."))


class CreditNoteForm(forms.Form):
    number = forms.CharField(label=_("Number of the credit note"), max_length=80)
    issued_on = DayField(label=_("Issued on"))
    amount = MoneyField(label=_("Amount"))
    reason = forms.CharField(
        label=_("Why"), max_length=200, help_text=_("A return, a discount, an error on the invoice.")
    )


class ReverseForm(forms.Form):
    reason = forms.CharField(
        label=_("Why"), max_length=200, help_text=_("A bounced check, a chargeback, a payment recorded in error.")
    )
    reversed_on = DayField(
        label=_("On"), help_text=_("Give the day it was received to undo a mistake as if it had never been recorded.")
    )


class RefundForm(forms.Form):
    amount = MoneyField(label=_("Amount"))
    refunded_on = DayField(label=_("On"))
    reference = forms.CharField(label=_("Operation number"), max_length=100)
    reason = forms.CharField(label=_("Why"), max_length=200, required=False)


class ApplyForm(forms.Form):
    """Which items take what is on account; none ticked means the oldest."""

    pay = forms.MultipleChoiceField(
        label=_("What it is for"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
    )

    def __init__(self, items: Sequence[tuple[ItemBalance, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pay"].choices = [(str(item.installment_id), words) for item, words in items]  # type: ignore[attr-defined]

    def designations(self) -> list[Designation]:
        return [Designation(UUID(key)) for key in self.cleaned_data["pay"]]


class InvoiceFileForm(forms.Form):
    """The PDF of an invoice."""

    file = forms.FileField(
        label=_("PDF"), max_length=200, widget=forms.ClearableFileInput(attrs={"accept": ".pdf,application/pdf"})
    )
