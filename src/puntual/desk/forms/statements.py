"""What a bank's file could not tell and a person answers: what its columns mean, how it writes, whose account it is."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from puntual.kernel.sheets.dates import DateOrder
from puntual.parties.models import Creditor
from puntual.payments.models import StatementFile
from puntual.payments.statements.reading.mapping import Mapping

_FIELDS = {
    "booked_on": gettext_lazy("Date"),
    "amount": gettext_lazy("Amount, with a sign"),
    "credit": gettext_lazy("What came in"),
    "debit": gettext_lazy("What went out"),
    "text": gettext_lazy("Text"),
    "reference": gettext_lazy("Operation number"),
    "payer_name": gettext_lazy("Who paid"),
}


class AnswerForm(forms.Form):
    """The columns to choose from are the file's own."""

    date_order = forms.ChoiceField(label=gettext_lazy("Dates are written"), required=False)
    decimal = forms.ChoiceField(label=gettext_lazy("Amounts are written"), required=False)
    creditor = forms.ModelChoiceField(
        label=gettext_lazy("Whose account is it?"), queryset=Creditor.objects.none(), required=False
    )

    def __init__(self, file: StatementFile, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.file = file
        columns = [header for header in file.asks.get("columns", []) if header]
        for name, words in _FIELDS.items() if columns else ():
            self.fields[f"column-{name}"] = forms.ChoiceField(
                label=words, required=False, choices=[("", _("as it says itself")), *((one, one) for one in columns)]
            )
        self.fields["date_order"].choices = [  # type: ignore[attr-defined]
            ("", _("as the file shows")),
            (DateOrder.DAY_FIRST.value, _("day, month, year")),
            (DateOrder.MONTH_FIRST.value, _("month, day, year")),
            (DateOrder.YEAR_FIRST.value, _("year, month, day")),
        ]
        self.fields["decimal"].choices = [("", _("as the file shows")), (",", "1.234,56"), (".", "1,234.56")]  # type: ignore[attr-defined]
        if file.asks.get("creditor"):
            del self.fields["date_order"], self.fields["decimal"]
            named = self.fields["creditor"]
            named.required = True
            named.queryset = Creditor.objects.filter(organization_id=file.organization_id).order_by("name", "id")  # type: ignore[attr-defined]
        else:
            del self.fields["creditor"]

    def mapping(self) -> Mapping:
        """What was answered about the columns, beside what had been answered before."""
        before = Mapping.from_toml(self.file.mapping) if self.file.mapping else Mapping()
        given = self.cleaned_data
        columns = {name: (given[f"column-{name}"],) for name in _FIELDS if given.get(f"column-{name}")}
        order = given.get("date_order")
        return Mapping(
            date_order=DateOrder(order) if order else before.date_order,
            decimal=given.get("decimal") or before.decimal,
            currency=before.currency,
            account=before.account,
            sheet=before.sheet,
            columns={**before.columns, **columns},
        )

    def creditor_id(self) -> UUID | None:
        """Whose account it is, where that was asked."""
        creditor = self.cleaned_data.get("creditor")
        return creditor.id if creditor else None
