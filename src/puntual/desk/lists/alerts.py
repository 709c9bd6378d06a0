"""The list of early alerts."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from puntual.analytics.alerts import actions, queries
from puntual.analytics.alerts.kinds import Kind
from puntual.analytics.alerts.models import Alert
from puntual.analytics.alerts.words import kind_label, outcome_label, sentence
from puntual.analytics.months import first_of_a_year
from puntual.audit.actions import Actor
from puntual.desk import alerting, formats
from puntual.desk.forms.alerts import CloseForm
from puntual.desk.lists import common
from puntual.desk.lists.describing import Asked, Bulk, Choices, Column, Empty, Filter, List, Reader, Sort
from puntual.desk.lists.forms import OwnerForm
from puntual.kernel.bulk import Outcome
from puntual.organizations.roles import may
from puntual.outreach.approving import whose_work


def _views(by: Actor) -> Choices:
    return (
        ("open", pgettext_lazy("alerts", "Open")),
        ("mine", pgettext_lazy("alerts", "Mine")),
        ("closed", pgettext_lazy("alerts", "Closed")),
        ("all", pgettext_lazy("alerts", "All")),
    )


def _rows(by: Actor, asked: Asked) -> "QuerySet[Alert]":
    match asked["state"]:
        case "closed":
            return queries.alerts(by.organization_id, Alert.State.CLOSED)
        case "mine" if by.user_id:
            return queries.alerts(by.organization_id, Alert.State.OPEN, whose=whose_work(by))
        case "all":
            return queries.alerts(by.organization_id)
        case _:
            return queries.alerts(by.organization_id, Alert.State.OPEN)


def _kinds(by: Actor) -> Choices:
    return [(kind.value, kind_label(kind)) for kind in Kind]


def name_of(alert: Alert) -> str:
    """Whom it is about: a customer, or a creditor's customers."""
    return str(alert.customer.name if alert.customer else alert.creditor.name)


def _named(row: Alert, reader: Reader) -> SafeString:
    if row.customer is None:
        return format_html("<b>{}</b>", name_of(row))
    return format_html('<a class="plain" href="{}"><b>{}</b></a>', reader.to("customer", row.customer_id), name_of(row))


def _changed(row: Alert, reader: Reader) -> SafeString:
    said = sentence(row, formats.current())
    return format_html('<div class="changed"><b>{}</b><p class="mute mb-0">{}</p></div>', kind_label(row.kind), said)


def _do(row: Alert, reader: Reader) -> SafeString | str:
    if row.state == Alert.State.CLOSED:
        outcome = format_html('<span class="mute">{}</span>', outcome_label(row.outcome))
        if not may(reader.role, "hold"):
            return outcome
        way = reader.to("alert_reopen", row.id)
        return format_html('{}<br><a class="fine" href="{}" data-sheet>{}</a>', outcome, way, _("Open it again"))
    if not may(reader.role, "hold"):
        return ""
    text = pgettext("alert", "Close")
    return format_html('<a class="btn btn-sm" href="{}" data-sheet>{}</a>', reader.to("alert_close", row.id), text)


def _owned(row: Alert, reader: Reader) -> SafeString | str:
    """Whose it is; where it is nobody's yet, the way to give it to somebody."""
    if row.assigned_to:
        return str(row.assigned_to)
    if row.state == Alert.State.CLOSED or not may(reader.role, "hold"):
        return ""
    return format_html('<a href="{}" data-sheet>{}</a>', reader.to("alert_assign", row.id), _("Assign"))


def _title(by: Actor, asked: Asked, count: int | None) -> str:
    if asked["state"] == "closed":
        return _how_right(by)
    number, mine = queries.open_for(by.organization_id, whose_work(by))
    if not number:
        return _("No alert is open")
    text = ngettext("{n} alert is open", "{n} alerts are open", number).format(n=formats.number(number))
    if mine:
        text += ", " + ngettext("{n} of them is yours", "{n} of them are yours", mine).format(n=formats.number(mine))
    return text


