"""Currencies as they are written: ISO codes, signs and words. The bare “$” belongs to many and is never guessed."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from puntual.kernel.money import is_currency
from puntual.kernel.sheets.words import words
from puntual.kernel.text import fold

SHARED: Final = "$"  # the sign of the dollar and of most pesos
LOCAL: Final = "local"  # “moneda nacional”: the creditor's own
PESO: Final = "peso"  # “pesos”: the creditor's own where that is a peso

# Currencies whose everyday sign is the bare “$”.
DOLLAR_SIGNED: Final = words("USD MXN CLP COP ARS UYU DOP CAD AUD NZD SGD HKD TWD BBD TTD JMD BZD CUP")
PESOS: Final = words("MXN CLP COP ARS UYU DOP CUP PHP")

_SIGNS: Final[Mapping[str, str]] = {
    "S/": "PEN",
    "S/.": "PEN",
    "$": SHARED,
    "US$": "USD",
    "$US": "USD",
    "U$S": "USD",
    "U$D": "USD",
    "USD$": "USD",
    "R$": "BRL",
    "€": "EUR",
    "£": "GBP",
    "MX$": "MXN",
    "MXN$": "MXN",
    "CLP$": "CLP",
    "COP$": "COP",
    "COL$": "COP",
    "AR$": "ARS",
    "$U": "UYU",
    "UYU$": "UYU",
    "RD$": "DOP",
    "C$": "NIO",
    "B/.": "PAB",
    "₡": "CRC",
    "₲": "PYG",
    "Q": "GTQ",
    "UF": "CLF",
}
_WORDS: Final[Mapping[str, str]] = {
    word: currency
    for currency, words in {
        "PEN": "sol,soles,nuevo sol,nuevos soles,soles peruanos",
        "USD": "dolar,dolares,dolares americanos,dolar americano,dollar,dollars,us dollar,us dollars,dolar estadounidense"
        ",dolares estadounidenses,us",
        "EUR": "euro,euros",
        "BRL": "real,reais,reales",
        "GBP": "libra,libras,libra esterlina,libras esterlinas,pound,pounds",
        "MXN": "peso mexicano,pesos mexicanos,mxp",
        "CLP": "peso chileno,pesos chilenos",
        "COP": "peso colombiano,pesos colombianos",
        "ARS": "peso argentino,pesos argentinos",
        "UYU": "peso uruguayo,pesos uruguayos",
        "BOB": "boliviano,bolivianos",
        "PYG": "guarani,guaranies",
        "GTQ": "quetzal,quetzales",
        "CLF": "uf,unidad de fomento",
        PESO: "peso,pesos",
        LOCAL: "moneda nacional,moneda local,mn,m n,nacional,local",
    }.items()
    for word in words.split(",")
}
# ISO codes that are words, too: not taken for currencies inside a header.
_WORDLIKE: Final = words("ALL TOP MAD TRY CUP PAB SOS LAK GIP MOP")


def currency_of_sign(sign: str) -> str | None:
    """The currency a sign or code beside an amount stands for; SHARED for “$”; None where it is none."""
    sign = sign.strip().upper()
    return sign if is_currency(sign) else _SIGNS.get(sign)


@lru_cache(maxsize=1 << 10)
def currency_of_word(text: str) -> str | None:
    """The currency a cell names, by code, sign or word; SHARED or LOCAL where that takes more knowledge; else None."""
    if len(text) > 60:
        return None
    return currency_of_sign(text) or _WORDS.get(fold(text))


def currency_in_header(header: str) -> tuple[str, str]:
    """The currency a column's name tells, and the name without it: “Importe (S/)” is PEN and “Importe”."""
    kept = []
    currency = ""
    for token in header.replace("(", " ").replace(")", " ").replace("[", " ").replace("]", " ").split():
        word = token.strip(":,;-")
        found = _SIGNS.get(word.upper()) or (word if is_currency(word) and word not in _WORDLIKE else None)
        found = found or _WORDS.get(fold(word)) if len(word) > 2 else found
        if found and not currency and found not in (LOCAL, PESO):
            currency = found
        else:
            kept.append(token)
    return currency, " ".join(kept)
