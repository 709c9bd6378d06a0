"""Reports, Rates: what is expected to be lost of each age, and what currencies are worth in one another."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, TypeAlias
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from puntual.analytics.months import BUCKETS
from puntual.analytics.rates import files
from puntual.analytics.rates.actions import NOT_ALL, Given, record_exchange_rates, set_loss_rates
from puntual.analytics.rates.models import ExchangeRate, LossRate
from puntual.analytics.rates.queries import loss_groups
from puntual.analytics.wording import bucket_label
from puntual.desk import formats
from puntual.desk.asking import creditors_of, segments_of
from puntual.desk.fields import DayField, MoneyField
from puntual.desk.pages import DeskRequest, address, needs, page
from puntual.desk.sheets import accepted
from puntual.desk.watched import WatchedOneOf

_SHOWN = 50
Choices: TypeAlias = Sequence[tuple[str, str]]


class LossForm(WatchedOneOf):
    """A percent for each age, from a day on; none at all: what was measured."""

    chosen_by = ("creditor", "segment")

    from_on = DayField(label=gettext_lazy("From"))
    creditor = forms.ChoiceField(label=gettext_lazy("Creditor"), required=False)
    segment = forms.ChoiceField(label=gettext_lazy("Segment"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("What the rates rest on"),
        max_length=300,
        help_text=gettext_lazy("For whoever audits the accounts."),
    )

    def __init__(self, *args: Any, creditors: Choices, segments: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place, name in enumerate(BUCKETS.names):
            label = f"{bucket_label(name)}, %"
            self.fields[f"percent_{place}"] = MoneyField(label=label, required=False)
        offered = {"creditor": (_("All creditors"), creditors, 2), "segment": (_("All customers"), segments, 1)}
        for name, (every, choices, fewest) in offered.items():
            field = self.fields[name]
            if len(choices) < fewest:
                del self.fields[name]
            elif isinstance(field, forms.ChoiceField):
                field.choices = [("", every), *choices]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        names = [f"percent_{place}" for place in range(len(BUCKETS.names))]
        missing = [name for name in names if name not in self.errors and given.get(name) is None]
        if 0 < len(missing) < len(names):
            self.add_error(missing[0], _(NOT_ALL).format(number=len(names)))
        return given

    @property
    def ages(self) -> list[forms.BoundField]:
        """The fields of the percents, the youngest age first."""
        return [one for one in self if one.name.startswith("percent_")]

    @property
    def grounds(self) -> list[forms.BoundField]:
        """The fields that say for whom, from when and why."""
        return [one for one in self if not one.name.startswith("percent_")]

    @property
    def percents(self) -> list[Any] | None:
        """A percent per age, or None where none was given. Missing ones are left out, which the action refuses."""
        given = [self.cleaned_data.get(f"percent_{place}") for place in range(len(BUCKETS.names))]
        return None if all(one is None for one in given) else [one for one in given if one is not None]


class ExchangeForm(forms.Form):
    """One rate."""

    on = DayField(label=gettext_lazy("Day"))
    base = forms.CharField(label=gettext_lazy("One unit of"), max_length=3)
    quote = forms.CharField(label=gettext_lazy("is worth, in"), max_length=3)
    rate = MoneyField(label=gettext_lazy("Rate"), decimals=10)
    source = forms.CharField(label=gettext_lazy("Where it was published"), max_length=200)


class FileForm(forms.Form):
    """Many rates."""

    file = forms.FileField(
        label=gettext_lazy("Rates from a file"),
        help_text=gettext_lazy("CSV: day, currency, other currency, rate, source."),
    )


@require_GET
@needs("view")
def report_rates(request: DeskRequest) -> HttpResponse:
    """Which rates count today, and what was entered."""
    return _page(request)


@require_POST
@needs("settings")
def set_loss(request: DeskRequest) -> HttpResponse:
    """Set the provision matrix's own rates from a day on."""
    form = LossForm(
        request.POST,
        creditors=creditors_of(request.organization.id),
        segments=segments_of(request.organization.id),
        there=_there(request),
    )

    def act(given: dict[str, Any]) -> None:
        set_loss_rates(
            request.actor,
            given["from_on"],
            form.percents,
            reason=given["reason"],
            creditor_id=UUID(given["creditor"]) if given.get("creditor") else None,
            segment=given.get("segment", ""),
        )

    if accepted(form, act):
        messages.success(request, _("The loss rates count from that day on."))
        return redirect(address(request, "report_rates"))
    return _page(request, loss=form)


