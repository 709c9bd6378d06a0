"""A number as a provider writes it and as we keep it: not always the same digits. Pure but for `known_as`."""

import re
from uuid import UUID

from puntual.outreach.points import KINDS
from puntual.parties.models import ContactPoint

_NOT_DIGITS = re.compile(r"\D")
# WhatsApp keeps some numbers by the digits they had before their country changed its plan: Mexico with a 1 and Argentina with a
# 9 after the country code, Brazil without the ninth digit (WhatsApp Business Platform, phone number formats).
_OTHERWISE = (
    (re.compile(r"521(\d{10})"), r"52\1"),
    (re.compile(r"52(\d{10})"), r"521\1"),
    (re.compile(r"549(\d{10})"), r"54\1"),
    (re.compile(r"54(\d{10})"), r"549\1"),
    (re.compile(r"55(\d{2})9(\d{8})"), r"55\1\2"),
    (re.compile(r"55(\d{2})(\d{8})"), r"55\g<1>9\2"),
)


def spellings(number: str) -> tuple[str, ...]:
    """The numbers in E.164 form that a provider's `number` may stand for, itself first; none for what is no number."""
    digits = _NOT_DIGITS.sub("", number)
    if not 6 <= len(digits) <= 15:
        return ()
    others = [form.fullmatch(digits) and form.sub(to, digits) for form, to in _OTHERWISE]
    return tuple(dict.fromkeys(f"+{one}" for one in [digits, *others] if one))


def known_as(organization_id: UUID, channel: str, number: str) -> str:
    """A provider's number as a customer has it, else in E.164 form; "" for what is no number. Must run inside `acting_for`."""
    forms = spellings(number)
    points = ContactPoint.objects.filter(organization_id=organization_id, kind__in=KINDS[channel], value__in=forms)
    known = set(points.values_list("value", flat=True))
    return next((form for form in forms if form in known), forms[0] if forms else "")
