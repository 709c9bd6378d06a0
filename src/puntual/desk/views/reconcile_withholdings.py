"""Which withholdings are recognized when less comes in than was open: by country with sources, and the organization's own."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from puntual.desk import labels, places
from puntual.desk.fields import DayField
from puntual.desk.pages import DeskRequest, address, needs, page
from puntual.desk.sheets import accepted, done, sheet
from puntual.parties.models import Creditor
from puntual.payments.withholdings.actions import set_rate, use_rate
from puntual.payments.withholdings.queries import rates_of

GET_POST = ("GET", "POST")
KINDS = ("withholding", "detraction")


class RateForm(forms.Form):
    """A rate of the organization's own."""

    country = forms.ChoiceField(label=gettext_lazy("Country"))
    name = forms.CharField(label=gettext_lazy("What it is called"), max_length=120)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"))
    percent = forms.DecimalField(
        label=gettext_lazy("Percent"), min_value=Decimal("0.0001"), max_value=100, decimal_places=4
    )
    base = forms.ChoiceField(label=gettext_lazy("Of"))
    tax_percent = forms.DecimalField(
        label=gettext_lazy("Sales tax in the total, in percent"),
        min_value=0,
        max_value=99,
        decimal_places=3,
        required=False,
        help_text=gettext_lazy("Needed where the rate is of the amount without tax, or of the tax."),
    )
    group = forms.CharField(
        label=gettext_lazy("Group"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("Rates of one group exclude each other; of different groups they may come together."),
    )
    from_on = DayField(label=gettext_lazy("From"))
    until_on = DayField(label=gettext_lazy("Through"), required=False)
    source = forms.CharField(
        label=gettext_lazy("Where it stands"), max_length=300, help_text=gettext_lazy("Law, article, page.")
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        choices = {
            "country": places.country_choices(),
            "kind": [(kind, labels.label("deduction", kind)) for kind in KINDS],
            "base": [("total", _("the total")), ("net", _("the amount without tax")), ("tax", _("the tax"))],
        }
        for name, listed in choices.items():
            self.fields[name].choices = listed  # type: ignore[attr-defined]

    def clean_tax_percent(self) -> Decimal:
        """Nothing where it is not asked for."""
        return self.cleaned_data["tax_percent"] or Decimal(0)


@require_GET
@needs("view")
def rates(request: DeskRequest) -> HttpResponse:
    """Each country of a creditor with its rates in force."""
    organization_id = request.organization.id
    countries = Creditor.objects.filter(organization_id=organization_id).values_list("country", flat=True)
    names = dict(places.country_choices())
    return page(
        request,
        "desk/reconcile_withholdings.html",
        _("Withholdings that are recognized"),
        countries=[
            (names.get(country, country), country, rates_of(organization_id, country, request.actor.today))
            for country in sorted(set(countries))
        ],
    )


@require_http_methods(GET_POST)
@needs("settings")
def add(request: DeskRequest) -> HttpResponse:
    """A rate the country's list does not have, or not as it is here: a city's, a customer group's."""
    back = address(request, "reconcile_withholdings")
    country = request.GET.get("country") or request.organization.country
    form = RateForm(request.POST or None, initial={"from_on": request.actor.today, "country": country})
    if request.method == "POST" and accepted(
        form, lambda given: set_rate(request.actor, given.pop("country"), **given)
    ):
        messages.success(request, _("From its day on it is recognized."))
        return done(request, back)
    about = _("When a customer pays that much less, the difference is called by its name and its certificate awaited.")
    return sheet(request, form, _("A rate of your own"), back, verb=_("Add"), about=about)


@require_POST
@needs("settings")
def use(request: DeskRequest, country: str, code: str) -> HttpResponse:
    """Recognize a rate, or no more."""
    used = request.POST.get("used") == "1"
    use_rate(request.actor, country.upper(), code, used=used)
    messages.success(request, _("It is recognized.") if used else _("It is not recognized any more."))
    return redirect(address(request, "reconcile_withholdings"))
