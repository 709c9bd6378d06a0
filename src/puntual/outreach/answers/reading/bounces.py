"""Bounces: reports of RFC 3464 by their status (RFC 3463), and what well-known mail servers write instead.

An address is called dead only where the status or the server's words say that it does not exist. Everything else came back for
another reason: a full mailbox, a message too large, a policy, a mistake of the sender's own system.
"""

# ruff: noqa: E501 - a pattern reads best on one line

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from typing import Final

from puntual.outreach.answers.reading.addresses import address_of, ids_written_in, message_ids, unique, written_in
from puntual.outreach.answers.reading.parts import Parts, header


@dataclass(frozen=True, slots=True)
class Bounce:
    """A message that came back. `hard`: True, the address does not exist; False, not now; None, for a reason that says nothing
    about the address. `failed` is False where the server still tries. `said` is the server's own sentence.
    """

    addresses: tuple[str, ...]
    hard: bool | None
    failed: bool
    message_ids: tuple[str, ...]
    said: str


_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_CODE = re.compile(r"(?:^|[\s:;'#(])([45])\d\d[\s-]")
_UNKNOWN = re.compile(
    r"user (?:is )?unknown|unknown (?:or illegal )?(?:user|address(?! error)|recipient|mailbox|local part|alias)|no such (?:user|person|mailbox|"
    r"recipient|address)|(?:user|mailbox|recipient|account|address|inbox)(?: \S+)? (?:does not|doesn't|did not) exist|"
    r"(?:address|user|recipient|mailbox) (?:was )?(?:not|n't) (?:be )?found|(?:address|recipient) couldn'?t be found|"
    r"recipient ?not ?found|recipnotfound|invalid (?:recipient|mailbox|user)|not a valid (?:mailbox|user|recipient)|"
    r"no mailbox (?:here )?by that name|mailbox unavailable or (?:does not exist|not found)|that email (?:account|address) (?:you "
    r"tried to reach )?does ?n[o']t exist|account (?:has been )?(?:deleted|closed|terminated)|"
    r"wasn.t found at the destination domain|(?:la direcci[oó]n|el usuario|el buz[oó]n|la cuenta|el destinatario) no existe|"
    r"usuario (?:desconocido|inexistente)|no se (?:ha )?(?:encontr[oó]|encontrado) (?:la direcci[oó]n|el destinatario)|"
    r"(?:usu[aá]rio|destinat[aá]rio|endere[cç]o) (?:n[aã]o existe|desconhecido|inexistente|n[aã]o (?:foi )?encontrado)",
    re.IGNORECASE,
)
_NO_HOST = re.compile(
    r"(?:host|domain)(?: name)?(?: \S+)? (?:is |was )?(?:unknown|not found|not reachable|does not exist|doesn't exist)|"
    r"unknown (?:host|domain)|no such (?:host|domain)|domain (?:name )?(?:couldn't|could not) be found|"
    r"dns (?:error|domain).{0,60}(?:not exist|no such|nxdomain)|name or service not known|unrouteable address|"
    r"el dominio no existe|dom[ií]nio n[aã]o (?:existe|encontrado)",
    re.IGNORECASE,
)
_NOT_NOW = re.compile(
    r"(?:mailbox|inbox|account|quota|storage|buz[oó]n|caixa(?: postal)?)[^.\n]{0,40}(?:full|exceed|over quota|lleno|llena|cheia)|"
    r"over ?quota|quota exceeded|out of storage|(?:message|mail|mensaje|mensagem)[^.\n]{0,30}(?:too (?:big|large)|size exceed|exceeds)|"
    r"insufficient (?:disk|storage|space)|try again later|temporar(?:il)?y|greylist|timed? ?out|delivery time expired|"
    r"too many (?:connections|recipients|messages)|rate limit|throttl",
    re.IGNORECASE,
)
_POLICY = re.compile(
    r"\b5\.7\.\d|spam|blocked|blacklist|block ?list|denied|not allowed|policy|dmarc|\bspf\b|dkim|reputation|relay",
    re.IGNORECASE,
)
_SENDER = re.compile(r"sender (?:address|verify|domain|denied|rejected)|return path|envelope from", re.IGNORECASE)
_SENDERS: Final = frozenset({("1", "7"), ("1", "8")})
"""Statuses about the sender's own address."""
_DELAYED = re.compile(
    r"delayed|warning: (?:could not send|message)|has not (?:yet )?been delivered|will (?:continue|keep) (?:to )?try",
    re.I,
)

