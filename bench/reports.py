"""Every report beside its floor: one plain GROUP BY over the table it is made of. `reports.py reports SIZE`, after `prepare`."""

import json
import sys
from time import perf_counter

from bench.floor import report as floor_of
from bench.work import DAY, actor, row, running

LIVE = {"country": "PE"}
"""Narrowed to what kept months do not tell apart, so that it is worked out from the entries."""


def reports(size: int) -> list[dict[str, object]]:
    """Each report as it is asked for on its page, the months kept as the day's job keeps them; and live, where it can be narrowed."""
    from puntual.analytics.keeping import keep_months
    from puntual.analytics.narrowing import FIELDS, whose
    from puntual.analytics.reports import REPORTS, build, filters_of, snapshot
    from puntual.tenancy.scope import acting_for

    by = actor(size)
    with acting_for(by.organization_id):
        keep_months(by)
    rows = []
    for name in REPORTS:
        least = min(floor_of(by.organization_id, name, DAY) for _ in range(2))
        asked: list[tuple[str, dict[str, str]]] = [("", {})]
        if set(filters_of(name)) >= set(FIELDS[:-1]):
            asked.append((", live", LIVE))
        for how, narrowed in asked:
            with snapshot(by.organization_id):
                ours = whose(by.organization_id, DAY, country=narrowed.get("country", ""))
                started = perf_counter()
                found = build(name, by.organization_id, DAY, whose=ours)
                number = sum(1 for _line in found.rows)
                seconds = perf_counter() - started
            rows.append(row(f"report: {name}{how}", size, seconds, least, rows=number, note=f"{number:,} rows"))
    return rows


if __name__ == "__main__":
    with running():
        print(json.dumps(reports(int(sys.argv[2]))))