def _how_right(by: Actor) -> str:
    """Of the alerts of the last twelve months that a person judged, how many were right."""
    rates = queries.hit_rates(by.organization_id, first_of_a_year(by.today), by.today)
    judged, right = sum(one.judged for one in rates), sum(one.right for one in rates)
    if not judged:
        return _("No alert was judged yet")
    text = ngettext("{right} of {n} alert was right", "{right} of {n} alerts were right", judged)
    return text.format(right=formats.number(right), n=formats.number(judged))


def _assign(by: Actor, ids: Sequence[UUID], given: Mapping[str, Any]) -> Outcome:
    return actions.assign_many(by, ids, None if given["owner"] == common.NOBODY else UUID(given["owner"]))


def _close(by: Actor, ids: Sequence[UUID], given: Mapping[str, Any]) -> Outcome:
    return actions.close_many(by, ids, given["outcome"], given["note"])


def _would_assign(n: int) -> str:
    return ngettext("{n} alert would change hands", "{n} alerts would change hands", n).format(n=formats.number(n))


def _assigned(n: int) -> str:
    return ngettext("{n} alert assigned.", "{n} alerts assigned.", n).format(n=formats.number(n))


def _would_close(n: int) -> str:
    return ngettext("{n} alert would be closed", "{n} alerts would be closed", n).format(n=formats.number(n))


def _closed(n: int) -> str:
    return ngettext("{n} alert closed.", "{n} alerts closed.", n).format(n=formats.number(n))


ALERTS = List(
    "alerts",
    "alerts",
    gettext_lazy("Early alerts"),
    _rows,
    columns=(
        Column(
            "raised", gettext_lazy("Raised"), lambda row: row.raised_on, "day", quiet=True, sort="raised", place="d"
        ),
        Column("customer", gettext_lazy("Customer"), name_of, show=_named, place="a", clip=True),
        Column("kind", gettext_lazy("What it is about"), lambda row: kind_label(row.kind), quiet=True, first=False),
        Column(
            "says", gettext_lazy("What changed"), lambda row: sentence(row, formats.current()), show=_changed, place="e"
        ),
        Column(
            "shape",
            gettext_lazy("Shape"),
            lambda row: "; ".join(f"{value:g}" for value in row.series),
            show=lambda row, reader: alerting.chart(row),
            roomy=True,
        ),
        Column(
            "owner", gettext_lazy("Who sees to it"), lambda row: str(row.assigned_to or ""), show=_owned, quiet=True
        ),
        Column("creditor", gettext_lazy("Creditor"), lambda row: row.creditor.name, quiet=True, first=False),
        Column("closed", gettext_lazy("Closed on"), lambda row: row.closed_on, "day", quiet=True, first=False),
        Column(
            "note", gettext_lazy("What was found or done"), lambda row: row.note, quiet=True, first=False, clip=True
        ),
        Column("outcome", gettext_lazy("What came of it"), lambda row: outcome_label(row.outcome), show=_do, place="c"),
    ),
    sorts=(Sort("raised", gettext_lazy("Raised"), ("raised_on", "id"), True, indexed=True),),
    filters=(
        Filter("state", gettext_lazy("In which state"), "view", choices=_views),
        common.BY_CUSTOMER,
        Filter("kind", gettext_lazy("What it is about"), choices=_kinds, narrow=common.equal("kind")),
        common.CREDITOR,
        Filter("owner", gettext_lazy("Who sees to it"), choices=common.whose, narrow=common.of_owner("assigned_to")),
        *common.period("raised_on"),
    ),
    empty=Empty(
        gettext_lazy("No alert here"),
        gettext_lazy("The day looks for customers who leave their own pattern, and for claims near their limitation."),
        "today",
        gettext_lazy("Back to today"),
    ),
    none_here=Empty(gettext_lazy("No alert here"), gettext_lazy("None matches what you chose. Loosen the filters.")),
    title=_title,
    name_of=name_of,
    bulk=(
        Bulk("assign", gettext_lazy("Assign"), "hold", _assign, OwnerForm, _would_assign, _assigned),
        Bulk(
            "close",
            pgettext_lazy("alert", "Close"),
            "hold",
            _close,
            lambda by, data: CloseForm(data),
            _would_close,
            _closed,
        ),
    ),
)
