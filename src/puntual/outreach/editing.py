"""A person's own words for a message, and what they may not give away. Callers import these from `actions`."""

from collections.abc import Collection

from puntual.audit.actions import Actor, action
from puntual.kernel.problems import N_, Problem
from puntual.organizations.models import Organization
from puntual.outreach.approving import locked
from puntual.outreach.channels import AUTOMATIC
from puntual.outreach.models import Activity
from puntual.outreach.prepare import Prepared, prepare
from puntual.outreach.results import said
from puntual.parties.models import Party
from puntual.strategies.proofreading import faults_in_message
from puntual.strategies.variables import WRITTEN


def check_wording(
    subject: str, body: str, channel: str, language: str, *, natural: bool, names: Collection[str] = ()
) -> None:
    """Raise Problem where a message may not say this, by the same rules as a template's text.

    `names` are those of the customer, the creditor and the person written to: they may be called what they are called.
    """
    if not body.strip() or (channel in WRITTEN and not subject.strip()):
        raise Problem(N_("A message needs a subject and a text."), beside="subject" if body.strip() else "body")
    if len(subject) > 300 or len(subject.splitlines()) > 1:
        raise Problem(N_("The subject is one line of up to 300 characters."), beside="subject")
    for fault in faults_in_message(subject, body, language, channel, persons=natural, names=names):
        raise Problem(fault.what, **{"beside": "body" if fault.where == "body" else "subject", **fault.details})


def edit(by: Actor, activity: Activity, subject: str, body: str) -> Activity:
    """Keep a person's wording for a message that has not left.

    It stands for the balance of this moment: should that change before it leaves, the text is made anew from the manual. Raises
    Problem where the wording may not be sent, nothing is demanded any more, or the message has left.
    """
    with action(by, "outreach.edit") as log:
        found = locked(by, activity, Activity.State.PROPOSED, Activity.State.QUEUED)
        log.about(found)
        if found.channel not in AUTOMATIC:
            raise Problem(N_("Only a message has words to edit."))
        prepared = _now(by, found)
        customer, to, wording = found.customer, prepared.recipient, prepared.wording
        check_wording(
            subject,
            body,
            found.channel,
            wording.language if wording else customer.language,
            natural=customer.consumer or customer.party.kind == Party.Kind.NATURAL,
            names=(customer.name, customer.creditor.name, to.person if to else ""),
        )
        found.demand = {currency: str(amount) for currency, amount in prepared.asked.amounts.items()}
        found.subject, found.body, found.edited = subject.strip(), body.replace("\r", "").strip() + "\n", True
        found.save(update_fields=["subject", "body", "edited", "demand"])
        log.say(subject=found.subject, body=found.body)
    return found


def _now(by: Actor, activity: Activity) -> Prepared:
    prepared = prepare(Organization.objects.get(pk=by.organization_id), activity, by.now)
    if prepared.stop:
        raise Problem(N_("This message will not be sent: {reason}."), reason=said(prepared.stop))
    return prepared
