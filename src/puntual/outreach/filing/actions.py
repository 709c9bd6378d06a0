"""Keeping a file with a customer, and taking it away. Callers import these from `outreach.actions`."""

from uuid import UUID

from puntual.audit.actions import Actor, action
from puntual.disputes.evidence import document_of
from puntual.kernel.problems import N_, Problem
from puntual.outreach.filing.models import CustomerFile
from puntual.parties.models import Customer

MOST_FILES = 200
"""Of one customer."""


def keep_file(
    by: Actor, customer_id: UUID, name: str, content: bytes, *, about: str = "", theirs: bool = False
) -> CustomerFile:
    """Keep a file as it was supplied, by us or by the customer (`theirs`). The same file again is the first one.

    Raises Customer.DoesNotExist, Problem for what `evidence.document_of` refuses and beyond `MOST_FILES`.
    """
    document = document_of(name, content)
    with action(by, "outreach.keep_file", name=document.name, theirs=theirs) as log:
        customer = Customer.objects.select_for_update(no_key=True).get(
            organization_id=by.organization_id, pk=customer_id
        )
        mine = CustomerFile.objects.filter(organization_id=by.organization_id, customer=customer, removed_at=None)
        kept = mine.filter(digest=document.digest).defer("content").first()
        log.say(digest=document.digest, new=kept is None)
        if kept is None:
            if mine.count() >= MOST_FILES:
                raise Problem(N_("There are {most} files already. Put more of them into one."), most=MOST_FILES)
            kept = CustomerFile.objects.create(
                organization_id=by.organization_id,
                customer=customer,
                name=document.name,
                kind=document.kind,
                digest=document.digest,
                size=len(content),
                content=content,
                about=about.strip(),
                theirs=theirs,
                added_at=by.now,
                added_by=by.name[:150],
            )
        log.about(kept)
    return kept


def remove_customer_file(by: Actor, file_id: UUID, why: str) -> CustomerFile:
    """Take away a file that was put there by mistake: its content is gone, its name, hash and reason stay on record.

    Raises CustomerFile.DoesNotExist for none that is kept, Problem without a reason.
    """
    if not why.strip():
        raise Problem(N_("Say why it is taken away, in a few words."))
    with action(by, "outreach.remove_customer_file", why=why.strip()) as log:
        found = CustomerFile.objects.select_for_update(no_key=True).get(
            organization_id=by.organization_id, pk=file_id, removed_at=None
        )
        log.about(found)
        log.say(name=found.name, digest=found.digest)
        found.content, found.removed_at, found.removed_by = b"", by.now, by.name[:150]
        found.save(update_fields=["content", "removed_at", "removed_by"])
    return found