@require_POST
@needs("settings")
def enter_exchange(request: DeskRequest) -> HttpResponse:
    """Enter one exchange rate."""
    form = ExchangeForm(request.POST)

    def act(given: dict[str, Any]) -> None:
        one = Given(given["on"], given["base"].upper(), given["quote"].upper(), given["rate"], given["source"])
        record_exchange_rates(request.actor, [one])

    if accepted(form, act):
        messages.success(request, _("The rate was kept."))
        return redirect(address(request, "report_rates"))
    return _page(request, exchange=form)


@require_POST
@needs("settings")
def enter_exchange_file(request: DeskRequest) -> HttpResponse:
    """Enter exchange rates from a file: all of them, or none."""
    form = FileForm(request.POST, request.FILES)
    kept: list[int] = []

    def act(given: dict[str, Any]) -> None:
        kept.append(record_exchange_rates(request.actor, files.read(given["file"].read())))

    if accepted(form, act):
        text = ngettext("{n} rate was kept.", "{n} rates were kept.", kept[0])
        messages.success(request, text.format(n=formats.number(kept[0])))
        return redirect(address(request, "report_rates"))
    return _page(request, upload=form)


def _page(
    request: DeskRequest,
    loss: LossForm | None = None,
    exchange: ExchangeForm | None = None,
    upload: FileForm | None = None,
) -> HttpResponse:
    organization, today = request.organization.id, request.actor.today
    mine = {"organization_id": organization}
    own = loss_groups(organization, today)[-1].own
    set_before = (
        LossRate.objects.filter(**mine).select_related("creditor").order_by("-from_on", "-recorded_at")[:_SHOWN]
    )
    rates = ExchangeRate.objects.filter(**mine).order_by("-on", "base", "quote", "-recorded_at")[:_SHOWN]
    creditors, segments = creditors_of(organization), segments_of(organization)
    names, ages = dict(segments), [bucket_label(name) for name in BUCKETS.names]
    return page(
        request,
        "desk/report_rates.html",
        _("Rates"),
        status=200 if not (loss or exchange or upload) else 422,
        own=own,
        own_from=formats.long_date(own.from_on) if own else "",
        ages=ages,
        loss_rates=[
            (
                one,
                names.get(one.segment, one.segment),
                list(zip(ages, map(_plain, one.percents), strict=True)) if one.percents else [],
            )
            for one in set_before
        ],
        rates=[(one, _plain(one.rate)) for one in rates],
        loss=loss
        or LossForm(initial={"from_on": today}, creditors=creditors, segments=segments, there=_there(request)),
        exchange=exchange or ExchangeForm(initial={"on": today, "quote": request.organization.currency}),
        upload=upload or FileForm(),
    )


def _there(request: DeskRequest) -> dict[str, dict[str, Any]]:
    """What was entered last for each creditor and segment."""
    rows = LossRate.objects.filter(organization_id=request.organization.id).order_by("recorded_at", "id")
    return {
        f"{one.creditor_id or ''}/{one.segment}": {
            "from_on": one.from_on,
            **{f"percent_{place}": percent for place, percent in enumerate(one.percents or [])},
        }
        for one in rows
    }


def _plain(rate: Decimal) -> str:
    """A rate as the reader writes it, without the zeros behind it."""
    return formats.written(Decimal(f"{rate.normalize():f}"))
