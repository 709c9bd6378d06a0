"""The step that met silence goes on by its next channel."""

from datetime import timedelta

from puntual.strategies.climb import Case
from puntual.strategies.ladder import Rung
from puntual.strategies.manual import FRIENDLY
from puntual.strategies.outcomes import Why


def unanswered(case: Case) -> tuple[Rung, tuple[str, ...], Why] | None:
    """The step the lead had last, with the channels left to go on by, where no other step is due; None where it is to rest.

    That is where neither an answer nor a payment came for as many days as the step says after each channel it was tried by.
    """
    lead, places = case.lead, case.ladder.places
    known = [places[mark.step] for mark in lead.marks if mark.step in places]
    if not known:
        return None
    rung = next((rung for rung in case.ladder.chase if rung.place == max(known)), None)
    if rung is None or not rung.step.next_after_days or (case.facts.stale and rung.rank > FRIENDLY):
        return None
    tried = case.facts.tried.get((lead.id, rung.step.code), {})
    left = tuple(
        channel
        for channel in rung.step.channels
        if channel not in tried and channel in case.facts.reachable and channel in case.rules.channels
    )
    if not tried or not left or set(tried) != _in_vain(case, rung):
        return None
    last = max(tried, key=tried.__getitem__)
    days = (case.day - tried[last]).days
    return rung, left, Why("next_channel", {"n": days, "channel": last, "step": rung.step.name})


def still_to_try(case: Case, rung: Rung) -> tuple[str, ...]:
    """The channels of a step the lead has not had yet, without those that were tried in vain for as long as the step says.

    Where no other can be used, they are tried again.
    """
    in_vain = _in_vain(case, rung)
    left = tuple(channel for channel in rung.step.channels if channel not in in_vain)
    if any(channel in case.facts.reachable and channel in case.rules.channels for channel in left):
        return left
    return rung.step.channels


def _in_vain(case: Case, rung: Rung) -> set[str]:
    step = rung.step
    if not step.next_after_days:
        return set()
    since = case.day - timedelta(days=step.next_after_days)
    tried = case.facts.tried.get((case.lead.id, step.code), {})
    return {channel for channel, first_on in tried.items() if first_on <= since}
