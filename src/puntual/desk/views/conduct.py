"""Manual, Conduct: the rules of each country one has customers in, and one's own on top of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from puntual.conduct.actions import add_rule, end_rule
from puntual.conduct.describe import confidence, limitation_in_words, rule_in_words, whom
from puntual.conduct.models import OwnRule
from puntual.conduct.packs import pack_for, read_policy
from puntual.conduct.queries import own_rules
from puntual.conduct.rules import Pack, Rule
from puntual.desk import formats, places
from puntual.desk.forms import carried_out
from puntual.desk.forms.conduct import FORMS, DayOffForm, OwnRuleForm
from puntual.desk.pages import DeskRequest, address, needs, page
from puntual.organizations.actions import set_holiday
from puntual.organizations.models import Holiday
from puntual.parties.models import Customer

_ORDER = ("call", "visit", "email", "whatsapp", "sms", "letter")


@dataclass(frozen=True, slots=True)
class Line:
    """One rule as the page shows it: `law_for` whom it binds by law, `also` the channels it is kept to by one's own choice."""

    text: str
    channels: tuple[str, ...]
    also: tuple[str, ...]
    law_for: str
    article: str
    source: str
    confidence: str
    checked: date | None


@dataclass(frozen=True, slots=True)
class Country:
    """A pack with the countries it serves here, and how many customers are in them."""

    code: str
    names: str
    customers: str
    of_law: bool
    lines: Sequence[Line]
    limitations: Sequence[Line]


@require_GET
@needs("view")
def conduct(request: DeskRequest) -> HttpResponse:
    """Every rule with its article, its source and whom it is the law for."""
    return _page(request)


@require_POST
@needs("manual")
def add(request: DeskRequest, kind: str) -> HttpResponse:
    """A rule of one's own, from today on."""
    if kind not in FORMS:
        raise Http404
    form = FORMS[kind](request.POST)

    def act(country: str, channels: list[str], **_rest: object) -> None:
        add_rule(request.actor, country, form.what, channels, **form.values())

    return _saved(request) if carried_out(form, act) else _page(request, form=form)


@require_POST
@needs("manual")
def end(request: DeskRequest, rule_id: UUID) -> HttpResponse:
    """The rule holds no more from today; what the law asks for goes on."""
    rule = get_object_or_404(OwnRule, organization_id=request.organization.id, id=rule_id)
    end_rule(request.actor, rule.id)
    return _saved(request)


@require_POST
@needs("manual")
def add_day(request: DeskRequest) -> HttpResponse:
    """A date without contact."""
    form = DayOffForm(request.POST)

    def act(country: str, day: date, name: str) -> None:
        set_holiday(request.actor, country, day, works=False, name=name)

    return _saved(request) if carried_out(form, act) else _page(request, day_form=form)


def _saved(request: DeskRequest) -> HttpResponse:
    messages.success(request, _("Saved. It counts at once, also for what is planned already."))
    return redirect(address(request, "conduct"))


def _page(request: DeskRequest, form: OwnRuleForm | None = None, day_form: DayOffForm | None = None) -> HttpResponse:
    organization = request.organization
    own = own_rules(organization.id)
    countries = _countries(request)
    days = Holiday.objects.filter(organization_id=organization.id, works=False, day__gte=request.actor.today)
    number = sum(len(country.lines) for country in countries) + len(own)
    rules = ngettext("{n} rule of conduct holds", "{n} rules of conduct hold", number)
    return page(
        request,
        "desk/conduct.html",
        rules.format(n=formats.number(number)),
        422 if form or day_form else 200,
        countries=countries,
        own=[(rule, _own_line(rule), _where(rule)) for rule in own],
        days=[(day, places.country_name(day.country)) for day in days.order_by("day", "country")],
        forms=[form if form and form.what == kind else made(auto_id=f"{kind}_%s") for kind, made in FORMS.items()],
        day_form=day_form or DayOffForm(initial={"country": organization.country}),
    )


def _where(rule: OwnRule) -> str:
    return places.country_name(rule.country) if rule.country else _("every country")


def _own_line(rule: OwnRule) -> Line:
    return _line(read_policy({"rules": [rule.content]}, "policy").rules[0])


def _countries(request: DeskRequest) -> list[Country]:
    """The packs in use, the one with most customers first; without customers, the organization's own country."""
    rows = Customer.objects.filter(organization_id=request.organization.id).values_list("party__country")
    counts = {code: count for code, count in rows.annotate(Count("id")).order_by() if code}
    counts = counts or {request.organization.country: 0}
    by_pack: dict[str, list[str]] = {}
    for code in sorted(counts, key=lambda one: -counts[one]):
        by_pack.setdefault(pack_for(code).country, []).append(code)
    found = [(pack_for(codes[0]), codes) for codes in by_pack.values()]
    return [_country(pack, codes, sum(counts[code] for code in codes)) for pack, codes in found]


def _country(pack: Pack, codes: Sequence[str], count: int) -> Country:
    customers = ngettext("{n} customer", "{n} customers", count).format(n=formats.number(count))
    return Country(
        code=pack.country or "other",
        names=formats.listed([places.country_name(code) for code in codes]),
        customers=customers,
        of_law=bool(pack.country),
        lines=[_line(rule) for rule in pack.rules],
        limitations=[
            Line(
                limitation_in_words(one),
                (),
                (),
                _("everybody"),
                one.article,
                one.source,
                confidence(one.confidence),
                one.checked,
            )
            for one in pack.limitations
        ],
    )


def _line(rule: Rule) -> Line:
    return Line(
        text=rule_in_words(rule),
        channels=tuple(channel for channel in _ORDER if channel in rule.channels),
        also=tuple(channel for channel in _ORDER if channel in rule.also),
        law_for=whom(rule),
        article=rule.article,
        source=rule.source,
        confidence=confidence(rule.confidence),
        checked=rule.checked,
    )
