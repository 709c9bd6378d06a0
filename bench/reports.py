"""Every report beside its floor: one plain GROUP BY over the rows it is made of. `reports.py reports SIZE`, after `prepare`.

Behind the open invoices lie five times as many settled ones (`history`). Each report is asked for as on its page, on the day whose
job has run, and once more narrowed to a country, which nothing kept tells apart, so that it is worked out from the entries. It and
its floor are measured in turn, and the least of three counts. The floor may use the same memory as the report.
"""

import json
import sys
from time import perf_counter
from typing import Any

from bench import history, report_floor
from bench.work import DAY, NOW, actor, row, running, vacuum

TIMES = 3
LIVE = {"country": "PE"}
KEPT = {
    "dso": "months past",
    "cei": "months past",
    "cure-rate": "months past",
    "provision": "what months past lost",
}
"""What of a report the day's job has worked out before; the rest is as of the moment it is asked for."""


def reports(size: int) -> list[dict[str, object]]:
    """Each report but that of alerts, and the day's job that keeps what can be kept."""
    from puntual.analytics.narrowing import FIELDS
    from puntual.analytics.reports import filters_of

    by = actor(size)
    history.fill(by.organization_id, size, DAY, NOW)
    vacuum(*history.TABLES)
    if wrong := history.check(by.organization_id):
        sys.exit(f"bench: {wrong} balances are not the sum of their entries")
    rows = keep(size)
    for name in report_floor.FLOORS:
        rows.append(measured(name, size, {}))
        if set(filters_of(name)) >= set(FIELDS[:-1]) and name not in ("conduct", "effectiveness"):
            rows.append(measured(name, size, LIVE))
    return rows


def keep(size: int) -> list[dict[str, object]]:
    """What the day's job keeps for the reports, the first time: every month of the two years. Of past forecasts there are none."""
    from puntual.analytics.keeping import keep_months

    started = perf_counter()
    months = keep_months(actor(size))
    seconds = perf_counter() - started
    vacuum(
        "analytics_monthend", "analytics_monthmove", "analytics_monthflow", "analytics_monthcure", "analytics_monthkept"
    )
    return [row("kept months", size, seconds, months=months, note=f"{months} months, the first time")]


def measured(name: str, size: int, narrowed: dict[str, str]) -> dict[str, object]:
    """A report and its floor in turn; the least of each counts."""
    by = actor(size)
    taken: list[tuple[float, int]] = []
    least: list[float] = []
    for _ in range(TIMES):
        least.append(report_floor.seconds(by.organization_id, name, DAY, narrowed.get("country", "")))
        taken.append(_asked(by, name, narrowed))
    seconds, number = min(taken)
    note = f"{number:,} rows; {'live' if narrowed or name not in KEPT else 'kept: ' + KEPT[name]}"
    return row(
        f"report: {name}{', ' + next(iter(narrowed)) if narrowed else ''}",
        size,
        seconds,
        min(least),
        rows=number,
        note=note,
    )


def _asked(by: Any, name: str, narrowed: dict[str, str]) -> tuple[float, int]:
    """Seconds until its last row is read, and how many there are."""
    from puntual.analytics.narrowing import whose
    from puntual.analytics.reports import build, snapshot

    with snapshot(by.organization_id):
        ours = whose(by.organization_id, DAY, country=narrowed.get("country", ""))
        started = perf_counter()
        number = sum(1 for _line in build(name, by.organization_id, DAY, whose=ours).rows)
        return perf_counter() - started, number


if __name__ == "__main__":
    with running():
        print(json.dumps(reports(int(sys.argv[2]))))
