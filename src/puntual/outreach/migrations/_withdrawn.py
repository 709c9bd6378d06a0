"""A note of the team may be withdrawn: it stays as it was written, and is dropped as withdrawn. See _taken_back."""

from puntual.outreach.migrations._taken_back import TAKEN_BACK

_LAST = "<> ('done', 'lapsed', 'taken_back') THEN"
if TAKEN_BACK.count(_LAST) != 1:
    raise ValueError("the rule is not where it was")
WITHDRAWN = TAKEN_BACK.replace(
    _LAST,
    """<> ('done', 'lapsed', 'taken_back')
      AND (OLD.channel, OLD.step, OLD.state, NEW.state, NEW.result) <> ('internal', '', 'done', 'dropped', 'withdrawn') THEN""",
)
