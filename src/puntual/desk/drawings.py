"""The charts of reports on their pages: what `analytics.charts` found to draw, as the page's script takes it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from puntual.analytics.charts import drawn
from puntual.analytics.tables import Report
from puntual.desk import formats


@dataclass(frozen=True, slots=True)
class Drawing:
    """The kind of a chart and its labels and series, as JSON; `desk/parts/report_chart.html` shows it."""

    kind: str
    values: str


def drawing(found: Mapping[str, Any] | None) -> Drawing | None:
    """For the page; None where there is nothing to see."""
    return Drawing(str(found["kind"]), json.dumps(found)) if found else None


def drawing_of(report: Report) -> Drawing | None:
    """Of all its rows at once, whatever their currency: for counts. They are read for it."""
    return drawing(drawn(report, list(report.rows), (), formats.current()))
