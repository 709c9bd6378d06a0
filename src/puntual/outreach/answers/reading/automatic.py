"""What no person wrote: complaints (RFC 5965) and automatic replies (RFC 3834, and what mail programs send in its place)."""

# ruff: noqa: E501 - a pattern reads best on one line

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from puntual.outreach.answers.reading.addresses import address_of, addresses_of, message_ids, unique
from puntual.outreach.answers.reading.days import find_day
from puntual.outreach.answers.reading.parts import Parts, header
from puntual.outreach.answers.reading.words import plain, sentences

# not-spam (RFC 6430) takes a complaint back, auth-failure (RFC 6591) and dmarc are about the domain.
_NO_COMPLAINTS: Final = frozenset({"not-spam", "auth-failure", "dmarc", "virus"})
_AUTOMATIC_SUBJECT = re.compile(
    r"^\s*(?:auto(?:matic|matische|mated)?[- ]?(?:repl(?:y|ied)|response|antwort)|out of (?:the )?office|ooo\b|respuesta autom[aá]tica|"
    r"fuera de (?:la )?oficina|autorrespuesta|auto: |resposta autom[aá]tica|fora do escrit[oó]rio|aus[eê]ncia tempor[aá]ria|"
    r"ausencia temporal|r[eé]ponse automatique|away from (?:my|the) (?:office|mail))",
    re.IGNORECASE,
)
_SERVICES: Final = frozenset({"auto_reply", "auto-reply", "autoreply", "auto-replied"})
_AWAY = re.compile(
    r"\b(?:fuera de (?:la )?oficina|de vacaciones|me encuentro ausente|estare ausente|de licencia|de descanso|de permiso|de viaje|"
    r"out of (?:the |my )?office|on (?:annual |parental |maternity |sick )?(?:leave|vacation|holidays?)|currently away|i am away|i will be away|"
    r"fora do escritorio|de ferias|estarei ausente|estou ausente|em viagem)\b"
)
_BACK = re.compile(
    r"\b(?:hasta|regreso|regresare|vuelvo|volvere|retorno|retornare|reincorpor\w+|until|till|back (?:on|in)|return(?:ing)?|through|"
    r"ate|retorno|retornarei|voltarei|volto)\b"
)
_MOST_SENTENCES: Final = 50
_LONGEST: Final = 600


@dataclass(frozen=True, slots=True)
class Complaint:
    """Somebody called a message of ours unwanted. `by` is the provider who reports it."""

    addresses: tuple[str, ...]
    message_ids: tuple[str, ...]
    by: str


def read_complaint(parts: Parts) -> Complaint | None:
    """The complaint a message is (abuse reporting format), or None."""
    blocks = [block for kind, block in parts.reports if kind == "message/feedback-report"]
    report = "feedback-report" in str(parts.head.get("Content-Type", "")).lower()
    if not blocks and not (report and parts.returned):
        return None
    if any(header(block, "Feedback-Type").lower() in _NO_COMPLAINTS for block in blocks):
        return None
    named = [
        address_of(header(block, name))
        for block in blocks
        for name in ("Original-Rcpt-To", "Removal-Recipient")
        if header(block, name)
    ]
    if not any(named):
        named = [one for message in parts.returned for one in addresses_of(message, "To")]
    ids = [one for message in parts.returned for one in message_ids(message, "Message-ID")]
    found = unique(one for one in named if one and not one.lower().startswith("redacted"))
    return Complaint(found, tuple(dict.fromkeys(ids)), address_of(parts.header("From")))


def is_automatic(parts: Parts) -> bool:
    """Whether a machine answered: by its headers, else by how such answers are titled."""
    submitted = parts.header("Auto-Submitted").lower().partition(";")[0].strip()
    if submitted and submitted != "no":
        return True
    if any(
        parts.header(name)
        for name in ("X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-MS-Exchange-Inbox-Rules-Loop")
    ):
        return True
    if parts.header("Precedence").lower() in _SERVICES or parts.header("X-Precedence").lower() in _SERVICES:
        return True
    if parts.header("X-Auto-Response-Suppress").lower() == "all" and _AUTOMATIC_SUBJECT.match(parts.header("Subject")):
        return True
    kind = str(parts.head.get("Content-Type", "")).lower()
    return "disposition-notification" in kind or bool(_AUTOMATIC_SUBJECT.match(parts.header("Subject")))


def away_until(subject: str, text: str, on: date) -> tuple[date | None, str]:
    """The day an out-of-office answer names as the last, or as that of the return, with the sentence that says so."""
    told = [said[:_LONGEST] for said in sentences(text)[:_MOST_SENTENCES]]
    for said in (*told, subject):
        words = plain(said)
        back = _BACK.search(words)
        if back and (until := find_day(words[back.start() :], on, ahead=True)):
            return until, said
    away = next((said for said in told if _AWAY.search(plain(said))), "")
    return None, away


def is_away(sentence: str) -> bool:
    """Whether a sentence says that its writer is not at work; for `sentence` as `plain` leaves it."""
    return bool(_AWAY.search(sentence))
