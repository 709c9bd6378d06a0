"""Reports on what was said and what came of it: money by day and by what was said before it came, and each way of saying it."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from puntual.analytics.contacts_sql import CAME, KNOWN, PAID, SAID
from puntual.analytics.rates.converting import collected_in
from puntual.analytics.ratios import share
from puntual.analytics.tables import Cell, Column, Question, Report, Shape, Worked
from puntual.analytics.titles import title_of
from puntual.organizations.models import Membership
from puntual.outreach.results import NOT_HAD
from puntual.receivables.queries import end_of_day
from puntual.strategies.manual import read_content
from puntual.strategies.models import Version
from puntual.strategies.words import BESIDE_STEPS, CHANNELS

DAYS = 30
"""A report about a period looks at as many days unless it is asked for others; and a contact is the cause of money that came
within as many days after it.
"""

_COLLECTED = f"""
SELECT day, cause, channel, currency, count(DISTINCT source_id), sum(amount)
FROM ({PAID}) paid
GROUP BY 1, 2, 3, 4
HAVING sum(amount) <> 0
ORDER BY 1, 4, 6 DESC
"""

_SAID = f"""
SELECT CASE WHEN grouping(step) = 0 THEN 'step' WHEN grouping(template) = 0 THEN 'text' WHEN grouping(channel) = 0 THEN 'channel'
            WHEN grouping(hour) = 0 THEN 'hour' ELSE 'person' END AS dimension,
       coalesce(step, template, channel, hour, person), count(*), count(*) FILTER (WHERE answered),
       count(*) FILTER (WHERE {CAME}), count(*) FILTER (WHERE {KNOWN})
