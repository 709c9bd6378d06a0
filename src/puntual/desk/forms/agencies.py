"""What is agreed and settled with an agency: its forms."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from puntual.audit.actions import Actor
from puntual.desk import portfolio
from puntual.desk.fields import DayField, MoneyField
from puntual.desk.watched import Watched
from puntual.placements.models import AgencyEntry

KINDS = {
    AgencyEntry.Kind.REMITTED: _("It remitted what customers paid it"),
    AgencyEntry.Kind.KEPT: _("It kept its commission"),
    AgencyEntry.Kind.PAID: _("You paid its commission"),
}
"""What passed, in the order in which it is offered."""


class CommissionForm(Watched):
    """What it gets of what is collected."""

    percent = MoneyField(label=_("Commission, % of what is collected"))


class EntryForm(forms.Form):
    """What passed between an agency and us."""

    kind = forms.ChoiceField(label=_("What it was"), choices=list(KINDS.items()))
    amount = MoneyField(label=_("Amount"))
    currency = forms.ChoiceField(label=_("Currency"))
    on = DayField(label=_("Day"))
    note = forms.CharField(label=_("Reference"), max_length=200, required=False)

    def __init__(self, by: Actor, data: Any, today: date, *, own: str) -> None:
        super().__init__(data, initial={"on": today, "currency": own})
        known = sorted({own, *portfolio.currencies(by.organization_id)})
        self.fields["currency"].choices = [(code, code) for code in known]  # type: ignore[attr-defined]
