"""The day run: value, observe, decide, plan. Running a day twice changes nothing."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from time import perf_counter
from typing import NamedTuple, TypeAlias
from uuid import UUID

from django.db import connection

from puntual.analytics.work.ranking import average_open
from puntual.audit.actions import Actor, action
from puntual.daily.models import DayRun
from puntual.daily.rules import rules_for
from puntual.daily.valuing import value_agreements
from puntual.kernel.ahead import at_full_speed
from puntual.kernel.problems import N_, Problem
from puntual.organizations.models import Organization
from puntual.outreach.actions import (
    fall_to_next_channel,
    lapse_over,
    lapse_settled,
    lapse_unapproved,
    plan_notices,
    plan_statements,
)
from puntual.outreach.allotting import Contested, settle_contested
from puntual.outreach.channels import AUTOMATIC
from puntual.outreach.observe import observe
from puntual.outreach.plan import PlannedActivity, plan_many, room_left
from puntual.outreach.surroundings import surroundings
from puntual.parties.models import Customer
from puntual.strategies.decide import decide
from puntual.strategies.facts import CustomerFacts
from puntual.strategies.figures import refresh_figures
from puntual.strategies.manual import Manual
from puntual.strategies.outcomes import INTERNAL, Do, Nothing, Reason, Rules
from puntual.strategies.queries import Assignments, assignments
from puntual.strategies.segment_queries import kept_segments
from puntual.tenancy.scope import acting_for

Seen: TypeAlias = Callable[[CustomerFacts, Do | Nothing, Manual], None]
_IN_PERSON = frozenset({"call", "visit", "meeting", INTERNAL})


@dataclass(slots=True)
class DayReport:
    """What a run came to. `decisions` holds the activities of a dry run, which writes none; otherwise they are in the tables."""

    day: date
    customers: int = 0
    planned: int = 0
    by_channel: dict[str, int] = field(default_factory=dict)
    by_step: dict[str, int] = field(default_factory=dict)
    nothing: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)  # of conduct, by rule
    agreements: dict[str, int] = field(default_factory=dict)  # what became of what was agreed
    lapsed: int = 0
    notices: dict[str, int] = field(default_factory=dict)  # messages that are no step, by kind
    statements: int = 0  # account statements of the month, which are no step either
    fallen: int = 0  # calls nobody made, which go on by their step's next channel
    decisions: list[tuple[str, Do]] | None = None
    seconds: float = 0.0

    def count(self, nothing: Nothing) -> None:
        """Count a customer with whom nothing is done."""
        self.nothing[nothing.reason.value] += 1
        if nothing.refusal:
            self.refusals[nothing.refusal.rule_id] += 1

    def refuse(self, by_rule: Mapping[str, int]) -> None:
        """Count contacts that conduct refused only because others of the same party had theirs."""
        self.refusals.update(by_rule)
        if gave_way := sum(by_rule.values()):
            self.nothing[Reason.CONDUCT.value] += gave_way

    def as_json(self) -> dict[str, object]:
        """The stable part of `puntual day --json`, without the activities."""
        return {
            "date": self.day.isoformat(),
            "customers": self.customers,
            "planned": self.planned,
            "by_channel": self.by_channel,
            "by_step": self.by_step,
            "nothing": dict(self.nothing),
            "refusals": dict(self.refusals),
            "agreements": self.agreements,
            "lapsed": self.lapsed,
            "fallen": self.fallen,
            "notices": self.notices,
            "statements": self.statements,
            "seconds": round(self.seconds, 3),
        }


@dataclass(frozen=True, slots=True)
class Desk:
    """All that the decisions of one organization share on one day."""

    organization: Organization
    rules: Rules
    manuals: Assignments
    average: Mapping[str, Decimal]  # open amount of an average item, by currency

    def decide(self, facts: CustomerFacts, day: date) -> tuple[Do | Nothing, UUID, Manual]:
        """The decision for one customer, with the version of the manual it follows."""
        version, manual = self.manuals.of(facts.customer_id, facts.creditor_id, facts.segments)
        return decide(facts, manual, day, self.rules), version, manual

    def value(self, do: Do) -> Decimal:
        """How much a contact is worth today: its demand in average items, half as much again for every 60 days of age.

        Only for ranking: amounts of different currencies meet here, and nowhere else, as multiples of their own average.
        """
        size = Decimal(0)
        for currency, amount in do.demand.items():
            size += amount / self.average.get(currency, amount)
        return size * (120 + max(do.days, 0)) / 120


def desk_for(organization: Organization, by: Actor, manuals: Assignments | None = None) -> Desk:
    """Gather what every decision of the day needs, by other `manuals` than those in force if given.

    Must run inside the organization. Raises Problem where it has no active manual.
    """
    average = average_open(organization.id)
    manuals = manuals or assignments(organization.id, by.today)
    if manuals is None:
        raise no_manual(organization)
    return Desk(organization, rules_for(organization, by.today, by.now, set(average)), manuals, average)


def no_manual(organization: Organization) -> Problem:
    """Why a day without a manual cannot be run."""
    return Problem(
        N_("{organization} has no active collections manual. Activate one under Manual, then run the day again."),
        organization=organization.name,
    )


def run_day(by: Actor, *, dry_run: bool = False) -> DayReport:
    """Run `by.today` for the actor's organization. A dry run writes nothing and keeps its decisions in the report.

    Raises Problem where the organization has no active manual.
    """
    organization = Organization.objects.get(id=by.organization_id)
    with acting_for(organization.id):
        return rehearse(by, organization) if dry_run else _run(by, organization)


def _run(by: Actor, organization: Organization) -> DayReport:
    started = perf_counter()
    report = DayReport(by.today)
    with action(by, "day.run", day=by.today) as log:
        _one_run_at_a_time(organization.id)
        record = DayRun.objects.create(organization_id=organization.id, day=by.today, started_at=by.now)
        report.agreements = value_agreements(by).as_json()
        report.lapsed = lapse_unapproved(by) + lapse_settled(by) + lapse_over(by)
        report.fallen = fall_to_next_channel(by)
        if kept_segments(organization.id):  # nobody else asks for figures
            refresh_figures(by)
        desk = desk_for(organization, by)
        with at_full_speed(), ThreadPoolExecutor(1, "database") as hand:
            planned = plan_many(by, _activities(by, desk, report, hand), hand)
        report.planned, report.by_channel, report.by_step = planned.total, planned.by_channel, planned.by_step
        if over := sum(planned.over_capacity.values()):
            report.nothing[Reason.CAPACITY.value] += over
        report.refuse(planned.gave_way)
        if planned.repeated:
            report.nothing[Reason.NO_STEP_DUE.value] += planned.repeated
        _count_the_rest(organization.id, report)
        report.notices = plan_notices(by)
        report.statements = plan_statements(by)
        report.seconds = perf_counter() - started
        record.finished_at, record.report = by.now, report.as_json()
        record.save(update_fields=["finished_at", "report"])
        log.about(record)
        log.say(planned=report.planned, nothing=dict(report.nothing), refusals=dict(report.refusals))
    return report


class Sample(NamedTuple):
    """Some customers to stand for all; `share` is how much of them all they are, and so of each channel's room is theirs."""

    customers: Sequence[UUID]
    share: float


