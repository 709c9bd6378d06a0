"""What a report is asked on its page: the day or the period, as known on which day, and what it is narrowed to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from time import perf_counter
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from puntual.analytics import reports
from puntual.analytics.kept.keeping import SLOW, waited
from puntual.analytics.narrowing import FIELDS, Whose, whose
from puntual.analytics.rates.queries import Into
from puntual.analytics.tables import Question, Report
from puntual.desk import places
from puntual.desk.fields import DayField
from puntual.desk.pages import DeskRequest
from puntual.desk.portfolio import currencies
from puntual.organizations.models import Membership
from puntual.parties.models import Creditor, Party
from puntual.strategies.models import StoredSegment

PERIODS = frozenset(
    {
        "roll-rates",
        "collected",
        "effectiveness",
        "promises",
        "agreements",
        "alerts",
        "conduct",
        "disputes",
        "fairness",
    }
)
"""Reports about a period: they ask for its first day as well."""


class AskedForm(forms.Form):
    """The day or the period, and what it is narrowed to, of the choices there are."""

    since = DayField(label=gettext_lazy("From"), required=False)
    as_of = DayField(label=gettext_lazy("As of"), required=False)
    known_on = DayField(label=gettext_lazy("As known on"), required=False)
    creditor = forms.ChoiceField(label=gettext_lazy("Creditor"), required=False)
    segment = forms.ChoiceField(label=gettext_lazy("Segment"), required=False)
    collector = forms.ChoiceField(label=gettext_lazy("Looked after by"), required=False)
    country = forms.ChoiceField(label=gettext_lazy("Country"), required=False)
    currency = forms.ChoiceField(label=gettext_lazy("Currency"), required=False)
    into = forms.ChoiceField(label=gettext_lazy("Together in"), required=False)

    def __init__(self, *args: Any, name: str, choices: Mapping[str, Iterable[tuple[str, str]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key in FIELDS:
            field, few = self.fields[key], list(choices.get(key, ()))
            if (len(few) < 2 and key != "segment") or not few:
                del self.fields[key]
            elif isinstance(field, forms.ChoiceField):
                field.choices = [("", _("All")), *few]
        together, several = self.fields["into"], list(choices.get("currency", ()))
        if name not in reports.TOGETHER or len(several) < 2:
            del self.fields["into"]
        elif isinstance(together, forms.ChoiceField):
            together.choices = [("", _("Each currency by itself")), *several]
        if name in PERIODS:
            self.fields["as_of"].label = _("Through")
        else:
            del self.fields["since"]
        if name not in reports.KNOWN:
            del self.fields["known_on"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked, as far as it makes sense, and the form that says so; `anew`: worked out now, whatever the day's job did."""

    form: AskedForm
    today: date
    as_of: date
    since: date | None
    known_on: date | None
    whose: Whose
    into: str
    anew: bool = False

    def query(self) -> str:
        """The same asked again, as the end of an address."""
        given = {key: value for key, value in self.form.initial.items() if value}
        if self.anew:
            given["anew"] = "1"
        return urlencode({key: value.isoformat() if isinstance(value, date) else value for key, value in given.items()})

    def build(self, name: str, organization_id: UUID, *, anew: bool = False) -> Report:
        """The report; `anew`: of this moment in any case."""
        return reports.build(
            name,
            organization_id,
            self.as_of,
            since=self.since,
            known_on=self.known_on,
            whose=self.whose,
            into=self.into,
            today=None if anew or self.anew else self.today,
        )

    def question(self, organization_id: UUID) -> Question:
        """The same as analytics is asked."""
        into = Into(organization_id, self.into, self.as_of) if self.into else None
        return Question(self.as_of, self.since, self.known_on, whose=self.whose, into=into)

    def answered(self, request: DeskRequest, name: str, found: Report, started: float) -> None:
        """The page is made, since `started` by the process's clock: what somebody waited for is worked out beforehand from now
        on.
        """
        if found.worked_out or self.anew or perf_counter() - started < SLOW.total_seconds():
            return
        waited(request.actor, name, self.question(request.organization.id), request.LANGUAGE_CODE)


def asked(request: DeskRequest, name: str) -> Asked:
    """What the address asks of a report; what it asks wrongly is not asked."""
    today = request.actor.today
    choices = _choices(request.organization.id, reports.filters_of(name))
    query = request.GET.copy()
    if "as_of" not in query and "through" in query:  # what the last day of a period is called in addresses of before
        query["as_of"] = query.get("through", "")
    form = AskedForm(query, name=name, choices=choices)
    form.is_valid()
    given = getattr(form, "cleaned_data", {})
    as_of = min(given.get("as_of") or today, today)
    since, known_on = given.get("since"), given.get("known_on")
    if since and since > as_of:
        since = None
    if known_on and known_on >= today:
        known_on = None
    narrowed = {key: given[key] for key in FIELDS if given.get(key)}
    into = given.get("into", "")
    shown = {**narrowed, "as_of": as_of, "since": since, "known_on": known_on, "into": into}
    for key in ("creditor", "collector"):
        if key in narrowed:
            narrowed[key] = UUID(narrowed[key])
    ours = whose(request.organization.id, today, **narrowed)
    form = AskedForm(initial=shown, name=name, choices=choices)
    return Asked(form, today, as_of, since, known_on, ours, into, anew=bool(request.GET.get("anew")))


def _choices(organization_id: UUID, fields: Iterable[str]) -> dict[str, list[tuple[str, str]]]:
    """What there is to choose from, for each that the report can be narrowed to."""
    mine = {"organization_id": organization_id}
    ways: dict[str, Any] = {
        "creditor": lambda: creditors_of(organization_id),
        "segment": lambda: segments_of(organization_id),
        "collector": lambda: [
            (str(pk), name or email)
            for pk, name, email in Membership.objects.filter(**mine)
            .order_by("user__name", "user__email")
            .values_list("user_id", "user__name", "user__email")
        ],
        "country": lambda: sorted(
            ((code, places.country_name(code)) for code in _countries(organization_id)), key=lambda one: one[1]
        ),
        "currency": lambda: [(code, code) for code in currencies(organization_id)],
    }
    return {key: ways[key]() for key in fields}


def creditors_of(organization_id: UUID) -> list[tuple[str, str]]:
    """The creditors to choose from."""
    rows = Creditor.objects.filter(organization_id=organization_id).order_by("name")
    return [(str(pk), name) for pk, name in rows.values_list("id", "name")]


def segments_of(organization_id: UUID) -> list[tuple[str, str]]:
    """The segments to choose from."""
    rows = StoredSegment.objects.filter(organization_id=organization_id).order_by("position", "code")
    return list(rows.values_list("code", "name"))


def _countries(organization_id: UUID) -> list[str]:
    found = Party.objects.filter(organization_id=organization_id).exclude(country="")
    return list(found.order_by().values_list("country", flat=True).distinct())
