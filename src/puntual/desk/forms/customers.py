"""What a person does on a customer's page: money in, a pause, a note, how the customer is handled."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from puntual.desk import labels
from puntual.desk.fields import DayField, MoneyField, PauseEndField
from puntual.desk.watched import Watched
from puntual.payments.allocate import Designation
from puntual.receivables.models import Hold
from puntual.receivables.queries import ItemBalance

PAUSES = (Hold.Reason.PERSON, Hold.Reason.PAYMENT_CLAIMED)
"""The reasons a person gives; the others come with what they stand for."""


class PaymentForm(forms.Form):
    """Money in: which invoices it is for, and what happens with the rest."""

    token = forms.CharField(widget=forms.HiddenInput, max_length=40)
    received_on = DayField(label=_("Received on"))
    currency = forms.ChoiceField(label=_("Currency"))
    amount = MoneyField(label=_("Amount"))
    method = forms.ChoiceField(label=_("How"))
    reference = forms.CharField(label=_("Operation number"), max_length=60, required=False)
    memo = forms.CharField(label=_("Note"), max_length=300, required=False)
    pay = forms.MultipleChoiceField(required=False)
    rest = forms.ChoiceField(
        widget=forms.RadioSelect,
        choices=[("oldest", _("Settles the oldest")), ("account", _("Stays on account"))],
        initial="oldest",
    )

    def __init__(self, items: Sequence[ItemBalance], currencies: Sequence[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = items
        self.fields["currency"].choices = [(code, code) for code in currencies]  # type: ignore[attr-defined]
        self.fields["method"].choices = labels.choices("method")  # type: ignore[attr-defined]
        self.fields["pay"].choices = [(str(item.installment_id), item.number) for item in items]  # type: ignore[attr-defined]
        for item in items:
            self.fields[f"part-{item.installment_id}"] = MoneyField(required=False, currency=item.currency)

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The items with what was typed beside each."""
        chosen = set(self.data.getlist("pay")) if self.is_bound else set()  # type: ignore[attr-defined]
        return [
            {"item": item, "part": self[f"part-{item.installment_id}"], "chosen": str(item.installment_id) in chosen}
            for item in self.items
        ]

    def designations(self) -> list[Designation]:
        """What the payer designated: the chosen items, with their amounts where they are not taken whole."""
        return [Designation(UUID(key), self.cleaned_data[f"part-{key}"]) for key in self.cleaned_data["pay"]]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        # An amount beside an item that was not ticked means that item.
        given["pay"] = [
            str(item.installment_id)
            for item in self.items
            if str(item.installment_id) in given.get("pay", []) or given.get(f"part-{item.installment_id}")
        ]
        return given


