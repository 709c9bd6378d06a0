"""What alerts are worth, with many more seeds: planted changes seen within 30 days, and alerts of who did not change."""

import os

import pytest

from puntual.analytics.alerts.tests.planted import CHANGES
from puntual.analytics.alerts.tests.test_planted import false_alerts, growth_seen, seen

LIVES = int(os.environ.get("PUNTUAL_LIVES", "400"))


@pytest.mark.soak
def test_changes_are_seen_and_who_pays_as_ever_is_left_in_peace() -> None:
    shares = {change: seen(range(40_000, 40_000 + LIVES), change) for change in CHANGES}
    ways = growth_seen(range(40_000, 40_000 + LIVES))
    false = false_alerts(range(70_000, 70_000 + 3 * LIVES))
    by_year = {kind: round(found / (3 * LIVES), 4) for kind, found in false.items()}
    print(f"{LIVES} changes of each kind, seen within 30 days: {shares}; those that grow by their way: {ways}")  # noqa: T201
    print(f"false alerts by customer and year: {false.total() / (3 * LIVES):.4f}; by kind: {by_year}")  # noqa: T201
    assert min(shares.values()) >= 0.8
    assert false.total() / (3 * LIVES) <= 1 / 20
