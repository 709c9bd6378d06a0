"""What a person says of more time, of changed terms and of how a customer pays."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from puntual.desk import formats
from puntual.desk.fields import DayField, MoneyField
from puntual.desk.watched import Watched
from puntual.parties.models import PaymentRules
from puntual.parties.rules import MOST_CAP
from puntual.receivables.reception import MISSING

_MONDAY = date(2024, 1, 1)


def _days(label: Any, most: int, **options: Any) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"inputmode": "numeric"})
    return forms.IntegerField(label=label, min_value=0, max_value=most, widget=widget, **options)


class DaysOfMonthField(forms.CharField):
    """Days of the month as people write them: 15, 30."""

    def to_python(self, value: Any) -> list[int]:  # type: ignore[override]
        text = str(value or "").replace(";", ",").replace(" ", ",")
        parts = [part for part in text.split(",") if part]
        if any(not part.isdecimal() or not 1 <= int(part) <= 31 for part in parts):
            raise forms.ValidationError(_("Give days of the month from 1 to 31, with commas between them."))
        return sorted({int(part) for part in parts})

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list) else value


class ExtensionForm(forms.Form):
    """Until when, for which documents, and who asked."""

    items = forms.MultipleChoiceField(
        label=_("What it is for"), widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"})
    )
    to_due = DayField(label=_("New day"))
    asked_by = forms.CharField(label=_("Who asked"), max_length=150, required=False)
    reason = forms.CharField(
        label=_("Why"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed where it goes beyond the manual's limits: somebody else decides then."),
    )
    renegotiated = forms.BooleanField(label=_("Renegotiated: show it apart in the aging"), required=False)
    stops_interest = forms.BooleanField(label=_("No late interest until the new day"), required=False)

    def __init__(self, items: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["items"].choices = items  # type: ignore[attr-defined]
        if len(items) == 1:
            self.fields["items"].widget = forms.MultipleHiddenInput()
            self.fields["items"].initial = [items[0][0]]

    def chosen(self) -> list[UUID]:
        return [UUID(key) for key in self.cleaned_data["items"]]


class RulesForm(Watched):
    """How a customer pays by its own rules; all of it empty means that it has none."""

    pay_days = DaysOfMonthField(
        label=_("Pays on these days of the month"),
        required=False,
        help_text=_("For example: 15, 30. 31 is the last day."),
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Or on these days of the week"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
    )
    cut_off_days = _days(
        _("Cut-off, days before"), 31, initial=0, help_text=_("What reaches them later waits for the next pay day.")
    )
    cap_days = _days(
        _("Wait at most, days after the due date"),
        MOST_CAP,
        initial=15,
        help_text=_("From then on it is chased anyway."),
    )
    needs_order = forms.BooleanField(label=_("Needs its purchase order's number"), required=False)
    portal = forms.CharField(label=_("Portal to upload to"), max_length=300, required=False)
    documents = forms.CharField(
        label=_("Documents that go along"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One on each line."),
    )
    approver = forms.ChoiceField(label=_("Who approves"), required=False)
    note = forms.CharField(label=_("Note"), max_length=500, required=False)

    def __init__(self, people: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["weekdays"].choices = [(day, formats.weekday(_MONDAY + timedelta(days=day))) for day in range(7)]  # type: ignore[attr-defined]
        self.fields["approver"].choices = [("", _("Nobody in particular")), *people]  # type: ignore[attr-defined]

    @staticmethod
    def of(rules: PaymentRules | None) -> dict[str, Any]:
        """What the form begins with."""
        if rules is None:
            return {}
        return {
            "pay_days": rules.pay_days,
            "weekdays": rules.weekdays,
            "cut_off_days": rules.cut_off_days,
            "cap_days": rules.cap_days,
            "needs_order": rules.needs_order,
            "portal": rules.portal,
            "documents": "\n".join(rules.documents),
            "approver": str(rules.approver_id or ""),
            "note": rules.note,
        }

    def rules(self) -> dict[str, Any]:
        """What the action takes."""
        given = dict(self.cleaned_data)
        approver = given.pop("approver")
        return {
            **given,
            "documents": given["documents"].splitlines(),
            "approver_id": UUID(approver) if approver else None,
        }


class TermsForm(forms.Form):
    """New terms for good; what is left empty stays as it is."""

    effective_on = DayField(label=_("From the day"), help_text=_("For what is invoiced from then on."))
    terms_days = _days(_("Days to pay"), 365, required=False)
    pay_days = DaysOfMonthField(label=_("Pay days of the month"), required=False)
    credit_limit = MoneyField(label=_("Credit limit"), required=False)
    reason = forms.CharField(label=_("Why"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    consent_ours = forms.CharField(label=_("Who agreed on our side"), max_length=150)
    consent_theirs = forms.CharField(label=_("Who agreed on theirs"), max_length=150)
    evidence = forms.CharField(
        label=_("How that is known"),
        max_length=500,
        help_text=_("An e-mail, a signed letter, an annex to the contract."),
    )


class EarlyTermsForm(Watched):
    """2/10: how much may be kept of each new invoice that is paid within how many days."""

    percent = MoneyField(label=_("% less"))
    days = forms.IntegerField(label=_("Paid within days of its issue"), min_value=1, max_value=365)
    reason = forms.CharField(label=_("Why"), max_length=500, required=False)


class EarlyDiscountForm(forms.Form):
    """What may be kept of one invoice if the rest is paid by a day."""

    percent = MoneyField(label=_("% less"))
    until_on = DayField(label=_("If paid by"))
    reason = forms.CharField(label=_("Why"), max_length=200, required=False)


class ReceptionForm(forms.Form):
    """What the customer said: approved, or what is missing."""

    approved = forms.ChoiceField(
        label=_("The customer says"), choices=[("yes", _("Received and approved")), ("no", _("Something is missing"))]
    )
    missing = forms.MultipleChoiceField(
        label=_("What is missing"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
    )
    said_by = forms.CharField(label=_("Who said so"), max_length=150, required=False)
    said_on = DayField(label=_("On"))
    note = forms.CharField(label=_("Note"), max_length=500, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["missing"].choices = [(code, _(words)) for code, words in MISSING.items()]  # type: ignore[attr-defined]
