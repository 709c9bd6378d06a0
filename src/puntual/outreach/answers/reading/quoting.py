"""What is new in an answer: the sender's own words, without what they quote, their signature apart."""

# ruff: noqa: E501 - a pattern reads best on one line

import re
from dataclasses import dataclass
from typing import Final

_MOST_LINES: Final = 5_000
_LONGEST_LINE: Final = 2_000
_LONGEST_ATTRIBUTION: Final = 400

# "El lun, 23 nov 2026 a las 9:12, Sembria (<a@b>) escribió:", "On Mon, … wrote:", "Em seg., … escreveu:"; it may be on two lines.
_SAID = r"(?:escribi[oó]|wrote|escreveu|a [eé]crit|schrieb|ha scritto)"
_ATTRIBUTION = re.compile(
    rf"^\s*(?:>+\s*)?(?:El|On|Em|No dia|Le|Am|Il|\S{{1,80}}@\S{{1,120}}|.{{0,80}}<\S{{1,80}}@\S{{1,120}}>).{{0,300}}\b{_SAID}\s*:\s*$",
    re.I,
)
_ATTRIBUTION_BEGINS = re.compile(
    r"^\s*(?:El|On|Em|No dia)\b.{0,200}(?:\d{4}|\d{1,2}[:.]\d{2}|<\S{0,120}>?,?|,)\s*.{0,80}$", re.I
)
_SAID_ENDS = re.compile(rf"^.{{0,200}}\b{_SAID}\s*:\s*$", re.I)
_FORWARD = re.compile(
    r"^\s*(?:-{2,}|_{2,})\s*(?:original message|forwarded message|mensaje original|mensaje reenviado|mensagem original|"
    r"mensagem encaminhada|original appointment)\s*(?:-{2,}|_{2,})\s*$|^\s*begin forwarded message:|^\s*inicio del mensaje reenviado:",
    re.I,
)
_OUTLOOK = re.compile(r"^\s*\*?(?:De|From|Von)\s*:\*?\s+\S", re.I)
_OUTLOOK_NEXT = re.compile(r"^\s*\*?(?:Enviado(?: el| em)?|Sent|Fecha|Date|Data|Para|To)\s*:\*?", re.I)
_RULE = re.compile(r"^\s*_{10,}\s*$")
_DASHES = re.compile(r"^--\s?$")
_DEVICE = re.compile(
    r"^\s*(?:enviado desde (?:mi|un|el)|sent from (?:my|a)|enviado (?:do|de) meu|enviado a partir do|obtener outlook para|"
    r"get outlook for|obter o outlook|descarga outlook)\b",
    re.I,
)
_CLOSING = re.compile(
    r"^\s*(?:(?:un |con un )?(?:cordial(?:es)? )?saludos?(?: cordial(?:es)?| cordialmente)?|atentamente|atte|cordialmente|"
    r"(?:muchas )?gracias(?: y saludos)?|quedo atent[oa](?: a .{0,40})?|"
    r"(?:best|kind|warm)(?: regards| wishes)?|regards|sincerely|yours (?:sincerely|faithfully|truly)|many thanks|thanks|thank you|cheers|"
    r"atenciosamente|att|abra[cç]os?|(?:muito )?obrigad[oa]|cumprimentos|sauda[cç][oõ]es)\s*[,.;!]*\s*$",
    re.I,
)
_THANKS = re.compile(r"^\s*(?:muchas gracias|gracias|thanks|thank you|many thanks|(?:muito )?obrigad[oa])\W*$", re.I)


@dataclass(frozen=True, slots=True)
class Own:
    """The sender's words and what stands under them."""

    text: str
    signature: str


def own_words(text: str) -> Own:
    """`text` without quotes: those with ">" wherever they stand, and all that follows the head of a quoted message."""
    kept: list[str] = []
    lines = [line[:_LONGEST_LINE] for line in text.split("\n")[:_MOST_LINES]]
    at = 0
    while at < len(lines):
        if _begins_quote(lines, at):
            break
        step = _attribution(lines, at)
        if step:
            if not _quoted_below(lines, at + step):
                break
            at += step
            continue
        if not lines[at].lstrip().startswith(">"):
            kept.append(lines[at].rstrip())
        at += 1
    return _signed(kept)


def _begins_quote(lines: list[str], at: int) -> bool:
    """An original message without quote signs: everything from here on is it."""
    if _FORWARD.match(lines[at]):
        return True
    if _RULE.match(lines[at]):
        below = next((line for line in lines[at + 1 : at + 4] if line.strip()), "")
        return bool(_OUTLOOK.match(below))
    return bool(_OUTLOOK.match(lines[at])) and any(_OUTLOOK_NEXT.match(line) for line in lines[at + 1 : at + 4])


def _attribution(lines: list[str], at: int) -> int:
    """How many lines say who wrote what follows; 0 where none does."""
    if len(lines[at]) > _LONGEST_ATTRIBUTION:
        return 0
    if _ATTRIBUTION.match(lines[at]):
        return 1
    if _ATTRIBUTION_BEGINS.match(lines[at]):
        for more in (1, 2):
            if at + more < len(lines) and _SAID_ENDS.match(lines[at + more]):
                return more + 1
    return 0


def _quoted_below(lines: list[str], at: int) -> bool:
    below = next((line for line in lines[at : at + 4] if line.strip()), "")
    return below.lstrip().startswith(">")


def _signed(lines: list[str]) -> Own:
    """The words and the signature. A closing word ends the text unless nothing would be left of it."""
    words = False
    for number, line in enumerate(lines):
        ends = _DASHES.match(line) or _DEVICE.match(line) or (_CLOSING.match(line) and len(lines) - number <= 25)
        if words and ends:
            under = number + 1 if _THANKS.match(line) else number
            return Own(_joined(lines[:under]), _joined(lines[under:]))
        words = words or bool(line.strip())
    return Own(_joined(lines), "")


def _joined(lines: list[str]) -> str:
    found: list[str] = []
    for line in lines:
        if line.strip() or (found and found[-1]):
            found.append(line)
    return "\n".join(found).strip()
