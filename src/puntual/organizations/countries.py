"""What a country suggests for an organization: time zone, currency, and the language its people are likely to read."""

from functools import cache
from importlib.resources import files

from babel.core import get_global
from babel.numbers import get_territory_currencies

from puntual.kernel.money import is_currency

LANGUAGES = ("es", "en", "pt")

# Where the first zone that tzdata lists is not the one most companies of the country keep.
_USUAL_ZONES = {
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "CD": "Africa/Kinshasa",
    "FM": "Pacific/Pohnpei",
    "ID": "Asia/Jakarta",
    "KZ": "Asia/Almaty",
    "MN": "Asia/Ulaanbaatar",
    "RU": "Europe/Moscow",
}


@cache
def _lines() -> list[list[str]]:
    """tzdata's zone.tab, which lists the zones of every ISO 3166-1 code where people live: code, coordinates, zone."""
    text = files("tzdata").joinpath("zoneinfo/zone.tab").read_text()
    return [line.split("\t") for line in text.splitlines() if not line.startswith("#")]


@cache
def _zones() -> dict[str, str]:
    """The usual zone of each country."""
    zones: dict[str, str] = {}
    for country, _coordinates, zone, *_comments in _lines():
        zones.setdefault(country, zone)
    return zones | _USUAL_ZONES


def time_zones() -> tuple[str, ...]:
    """Every zone people live in."""
    return tuple(sorted(line[2] for line in _lines()))


def is_country(code: str) -> bool:
    """Whether `code` is an ISO 3166-1 alpha-2 code in capital letters."""
    return code in _zones()


def usual_time_zone(country: str) -> str:
    """The tzdata zone of the country's business center. Raises KeyError for an unknown country."""
    return _zones()[country]


def countries() -> tuple[str, ...]:
    """Every country's code."""
    return tuple(sorted(_zones()))


def usual_currency(country: str) -> str:
    """The country's own money, by CLDR; "" where it has none that we know."""
    return next(filter(is_currency, get_territory_currencies(country)), "")


@cache
def usual_language(country: str) -> str:
    """The one of our languages that is official in the country, by CLDR; of several the most spoken; else English."""
    spoken = get_global("territory_languages").get(country, {})
    official = {
        language: spoken[language]["population_percent"]
        for language in LANGUAGES
        if spoken.get(language, {}).get("official_status") in {"official", "de_facto_official"}
    }
    return max(official, key=official.__getitem__, default="en")
