"""Phone numbers in E.164, by the numbering plans of Google's libphonenumber."""

import phonenumbers


def normalize_phone(text: str, country: str) -> str | None:
    """`text` as E.164, such as "+51987654321", or None where it is not one valid number.

    It is read as dialed in `country` (ISO 3166-1 alpha-2) unless it begins with its own country code. An extension is
    dropped: E.164 has none.
    """
    try:
        number = phonenumbers.parse(text, country.upper())
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def spaced(number: str) -> str:
    """A number in E.164 as people read it: "+51 987 654 321". What is not one comes back as it is."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
