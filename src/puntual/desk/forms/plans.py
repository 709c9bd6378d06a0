"""What a person says of a plan: how the customer would pay, that it was accepted, why it ends."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from puntual.agreements.models import Plan
from puntual.agreements.plans import words
from puntual.agreements.plans.actions import Manner, Yes
from puntual.agreements.plans.queries import Plannable
from puntual.agreements.plans.schedule import MOST_PARTS, RHYTHMS, RULES, ZERO, Wish
from puntual.desk.fields import DayField, MoneyField
from puntual.receivables.models import Invoice

AMOUNT, PERCENT = "amount", "percent"
_IN_PERSON = (Plan.How.BY_PHONE, Plan.How.IN_PERSON, Plan.How.IN_WRITING)


def _small(label: Any, least: int, most: int, **options: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=most,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        **options,
    )


class YesForm(forms.Form):
    """That the customer said yes: how, who did, and how that is known."""

    how = forms.ChoiceField(label=_("How it was accepted"))
    by_whom = forms.CharField(label=_("Who accepted"), max_length=150)
    evidence = forms.CharField(
        label=_("How that is known"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The call, the signed page or the message it stands on."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["how"].choices = [(one.value, words.how(one)) for one in _IN_PERSON]  # type: ignore[attr-defined]

    def yes(self) -> Yes:
        given = self.cleaned_data
        return Yes(given["how"], given["by_whom"], given["evidence"])


class CalculatorForm(forms.Form):
    """How the customer would pay, and for which documents; a plan made anew covers what is left of the old one."""

    parts = _small(_("Number of parts"), 1, MOST_PARTS)
    rhythm = forms.ChoiceField(label=_("How often"))
    first_on = DayField(label=_("First part on"))
    rule = forms.ChoiceField(label=_("If nobody works on that day"))
    down = MoneyField(label=_("Down payment, today"), required=False, least=0)
    down_as = forms.ChoiceField(label=_("Down payment in"), required=False)
    discount = MoneyField(label=_("Discount"), required=False, least=0)
    discount_as = forms.ChoiceField(label=_("Discount in"), required=False)
    yearly_percent = MoneyField(
        label=_("Interest, % a year"), required=False, least=0, help_text=_("Empty means none.")
    )
    grace_days = _small(_("Business days of grace"), 2, 30, required=False)
    misses_allowed = _small(
        _("Parts that may be missed"),
        0,
        5,
        required=False,
        help_text=_("With one more it ends. A settlement allows none."),
    )
    offered_until = DayField(label=_("Can be accepted through"), required=False, help_text=_("Empty: a week."))
    asked_by = forms.CharField(label=_("Who asks for it"), max_length=150, required=False)
    reason = forms.CharField(
        label=_("Why it goes beyond"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    accepted = forms.BooleanField(label=_("The customer has accepted it already"), required=False)
    how = forms.ChoiceField(label=_("How it was accepted"), required=False)
    by_whom = forms.CharField(label=_("Who accepted"), max_length=150, required=False)
    evidence = forms.CharField(
        label=_("How that is known"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    source = forms.UUIDField(required=False, widget=forms.HiddenInput)
    items = forms.MultipleChoiceField(required=False)

    def __init__(self, plannable: Sequence[Plannable], currency: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plannable, self.currency = plannable, currency
        units = [(AMOUNT, currency), (PERCENT, "%")]
        choices: dict[str, list[tuple[str, Any]]] = {
            "rhythm": [(one, words.rhythm(one)) for one in reversed(RHYTHMS)],
            "rule": [(one, words.rule(one)) for one in (RULES[1], RULES[2], RULES[0])],
            "down_as": units,
            "discount_as": list(reversed(units)),
            "how": [(one.value, words.how(one)) for one in _IN_PERSON],
            "items": [(str(one.item.installment_id), one.item.number) for one in plannable if one.plan is None],
        }
        for name, listed in choices.items():
            self.fields[name].choices = listed  # type: ignore[attr-defined]

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The documents, with whether each is ticked; the interest of other plans is left out."""
        ticked = set(self.data.getlist("items")) if self.is_bound else set(self.initial.get("items", ()))  # type: ignore[attr-defined]
        return [
            {"item": one.item, "plan": one.plan, "chosen": str(one.item.installment_id) in ticked}
            for one in self.plannable
            if one.plan is None or one.item.kind != Invoice.Kind.CHARGE
        ]

    def chosen(self) -> list[UUID]:
        """The installments that are ticked."""
        return [UUID(key) for key in self.cleaned_data["items"]]

    def principal(self) -> Decimal:
        """What is open of them."""
        ticked = set(self.chosen())
        return sum((one.item.open for one in self.plannable if one.item.installment_id in ticked), ZERO)

    def currencies(self) -> set[str]:
        """The currencies of what is ticked."""
        ticked = set(self.chosen())
        return {one.item.currency for one in self.plannable if one.item.installment_id in ticked}

    def wish(self, today: date) -> Wish:
        """What was asked for."""
        given = self.cleaned_data
        down, discount = given["down"] or ZERO, given["discount"] or ZERO
        by_share = {"down": given["down_as"] == PERCENT, "discount": given["discount_as"] == PERCENT}
        return Wish(
            given["parts"],
            given["first_on"],
            today,
            rhythm=given["rhythm"],
            rule=given["rule"],
            down=ZERO if by_share["down"] else down,
            down_percent=down if by_share["down"] else ZERO,
            yearly_percent=given["yearly_percent"] or ZERO,
            discount=ZERO if by_share["discount"] else discount,
            discount_percent=discount if by_share["discount"] else ZERO,
        )

    def manner(self) -> Manner:
        """How strict it is."""
        grace = self.cleaned_data["grace_days"]
        return Manner(Manner().grace_days if grace is None else grace, self.cleaned_data["misses_allowed"])

    def yes(self) -> Yes | None:
        """The customer's yes, where it was given already."""
        given = self.cleaned_data
        return Yes(given["how"], given["by_whom"], given["evidence"]) if given["accepted"] else None