FROM ({SAID}) said
GROUP BY GROUPING SETS ((step), (template), (channel), (hour), (person))
HAVING coalesce(step, template, channel, hour, person) IS NOT NULL
ORDER BY 1, CASE WHEN hour IS NULL THEN count(*) END DESC, 2
"""


def collected_report(organization_id: UUID, question: Question) -> Report:
    """Money that settled items, by day and by the last thing said about them."""
    since = _since(question)

    def work() -> Worked:
        rows = collected_in(_asked(_COLLECTED, question.whose.sql("i"), organization_id, question), question.into)
        names = step_names(organization_id)
        totals: dict[str, list[Any]] = {}
        for _day, _cause, _channel, currency, payments, amount in rows:
            sums = totals.setdefault(currency, [0, Decimal(0)])
            sums[0] += payments
            sums[1] += amount
        return Worked(
            rows=(
                (
                    day.isoformat(),
                    names.get(cause, cause),
                    channel_words(channel),
                    currency,
                    payments,
                    amount,
                    cause,
                    channel,
                )
                for day, cause, channel, currency, payments, amount in rows
            ),
            totals=tuple((_("Total"), "", "", currency, *sums, "", "") for currency, sums in sorted(totals.items())),
        )

    return Report(
        name="collected",
        title=title_of("collected"),
        basis=_(
            "Payments that settled items from {since} through {through}, net of what came back, by the last contact that asked"
            " for the item in the {days} days before. Recoveries of what was written off are not in it."
        ).format(since=since.isoformat(), through=question.as_of.isoformat(), days=DAYS),
        as_of=question.as_of,
        columns=(
            Column("day", _("Day"), "date"),
            Column("cause", _("After")),
            Column("channel", _("Channel")),
            Column("currency", _("Currency"), "currency"),
            Column("payments", _("Payments"), "count"),
            Column("amount", _("Amount"), "money"),
            Column("cause_code", _("After"), in_files_only=True),
            Column("channel_code", _("Channel"), in_files_only=True),
        ),
        work=work,
        rows_key="days",
        chart=Shape("stack", ("amount",), label=("day",), split="cause"),
        facts={"from": since.isoformat(), "to": question.as_of.isoformat()},
    )


def effectiveness_of_contacts_report(organization_id: UUID, question: Question) -> Report:
    """What came of each step, text, channel, hour and person."""
    since = _since(question)
    members = Membership.objects.filter(organization_id=organization_id).values_list(
        "user_id", "user__name", "user__email"
    )
    names = step_names(organization_id)
    people = {str(pk): name or email for pk, name, email in members}
    labels = {
        "step": _("Step"),
        "text": _("Text"),
        "channel": _("Channel"),
        "hour": _("Hour at the customer's"),
        "person": _("Person"),
    }

    def lines(rows: Sequence[tuple[Any, ...]]) -> Iterator[tuple[Cell, ...]]:
        for dimension, value, contacts, answered, paid, known in rows:
            said = {
                "channel": channel_words(value),
                "hour": f"{value}:00",
                "person": people.get(value, value),
                "step": names.get(value, value),
                "text": names.get(value, value),
            }
            yield (
                labels[dimension],
                said.get(dimension, value),
                contacts,
                answered,
                share(answered, contacts),
                known,
                paid,
                share(paid, known),
                dimension,
                value,
            )

    return Report(
        name="effectiveness",
        title=title_of("effectiveness"),
        basis=_(
            "Contacts that arrived from {since} through {through}. Paid = the item that led it was settled before the customer"
            " heard from us again ÷ contacts of which that is known. What came after is not always what came of it."
        ).format(since=since.isoformat(), through=question.as_of.isoformat()),
        as_of=question.as_of,
        chart=Shape("bars", ("answered_share", "paid_share"), label=("by", "value")),
        columns=(
            Column("by", pgettext("report", "By")),
            Column("value", _("Which")),
            Column("contacts", _("Contacts"), "count"),
            Column("answered", _("Answered"), "count"),
            Column("answered_share", _("Answered, %"), "percent"),
            Column("known", _("Known what came"), "count"),
            Column("paid", _("Paid"), "count"),
            Column("paid_share", _("Paid, %"), "percent"),
            Column("by_code", pgettext("report", "By"), in_files_only=True),
            Column("value_code", _("Which"), in_files_only=True),
        ),
        work=lambda: Worked(
            lines(_asked(_SAID, question.whose.sql("c", "id", currency=False), organization_id, question))
        ),
        facts={"from": since.isoformat(), "to": question.as_of.isoformat()},
    )


def _since(question: Question) -> date:
    """The first day of the period."""
    return question.since or question.as_of - timedelta(days=DAYS)


def _asked(sql: str, narrowed: str, organization_id: UUID, question: Question) -> list[tuple[Any, ...]]:
    """What the statement finds in the period."""
    known = "AND e.recorded_at < %(known_before)s" if question.known_on else ""
    with connection.cursor() as cursor:
        cursor.execute(sql.format(narrowed=narrowed, known=known), values_of(organization_id, question))
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def values_of(organization_id: UUID, question: Question) -> dict[str, Any]:
    """The parameters of the statements, from the first day of the period on."""
    return {
        "org": organization_id,
        "since": _since(question),
        "through": question.as_of,
        "days": DAYS,
        **question.whose.values,
        "not_had": ["bounced", *NOT_HAD],
        "known_before": end_of_day(organization_id, question.known_on) if question.known_on else None,
    }


def step_names(organization_id: UUID) -> dict[str, str]:
    """What steps and texts are called by their code: as the manuals in force name them, with what is said beside the steps."""
    names = {code: _(words) for code, words in BESIDE_STEPS.items()}
    active: Any = Version.objects.filter(organization_id=organization_id, state=Version.State.ACTIVE)
    for content in active.order_by("activated_at").values_list("content", flat=True):
        manual = read_content(content)
        for step in manual.steps:
            names |= {step.template: step.name} if step.template and step.template not in names else {}
            names[step.code] = step.name
        for notice in manual.notices:
            names.setdefault(notice.template, names.get(notice.code, notice.code))
    return {**names, ".on_time": _("nothing, in time"), ".late": _("nothing, late")}


def channel_words(channel: str) -> str:
    """A channel for people."""
    return _(CHANNELS[channel]) if channel in CHANNELS else channel