def rehearse(
    by: Actor,
    organization: Organization,
    manuals: Assignments | None = None,
    seen: Seen | None = None,
    sample: Sample | None = None,
) -> DayReport:
    """What `by.today` would come to, by other `manuals` than those in force if given; nothing is written.

    `seen` is told each decision as it is made, before capacity and conduct between the customers of a party. Only the `sample` is
    looked at where one is given. Must run inside the organization. Raises Problem where it has no active manual.
    """
    started = perf_counter()
    report = DayReport(by.today)
    desk = desk_for(organization, by, manuals)
    chosen: list[tuple[Decimal, str, Do]] = []
    claims: list[Contested] = []
    around, only = surroundings(organization, by.today), sample.customers if sample else None
    for facts in observe(organization.id, by.today, by.now, around, customers=only):
        report.customers += 1
        outcome, version, manual = desk.decide(facts, by.today)
        if seen:
            seen(facts, outcome, manual)
        if isinstance(outcome, Nothing):
            report.count(outcome)
            continue
        value = desk.value(outcome)
        chosen.append((value, facts.customer_id, outcome))
        if outcome.channel != INTERNAL:
            who = (facts.party_id, facts.customer_id)
            claims.append(Contested(*who, outcome.channel, outcome.not_before, version, outcome.step, value))
    chosen.sort(key=lambda one: (-one[0], one[1]))
    give_way = settle_contested(by, claims)
    report.refuse(Counter(refused.rule_id for refused in give_way.values()))
    left = room_left(organization.id, by.today)
    if sample:
        left = {channel: round(room * sample.share) for channel, room in left.items()}
    by_channel: Counter[str] = Counter()
    report.decisions = []
    for _value, customer_id, do in chosen:
        if customer_id in give_way:
            continue
        if by_channel[do.channel] >= left.get(do.channel, len(chosen)):
            report.nothing[Reason.CAPACITY.value] += 1
            continue
        by_channel[do.channel] += 1
        report.decisions.append((customer_id, do))
    report.planned = len(report.decisions)
    report.by_channel = dict(by_channel)
    report.by_step = dict(Counter(do.step for _customer, do in report.decisions))
    _count_the_rest(organization.id, report, len(only) if only is not None else None)
    report.seconds = perf_counter() - started
    return report


