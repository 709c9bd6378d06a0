"""What a person recorded by mistake may be taken back: it stays as it was said, and lapses as taken back. See _record."""

from puntual.outreach.migrations._record import ACTIVITY_STAYS, changed

_FUNCTION = ACTIVITY_STAYS[
    ACTIVITY_STAYS.index("CREATE FUNCTION outreach_activity_stays") : ACTIVITY_STAYS.index("CREATE TRIGGER")
]
TAKEN_BACK = "\n" + changed(
    changed(_FUNCTION, "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"),
    "<> ('letter', 'attempting', 'to_do') THEN",
    """<> ('letter', 'attempting', 'to_do')
      AND (OLD.state, NEW.state, NEW.result) <> ('done', 'lapsed', 'taken_back') THEN""",
)
