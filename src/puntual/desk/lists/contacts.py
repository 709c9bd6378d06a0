"""The list of contacts: what was planned, said and done with customers, and what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from puntual.audit.actions import Actor
from puntual.desk import formats, words
from puntual.desk.forms.customers import WhyForm
from puntual.desk.lists import common
from puntual.desk.lists.describing import Asked, Bulk, Choices, Column, Empty, Filter, List, Reader, Sort
from puntual.desk.lists.forms import NothingForm
from puntual.desk.templatetags import desk as tags
from puntual.kernel.bulk import Outcome
from puntual.organizations.models import User
from puntual.outreach import actions
from puntual.outreach.models import Activity
from puntual.outreach.results import said, state
from puntual.strategies.manual import from_content
from puntual.strategies.models import Version
from puntual.strategies.words import BESIDE_STEPS

State = Activity.State
VIEWS: Mapping[str, Sequence[str]] = {
    "all": (),
    "proposed": (State.PROPOSED,),
    "queued": (State.QUEUED, State.ATTEMPTING),
    "to_do": (State.TO_DO,),
    "done": (State.SENT, State.DONE),
    "unclear": (State.UNKNOWN, State.FAILED),
    "ended": (State.DROPPED, State.LAPSED),
}


def _views(by: Actor) -> Choices:
    return (
        ("all", pgettext_lazy("contacts", "All")),
        ("proposed", gettext_lazy("To approve")),
        ("queued", gettext_lazy("About to leave")),
        ("to_do", gettext_lazy("To do")),
        ("done", pgettext_lazy("contacts", "Done")),
        ("unclear", gettext_lazy("Failed or unclear")),
        ("ended", gettext_lazy("Dropped or lapsed")),
    )


@dataclass(frozen=True, slots=True)
class Demanded:
    """What a contact asks for in one currency."""

    currency: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Row:
    """A contact with what its step is called and who it was given to."""

    activity: Activity
    step: str
    assigned: str
    lines: Sequence[Demanded]


def _rows(by: Actor, asked: Asked) -> QuerySet[Activity]:
    found = Activity.objects.filter(organization_id=by.organization_id)
    if states := VIEWS[asked["view"]]:
        found = found.filter(state__in=states)
    return found.select_related("customer__creditor").defer("body")


def _dress(by: Actor, rows: Sequence[Activity], columns: frozenset[str]) -> Sequence[Row]:
    names = _steps(by, {row.version_id for row in rows if row.version_id})
    people = User.objects.in_bulk([row.assigned_to for row in rows if row.assigned_to])
    return [
        Row(
            row,
            _step(row, names),
            str(people.get(row.assigned_to, "")) if row.assigned_to else "",
            [Demanded(code, Decimal(amount)) for code, amount in sorted(row.demand.items())],
        )
        for row in rows
    ]


def _steps(by: Actor, versions: set[UUID]) -> dict[tuple[UUID, str], str]:
    """What the steps of these versions are called."""
    found = Version.objects.filter(organization_id=by.organization_id, id__in=versions)
    manuals = [(version.id, from_content(version.content)) for version in found]
    return {(version, step.code): step.name for version, manual in manuals for step in manual.steps}


def _step(activity: Activity, names: Mapping[tuple[UUID, str], str]) -> str:
    if activity.step in BESIDE_STEPS:
        return _(BESIDE_STEPS[activity.step])
    key = (activity.version_id, activity.step)
    return names.get(key, activity.step) if activity.version_id else activity.step  # type: ignore[arg-type]


def _customer(row: Row, reader: Reader) -> SafeString:
    return common.customer(row.activity, reader)


def _day(row: Row, reader: Reader) -> SafeString | str:
    return tags.day({"today": reader.today}, row.activity.day)


def _tone(row: Row, reader: Reader) -> SafeString:
    return tags.tone(row.activity.tone)


def _tone_said(row: Row) -> str:
    return words.tone(row.activity.tone) if row.activity.tone else ""


def _when(row: Row, reader: Reader) -> SafeString | str:
    return tags.moment({"today": reader.today}, row.activity.settled_at)


def _over_on(row: Row) -> date | None:
    return timezone.localtime(row.activity.settled_at).date() if row.activity.settled_at else None


def _became(row: Row) -> str:
    """Its state; once it is over, with what came of it."""
    of_it = said(row.activity.result) if row.activity.result else ""
    return of_it or state(row.activity.state)


def _channels(by: Actor) -> Choices:
    return [(name, _(word)) for name, word in words.CHANNELS.items()]


def _tones(by: Actor) -> Choices:
    return [(tone, words.tone(tone)) for tone in words.TONES]


def _approve(by: Actor, ids: Sequence[UUID], given: Mapping[str, Any]) -> Outcome:
    return actions.approve_chosen(by, ids)


def _drop(by: Actor, ids: Sequence[UUID], given: Mapping[str, Any]) -> Outcome:
    return actions.drop_many(by, ids, why=given["why"])


def _would_approve(n: int) -> str:
    text = ngettext("{n} contact would be approved", "{n} contacts would be approved", n)
    return text.format(n=formats.number(n))


def _approved(n: int) -> str:
    return ngettext("{n} contact approved.", "{n} contacts approved.", n).format(n=formats.number(n))


def _would_drop(n: int) -> str:
    text = ngettext("{n} contact would be dropped", "{n} contacts would be dropped", n)
    return text.format(n=formats.number(n))


def _dropped(n: int) -> str:
    return ngettext("{n} contact dropped.", "{n} contacts dropped.", n).format(n=formats.number(n))


CONTACTS = List(
    "contacts",
    "contacts",
    gettext_lazy("Contacts"),
    _rows,
    columns=(
        Column("day", gettext_lazy("Day"), lambda row: row.activity.day, "day", show=_day, quiet=True, place="d"),
        Column(
            "customer",
            gettext_lazy("Customer"),
            lambda row: row.activity.customer.name,
            show=_customer,
            page=lambda row: ("activity", row.activity.id),
            place="a",
            clip=True,
            sort="customer",
        ),
        Column("code", gettext_lazy("Code"), lambda row: row.activity.customer.code, quiet=True, first=False),
        Column("step", gettext_lazy("Step"), lambda row: row.step, quiet=True, roomy=True),
        Column("channel", gettext_lazy("Channel"), lambda row: _(words.CHANNELS[row.activity.channel]), quiet=True),
        Column("tone", gettext_lazy("Tone"), _tone_said, show=_tone),
        Column("state", gettext_lazy("What became of it"), _became, place="e"),
        Column("assigned", gettext_lazy("Who sees to it"), lambda row: row.assigned, quiet=True, first=False),
        Column("settled", gettext_lazy("Over since"), _over_on, "day", show=_when, quiet=True, first=False),
        Column(
            "creditor",
            gettext_lazy("Creditor"),
            lambda row: row.activity.customer.creditor.name,
            quiet=True,
            first=False,
        ),
        common.currency_column(lambda line: line.currency, each=True),
        Column("demand", gettext_lazy("Amount"), lambda line: line.amount, "money", each=True, place="c"),
    ),
    sorts=(
        Sort("made", gettext_lazy("Planned"), ("id",), True, indexed=True),
        Sort("customer", gettext_lazy("Customer"), ("customer__search_name", "id")),
    ),
    filters=(
        Filter("view", gettext_lazy("Which contacts"), "view", choices=_views),
        common.BY_CUSTOMER,
        Filter(
            "creditor", gettext_lazy("Creditor"), choices=common.creditors, narrow=common.equal("customer__creditor")
        ),
        Filter("channel", gettext_lazy("Channel"), choices=_channels, narrow=common.equal("channel")),
        Filter("tone", gettext_lazy("Tone"), choices=_tones, narrow=common.equal("tone")),
        Filter("assigned", gettext_lazy("Who sees to it"), choices=common.whose, narrow=common.of_owner("assigned_to")),
        *common.period("day"),
    ),
    empty=Empty(
        gettext_lazy("No contact here"),
        gettext_lazy("What a day plans for your customers, and what you write down yourself, is kept here."),
        "today",
        gettext_lazy("Back to today"),
    ),
    none_here=Empty(gettext_lazy("No contact here"), gettext_lazy("None matches what you chose. Loosen the filters.")),
    title=lambda by, asked, count: _("Contacts"),
    dress=_dress,
    lines=lambda row: row.lines,
    id_of=lambda row: row.activity.id,
    name_of=lambda row: row.activity.customer.name,
    bulk=(
        Bulk(
            "approve",
            gettext_lazy("Approve"),
            "approve",
            _approve,
            lambda by, data: NothingForm(data),
            _would_approve,
            _approved,
            gettext_lazy("Each leaves within the hours of its customer, and is looked at once more before it does."),
        ),
        Bulk("drop", gettext_lazy("Drop"), "approve", _drop, lambda by, data: WhyForm(data), _would_drop, _dropped),
    ),
)