def _activities(by: Actor, desk: Desk, report: DayReport, hand: Executor) -> Iterator[PlannedActivity]:
    """Decide for one customer after the other; what is to be done goes on, what is not is counted.

    Meanwhile `hand` reads the next ones.
    """
    lapses_at = by.now + timedelta(hours=desk.organization.approval_hours)
    around = surroundings(desk.organization, by.today)
    for facts in observe(
        by.organization_id, by.today, by.now, around, skip_under_way=True, kept_figures=True, hand=hand
    ):
        report.customers += 1
        outcome, version, manual = desk.decide(facts, by.today)
        if isinstance(outcome, Nothing):
            report.count(outcome)
            continue
        yield planned_activity(facts.customer_id, outcome, version, manual, desk.value(outcome), lapses_at)


def planned_activity(
    customer_id: str, do: Do, version: UUID, manual: Manual, value: Decimal, lapses_at: datetime
) -> PlannedActivity:
    """A decision as it is planned; where it needs an approval, that is waited for until `lapses_at`."""
    step = manual.step(do.step)
    return PlannedActivity(
        customer_id=customer_id,
        channel=do.channel,
        tone=do.tone,
        state=_state(do),
        version_id=_text(version),
        step=do.step,
        template=step.template if step else "",
        lead_id=do.lead.id,
        lead_days=do.days,
        due_generation=do.lead.due_generation,
        point_id=None,
        not_before=_text(do.not_before),
        not_after=_text(do.not_after) if do.not_after else None,
        lapses_at=_text(lapses_at) if do.approval else None,
        demand="{" + ", ".join(f'"{currency}": "{amount}"' for currency, amount in do.demand.items()) + "}",
        value=value,
        items=[item for item, _step in do.items],
        item_steps=[step for _item, step in do.items],
        why=_why(do.why.code, tuple(do.why.params.items())),
    )


def _state(do: Do) -> str:
    """Where an activity begins: on a person's list, waiting for an approval, or ready to leave. A letter is printed by people."""
    if do.channel in _IN_PERSON:
        return "to_do"
    if do.approval:
        return "proposed"
    return "queued" if do.channel in AUTOMATIC else "to_do"


_text = lru_cache(maxsize=4096)(str)  # the same few moments and versions, a hundred thousand times


@lru_cache(maxsize=4096)
def _why(code: str, params: tuple[tuple[str, str | int], ...]) -> str:
    return json.dumps({"code": code, "params": dict(params)})


def _count_the_rest(organization_id: UUID, report: DayReport, customers: int | None = None) -> None:
    """The customers the read left out: with an activity under way, or with nothing open that comes due soon."""
    if customers is None:
        customers = Customer.objects.filter(organization_id=organization_id).count()
    decided = report.planned + report.nothing.total()
    under_way = 0
    if report.decisions is None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(DISTINCT customer_id) FROM outreach_activity WHERE organization_id = %s AND direction = 'out'"
                " AND state IN ('proposed', 'queued', 'to_do', 'attempting', 'unknown')",
                [organization_id],
            )
            under_way = max(0, cursor.fetchone()[0] - report.planned)
    if under_way:
        report.nothing[Reason.NO_STEP_DUE.value] += under_way
    if (rest := customers - decided - under_way) > 0:
        report.nothing[Reason.NOTHING_DEMANDED.value] += rest
    report.customers = customers


def _one_run_at_a_time(organization_id: UUID) -> None:
    """Two runs of one organization wait for each other: both would decide from the same facts."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('day ' || %s, 0))", [str(organization_id)])
