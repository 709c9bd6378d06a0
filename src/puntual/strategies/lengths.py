"""How long a message is where length costs or is limited: SMS in segments (3GPP TS 23.038), WhatsApp in characters. Pure."""

from dataclasses import dataclass
from typing import Literal

WHATSAPP_MOST = 1024
"""Characters in the body of a WhatsApp template message (WhatsApp Business Platform, message templates)."""
SMS_MOST = 3
"""Segments of one SMS: more is dear, and reads like a letter."""
SUBJECT_MOST = 120
"""Characters of a subject, filled in: no mail program shows more."""

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")  # an escape and a sign: two units
_SINGLE = {"GSM-7": 160, "UCS-2": 70}
_PART = {"GSM-7": 153, "UCS-2": 67}


@dataclass(frozen=True, slots=True)
class SmsLength:
    """The size of an SMS. `costly` are the signs, in order, that made it UCS-2: 70 units a segment instead of 160."""

    encoding: Literal["GSM-7", "UCS-2"]
    units: int
    segments: int
    costly: tuple[str, ...]


def sms_length(text: str) -> SmsLength:
    """How many segments a text takes as an SMS. Over one, each segment gives 7 (or 3) units to being put together.

    A sign that takes two units (an escape sequence, a surrogate pair) is never split, so a segment may end one unit early.
    """
    costly = tuple(dict.fromkeys(sign for sign in text if sign not in _BASIC and sign not in _EXTENDED))
    encoding: Literal["GSM-7", "UCS-2"] = "UCS-2" if costly else "GSM-7"
    sizes = [_units(sign, encoding) for sign in text]
    units = sum(sizes)
    if units <= _SINGLE[encoding]:
        return SmsLength(encoding, units, 1 if text else 0, costly)
    segments, used = 1, 0
    for size in sizes:
        if used + size > _PART[encoding]:
            segments, used = segments + 1, 0
        used += size
    return SmsLength(encoding, units, segments, costly)


def _units(sign: str, encoding: str) -> int:
    if encoding == "UCS-2":
        return 2 if ord(sign) > 0xFFFF else 1
    return 2 if sign in _EXTENDED else 1
