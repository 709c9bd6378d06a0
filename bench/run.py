"""`make bench`: import, day run, aging and pages at several sizes, sending and matching, beside a plain-SQL floor measured in the same run.

Each work runs in a process of its own, so that its peak memory is its own. Absolute seconds say little on a shared machine: the
ratio to the floor is what counts. Writes a table to standard output and bench/latest.json.

    python bench/run.py 10000 100000 1000000
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
WORKS = ("import", "day", "day again", "aging", "pages", "queue", "agreements", "reports")
"""The reports come last: they put five settled invoices behind each open one."""
PROGRAMS = {"reports": "reports.py"}
"""Works with a program of their own."""
OTHERS = {"rows": "sending.py", "matching": "matching.py"}
"""The same, measured once."""

MOST = 10_000
"""At most so many messages wait when sending is measured, and so many lines to be matched."""
COLUMNS = ("work", "n", "seconds", "floor_seconds", "ratio", "peak_mb")


def measure(work: str, size: int, home: str) -> list[dict[str, object]]:
    """Run one work in a fresh process; the answer is its last line of output."""
    environment = {**os.environ, "PUNTUAL_HOME": home, "PYTHONPATH": str(HERE.parent)}
    done = subprocess.run(
        [sys.executable, str(HERE / {**PROGRAMS, **OTHERS}.get(work, "work.py")), work, str(size)],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"bench: {work} at {size} failed")
    found: list[dict[str, object]] = json.loads(done.stdout.splitlines()[-1])
    return found


def show(row: dict[str, object]) -> None:
    """One line of the table."""
    cells = [f"{row.get(name, '') if row.get(name) is not None else '':>14}" for name in COLUMNS]
    print(f"{row['work']:<28}" + "".join(cells[1:]) + (f"   {row['note']}" if "note" in row else ""), flush=True)


def main() -> None:
    sizes = [int(argument) for argument in sys.argv[1:]] or [10_000, 100_000, 1_000_000]
    rows: list[dict[str, object]] = []
    print(f"{'work':<28}" + "".join(f"{name:>14}" for name in COLUMNS[1:]))
    with tempfile.TemporaryDirectory(prefix="puntual-bench-") as home:
        try:
            for size in sizes:
                measure("prepare", size, home)
                for work in WORKS:
                    for row in measure(work, size, home):
                        rows.append(row)
                        show(row)
            for work in OTHERS:
                for row in measure(work, min(max(sizes), MOST), home):
                    rows.append(row)
                    show(row)
        finally:
            measure("stop", 0, home)
    (HERE / "latest.json").write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
