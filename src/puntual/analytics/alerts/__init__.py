"""Early alerts: somebody leaves their own pattern, a creditor's customers slip, a claim nears its limitation.

`patterns` decides from plain facts, `finding` reads those facts for everybody at once, `actions` raises and closes.
"""
