"""Beginning and stopping an experiment. Callers outside the room import from here."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q

from puntual.audit.actions import Actor, action
from puntual.kernel.ids import uuid7, uuid7_batch
from puntual.kernel.problems import N_, Problem
from puntual.parties.models import Customer
from puntual.strategies.experiments import Split
from puntual.strategies.models import Experiment, Strategy, Version
from puntual.strategies.queries import strategy_for
from puntual.tenancy.staging import staged

MOST_CHALLENGER, MOST_HOLDBACK, MOST_DELAY = 50, 20, 14
LONGEST = timedelta(days=366)
_CHUNK = 10_000
_ENROLL = """
    INSERT INTO strategies_enrollment (id, organization_id, experiment_id, customer_id, arm)
    SELECT id, %(organization)s, %(experiment)s, customer_id, arm FROM strategies_enrolling
"""


@dataclass(frozen=True, slots=True)
class Design:
    """What an experiment compares, and for how long; the fields mean what they mean in `models.Experiment`."""

    name: str
    starts_on: date
    ends_on: date
    within_days: int = 30
    challenger_share: int = 0
    holdback_share: int = 0
    holdback_days: int = 0


def begin_experiment(by: Actor, design: Design, champion: Strategy, challenger: Strategy | None = None) -> Experiment:
    """Set up an experiment and enroll every customer the champion applies to now; it works from `starts_on` through `ends_on`.

    Raises Problem where the design cannot show anything, a strategy has no active version, or one of them is in another
    experiment at that time.
    """
    with action(by, "strategies.begin_experiment", name=design.name, champion=champion.code) as log:
        _check(by, design, challenger)
        taking_part = [champion, challenger] if challenger else [champion]
        locked = Strategy.objects.select_for_update().filter(
            organization_id=by.organization_id, id__in=[one.id for one in taking_part]
        )
        for strategy in locked.order_by("id"):
            _check_free(by, design, strategy)
        if challenger and challenger.id == champion.id:
            raise Problem(N_("A strategy cannot challenge itself. Choose another one."), beside="challenger")
        experiment = Experiment.objects.create(
            id=uuid7(),
            organization_id=by.organization_id,
            name=design.name.strip(),
            champion=champion,
            challenger=challenger,
            challenger_share=design.challenger_share,
            holdback_share=design.holdback_share,
            holdback_days=design.holdback_days,
            starts_on=design.starts_on,
            ends_on=design.ends_on,
            within_days=design.within_days,
            created_at=by.now,
        )
        log.about(experiment)
        log.say(enrolled=_enroll(by, experiment))
    return experiment


def stop_experiment(by: Actor, experiment: Experiment, *, why: str) -> None:
    """End an experiment early: from today on its customers follow the champion again. Raises Problem once it is over."""
    with action(by, "strategies.stop_experiment", about=experiment, why=why):
        running = Experiment.objects.select_for_update().get(organization_id=by.organization_id, id=experiment.id)
        if running.stopped_on or running.ends_on < by.today:
            raise Problem(N_("This experiment is over already."))
        running.stopped_on = by.today
        running.save(update_fields=["stopped_on"])


def split_of(experiment: Experiment) -> Split:
    """How an experiment divides the customers."""
    return Split(str(experiment.id), experiment.challenger_share, experiment.holdback_share)


def _lacking(design: Design, challenger: Strategy | None) -> str:
    """Which half is missing of a challenger with its share or a hold-back with its delay."""
    if bool(challenger) != bool(design.challenger_share):
        return "challenger_share" if challenger else "challenger"
    return "holdback_days" if design.holdback_share else "holdback_share"


def _check(by: Actor, design: Design, challenger: Strategy | None) -> None:
    if not design.name.strip():
        raise Problem(N_("Give the experiment a name."))
    if design.starts_on < by.today:
        raise Problem(
            N_("An experiment begins today or later: what was already said cannot be divided."),
            beside="starts_on",
        )
    if not timedelta(days=28) <= design.ends_on - design.starts_on <= LONGEST:
        raise Problem(
            N_("Let the experiment last from 28 days to a year: payments follow the month."), beside="ends_on"
        )
    if not 1 <= design.within_days <= 180:
        raise Problem(N_("Choose from 1 to 180 days for paying in time."))
    if bool(challenger) != bool(design.challenger_share) or bool(design.holdback_share) != bool(design.holdback_days):
        raise Problem(
            N_("A challenger needs a share of the customers, and a hold-back a share and a delay."),
            beside=_lacking(design, challenger),
        )
    if not (design.challenger_share or design.holdback_share):
        raise Problem(
            N_("Name a challenger or a hold-back: otherwise there is nothing to compare."), beside="challenger"
        )
    if not (0 <= design.challenger_share <= MOST_CHALLENGER and 0 <= design.holdback_share <= MOST_HOLDBACK):
        raise Problem(
            N_("At most {challenger} % of the customers can be challenged and {holdback} % held back."),
            challenger=MOST_CHALLENGER,
            holdback=MOST_HOLDBACK,
        )
    if design.holdback_days > MOST_DELAY:
        raise Problem(N_("A hold-back delays by {days} days at most."), days=MOST_DELAY)


def _check_free(by: Actor, design: Design, strategy: Strategy) -> None:
    """Raise Problem where a strategy has nothing in force, or is being tried in another experiment at the same time."""
    mine = {"organization_id": by.organization_id}
    if not Version.objects.filter(strategy=strategy, state=Version.State.ACTIVE, **mine).exists():
        raise Problem(N_("“{name}” has no active version yet. Activate one first."), name=strategy.name)
    other = (
        Experiment.objects.filter(Q(champion=strategy) | Q(challenger=strategy), **mine)
        .filter(starts_on__lte=design.ends_on, ends_on__gte=design.starts_on)
        .filter(Q(stopped_on=None) | Q(stopped_on__gt=design.starts_on))
        .first()
    )
    if other:
        raise Problem(
            N_("“{name}” is in the experiment “{other}” at that time. Wait for its end, or stop it."),
            name=strategy.name,
            other=other.name,
        )


def _enroll(by: Actor, experiment: Experiment) -> int:
    """Note the arm of every customer the champion applies to; how many they are."""
    champions = set(
        Version.objects.filter(
            organization_id=by.organization_id, strategy=experiment.champion_id, state=Version.State.ACTIVE
        ).values_list("id", flat=True)
    )
    split, enrolled = split_of(experiment), 0
    after: UUID | None = None
    while True:
        customers = Customer.objects.filter(organization_id=by.organization_id).order_by("id")
        page = list((customers.filter(id__gt=after) if after else customers).values_list("id", flat=True)[:_CHUNK])
        if not page:
            return enrolled
        after = page[-1]
        mine = [
            customer for customer, version in strategy_for(by.organization_id, page).items() if version in champions
        ]
        ids = uuid7_batch(len(mine))
        rows = [(id, customer, split.arm(str(customer))) for id, customer in zip(ids, mine, strict=True)]
        columns = {"id": "uuid", "customer_id": "uuid", "arm": "text"}
        with staged("strategies_enrolling", columns, rows) as cursor:
            cursor.execute(_ENROLL, {"organization": by.organization_id, "experiment": experiment.id})
        enrolled += len(mine)
