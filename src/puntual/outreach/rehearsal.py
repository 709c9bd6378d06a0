"""The end of the rehearsal. Callers import this from `actions`."""

from django.db import connection

from puntual.audit.actions import Actor, action
from puntual.organizations.actions import go_live
from puntual.organizations.models import Organization
from puntual.outreach.channels.letter.posting import put_back_samples

# Nobody has heard what was captured: it proves nothing, counts as no contact, and its steps are still to come.
_NEVER_LEFT = """
UPDATE outreach_activity SET state = 'lapsed', result = 'rehearsed'
WHERE organization_id = %s AND captured AND state = 'sent'
"""
_NOT_HAD = """
UPDATE outreach_mark m SET voided = true FROM outreach_activity a
WHERE m.organization_id = %s AND a.organization_id = m.organization_id AND a.id = m.activity_id AND a.captured
"""
# What was approved for the capture mailbox was not approved for a customer.
_OPEN = """
UPDATE outreach_activity SET state = 'lapsed', result = 'went_live', settled_at = %s
WHERE organization_id = %s AND state IN ('proposed', 'queued')
"""


def end_rehearsal(by: Actor) -> Organization:
    """Go live: from now on what is approved leaves. What was rehearsed is forgotten, and the day can be planned anew.

    Calls and tasks stay as they are: people made them for real. Where it is live already nothing happens.
    """
    with action(by, "outreach.end_rehearsal") as log, connection.cursor() as cursor:
        was_live = Organization.objects.get(pk=by.organization_id).is_live
        organization = go_live(by)
        log.about(organization)
        if not was_live:
            cursor.execute(_NEVER_LEFT, [by.organization_id])
            log.say(forgotten=cursor.rowcount)
            cursor.execute(_NOT_HAD, [by.organization_id])
            put_back_samples(by)
            cursor.execute(_OPEN, [by.now, by.organization_id])
            log.say(lapsed=cursor.rowcount)
    return organization
