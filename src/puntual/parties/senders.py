"""From where creditors write, and how it is shown that they may. Callers import the actions from `actions`."""

from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256
from secrets import compare_digest, randbelow
from uuid import UUID

from puntual.audit.actions import Actor, action
from puntual.kernel.emails import normalize_email
from puntual.kernel.phones import normalize_phone
from puntual.kernel.problems import N_, Problem
from puntual.parties.models import Creditor, Sender

CODE_LASTS = timedelta(minutes=30)
MOST_TRIES = 5
"""Wrong codes until another one has to be asked for."""
_BETWEEN_CODES = timedelta(minutes=1)


def senders_of(organization_id: UUID) -> Mapping[UUID, Mapping[str, Sender]]:
    """Each creditor's senders by channel, verified or not."""
    found: dict[UUID, dict[str, Sender]] = {}
    for sender in Sender.objects.filter(organization_id=organization_id):
        found.setdefault(sender.creditor_id, {})[sender.channel] = sender
    return found


def addresses_of(organization_id: UUID) -> frozenset[str]:
    """Every mailbox, in lower case, that answers to an organization's messages can come to."""
    found = set(Creditor.objects.filter(organization_id=organization_id).values_list("email", flat=True))
    senders = Sender.objects.filter(organization_id=organization_id, channel=Sender.Channel.EMAIL)
    for address, reply_to in senders.values_list("address", "reply_to"):
        found |= {address, reply_to}
    return frozenset(one.lower() for one in found if one)


def declare_sender(
    by: Actor, creditor_id: UUID, channel: str, *, address: str, name: str = "", reply_to: str = ""
) -> Sender:
    """Say from where a creditor writes in a channel. Another address has to be verified anew; name and reply address do not.

    Raises Creditor.DoesNotExist, Problem for what is no address in that channel.
    """
    with action(by, "sender.declare", channel=channel) as log:
        creditor = Creditor.objects.select_for_update(no_key=True).get(
            organization_id=by.organization_id, id=creditor_id
        )
        wanted = _address(channel, address, creditor.country)
        back = _address(Sender.Channel.EMAIL, reply_to, creditor.country) if reply_to.strip() else ""
        sender, _new = Sender.objects.get_or_create(
            organization_id=by.organization_id,
            creditor=creditor,
            channel=Sender.Channel(channel),
            defaults={"address": wanted},
        )
        log.about(sender)
        log.say(creditor=creditor.id, address=[sender.address, wanted], name=name.strip(), reply_to=back)
        if sender.address != wanted:
            sender.verified_at, sender.verified_how, sender.code_digest = None, "", ""
        sender.address, sender.name, sender.reply_to = wanted, name.strip(), back
        sender.save()
    return sender


def remove_sender(by: Actor, sender_id: UUID) -> None:
    """The creditor no longer writes in that channel. Raises Sender.DoesNotExist."""
    with action(by, "sender.remove") as log:
        sender = _locked(by, sender_id)
        log.about(sender)
        log.say(creditor=sender.creditor_id, channel=sender.channel, address=sender.address)
        sender.delete()


def verify_sender(by: Actor, sender_id: UUID, how: str) -> Sender:
    """Take a sender for verified without a code; `how` is one of `Sender.How` and stays on record. Raises Sender.DoesNotExist."""
    with action(by, "sender.verify", how=how) as log:
        sender = _locked(by, sender_id)
        log.about(sender)
        log.say(creditor=sender.creditor_id, channel=sender.channel, address=sender.address)
        _verified(by, sender, Sender.How(how))
    return sender


def new_code(by: Actor, sender_id: UUID) -> tuple[Sender, str]:
    """A code of six digits to be mailed to the sender; it is kept as a digest only, and takes the place of one before.

    Raises Sender.DoesNotExist, Problem where one was made a moment ago.
    """
    with action(by, "sender.code") as log:
        sender = _locked(by, sender_id)
        log.about(sender)
        if sender.code_mailed_at and by.now - sender.code_mailed_at < _BETWEEN_CODES:
            raise Problem(
                N_("A code was mailed a moment ago. Look also among the spam, or ask for another in a minute.")
            )
        code = f"{randbelow(10**6):06}"
        sender.code_digest, sender.code_mailed_at, sender.code_tries = _digest(sender, code), by.now, 0
        sender.save(update_fields=["code_digest", "code_mailed_at", "code_tries"])
    return sender, code


def confirm_code(by: Actor, sender_id: UUID, code: str) -> Sender:
    """The code that was mailed came back: the sender is verified. Wrong tries are counted.

    Raises Sender.DoesNotExist, Problem for a wrong or an old code.
    """
    with action(by, "sender.confirm") as log:
        sender = _locked(by, sender_id)
        log.about(sender)
        if not sender.code_digest or sender.code_tries >= MOST_TRIES or not _fresh(by, sender):
            raise Problem(N_("This code no longer counts. Have another one mailed."))
        fits = compare_digest(sender.code_digest, _digest(sender, "".join(code.split())))
        log.say(creditor=sender.creditor_id, address=sender.address, right=fits)
        if fits:
            _verified(by, sender, Sender.How.CODE)
        else:  # the try has to stay counted, so nothing is raised in here
            sender.code_tries += 1
            sender.save(update_fields=["code_tries"])
    if not fits:
        raise Problem(N_("That is not the code that was mailed. Look at the newest message."))
    return sender


def _verified(by: Actor, sender: Sender, how: Sender.How) -> None:
    sender.verified_at, sender.verified_how = by.now, how
    sender.code_digest, sender.code_mailed_at = "", None  # the next address may have its code at once
    sender.save(update_fields=["verified_at", "verified_how", "code_digest", "code_mailed_at"])


def _fresh(by: Actor, sender: Sender) -> bool:
    return sender.code_mailed_at is not None and by.now - sender.code_mailed_at <= CODE_LASTS


def _digest(sender: Sender, code: str) -> str:
    """Bound to the address: a code for one is none for another. It lasts minutes and few tries, so no key is needed."""
    return sha256(f"{sender.pk} {sender.address} {code}".encode()).hexdigest()


def _address(channel: str, text: str, country: str) -> str:
    if channel == Sender.Channel.EMAIL:
        mailbox = normalize_email(text)
        if mailbox is None:
            raise Problem(N_("“{email}” is not an e-mail address. It should look like name@company.com."), email=text)
        return mailbox
    wanted = text.strip()
    if not wanted or len(wanted) > 64:
        raise Problem(N_("Give the number, or the sender's id at the provider."))
    return normalize_phone(wanted, country) or wanted


def _locked(by: Actor, sender_id: UUID) -> Sender:
    senders = Sender.objects.filter(organization_id=by.organization_id)
    return senders.select_for_update(no_key=True).get(id=sender_id)
