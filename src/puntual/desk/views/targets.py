"""What each member is to reach in a month, with how far they are beside it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from babel.dates import format_skeleton
from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from puntual.analytics.targets.actions import set_targets
from puntual.analytics.targets.models import Target
from puntual.analytics.targets.progress import Progress, progress_of
from puntual.daily.rules import start_of
from puntual.desk import formats
from puntual.desk.fields import MoneyField
from puntual.desk.pages import DeskRequest, address, needs, page
from puntual.desk.portfolio import currencies
from puntual.desk.sheets import accepted, done, sheet
from puntual.desk.watched import Watched
from puntual.kernel.days import as_day
from puntual.organizations.models import Membership
from puntual.organizations.queries import members_of
from puntual.organizations.roles import Permission, may

Kind = Target.Kind


class TargetsForm(Watched):
    """Amounts by currency, conversations, promises kept."""

    contacts = forms.IntegerField(label=gettext_lazy("Conversations"), min_value=1, max_value=99_999, required=False)
    kept = forms.IntegerField(label=gettext_lazy("Promises kept, %"), min_value=1, max_value=100, required=False)

    def __init__(self, used: list[str], *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.used = used
        for currency in used:
            label = _("Collected, {currency}").format(currency=currency)
            self.fields[currency] = MoneyField(label=label, required=False, currency=currency)
        self.order_fields([*used, "contacts", "kept"])

    def collected(self) -> dict[str, Decimal]:
        """The amounts that were given."""
        return {
            currency: self.cleaned_data[currency]
            for currency in self.used
            if self.cleaned_data.get(currency) is not None
        }


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing reached, and (where there is a target) what was to be: in words, and in percent for the bar, at most 100."""

    label: str
    reached: str
    goal: str = ""
    percent: int | None = None


@require_GET
@needs("view")
def targets(request: DeskRequest) -> HttpResponse:
    """Everybody who contacts customers or has a target, this month or another."""
    organization, today = request.organization, request.actor.today
    first = (as_day(request.GET.get("month", "") + "-01") or today).replace(day=1)
    after = _next(first)
    found = progress_of(organization.id, first, after, start_of(organization, first), start_of(organization, after))
    rows = [
        (one, list(_figures(found.get(one.user_id) or Progress())))
        for one in members_of(organization.id, today)
        if may(one.role, Permission.CONTACT) or one.user_id in found
    ]
    return page(
        request,
        "desk/targets.html",
        _("Targets of {month}").format(month=_month(first)),
        here="targets",
        rows=rows,
        month=first,
        before=first - timedelta(days=1),
        after=after if first < today.replace(day=1) or _next(today) >= after else None,
    )


@require_http_methods(("GET", "POST"))
@needs("settings")
def change(request: DeskRequest, membership_id: UUID) -> HttpResponse:
    """Say what somebody is to reach in a month."""
    organization = request.organization
    found = get_object_or_404(
        Membership.objects.select_related("user").filter(organization_id=organization.id, id=membership_id)
    )
    month = (as_day(request.GET.get("month", "") + "-01") or request.actor.today).replace(day=1)
    used = list(dict.fromkeys((organization.currency, *currencies(organization.id))))
    goals = Target.objects.filter(organization_id=organization.id, member=found.user_id, month=month)
    initial = dict.fromkeys((*used, *Kind.values)) | {
        one.currency or one.kind: formats.money(one.goal, one.currency) if one.currency else int(one.goal)
        for one in goals
    }
    form = TargetsForm(used, request.POST or None, initial=initial)
    back = f"{address(request, 'targets')}?month={month:%Y-%m}"

    def act(given: dict[str, Any]) -> None:
        amounts = {"contacts": given["contacts"], "kept": given["kept"]}
        set_targets(request.actor, found.user_id, month, collected=form.collected(), **amounts)

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("Saved."))
        return done(request, back)
    about = _("Money and promises are those of the customers they look after. Leave empty what is no target.")
    title = _("{name}: targets of {month}").format(name=found.user, month=_month(month))
    return sheet(request, form, title, back, about=about)


def _month(first: date) -> str:
    return str(format_skeleton("yMMMM", first, locale=formats.current()))


def _next(month: date) -> date:
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def _figures(one: Progress) -> Iterator[Figure]:
    aimed = {currency for kind, currency in one.goals if kind == Kind.COLLECTED}
    for currency in sorted({*one.collected, *aimed}):
        reached, goal = one.collected.get(currency, Decimal(0)), one.goals.get((Kind.COLLECTED, currency))
        yield Figure(
            _("Collected, {currency}").format(currency=currency),
            formats.money(reached, currency),
            formats.money(goal, currency) if goal else "",
            _percent(reached, goal),
        )
    goal = one.goals.get((Kind.CONTACTS, ""))
    yield Figure(
        _("Conversations"),
        formats.number(one.contacts),
        formats.number(int(goal)) if goal else "",
        _percent(Decimal(one.contacts), goal),
    )
    share, goal = one.kept_share, one.goals.get((Kind.KEPT, ""))
    if share is not None or goal:
        yield Figure(
            _("Promises kept"),
            formats.percent(Decimal(share) / 100) if share is not None else "–",
            formats.percent(goal / 100) if goal else "",
            _percent(Decimal(share or 0), goal),
        )


def _percent(reached: Decimal, goal: Decimal | None) -> int | None:
    return min(100, max(0, int(100 * reached / goal))) if goal else None
