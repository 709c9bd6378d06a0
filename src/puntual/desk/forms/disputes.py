"""What a person says of a dispute: what it is about, what was said, whose it is, and what came of it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from puntual.desk.fields import DayField, MoneyField
from puntual.desk.watched import Watched
from puntual.disputes.models import Dispute, DisputeNote
from puntual.disputes.words import CAUSES, REASONS
from puntual.outreach.objecting import Objection

FILES = ".pdf,.png,.jpg,.jpeg,.gif,.tif,.tiff,.webp,.heic,.docx,.xlsx,.eml,.txt"


def reasons() -> list[tuple[str, str]]:
    """What a customer can object to, in the reader's words."""
    return [(code, gettext(words)) for code, words in REASONS.items()]


def _causes() -> list[tuple[str, str]]:
    return [(code, gettext(words)) for code, words in CAUSES.items()]


class ObjectionFields(forms.Form):
    """What is wrong, where a call or an answer brings a dispute: shown once that result is chosen."""

    dispute_reason = forms.ChoiceField(label=_("What is wrong"), required=False)
    dispute_invoice = forms.ChoiceField(label=_("With which invoice"), required=False)
    dispute_amount = MoneyField(
        label=_("Only this part of it"), required=False, help_text=_("Empty means all that is open.")
    )

    def offer(self, invoices: Sequence[tuple[str, str]]) -> None:
        """The invoices that can be meant, with what they are called."""
        self.fields["dispute_reason"].choices = reasons()  # type: ignore[attr-defined]
        self.fields["dispute_invoice"].choices = [("", gettext("All that was asked for")), *invoices]  # type: ignore[attr-defined]

    def objection(self) -> Objection:
        """What they object to, as it was given."""
        given = self.cleaned_data
        invoice = UUID(given["dispute_invoice"]) if given["dispute_invoice"] else None
        return Objection(given["dispute_reason"] or Dispute.Reason.OTHER, invoice, given["dispute_amount"])


class OpenForm(forms.Form):
    """An invoice the customer objects to; without an amount all that is open of it."""

    reason = forms.ChoiceField(label=_("What is wrong"))
    amount = MoneyField(label=_("Only this part of it"), required=False, help_text=_("Empty means all that is open."))
    said = forms.CharField(label=_("What the customer says"), max_length=5000, widget=forms.Textarea(attrs={"rows": 4}))
    said_by = forms.CharField(label=_("Who says so"), max_length=150, required=False)
    owner = forms.ChoiceField(label=_("Who sees to it"), required=False)
    file = forms.FileField(
        label=_("A file that shows it"),
        max_length=200,
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": FILES}),
    )

    def __init__(self, members: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = reasons()  # type: ignore[attr-defined]
        self.fields["owner"].choices = [("", gettext("Whoever has the customer")), *members]  # type: ignore[attr-defined]


class RestateForm(Watched):
    reason = forms.ChoiceField(label=_("What is wrong"))
    amount = MoneyField(label=_("Disputed amount"), required=False, help_text=_("Empty means all that is open."))
    why = forms.CharField(label=_("Why it changes"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = reasons()  # type: ignore[attr-defined]


class NoteForm(forms.Form):
    """A line of the talk: with the customer, or among the team."""

    KINDS = (
        (DisputeNote.Kind.INNER.value, _("Note for the team")),
        (DisputeNote.Kind.CUSTOMER.value, _("The customer says")),
        (DisputeNote.Kind.OURS.value, _("We told the customer")),
    )
    kind = forms.ChoiceField(label=_("What it is"), choices=KINDS)
    text = forms.CharField(label=_("Text"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 3}))


class EvidenceForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        max_length=200,
        widget=forms.ClearableFileInput(attrs={"accept": FILES}),
        help_text=_("A PDF, a picture, a Word or Excel document, an e-mail or plain text of up to 10 MB."),
    )
    theirs = forms.BooleanField(label=_("The customer supplied it"), required=False)


class AssignForm(Watched):
    owner = forms.ChoiceField(label=_("Who sees to it"))

    def __init__(self, members: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = list(members)  # type: ignore[attr-defined]


class ExtendForm(forms.Form):
    deadline = DayField(label=_("Answer by"))
    why = forms.CharField(label=_("Why"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))


class ReopenForm(forms.Form):
    why = forms.CharField(label=_("Why"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))


class DecisionForm(forms.Form):
    """Why it came to the dispute, and why it is decided as it is. Where it was accepted before, that stands unless said anew."""

    cause = forms.ChoiceField(
        label=_("What it came from"), help_text=_("It is counted, so that it does not happen again.")
    )
    why = forms.CharField(
        label=_("Why"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("In words the customer may read."),
    )
    field_order = ("number", "amount", "issued_on", "cause", "why")

    def __init__(self, *args: Any, accepted: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cause"].choices = _causes()  # type: ignore[attr-defined]
        if accepted:
            del self.fields["cause"], self.fields["why"]


class AcceptForm(DecisionForm):
    amount = MoneyField(
        label=_("They are right about"), required=False, help_text=_("Empty means all that is disputed.")
    )


class CreditForm(DecisionForm):
    number = forms.CharField(label=_("Number of the credit note"), max_length=80)
    amount = MoneyField(label=_("Amount"))
    issued_on = DayField(label=_("Issued on"))


class CorrectForm(DecisionForm):
    number = forms.CharField(label=_("Number of the corrected invoice"), max_length=80)
