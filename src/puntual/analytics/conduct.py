"""The record of conduct: every contact of a period judged again by every rule that bore on it, and what was refused.

Each contact is judged by the law as it is known today, by the organization's own rules as they stood on its day, and by what came
before it with the same party, whichever customer or creditor that was about.
"""

import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils import translation

from puntual.analytics.narrowing import EVERYBODY, Whose
from puntual.audit.models import Record
from puntual.conduct.checks import Check, examine
from puntual.conduct.gate import Contact, ContactHistory, Requirement, Subject, duties
from puntual.conduct.packs import pack_for
from puntual.conduct.policies import policy_for
from puntual.conduct.queries import policies_of
from puntual.conduct.rules import HISTORY_DAYS, Policy
from puntual.organizations.countries import LANGUAGES
from puntual.organizations.models import Organization
from puntual.outreach.points import KINDS
from puntual.outreach.variables import opt_out
from puntual.parties.models import Consent, ContactPoint

_AMOUNT = re.compile(r"\d[.,]\d{2,3}(?![\d./])")  # and no date
_CHUNK = 1000
_LATER = timedelta(days=HISTORY_DAYS)
# In the order of parties and time; what went before the period is read for its weight alone.
_CONTACTS = """
SELECT a.id, c.party_id, c.id, c.code, c.name, r.name, p.kind = 'natural', c.consumer, p.country, c.time_zone, a.channel,
       a.direction, a.step, a.tone, coalesce(a.settled_at, a.claimed_at) AS at, a.result, a.state, a.subject, a.body,
       array(SELECT jsonb_object_keys(a.demand)), a.captured, (true {narrowed})
FROM outreach_activity a
JOIN parties_customer c ON c.organization_id = %(organization)s AND c.id = a.customer_id
JOIN parties_party p ON p.organization_id = %(organization)s AND p.id = c.party_id
JOIN parties_creditor r ON r.organization_id = %(organization)s AND r.id = c.creditor_id
WHERE a.organization_id = %(organization)s AND a.channel <> 'internal' AND a.state IN ('sent', 'done', 'unknown')
  AND coalesce(a.settled_at, a.claimed_at) >= %(history)s AND coalesce(a.settled_at, a.claimed_at) < %(until)s
ORDER BY c.party_id, at, a.id
"""
_REFUSED = """
SELECT a.refusal ->> 'rule', count(*) FROM outreach_activity a
JOIN parties_customer c ON c.organization_id = %(organization)s AND c.id = a.customer_id {narrowed}
WHERE a.organization_id = %(organization)s AND a.state = 'lapsed' AND a.refusal IS NOT NULL
  AND a.settled_at >= %(since)s AND a.settled_at < %(until)s
GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class Made:
    """One contact that was made: when (in the customer's zone), with whom, how, what bore on it, and what it said of its duties.

    `duties` says of each duty (by its rule) that the record can tell anything about whether it was fulfilled.
    """

    activity_id: UUID
    customer_id: UUID
    code: str
    name: str
    creditor: str
    country: str
    at: datetime
    channel: str
    direction: str
    step: str
    tone: str
    rehearsal: bool
    checks: tuple[Check, ...]
    duties: Mapping[str, bool]

    @property
    def broken(self) -> tuple[Check, ...]:
        """The rules it did not keep."""
        return tuple(check for check in self.checks if not check.kept)


@dataclass(slots=True)
class Tally:
    """What became of one rule in a period."""

    law: int = 0
    checked: int = 0
    broken: int = 0
    refused: int = 0


class Judgments:
    """What contacts were judged to be, in the order they were read, in some bytes for each: most are judged like many others."""

    def __init__(self) -> None:
        self._places: dict[tuple[Any, ...], int] = {}
        self._found: list[tuple[tuple[Check, ...], Mapping[str, bool]]] = []
        self._ids = bytearray()
        self._of = array("L")
        self._next = 0

    def add(self, one: Made) -> None:
        """Keep what a contact was judged to be."""
        # A rule is the same where it is the same object; those that are kept here stay what they are.
        checks = tuple((id(check.rule), *check[1:]) for check in one.checks)
        place = self._places.setdefault((checks, *one.duties.items()), len(self._found))
        if place == len(self._found):
            self._found.append((one.checks, one.duties))
        self._ids += one.activity_id.bytes
        self._of.append(place)

    def next(self, activity_id: UUID) -> tuple[tuple[Check, ...], Mapping[str, bool]] | None:
        """That of the contact that is read next; None for another one, which came to be meanwhile."""
        place = self._next
        if self._ids[16 * place : 16 * place + 16] != activity_id.bytes:
            return None
        self._next += 1
        return self._found[self._of[place]]


@dataclass(slots=True)
class Summary:
    """A period in numbers: contacts, those that broke a rule, each rule and each duty (fulfilled, asked) by its id."""

    contacts: int = 0
    broken: int = 0
    rules: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    duties: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    judged: Judgments = field(default_factory=Judgments, compare=False, repr=False)

    def facts(self) -> dict[str, Any]:
        """The same as JSON has it."""
        return {
            "contacts_made": self.contacts,
            "contacts_with_a_broken_rule": self.broken,
            "rules": {
                rule: {"checked": one.checked, "as_law": one.law, "broken": one.broken, "refused": one.refused}
                for rule, one in sorted(self.rules.items())
            },
            "refusals": {rule: one.refused for rule, one in sorted(self.rules.items()) if one.refused},
            "duties": {rule: {"fulfilled": yes, "asked": asked} for rule, (yes, asked) in sorted(self.duties.items())},
        }

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> "Summary":
        """What `facts` said."""
        return cls(
            contacts=facts["contacts_made"],
            broken=facts["contacts_with_a_broken_rule"],
            rules={
                rule: Tally(one["as_law"], one["checked"], one["broken"], one["refused"])
                for rule, one in facts["rules"].items()
            },
            duties={rule: [one["fulfilled"], one["asked"]] for rule, one in facts["duties"].items()},
        )


class _Row(NamedTuple):
    id: UUID
    party_id: UUID
    customer_id: UUID
    code: str
    name: str
    creditor: str
    natural: bool
    consumer: bool
    country: str
    time_zone: str
    channel: str
    direction: str
    step: str
    tone: str
    at: datetime
    result: str
    state: str
    subject: str
    body: str
    currencies: list[str]
    captured: bool
    asked_for: bool


def made(
    organization_id: UUID, since: date, through: date, whose: Whose = EVERYBODY, judged: Judgments | None = None
) -> Iterator[Made]:
    """The contacts of ours from `since` through `through` (days of the organization), by party and time.

    Each is judged with all that was said to the party before, also where that is not among those asked for. What `judged` has of
    them, from reading them once before, is not judged again.

    Must run inside `acting_for`, and be read to its end before anything else is read by the same cursor.
    """
    starts, ends = _span(organization_id, since, through)
    policies = _Policies(organization_id)
    granted = _Authorizations(organization_id)
    cursor = connection.chunked_cursor()
    values: dict[str, Any] = {"organization": organization_id, "history": starts - _LATER, "until": ends}
    narrowed = whose.sql("c", "id", currency=False)
    cursor.execute(_CONTACTS.format(narrowed=narrowed), {**values, **whose.values})
    with cursor:
        rows = (_Row(*row) for chunk in iter(lambda: cursor.fetchmany(_CHUNK), []) for row in chunk)
        for _party, contacts in groupby(rows, key=lambda row: row.party_id):
            before: list[_Row] = []
            for row in contacts:
                if row.at >= starts and row.direction == "out" and row.asked_for:
                    known = judged.next(row.id) if judged else None
                    yield _judged(row, before, policies, granted) if known is None else _made(row, *known)
                before = [one for one in before if row.at - one.at <= _LATER]
                before.append(row)


def summary(organization_id: UUID, since: date, through: date, whose: Whose = EVERYBODY) -> Summary:
    """The period in numbers, with what was refused when planning and when sending."""
    found = Summary()
    for one in made(organization_id, since, through, whose):
        found.judged.add(one)
        found.contacts += 1
        found.broken += bool(one.broken)
        for check in one.checks:
            tally = found.rules[check.rule.id]
            tally.checked += 1
            tally.law += check.law
            tally.broken += not check.kept
        for rule, fulfilled in one.duties.items():
            found.duties[rule][0] += fulfilled
            found.duties[rule][1] += 1
    for rule, count in refusals(organization_id, since, through, whose).items():
        found.rules[rule].refused += count
    return found


def refusals(organization_id: UUID, since: date, through: date, whose: Whose = EVERYBODY) -> Counter[str]:
    """How often each rule said no: to the day runs, as their log has it, and to messages about to leave.

    The log of a day run does not say whose: for some customers only, what it refused is not counted.
    """
    starts, ends = _span(organization_id, since, through)
    found: Counter[str] = Counter()
    narrowed = whose.sql("c", "id", currency=False)
    runs = Record.objects.filter(organization_id=organization_id, action="day.run", at__gte=starts, at__lt=ends)
    for detail in () if narrowed else runs.values_list("detail", flat=True):
        found.update({rule: int(count) for rule, count in detail.get("refusals", {}).items()})
    with connection.cursor() as cursor:
        values = {"organization": organization_id, "since": starts, "until": ends, **whose.values}
        cursor.execute(_REFUSED.format(narrowed=narrowed), values)
        found.update(dict(cursor.fetchall()))
    return found


def _span(organization_id: UUID, since: date, through: date) -> tuple[datetime, datetime]:
    zone = ZoneInfo(Organization.objects.get(pk=organization_id).time_zone)
    first, last = datetime.combine(since, time(), zone), datetime.combine(through + timedelta(days=1), time(), zone)
    return first.astimezone(UTC), last.astimezone(UTC)


def _judged(row: _Row, before: list[_Row], policies: "_Policies", granted: "_Authorizations") -> Made:
    subject = Subject(row.natural, row.consumer, row.country, row.time_zone)
    pack = pack_for(row.country)
    at = row.at.astimezone(ZoneInfo(row.time_zone))
    history = ContactHistory(tuple(_contact(one, row.customer_id) for one in before))
    policy = policies.of(row.country, at.date())
    authorized = granted.had(row.customer_id, row.channel, at.date())
    checks = examine(pack, subject, row.channel, row.at, history, policy, authorized=authorized)
    told = ((duty, _fulfilled(duty, row)) for duty in duties(pack, row.channel, subject))
    return _made(row, checks, {duty.rule_id: fulfilled for duty, fulfilled in told if fulfilled is not None})


def _made(row: _Row, checks: tuple[Check, ...], told: Mapping[str, bool]) -> Made:
    return Made(
        activity_id=row.id,
        customer_id=row.customer_id,
        code=row.code,
        name=row.name,
        creditor=row.creditor,
        country=row.country,
        at=row.at.astimezone(ZoneInfo(row.time_zone)),
        channel=row.channel,
        direction=row.direction,
        step=row.step,
        tone=row.tone,
        rehearsal=row.captured,
        checks=checks,
        duties=told,
    )


def _contact(row: _Row, customer_id: UUID) -> Contact:
    talked = row.result.startswith("reached")
    return Contact(row.channel, row.at, talked, row.direction == "out", row.customer_id == customer_id)


def _fulfilled(duty: Requirement, row: _Row) -> bool | None:
    """Whether a duty was fulfilled, as far as the record can tell: of what was said aloud it cannot."""
    if duty.code == "keep_log":
        return True
    if not row.body:
        return None
    match duty.code:
        case "identify_creditor":
            return row.creditor in row.body or row.creditor in row.subject
        case "opt_out":
            return any(text in row.body for text in _opt_outs(row.channel))
        case "no_amount_in_preview":
            return not _AMOUNT.search(row.subject) and not any(currency in row.subject for currency in row.currencies)
        case _:
            return None


@cache
def _opt_outs(channel: str) -> tuple[str, ...]:
    """The sentence by which one opts out, in each language messages are written in."""
    found = []
    for language in LANGUAGES:
        with translation.override(language):
            found.append(opt_out(channel))
    return tuple(found)


class _Policies:
    """The organization's own rules as they stood, a day at a time."""

    def __init__(self, organization_id: UUID) -> None:
        self._organization = organization_id
        self._days: dict[date, dict[str, Policy]] = {}

    def of(self, country: str, day: date) -> Policy:
        if day not in self._days:
            self._days[day] = policies_of(self._organization, day)
        return policy_for(self._days[day], country)


class _Authorizations:
    """Which channels each customer had authorized on a day: by the dated answers, else by the one that is kept."""

    def __init__(self, organization_id: UUID) -> None:
        self._answers: dict[tuple[UUID, str], list[tuple[date, bool]]] = defaultdict(list)
        points = ContactPoint.objects.filter(organization_id=organization_id)
        dated = Consent.objects.filter(organization_id=organization_id, purpose="collections").order_by(
            "given_on", "id"
        )
        asked = dict(points.filter(consent="granted").values_list("id", "customer_id"))
        owners = (
            {pk: (customer, kind) for pk, customer, kind in points.values_list("id", "customer_id", "kind")}
            if asked
            else {}
        )
        known = set()
        for point, given_on, answer in dated.values_list("point_id", "given_on", "granted"):
            if point in owners:
                known.add(point)
                self._answers[owners[point]].append((given_on, answer))
        for point in asked.keys() - known:
            self._answers[owners[point]].append((date.min, True))

    def had(self, customer_id: UUID, channel: str, day: date) -> bool:
        return any(
            next((answer for on, answer in reversed(self._answers.get((customer_id, kind), ())) if on <= day), False)
            for kind in KINDS.get(channel, ())
        )