_DAEMON: Final = re.compile(
    r"^(?:mailer[-_.]?daemon|postmaster|mail ?delivery (?:system|subsystem|service)|mdaemon|bounces?|email-bounces|no-?reply-?mailer-daemon)\b",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"undeliver(?:ed|able)|returned mail|failure notice|delivery (?:status notification|failure|has failed|problem)|"
    r"mail delivery (?:failed|failure|system)|(?:message|mail) (?:could )?not (?:be )?delivered|non[- ]?delivery|nondeliverable|"
    r"no se (?:pudo|puede) entregar|no entregado|error de entrega|fallo en la entrega|rechazad[oa]|notificaci[oó]n de estado de entrega|"
    r"n[aã]o (?:foi )?(?:entregue|poss[ií]vel entregar)|falha na entrega|devolvid[oa]|status da entrega",
    re.IGNORECASE,
)
_COPY_FOLLOWS = re.compile(
    r"^-+ ?(?:below this line is a copy|this is a copy|original message|unsent message|mensaje original|mensagem original|"
    r"message header|returned message)|^(?:original message headers|message header follows):?",
    re.IGNORECASE | re.MULTILINE,
)
_TRANSCRIPT = re.compile(
    r"\b[45]\d\d[ -]|\(?#[45]\.\d\.\d|\b[45]\.\d{1,3}\.\d{1,3}\b|" + _UNKNOWN.pattern + "|" + _NO_HOST.pattern, re.I
)


def read_bounce(parts: Parts, prose: str) -> Bounce | None:
    """The bounce a message is, or None. `prose` is its text, quotes and all."""
    report = [block for kind, block in parts.reports if kind != "message/feedback-report"]
    is_report = "delivery-status" in str(parts.head.get("Content-Type", "")).lower() or bool(report)
    if is_report:
        return _reported(parts, report, prose)
    if not _from_a_server(parts):
        return None
    return _told(parts, prose)


def _from_a_server(parts: Parts) -> bool:
    """Whether a mail server wrote it: people also write "undeliverable", and quote what servers wrote to them."""
    daemon = any(_DAEMON.match(part) for part in re.split(r"[<\s\"]+", parts.header("From")) if part) or bool(
        _DAEMON.match(parts.header("From").strip('" '))
    )
    empty = parts.header("Return-Path").strip() == "<>"
    named = bool(parts.header("X-Failed-Recipients"))
    return (
        named
        or (daemon and bool(_SUBJECT.search(parts.header("Subject")) or empty))
        or (empty and bool(_SUBJECT.search(parts.header("Subject"))))
    )


def _reported(parts: Parts, blocks: list[Message], prose: str) -> Bounce | None:
    """By the report: each recipient with its action and status (RFC 3464, 2.3)."""
    told = _before_copy(prose)
    about = [block for block in blocks if block.get("Original-Recipient") or block.get("Final-Recipient")]
    failing = [block for block in about if _action(block) not in ("delivered", "relayed", "expanded")]
    if not about:
        return _told(parts, prose)
    if not failing:
        return None  # a receipt: it arrived
    verdicts = [
        False
        if _action(block) == "delayed"
        else verdict(header(block, "Status"), header(block, "Diagnostic-Code"), told)
        for block in failing
    ]
    # The original is the address as we wrote it, the final one what it was forwarded to.
    addresses = [one for block in failing for one in [_named(block, "Original") or _named(block, "Final")] if one]
    return Bounce(
        unique(addresses),
        True if True in verdicts else (None if None in verdicts else False),
        any(_action(block) != "delayed" for block in failing),
        _returned_ids(parts, prose),
        _sentence(next((said for block in failing if (said := header(block, "Diagnostic-Code"))), ""), told),
    )


