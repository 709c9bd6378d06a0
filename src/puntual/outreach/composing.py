"""A prepared activity as the message that leaves: who writes, to whom, and what goes along."""

from collections.abc import Sequence
from dataclasses import replace

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import override

from puntual.agreements.models import Plan
from puntual.audit.actions import Actor
from puntual.organizations.models import Organization
from puntual.outreach.answers.addressing import answers_to
from puntual.outreach.channels import Document, Message
from puntual.outreach.deliveries.hooks import report_address
from puntual.outreach.invoices_along import invoices_along
from puntual.outreach.models import Activity
from puntual.outreach.optout import stop_link
from puntual.outreach.origins import origin_of
from puntual.outreach.plan_document import plan_document
from puntual.outreach.prepare import Prepared
from puntual.outreach.render import Wording
from puntual.outreach.statement import statement


def compose(organization: Organization, activity: Activity, prepared: Prepared, by: Actor) -> Message | None:
    """The message of an activity; None where its creditor has no sender for the channel. Inside `acting_for`."""
    creditor, to, wording = activity.customer.creditor, prepared.recipient, prepared.wording
    if to is None or wording is None:
        raise RuntimeError("a message was prepared without recipient or words")
    written = activity.channel == Activity.Channel.EMAIL
    with override(wording.language):
        origin = origin_of(organization, creditor, activity.channel)
    if origin is None:
        return None
    documents: tuple[Document, ...] = ()
    if written:
        along = invoices_along(activity, prepared)
        documents, wording = (*_documents(activity, prepared, by), *along.documents), _with_rest(wording, along.rest)
    tagged = answers_to(activity.id) if written else ""
    return Message(
        message_id=activity.message_id,
        at=by.now,
        sender_name=origin.name,
        sender=origin.address,
        reply_to=(tagged or origin.reply_to) if written else "",
        return_to=tagged,
        recipient_name=to.person,
        recipient=to.value,
        subject=wording.subject if written else "",
        text=wording.text,
        html=wording.html if written else "",
        language=wording.language,
        documents=documents,
        stop_link=stop_link(by.organization_id, to.point_id) if written else "",
        reference=str(activity.id),
        report_to=report_address(activity) if activity.channel == Activity.Channel.SMS else "",
        approved=wording.approved,
    )


def _documents(activity: Activity, prepared: Prepared, by: Actor) -> tuple[Document, ...]:
    """What goes along, in the language of the words: the agreement, or the account statement where the step wants it."""
    if activity.step == "plan_agreed" and prepared.wording is not None and activity.lead_id:
        plan = Plan.objects.get(organization_id=activity.organization_id, id=activity.lead_id)
        return (plan_document(plan, by.now, prepared.wording.language),)
    if prepared.books is None or prepared.wording is None:
        return ()
    return (statement(activity.customer, by.today, by.now, prepared.wording.language, prepared.books),)


def _with_rest(wording: Wording, rest: Sequence[str]) -> Wording:
    """The words with a last one about the invoices whose files did not fit into the message."""
    if not rest:
        return wording
    with override(wording.language):
        said = _("These invoices are too large for one message; ask us for them: {numbers}.").format(
            numbers=", ".join(rest)
        )
    end = "</div></body></html>"
    page = format_html('<p style="margin:0 0 14px">{}</p>', said) + end
    return replace(wording, text=f"{wording.text.rstrip()}\n\n{said}\n", html=wording.html.replace(end, page))