class PauseForm(forms.Form):
    """A pause always ends: without an end it would be forgotten."""

    reason = forms.ChoiceField(label=_("Reason"))
    until = PauseEndField(label=_("Through"), help_text=_("From the day after, the manual goes on where it stood."))
    amount = MoneyField(label=_("Only this part of it"), required=False)
    note = forms.CharField(label=_("What was said"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, part: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = [(reason.value, labels.label("hold", reason)) for reason in PAUSES]  # type: ignore[attr-defined]
        if not part:
            del self.fields["amount"]


class WhyForm(forms.Form):
    """Why something is done, in a few words."""

    why = forms.CharField(label=_("Why"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class OptionalWhyForm(forms.Form):
    """The same where no reason has to be given."""

    why = forms.CharField(label=_("Why, if it matters"), max_length=200, required=False)


class NoteForm(forms.Form):
    """A contact that no plan made, or a note for the team."""

    KINDS = (
        ("internal out", _("Note for the team")),
        ("call in", _("They called")),
        ("call out", _("We called")),
        ("email in", _("They wrote an e-mail")),
        ("email out", _("We wrote an e-mail")),
        ("whatsapp in", _("They wrote by WhatsApp")),
        ("whatsapp out", _("We wrote by WhatsApp")),
        ("visit out", _("We visited")),
    )
    kind = forms.ChoiceField(label=_("What happened"), choices=KINDS)
    spoke = forms.BooleanField(label=_("We spoke with somebody"), required=False)
    at = forms.DateTimeField(
        label=_("When"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M"],
        help_text=_("Empty means now."),
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=2000,
        widget=forms.Textarea(
            attrs={"rows": 4, "autofocus": True, "data-mentions": "members", "aria-autocomplete": "list"}
        ),
        help_text=_("A colleague whom you name with @ finds it in the inbox."),
    )


class HandlingForm(Watched):
    handling = forms.ChoiceField(label=_("From now on"))
    owner = forms.ChoiceField(label=_("Whose customer"), required=False)
    why = forms.CharField(label=_("Why"), max_length=200)

    def __init__(self, members: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["handling"].choices = labels.choices("handling")  # type: ignore[attr-defined]
        self.fields["owner"].choices = [("", _("Nobody in particular")), *members]  # type: ignore[attr-defined]


class StatusForm(Watched):
    status = forms.ChoiceField(label=_("Status"))
    on = DayField(label=_("Since"))
    evidence = forms.CharField(
        label=_("Evidence"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A document and its number, or who said so and when."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["status"].choices = labels.choices("status")  # type: ignore[attr-defined]


class PersonForm(Watched):
    name = forms.CharField(label=_("Name"), max_length=150)
    title = forms.CharField(label=_("Position"), max_length=100, required=False)
    roles = forms.MultipleChoiceField(
        label=_("What for"), required=False, widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"})
    )
    email = forms.CharField(label=_("E-mail"), max_length=254, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)

    def __init__(self, *args: Any, new: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = labels.choices("person")  # type: ignore[attr-defined]
        if not new:
            del self.fields["email"], self.fields["phone"]


class PointForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"))
    value = forms.CharField(label=_("Address or number"), max_length=300)
    person = forms.ChoiceField(label=_("Whose"), required=False)

    def __init__(self, people: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = labels.choices("point")  # type: ignore[attr-defined]
        self.fields["person"].choices = [("", _("Nobody in particular")), *people]  # type: ignore[attr-defined]


class LastDayForm(forms.Form):
    last_day = DayField(
        label=_("Last day"), help_text=_("From the day after, none of this person's addresses and numbers is used.")
    )


class ConsentForm(forms.Form):
    purpose = forms.ChoiceField(label=_("About"))
    granted = forms.ChoiceField(
        label=_("The customer said"), choices=[("yes", _("Yes, you may")), ("no", _("No, please do not"))]
    )
    given_on = DayField(label=_("On"))
    source = forms.CharField(label=_("How do we know"), max_length=200)
    evidence = forms.CharField(
        label=_("Evidence"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Their words, or a document and its number."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["purpose"].choices = labels.choices("purpose")  # type: ignore[attr-defined]


class TimeBarForm(forms.Form):
    """Which claim it is about, and what proves it; nothing chosen means all that the customer owes."""

    invoice = forms.ChoiceField(label=_("Of"), required=False)
    evidence = forms.CharField(
        label=_("Evidence"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A document and its number, or who said so and when."),
    )

    def __init__(self, invoices: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["invoice"].choices = [("", _("All that is owed")), *invoices]  # type: ignore[attr-defined]

    def clean_invoice(self) -> UUID | None:
        chosen = self.cleaned_data["invoice"]
        return UUID(chosen) if chosen else None


class ClaimFactForm(TimeBarForm):
    """What happened to a claim, and when."""

    kind = forms.ChoiceField(label=_("What happened"))
    on = DayField(label=_("On"))
    field_order = ("kind", "on", "invoice", "evidence")

    def __init__(self, invoices: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(invoices, *args, **kwargs)
        kinds = [choice for choice in labels.choices("claim_fact") if choice[0] != "lifted"]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
