"""Every report beside its floor: one plain GROUP BY over the rows it is made of. `reports.py reports SIZE`, after `prepare`.

Behind the open invoices lie five times as many settled ones (`history`). Each report is asked for as on its page, on the day whose
job has run, and once more narrowed to a country, as somebody did the day before; and each of both worked out anew, from the entries.
It and its floor are measured in turn, and the least of three counts. The floor may use the same memory as the report.
"""

import json
import sys
from dataclasses import replace
from datetime import timedelta
from time import perf_counter
from typing import Any

from bench import history, report_floor
from bench.work import DAY, NOW, actor, row, running, vacuum

TIMES = 3
NARROWED = {"country": "PE"}
KEPT = {
    "dso": "months past",
    "cei": "months past",
    "cure-rate": "months past",
    "provision": "what months past lost",
    "letter": "all of it",
}
"""What of a report the day's job has worked out before; the rest is as of the moment it is asked for."""
NOT_TWICE = ("conduct", "effectiveness", "fairness", "alerts")
"""Reports that are not narrowed to a country as well: what they look at is the same."""


def reports(size: int) -> list[dict[str, object]]:
    """Each report, and the day's job that keeps what can be kept."""

    by = actor(size)
    history.fill(by.organization_id, size, DAY, NOW)
    vacuum(*history.TABLES)
    if wrong := history.check(by.organization_id):
        sys.exit(f"bench: {wrong} balances are not the sum of their entries")
    ask_narrowed(size)
    rows = keep(size)
    for name in report_floor.FLOORS:
        for given in (None, NARROWED) if name in narrowed_names() else (None,):
            rows.append(measured(name, size, given))
            if rows[-1]["worked_out"]:
                rows.append(measured(name, size, given, anew=True))
    return rows


def narrowed_names() -> list[str]:
    """The reports that are narrowed to a country as well."""
    from puntual.analytics.narrowing import FIELDS
    from puntual.analytics.reports import filters_of

    return [name for name in report_floor.FLOORS if set(filters_of(name)) >= set(FIELDS[:-1]) and name not in NOT_TWICE]


def ask_narrowed(size: int) -> None:
    """Somebody waited for each of them the day before."""
    from django.utils.translation import get_language

    from puntual.analytics.kept.keeping import waited
    from puntual.analytics.narrowing import whose
    from puntual.analytics.tables import Question
    from puntual.tenancy.scope import acting_for

    before = replace(actor(size), now=NOW - timedelta(days=1), today=DAY - timedelta(days=1))
    with acting_for(before.organization_id):
        question = Question(before.today, whose=whose(before.organization_id, before.today, **NARROWED))
        for name in narrowed_names():
            waited(before, name, question, get_language() or "")


def keep(size: int) -> list[dict[str, object]]:
    """What the day's job keeps for the reports: the first time every month of the two years; the letter; and the reports that take
    long. Of past forecasts there are none.
    """
    from django.utils.translation import get_language

    from puntual.analytics.keeping import keep_months
    from puntual.analytics.kept.keeping import keep_reports
    from puntual.analytics.letter.keeping import keep_letter
    from puntual.analytics.rhythm.keeping import keep_rhythms

    by = actor(size)
    rows = []
    for name, work in (
        ("kept months", lambda: f"{keep_months(by)} months, the first time"),
        ("kept rhythms", lambda: f"{keep_rhythms(by):,} customers, the first time"),
        ("kept letter", lambda: f"made: {bool(keep_letter(by))}"),
        ("kept reports", lambda: ", ".join(keep_reports(by, get_language() or "")) or "none takes a second"),
    ):
        started = perf_counter()
        note = work()
        rows.append(row(name, size, perf_counter() - started, note=note))
        vacuum(*KEPT_TABLES)
    return rows


KEPT_TABLES = (
    "analytics_monthend",
    "analytics_monthmove",
    "analytics_monthflow",
    "analytics_monthcure",
    "analytics_monthkept",
    "analytics_managementletter",
    "analytics_keptreport",
    "analytics_keptrows",
    "analytics_customerrhythm",
)


def measured(name: str, size: int, narrowed: dict[str, str] | None = None, *, anew: bool = False) -> dict[str, object]:
    """A report and its floor in turn; the least of each counts. `anew`: worked out now, whatever the day's job did."""
    by = actor(size)
    given = narrowed or {}
    taken: list[tuple[float, int, bool]] = []
    least: list[float] = []
    for _ in range(TIMES):
        least.append(report_floor.seconds(by.organization_id, name, DAY, given.get("country", "")))
        taken.append(_asked(by, name, given, anew))
    seconds, number, worked_out = min(taken)
    note = "live" if given or name not in KEPT else f"kept: {KEPT[name]}"
    return row(
        f"report: {', '.join([name, *given])}{' anew' if anew else ''}",
        size,
        seconds,
        min(least),
        rows=number,
        worked_out=worked_out,
        note=f"{number:,} rows; {'worked out by the job' if worked_out else note}",
    )


def _asked(by: Any, name: str, narrowed: dict[str, str], anew: bool) -> tuple[float, int, bool]:
    """Seconds until its last row is read, how many there are, and whether the day's job had worked it out."""
    from puntual.analytics.narrowing import whose
    from puntual.analytics.reports import build, snapshot

    with snapshot(by.organization_id):
        ours = whose(by.organization_id, DAY, country=narrowed.get("country", ""))
        started = perf_counter()
        found = build(name, by.organization_id, DAY, whose=ours, today=None if anew else DAY)
        number = sum(1 for _line in found.rows)
        return perf_counter() - started, number, bool(found.worked_out)


if __name__ == "__main__":
    with running():
        print(json.dumps(reports(int(sys.argv[2]))))
