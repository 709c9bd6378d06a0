"""What a person says of the credit policy, of a customer's application and of its limit."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from puntual.desk import formats
from puntual.desk.fields import DayField, MoneyField
from puntual.desk.watched import Watched, WatchedOneOf
from puntual.strategies.credit.policy import DECIDERS, EVERYBODY, MOST_DAYS, MOST_MONTHS, Paragraph, Rule

AMOUNTS = ("limit", *DECIDERS)
"""The columns of amounts of a rule: the most by the rule, and the most by role."""
_MOST_LETTERS = 100


def _whole(label: Any, least: int, most: int, **options: Any) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"inputmode": "numeric"})
    return forms.IntegerField(label=label, min_value=least, max_value=most, widget=widget, **options)


def _why(**options: Any) -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Why"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}), **options
    )


class NameForm(Watched):
    """What the policy is called."""

    name = forms.CharField(label=gettext_lazy("Name of the policy"), max_length=100)


class RuleForm(Watched):
    """One rule: for whom, and in each currency how much and who decides it."""

    segment = forms.ChoiceField(label=gettext_lazy("For"), required=False)
    terms_days = _whole(gettext_lazy("Days to pay"), 0, MOST_DAYS)
    review_months = _whole(gettext_lazy("Looked at again every so many months"), 1, MOST_MONTHS, initial=12)
    documents = forms.CharField(
        label=gettext_lazy("Documents a customer brings"),
        required=False,
        max_length=1200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("One on each line."),
    )

    def __init__(
        self, segments: Sequence[tuple[str, str]], currencies: Sequence[str], *arguments: Any, **options: Any
    ) -> None:
        super().__init__(*arguments, **options)
        self.currencies = tuple(currencies)
        if segments:
            self.fields["segment"].choices = segments  # type: ignore[attr-defined]
        else:
            del self.fields["segment"]
        labels = {"limit": _("Limit, {currency}"), "collector": _("A collector decides up to, {currency}")}
        labels["manager"] = _("A manager decides up to, {currency}")
        for currency in self.currencies:
            for what in AMOUNTS:
                label = labels[what].format(currency=currency)
                self.fields[f"{what}_{currency}"] = MoneyField(label=label, required=False, currency=currency)

    @staticmethod
    def of(rule: Rule) -> dict[str, Any]:
        """What the form begins with."""
        amounts = {f"limit_{currency}": formats.written(amount) for currency, amount in rule.limits.items()}
        for role, reach in rule.up_to.items():
            amounts |= {f"{role}_{currency}": formats.written(amount) for currency, amount in reach.items()}
        return {
            "segment": rule.segment,
            "terms_days": rule.terms_days,
            "review_months": rule.review_months,
            "documents": "\n".join(rule.documents),
            **amounts,
        }

    def clean_documents(self) -> str:
        given: str = self.cleaned_data["documents"]
        if any(len(line.strip()) > _MOST_LETTERS for line in given.splitlines()):
            raise ValidationError(_("The name of a document has at most {most} letters.").format(most=_MOST_LETTERS))
        return given

    def rule(self, segment: str | None = None) -> Rule:
        """The rule it says, for a segment where the form does not ask for one."""
        given = self.cleaned_data
        lines = [line.strip() for line in given["documents"].splitlines()]
        return Rule(
            segment=given.get("segment", "") if segment is None else segment,
            terms_days=given["terms_days"],
            limits=self._amounts("limit"),
            documents=tuple(dict.fromkeys(line for line in lines if line)),
            up_to={role: amounts for role in DECIDERS if (amounts := self._amounts(role))},
            review_months=given["review_months"],
        )

    def _amounts(self, what: str) -> dict[str, Decimal]:
        found = {currency: self.cleaned_data[f"{what}_{currency}"] for currency in self.currencies}
        return {currency: amount for currency, amount in found.items() if amount is not None}


class WordsForm(Watched):
    """What the text for customers says besides, in one language: a heading and what it says."""

    title = forms.CharField(label=gettext_lazy("Heading"), max_length=100, required=False)
    text = forms.CharField(
        label=gettext_lazy("What else customers should know"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("It stands at the end of the text, in this language alone. Empty: nothing."),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if bool(given.get("title", "").strip()) != bool(given.get("text", "").strip()):
            self.add_error("title", _("Give both a heading and what it says, or neither."))
        return given

    def paragraphs(self, language: str) -> tuple[Paragraph, ...]:
        """What it says."""
        title, text = (self.cleaned_data[name].strip() for name in ("title", "text"))
        return (Paragraph(title, text, language),) if text else ()


class ApplicationForm(forms.Form):
    """What a customer asks for."""

    currency = forms.ChoiceField(label=gettext_lazy("Currency"))
    limit = MoneyField(label=gettext_lazy("Limit asked for"), required=False)
    terms_days = _whole(gettext_lazy("Days to pay asked for"), 0, MOST_DAYS, required=False)
    asked_by = forms.CharField(label=gettext_lazy("Who asked"), max_length=150)
    asked_on = DayField(label=gettext_lazy("Asked on"))
    note = forms.CharField(
        label=gettext_lazy("What for"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, currencies: Sequence[str], *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["currency"].choices = [(one, one) for one in currencies]  # type: ignore[attr-defined]


class DocumentForm(forms.Form):
    """One document of an application: the file, or where it was seen."""

    document = forms.ChoiceField(label=gettext_lazy("Document"))
    other = forms.CharField(label=gettext_lazy("Which one, where it is another"), max_length=100, required=False)
    file = forms.FileField(label=gettext_lazy("File"), required=False)
    note = forms.CharField(
        label=gettext_lazy("Seen where"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Where there is no file: who saw it, and where it is kept."),
    )

    def __init__(self, documents: Sequence[str], *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        named = [(one, one) for one in documents]
        self.fields["document"].choices = [*named, ("", _("Another one"))]  # type: ignore[attr-defined]
        self.fields["document"].required = False

    def name(self) -> str:
        """Which document it is."""
        return str(self.cleaned_data["document"] or self.cleaned_data["other"].strip())


class GrantForm(forms.Form):
    """What is granted, with the reason and until when."""

    limit = MoneyField(label=gettext_lazy("Limit granted"), required=False)
    terms_days = _whole(gettext_lazy("Days to pay granted"), 0, MOST_DAYS, required=False)
    valid_until = DayField(label=gettext_lazy("Holds until"))
    reason = _why(help_text=gettext_lazy("The customer has a right to hear it."))

    def __init__(self, asked: Mapping[str, Any], *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for name, value in asked.items():
            if value is None:
                del self.fields[name]


class RefuseForm(forms.Form):
    """Why nothing is granted."""

    reason = _why(help_text=gettext_lazy("The customer has a right to hear it. Say what would change the answer."))


class LimitForm(WatchedOneOf):
    """A limit set without an application."""

    chosen_by = ("currency",)

    currency = forms.ChoiceField(label=gettext_lazy("Currency"))
    amount = MoneyField(
        label=gettext_lazy("Limit"), required=False, help_text=gettext_lazy("Empty: no limit is watched from today.")
    )
    valid_until = DayField(label=gettext_lazy("Holds until"), required=False)
    reason = _why()

    def __init__(self, currencies: Sequence[str], *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["currency"].choices = [(one, one) for one in currencies]  # type: ignore[attr-defined]


def segment_choices(named: Mapping[str, str], taken: Sequence[str]) -> list[tuple[str, str]]:
    """The segments a new rule may be for, and everybody else where that rule is missing."""
    free = [(code, name) for code, name in named.items() if code not in taken]
    return free if EVERYBODY in taken else [*free, (EVERYBODY, _("Everybody else"))]
