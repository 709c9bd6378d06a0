"""E-mail addresses: a check of form, not of existence."""

import re

# The dot-atom of RFC 5322 3.2.3, the lengths of RFC 5321 4.5.3.1, and a domain whose last label is made of letters.
# Quoted local parts and anything beyond ASCII are refused: few mail servers accept them, and in a file they are typing
# errors.
_LOCAL = r"(?=[^@]{1,64}@)[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_DOMAIN = r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})"
_ADDRESS = re.compile(f"{_LOCAL}@{_DOMAIN}", re.IGNORECASE | re.ASCII)


def normalize_email(text: str) -> str | None:
    """The address with its domain in lower case, or None where `text` is not one address.

    The part before the @ is kept as written: only its own server knows whether case matters there (RFC 5321 2.4).
    """
    address = text.strip()
    if len(address) > 254 or not _ADDRESS.fullmatch(address):
        return None
    local, _, domain = address.partition("@")
    return f"{local}@{domain.lower()}"
