"""A note of the team may be withdrawn: it stays as it was written, and is dropped as withdrawn. See _taken_back."""

from puntual.outreach.migrations._record import changed
from puntual.outreach.migrations._taken_back import TAKEN_BACK

WITHDRAWN = changed(
    TAKEN_BACK,
    "<> ('done', 'lapsed', 'taken_back') THEN",
    """<> ('done', 'lapsed', 'taken_back')
      AND (OLD.channel, OLD.step, OLD.state, NEW.state, NEW.result) <> ('internal', '', 'done', 'dropped', 'withdrawn') THEN""",
)
