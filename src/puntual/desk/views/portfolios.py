"""The portfolios' rules in their order, and one of them with a live count of whom it means."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from puntual.desk import formats, places
from puntual.desk.forms import carried_out
from puntual.desk.forms.segments import Around, around
from puntual.desk.pages import DeskRequest, address, fragment, needs, page
from puntual.desk.segment_words import conditions
from puntual.desk.sheets import accepted, done, sheet
from puntual.desk.watched import Watched
from puntual.kernel.problems import Problem
from puntual.strategies.figures import fresh_figures
from puntual.strategies.models import PortfolioRule, StoredSegment
from puntual.strategies.portfolios.actions import apply_rules, delete_rule, move_rule, store_rule
from puntual.strategies.portfolios.queries import (
    Fitting,
    by_hand_or_rule,
    collecting,
    conditions_of,
    fittings,
    rules_of,
)
from puntual.strategies.segment_queries import examples

EXAMPLES = 8


class RuleForm(Watched):
    """Whose customers they become, and which ones."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    member = forms.ChoiceField(label=gettext_lazy("Whose they become"))
    segment = forms.ChoiceField(label=gettext_lazy("Of the segment"), required=False)
    creditors = forms.MultipleChoiceField(
        label=gettext_lazy("Of these creditors"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
    )
    countries = forms.MultipleChoiceField(
        label=gettext_lazy("In these countries"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
    )
    tags = forms.CharField(
        label=gettext_lazy("With one of these tags"),
        required=False,
        max_length=400,
        help_text=gettext_lazy("Separated by commas."),
    )

    def __init__(self, request: DeskRequest, near: Around, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        org, today = request.organization.id, request.actor.today
        segments = StoredSegment.objects.filter(organization_id=org).order_by("position", "code")
        choices = {
            "member": [(str(one.user_id), str(one.user)) for one in collecting(org, today)],
            "segment": [("", _("any")), *segments.values_list("code", "name")],
            "creditors": list(near.creditors.items()),
            "countries": [(code, places.country_name(code)) for code in near.countries],
        }
        for name in ("creditors", "countries"):  # what a rule names stays to be seen, even where nobody is so any more
            known = {code for code, _words in choices[name]}
            choices[name] += [(code, code) for code in self.initial.get(name) or () if code not in known]
        if self.initial.get("member") and self.initial["member"] not in dict(choices["member"]):
            choices["member"].insert(0, ("", ""))  # who left: somebody else has to be chosen
        for name, listed in choices.items():
            self.fields[name].choices = listed  # type: ignore[attr-defined]

    @property
    def ticks(self) -> list[forms.BoundField]:
        """The fields of ticks: one choice is none, unless the rule names it."""
        names = ("creditors", "countries")
        return [self[name] for name in names if len(self.fields[name].choices) > 1 or self.initial.get(name)]  # type: ignore[attr-defined]

    def clean_tags(self) -> list[str]:
        return list(dict.fromkeys(tag.strip()[:40] for tag in self.cleaned_data["tags"].split(",") if tag.strip()))


@dataclass(frozen=True, slots=True)
class Line:
    """A rule as the list shows it; `gone`: its member does not contact customers here any more."""

    rule: PortfolioRule
    text: str
    fitting: Fitting
    gone: bool
    first: bool
    last: bool


@require_GET
@needs("view")
def portfolios(request: DeskRequest) -> HttpResponse:
    """The rules in the order in which they are asked, each with how many it means."""
    fresh_figures(request.actor)
    org, today = request.organization.id, request.actor.today
    rules = rules_of(org)
    near = around(request.organization)
    lasting = {one.user_id for one in collecting(org, today)}
    found = fittings(org, rules, today)
    lines = [
        Line(
            rule,
            conditions(conditions_of(rule), near.creditors),
            found[place],
            rule.member_id not in lasting,
            place == 0,
            place == len(rules) - 1,
        )
        for place, rule in enumerate(rules)
    ]
    nobodys, ruled, by_hand = by_hand_or_rule(org)
    title = ngettext("{n} rule gives customers away", "{n} rules give customers away", len(rules))
    return page(
        request,
        "desk/portfolios.html",
        title.format(n=formats.number(len(rules))) if rules else _("Whose customers are whose"),
        here="portfolios",
        lines=lines,
        nobodys=nobodys,
        ruled=ruled,
        by_hand=by_hand,
        new=sum(one.new for one in found),
    )


@require_http_methods(["GET", "POST"])
@needs("settings")
def new(request: DeskRequest) -> HttpResponse:
    """Write one."""
    return _kept(request, None)


@require_http_methods(["GET", "POST"])
@needs("settings")
def rule(request: DeskRequest, rule_id: UUID) -> HttpResponse:
    """Change one."""
    return _kept(request, _find(request, rule_id))


@require_POST
@needs("settings")
def attempt(request: DeskRequest) -> HttpResponse:
    """Whom the rule means as it stands on the page."""
    wanted = request.POST.get("rule", "")
    kept = next((one for one in rules_of(request.organization.id) if str(one.id) == wanted), None)
    form = RuleForm(request, around(request.organization), request.POST)
    return fragment(request, "desk/parts/portfolio_found.html", **_found(request, form, kept))


@require_POST
@needs("settings")
def apply(request: DeskRequest) -> HttpResponse:
    """Give customers away now: those who are nobody's, or (anew) whom a rule gave away before too."""
    given = apply_rules(request.actor, anew="anew" in request.POST)
    text = ngettext("{n} customer found another owner.", "{n} customers found another owner.", given)
    messages.success(request, text.format(n=formats.number(given)))
    return redirect(address(request, "portfolios"))


@require_POST
@needs("settings")
def move(request: DeskRequest, rule_id: UUID) -> HttpResponse:
    """One place up or down."""
    found = _find(request, rule_id)
    move_rule(request.actor, found.id, -1 if request.POST.get("by") == "-1" else 1)
    return redirect(address(request, "portfolios"))


@require_http_methods(["GET", "POST"])
@needs("settings")
def delete(request: DeskRequest, rule_id: UUID) -> HttpResponse:
    """Give one up."""
    found = _find(request, rule_id)
    back = address(request, "portfolios")
    form = forms.Form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and accepted(form, lambda _given: delete_rule(request.actor, found.id)):
        messages.success(request, _("“{name}” is deleted.").format(name=found.name))
        return done(request, back)
    about = _("Customers whom it gave away stay whose they are until the rules are applied anew.")
    return sheet(request, form, _("Delete “{name}”?").format(name=found.name), back, verb=_("Delete"), about=about)


def _kept(request: DeskRequest, kept: PortfolioRule | None) -> HttpResponse:
    near = around(request.organization)
    if request.method == "GET":
        fresh_figures(request.actor)
    form = RuleForm(request, near, request.POST or None, initial=_initial(kept) if kept else None)

    def store(
        name: str, member: str, segment: str, creditors: list[str], countries: list[str], tags: list[str]
    ) -> None:
        named = {"segment": segment, "creditors": creditors, "countries": countries, "tags": tags}
        store_rule(
            request.actor,
            name=name,
            member_id=UUID(member),
            rule_id=kept.id if kept else None,
            **named,  # type: ignore[arg-type]
        )

    if request.method == "POST" and carried_out(form, store):
        messages.success(request, _("“{name}” is kept.").format(name=form.cleaned_data["name"]))
        return redirect(address(request, "portfolios"))
    return page(
        request,
        "desk/portfolio_rule.html",
        kept.name if kept else _("A new rule"),
        422 if form.is_bound else 200,
        form=form,
        kept=kept,
        tags=near.tags,
        **_found(request, form, kept),
    )


def _found(request: DeskRequest, form: RuleForm, kept: PortfolioRule | None) -> dict[str, Any]:
    """Whom the rule on the page means, in sentences, and some of them."""
    org, today = request.organization.id, request.actor.today
    draft = _draft(request, form, kept)
    rules = [draft if one.id == draft.id else one for one in rules_of(org)]
    if not kept:
        rules.append(draft)
    try:
        fitting = fittings(org, rules, today)[rules.index(draft)]
    except Problem:
        return {"fits": "", "comes": "", "rows": []}
    fits = ngettext("{n} customer fits", "{n} customers fit", fitting.customers)
    comes = ngettext(
        "{n} of them is nobody's so far and comes by it when the rules are applied.",
        "{n} of them are nobody's so far and come by it when the rules are applied.",
        fitting.new,
    )
    return {
        "fits": fits.format(n=formats.number(fitting.customers)),
        "comes": comes.format(n=formats.number(fitting.new)),
        "rows": examples(org, conditions_of(draft), today, EXAMPLES),
    }


def _draft(request: DeskRequest, form: RuleForm, kept: PortfolioRule | None) -> PortfolioRule:
    """The rule as it stands on the page; what is not right there is left out."""
    given: dict[str, Any] = dict(form.initial)
    if form.is_bound:
        form.is_valid()
        given = {**form.cleaned_data}
    members = [key for key, _name in form.fields["member"].choices if key]  # type: ignore[attr-defined]
    org = request.organization.id
    segments = StoredSegment.objects.filter(organization_id=org, code=given.get("segment") or "")
    tags = given.get("tags") or []
    return PortfolioRule(
        id=kept.id if kept else None,
        organization_id=org,
        name=given.get("name") or "new",
        member_id=UUID(given.get("member") or members[0]),  # there is an owner always
        segment=segments.first(),
        creditors=list(given.get("creditors") or ()),
        countries=list(given.get("countries") or ()),
        tags=tags if isinstance(tags, list) else [tag.strip() for tag in tags.split(",")],
    )


def _initial(kept: PortfolioRule) -> dict[str, Any]:
    return {
        "name": kept.name,
        "member": str(kept.member_id),
        "segment": kept.segment.code if kept.segment else "",
        "creditors": kept.creditors,
        "countries": kept.countries,
        "tags": ", ".join(kept.tags),
    }


def _find(request: DeskRequest, rule_id: UUID) -> PortfolioRule:
    found = PortfolioRule.objects.filter(organization_id=request.organization.id, id=rule_id)
    return get_object_or_404(found.select_related("segment"))
