"""Who signs a creditor's messages, by tone and day. Callers import the actions from `actions`."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from puntual.audit.actions import Actor, Log, action
from puntual.kernel.emails import normalize_email
from puntual.kernel.problems import N_, Problem
from puntual.kernel.remembering import remembered
from puntual.parties.models import Creditor, Signer

TONES = ("courteous", "friendly", "firm", "formal", "final")
"""The tones of a manual, the gentlest first."""


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who signs: at least a name."""

    name: str
    position: str = ""
    phone: str = ""
    email: str = ""

    @property
    def line(self) -> str:
        """Ana Solari, Gerente."""
        return ", ".join(part for part in (self.name, self.position) if part)


def signatory(signers: Iterable[Signer], creditor_id: UUID, tone: str, day: date) -> Signatory | None:
    """Who of an organization's `signers` signs for a creditor in a tone on a day.

    The creditor's own come before those of all creditors; somebody away gives way to the deputy, a deputy who is away to
    theirs, and where nobody is there the first signs all the same. What has no tone is signed as what is courteous.
    """
    signs = {signer.id: signer for signer in signers}
    wanted = tone or TONES[0]
    able = [one for one in signs.values() if wanted in one.tones and one.creditor_id in (creditor_id, None)]
    if not able:
        return None
    first = min(able, key=lambda one: (one.creditor_id is None, one.id))
    chosen: Signer | None = first
    seen: set[UUID] = set()
    while chosen and _away(chosen, day) and chosen.id not in seen:
        seen.add(chosen.id)
        chosen = signs.get(chosen.deputy_id) if chosen.deputy_id else None
    if chosen is None or chosen.id in seen:
        chosen = first
    return Signatory(chosen.name, chosen.position, chosen.phone, chosen.email)


def signatory_of(creditor: Creditor, tone: str, day: date) -> Signatory | None:
    """Who signs for a creditor in a tone on a day: by the table, else whom the creditor's own page names, else None."""
    found = signatory(signers_of(creditor.organization_id), creditor.id, tone, day)
    return found or (Signatory(creditor.signs_as) if creditor.signs_as else None)


@remembered
def signers_of(organization_id: UUID) -> list[Signer]:
    """All signers of an organization, by name."""
    return list(Signer.objects.filter(organization_id=organization_id).order_by("name", "id"))


def save_signer(
    by: Actor,
    signer_id: UUID | None = None,
    *,
    name: str,
    position: str = "",
    phone: str = "",
    email: str = "",
    tones: Collection[str] = (),
    creditor_id: UUID | None = None,
    away_from: date | None = None,
    away_until: date | None = None,
    deputy_id: UUID | None = None,
) -> Signer:
    """Name or correct somebody who signs. A tone has one signer per creditor: whoever had it before gives it up.

    Raises Signer.DoesNotExist, Creditor.DoesNotExist, Problem for an empty name, an address that is none, an absence without
    its last day, or that ends before it begins, and a deputy who is the same person.
    """
    mailbox = normalize_email(email) if email.strip() else ""
    if mailbox is None:
        raise Problem(N_("“{email}” is not an e-mail address. It should look like name@company.com."), email=email)
    if not 1 <= len(name.strip()) <= 150:
        raise Problem(N_("Give the name of who signs, of up to 150 characters."))
    if bool(away_from) != bool(away_until) or (away_from and away_until and away_until < away_from):
        raise Problem(N_("Give the first and the last day of the absence, in this order."))
    if deputy_id and deputy_id == signer_id:
        raise Problem(N_("Somebody else has to sign meanwhile."))
    with action(by, "signer.save") as log:
        everybody = list(Signer.objects.select_for_update().filter(organization_id=by.organization_id))
        signer = _found(everybody, signer_id) if signer_id else Signer(organization_id=by.organization_id)
        signer.creditor_id = _creditor(by, creditor_id)
        signer.deputy_id = _found(everybody, deputy_id).id if deputy_id else None
        signer.name, signer.position, signer.phone, signer.email = (
            name.strip(),
            position.strip(),
            phone.strip(),
            mailbox,
        )
        signer.tones = [tone for tone in TONES if tone in tones]
        signer.away_from, signer.away_until = away_from, away_until
        signer.save()
        log.about(signer)
        log.say(name=signer.name, tones=signer.tones, creditor=signer.creditor_id, away=[away_from, away_until])
        _give_up(log, signer, everybody)
    return signer


def remove_signer(by: Actor, signer_id: UUID) -> None:
    """Somebody no longer signs, nor stands in for anybody; what was signed stays as it was. Raises Signer.DoesNotExist."""
    with action(by, "signer.remove") as log:
        everybody = Signer.objects.select_for_update().filter(organization_id=by.organization_id)
        signer = everybody.get(id=signer_id)
        log.about(signer)
        log.say(name=signer.name, tones=signer.tones, creditor=signer.creditor_id)
        Signer.objects.filter(organization_id=by.organization_id, deputy=signer).update(deputy=None)
        signer.delete()


def _away(signer: Signer, day: date) -> bool:
    return bool(signer.away_from and signer.away_until and signer.away_from <= day <= signer.away_until)


def _found(everybody: Iterable[Signer], signer_id: UUID) -> Signer:
    for signer in everybody:
        if signer.id == signer_id:
            return signer
    raise Signer.DoesNotExist


def _creditor(by: Actor, creditor_id: UUID | None) -> UUID | None:
    if creditor_id is None:
        return None
    return Creditor.objects.get(organization_id=by.organization_id, id=creditor_id).id


def _give_up(log: Log, signer: Signer, everybody: Iterable[Signer]) -> None:
    for other in everybody:
        taken = set(other.tones) & set(signer.tones)
        if other.id != signer.id and other.creditor_id == signer.creditor_id and taken:
            other.tones = [tone for tone in other.tones if tone not in taken]
            other.save(update_fields=["tones"])
            log.say(**{f"given_up_by_{other.id}": sorted(taken)})
