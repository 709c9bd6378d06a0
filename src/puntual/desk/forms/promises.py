"""What a person says of a promise to pay: how much, by which day, who promised, for which invoices."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from puntual.desk.fields import DayField, MoneyField
from puntual.outreach.promising import Word
from puntual.receivables.queries import ItemBalance


@dataclass(frozen=True, slots=True)
class Promisable:
    """What the customer of a call or an answer could promise: open invoices, currencies and who of theirs may say so."""

    invoices: Sequence[tuple[str, str]] = ()
    currencies: Sequence[str] = ()
    people: Sequence[str] = ()


class WordFields(forms.Form):
    """What was promised, where a call or an answer brings a promise: shown once that result is chosen."""

    promise_day = DayField(label=_("For which day"), required=False)
    promise_amount = MoneyField(label=_("How much"), required=False, help_text=_("Empty means all that was asked for."))
    promise_currency = forms.ChoiceField(label=_("Currency"), required=False)
    promise_invoice = forms.ChoiceField(label=_("Of which invoice"), required=False)
    promise_by = forms.CharField(
        label=_("Who promised"), max_length=150, required=False, widget=forms.TextInput(attrs={"list": "promised-by"})
    )

    def offer_promise(self, promisable: Promisable) -> None:
        """What can be promised, with what it is called."""
        self.people = promisable.people
        self.several = len(promisable.currencies) > 1
        self.fields["promise_currency"].choices = [(code, code) for code in promisable.currencies]  # type: ignore[attr-defined]
        self.fields["promise_invoice"].choices = [("", gettext("The oldest first")), *promisable.invoices]  # type: ignore[attr-defined]

    def need_a_day(self) -> None:
        """Say beside the field that a promise is for a day."""
        if not self.cleaned_data.get("promise_day") and "promise_day" not in self.errors:
            self.add_error("promise_day", _("Say for which day."))

    def word(self) -> Word | None:
        """What they promised, as it was given; nothing without a day."""
        given = self.cleaned_data
        if not given.get("promise_day"):
            return None
        invoice = UUID(given["promise_invoice"]) if given["promise_invoice"] else None
        currency = given["promise_currency"] if self.several else ""
        return Word(given["promise_day"], given["promise_amount"], currency, invoice, given["promise_by"])


class PromiseForm(forms.Form):
    """A promise recorded on the customer's page: ticked invoices, or the oldest first."""

    amount = MoneyField(label=_("Amount"), required=False, help_text=_("Empty means all of what is ticked."))
    currency = forms.ChoiceField(label=_("Currency"))
    day = DayField(label=_("For which day"))
    made_by = forms.CharField(
        label=_("Who promised"), max_length=150, required=False, widget=forms.TextInput(attrs={"list": "promised-by"})
    )
    items = forms.MultipleChoiceField(required=False)
    note = forms.CharField(label=_("What was said"), max_length=1000, required=False)

    def __init__(
        self,
        items: Sequence[ItemBalance],
        currencies: Sequence[str],
        people: Sequence[str],
        *args: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.rows, self.people = items, people
        self.fields["currency"].choices = [(code, code) for code in currencies]  # type: ignore[attr-defined]
        self.fields["items"].choices = [(str(item.installment_id), item.number) for item in items]  # type: ignore[attr-defined]

    @property
    def lines(self) -> list[tuple[ItemBalance, bool]]:
        """The items, and whether each is ticked."""
        chosen = set(self["items"].value() or ())
        return [(item, str(item.installment_id) in chosen) for item in self.rows]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        chosen = {UUID(key) for key in given.get("items", [])}
        mine = [item for item in self.rows if item.installment_id in chosen]
        if len({item.currency for item in mine}) > 1:
            self.add_error("items", _("Tick invoices of one currency; record another promise for the other."))
        elif mine:
            given["currency"] = mine[0].currency
        elif given.get("amount") is None and "amount" not in self.errors:
            self.add_error("amount", _("Say how much was promised, or tick the invoices."))
        given["items"] = [item.installment_id for item in mine]
        return given


class AnewForm(forms.Form):
    """Another day, or another amount, in the place of a promise."""

    amount = MoneyField(label=_("Amount"))
    day = DayField(label=_("For which day"))
    made_by = forms.CharField(label=_("Who promised"), max_length=150, required=False)
    note = forms.CharField(label=_("What was said"), max_length=1000, required=False)
