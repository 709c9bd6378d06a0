"""Days off, rests between contacts, and what is too small to ask for."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.validators import MaxValueValidator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from puntual.desk import places
from puntual.desk.fields import DayField, MoneyField
from puntual.desk.forms import carried_out
from puntual.desk.pages import DeskRequest, address, needs, page
from puntual.desk.watched import Watched, WatchedOneOf
from puntual.kernel.calendars import BusinessCalendar
from puntual.kernel.money import minor_units
from puntual.organizations.actions import change_rules, remove_holiday, set_holiday, set_tolerance
from puntual.organizations.models import Holiday, Tolerance
from puntual.organizations.policies import LIMITS
from puntual.organizations.tolerances import TOLERANCES
from puntual.receivables.models import PortfolioDelta

NEXT_HOLIDAYS = 6
WORKS = (("", gettext_lazy("a day off")), ("1", gettext_lazy("a working day")))


class RulesForm(Watched):
    """How often somebody hears from us, and for how long things are waited for."""

    minimum_gap_days = forms.IntegerField(label=gettext_lazy("Days between two contacts, at least"), min_value=0)
    tone_rest_days = forms.IntegerField(label=gettext_lazy("Days until the same tone again"), min_value=0)
    stale_after_days = forms.IntegerField(label=gettext_lazy("Working days until data counts as old"), min_value=0)
    approval_hours = forms.IntegerField(label=gettext_lazy("Hours a message waits for approval"), min_value=0)
    dispute_days = forms.IntegerField(label=gettext_lazy("Working days in which a dispute is answered"), min_value=0)

    def __init__(self, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **options)  # type: ignore[arg-type]
        for name, most in LIMITS.items():
            field = self.fields[name]
            field.max_value = most  # type: ignore[attr-defined]
            field.widget.attrs["max"] = most
            field.validators.append(MaxValueValidator(most))


class HolidayForm(forms.Form):
    """A day added to, or taken out of, a country's calendar."""

    day = DayField(label=gettext_lazy("Day"))
    works = forms.ChoiceField(label=gettext_lazy("It is"), choices=WORKS, required=False)
    country = forms.ChoiceField(label=gettext_lazy("Country"))
    name = forms.CharField(label=gettext_lazy("Why"), max_length=100, required=False)

    def __init__(self, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **options)  # type: ignore[arg-type]
        self.fields["country"].choices = places.country_choices()  # type: ignore[attr-defined]

    def clean_works(self) -> bool:
        return bool(self.cleaned_data["works"])


class ToleranceForm(WatchedOneOf):
    """What is too small to ask for in a currency; nothing given is the usual again."""

    chosen_by = ("currency",)

    currency = forms.ChoiceField(label=gettext_lazy("Currency"))
    amount = MoneyField(label=gettext_lazy("Not asked for below"), required=False, least=0)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["currency"].choices = places.currency_choices()  # type: ignore[attr-defined]


@require_GET
@needs("view")
def calendar(request: DeskRequest) -> HttpResponse:
    """The three together."""
    return _page(request)


@require_POST
@needs("settings")
def rules(request: DeskRequest) -> HttpResponse:
    """Rests and waits."""
    form = RulesForm(request.POST, initial=_rules(request))
    if carried_out(form, lambda **values: change_rules(request.actor, **values)):
        return _saved(request)
    return _page(request, rules_form=form)


@require_POST
@needs("settings")
def add_holiday(request: DeskRequest) -> HttpResponse:
    """A day off, or a working day."""
    form = HolidayForm(request.POST)
    if carried_out(
        form, lambda **values: set_holiday(request.actor, values.pop("country"), values.pop("day"), **values)
    ):
        return _saved(request)
    return _page(request, holiday_form=form)


@require_POST
@needs("settings")
def end_holiday(request: DeskRequest, holiday_id: UUID) -> HttpResponse:
    """The country's calendar decides again."""
    holiday = get_object_or_404(Holiday, organization_id=request.organization.id, id=holiday_id)
    remove_holiday(request.actor, holiday.id)
    return _saved(request)


@require_POST
@needs("settings")
def tolerance(request: DeskRequest) -> HttpResponse:
    """What is too small."""
    form = ToleranceForm(request.POST, there=_own_tolerances(request))
    if carried_out(form, lambda **values: set_tolerance(request.actor, **values)):
        return _saved(request)
    return _page(request, tolerance_form=form)


def _saved(request: DeskRequest) -> HttpResponse:
    messages.success(request, _("Saved. It counts from the next day that is planned."))
    return redirect(address(request, "calendar"))


def _rules(request: DeskRequest) -> dict[str, int]:
    return {name: getattr(request.organization, name) for name in LIMITS}


def _page(
    request: DeskRequest,
    rules_form: RulesForm | None = None,
    holiday_form: HolidayForm | None = None,
    tolerance_form: ToleranceForm | None = None,
) -> HttpResponse:
    organization = request.organization
    own = list(Holiday.objects.filter(organization_id=organization.id).order_by("day", "country"))
    return page(
        request,
        "desk/calendar.html",
        _("Calendar and limits"),
        422 if rules_form or holiday_form or tolerance_form else 200,
        rules_form=rules_form or RulesForm(initial=_rules(request)),
        holiday_form=holiday_form or HolidayForm(initial={"country": organization.country, "works": ""}),
        tolerance_form=tolerance_form
        or ToleranceForm(initial={"currency": organization.currency}, there=_own_tolerances(request)),
        holidays=[(holiday, places.country_name(holiday.country)) for holiday in own],
        coming=_coming(organization.country, request.actor.today),
        country=places.country_name(organization.country),
        tolerances=_tolerances(request),
    )


def _coming(country: str, today: date) -> list[tuple[date, str]]:
    """A country's next official holidays, by their names there."""
    usual = BusinessCalendar(country)
    days = (today + timedelta(days=ahead) for ahead in range(1, 366))
    return list(islice(((day, name) for day in days if (name := usual.holiday(day))), NEXT_HOLIDAYS))


def _own_tolerances(request: DeskRequest) -> dict[str, dict[str, Decimal]]:
    """What the organization set itself, by currency."""
    own = Tolerance.objects.filter(organization_id=request.organization.id).values_list("currency", "amount")
    return {currency: {"amount": amount} for currency, amount in own}


def _tolerances(request: DeskRequest) -> list[tuple[str, Decimal, bool]]:
    """The limit of each currency in use, and whether it is the organization's own."""
    own = {currency: values["amount"] for currency, values in _own_tolerances(request).items()}
    used = PortfolioDelta.objects.filter(organization_id=request.organization.id).values_list("currency", flat=True)
    currencies = {*own, *used.distinct().order_by(), request.organization.currency}
    return [(code, own.get(code, TOLERANCES[minor_units(code)]), code in own) for code in sorted(currencies)]