def _action(block: Message) -> str:
    return header(block, "Action").lower().partition(" ")[0]


def _named(block: Message, which: str) -> str:
    told = header(block, f"{which}-Recipient")
    return address_of(told.partition(";")[2] or told)


def _told(parts: Parts, prose: str) -> Bounce | None:
    """By the words of a server that sends no report, or an empty one."""
    told = _before_copy(prose)
    failed = parts.header("X-Failed-Recipients")
    if not failed and not _TRANSCRIPT.search(told) and not _SUBJECT.search(parts.header("Subject")):
        return None
    own = {address_of(parts.header("To")).lower(), address_of(parts.header("From")).lower()}
    others = (one for one in written_in(told) if one.lower() not in own and not _DAEMON.match(one))
    named = unique(written_in(failed)) or unique(others)[:1]
    delayed = bool(_DELAYED.search(parts.header("Subject")) or _DELAYED.search(told[:600]))
    hard = False if delayed else verdict("", told, "")
    return Bounce(named, hard, not delayed, _returned_ids(parts, prose), _sentence("", told))


def verdict(status: str, diagnostic: str, prose: str) -> bool | None:
    """True: the address does not exist. False: it may take messages later. None: refused for another reason.

    The class of the status decides first (RFC 3463, 2): 4 is never hard. Of the permanent ones only "bad destination" (5.1) and "no
    route" to its host count against the address, and of the vague ones what the server says in words.
    """
    found = _STATUS.search(status) or _STATUS.search(diagnostic)
    number = found.groups() if found else None
    code = _CODE.search(f" {diagnostic} ")
    words = f"{diagnostic}\n{prose}" if not diagnostic or _vague(number) else diagnostic
    if number and number[0] == "4":
        return False
    if number is None and code and code[1] == "4":
        return False
    if number and number[0] == "2":
        return None
    if number and number[1] == "2":  # the mailbox: full, switched off, or the message too long for it
        return False
    sure = bool(_UNKNOWN.search(words))
    if (number and number[1:] in _SENDERS) or (_SENDER.search(diagnostic) and not sure):
        return None
    if number and number[1] == "1":
        return True if sure or not _POLICY.search(diagnostic) else None
    if number and number[1] == "4" and number[2] in ("4", "310"):
        return True
    if _NOT_NOW.search(words) and not sure:
        return False
    if sure or _NO_HOST.search(words):
        return True
    return None


def _vague(number: tuple[str, ...] | None) -> bool:
    return number is None or (number[1] in ("0", "5") and number[2] == "0")


def _before_copy(prose: str) -> str:
    """What the server wrote, without the message it sends back."""
    found = _COPY_FOLLOWS.search(prose)
    return (prose[: found.start()] if found else prose)[:20_000]


def _returned_ids(parts: Parts, prose: str) -> tuple[str, ...]:
    """The Message-IDs of what came back, wherever the server shows them."""
    found = [one for message in parts.returned for one in message_ids(message, "Message-ID")]
    found += [
        one
        for _kind, block in parts.reports
        for one in message_ids(block, "X-Original-Message-ID", "Original-Message-ID")
    ]
    found += ids_written_in(prose)
    found += message_ids(parts.head, "In-Reply-To", "References")
    return tuple(dict.fromkeys(found))


def _sentence(diagnostic: str, told: str) -> str:
    if diagnostic:
        return diagnostic[:500]
    return next(_lines_that_say(told), "")[:500]


def _lines_that_say(told: str) -> Iterator[str]:
    lines = [line.strip() for line in told.split("\n")]
    yield from (line for line in lines if _TRANSCRIPT.search(line))
    yield from (line for line in lines if line)
