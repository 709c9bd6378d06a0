"""When a customer answers and in which parts of the year it pays otherwise, for its page."""

import json
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from puntual.analytics.rhythm.answering import FEW
from puntual.analytics.rhythm.reading import rhythm_of
from puntual.analytics.rhythm.words import answers_said, channel_said, hours_said, season_said, within
from puntual.desk import formats
from puntual.desk.pages import DeskRequest, address
from puntual.parties.models import Customer

_DAY = range(7, 21)
"""Hours that the chart always has."""


@dataclass(frozen=True, slots=True)
class Way:
    """What came of the last contacts by a channel, in words; "" for what is not known."""

    channel: str
    contacts: str
    answered: str
    usually: str
    mostly: str
    paid: str


@dataclass(frozen=True, slots=True)
class AnswerHabits:
    """By channel; answers by the hour of the customer's day, as a chart (JSON, "": too few); and what is said of the year.

    `contacts`, `answered` and `seasonal` are the addresses of the rows behind.
    """

    ways: list[Way]
    chart: str
    said: str
    seasons: list[str]
    contacts: str
    answered: str
    seasonal: str


def answer_habits(request: DeskRequest, customer: Customer) -> AnswerHabits:
    """Of a customer (with its creditor), today included."""
    found = rhythm_of(request.organization.id, customer.id, request.actor.today)
    hours = [sum(way.hours.get(hour, 0) for way in found.answers) for hour in range(24)]
    ways = [
        Way(
            channel=channel_said(one.channel),
            contacts=formats.number(one.contacts),
            answered=formats.number(one.answered),
            usually=within(one.minutes) if one.minutes is not None else "",
            mostly=_("between {hours}").format(hours=hours_said(*one.window)) if one.window else "",
            paid=_paid(one.paid, one.days),
        )
        for one in found.answers
    ]
    begins = min([_DAY.start, *(hour for hour, count in enumerate(hours) if count)])
    until = max([_DAY.stop, *(hour + 1 for hour, count in enumerate(hours) if count)])
    chart = {
        "labels": [f"{hour}:00" for hour in range(begins, until)],
        "series": [{"name": _("Answered"), "values": hours[begins:until]}],
        "stacked": True,
    }
    return AnswerHabits(
        ways=ways,
        chart=json.dumps(chart) if sum(hours) >= FEW else "",
        said=answers_said(found.answers),
        seasons=[season_said(one) for one in found.seasons],
        contacts=_rows(request, customer, "contacts"),
        answered=_rows(request, customer, "answered"),
        seasonal=_rows(request, customer, "seasons"),
    )


def _paid(paid: int, days: int | None) -> str:
    if days is None:
        return ""
    said = ngettext("{paid}, half within {n} day", "{paid}, half within {n} days", days)
    return said.format(paid=formats.number(paid), n=formats.number(days))


def _rows(request: DeskRequest, customer: Customer, column: str) -> str:
    key = {"figure": column, "row_creditor": customer.creditor.code, "row_code": customer.code, "row_currency": ""}
    return f"{address(request, 'report_rows', 'behavior')}?{urlencode(key)}"
