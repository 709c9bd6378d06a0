"""Countries, currencies and time zones by their names in the reader's language, for the forms that ask for them."""

from functools import cache

from babel import Locale
from django.http import HttpRequest

from puntual.desk import formats
from puntual.desk.words import LANGUAGES
from puntual.kernel.money import currencies
from puntual.kernel.text import fold
from puntual.organizations.countries import (
    countries,
    is_country,
    time_zones,
    usual_currency,
    usual_language,
    usual_time_zone,
)

Choices = list[tuple[str, str]]
_USUAL_COUNTRY = {"es": "PE", "pt": "BR", "en": "US"}


def country_choices() -> Choices:
    """Every country, by name."""
    return list(_countries(formats.current().language))


def country_name(code: str) -> str:
    """Perú, for PE; the code where it has no name."""
    return str(formats.current().territories.get(code, code))


def currency_choices() -> Choices:
    """Every currency with its code in front, by code."""
    names = formats.current().currencies
    return [(code, f"{code} · {names.get(code, code)}") for code in currencies()]


def language_choices() -> Choices:
    """The languages messages and pages are written in."""
    return list(LANGUAGES.items())


def zone_choices() -> Choices:
    """Every time zone, by its name."""
    return [(zone, zone.replace("_", " ")) for zone in time_zones()]


def usual(country: str) -> dict[str, str]:
    """What a country suggests: its currency, language and time zone."""
    return {
        "currency": usual_currency(country),
        "language": usual_language(country),
        "time_zone": usual_time_zone(country),
    }


def country_of_reader(request: HttpRequest) -> str:
    """The country the reader's browser names ("es-PE"), else the likeliest for the language."""
    for tag in request.headers.get("Accept-Language", "").split(","):
        region = tag.split(";")[0].strip().replace("_", "-").split("-")[-1].upper()
        if len(region) == 2 and is_country(region) and "-" in tag:
            return region
    return _USUAL_COUNTRY.get(formats.current().language, "PE")


@cache
def _countries(language: str) -> tuple[tuple[str, str], ...]:
    names = Locale(language).territories
    return tuple(sorted(((code, names.get(code, code)) for code in countries()), key=lambda pair: fold(pair[1])))
