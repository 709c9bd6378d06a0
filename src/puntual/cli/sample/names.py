"""Names of companies and people that do not exist, in the manner of each country. Addresses end in `.example` (RFC 2606)."""

from dataclasses import dataclass
from random import Random

from puntual.kernel.text import fold

_TRADES = (
    "Textiles",
    "Minera",
    "Laboratorios",
    "Transportes",
    "Agroexportadora",
    "Constructora",
    "Clínica",
    "Editorial",
    "Hoteles",
    "Logística",
    "Pesquera",
    "Alimentos",
    "Inmobiliaria",
    "Autopartes",
    "Energías",
    "Cafés",
    "Seguros",
    "Colegio",
    "Molinos",
    "Servicios",
    "Ferretería",
    "Viñas",
    "Semillas",
    "Retail",
)
_STARTS = (
    "Quen",
    "Lonk",
    "Cerr",
    "Mir",
    "And",
    "Pac",
    "Tier",
    "Yum",
    "Vald",
    "Xal",
    "Huam",
    "Lum",
    "Treh",
    "Mont",
    "Sal",
    "Orc",
)
_MIDDLES = ("ar", "ur", "alb", "ahu", "ir", "uel", "erra", "avel", "imir", "ezu", "onc", "and")
_ENDS = ("a", "ia", "én", "ero", "ara", "uma", "oria", "eta", "ón", "ay", "inca", "eña")
_FORMS = {
    "PE": ("S.A.C.", "S.A.", "E.I.R.L.", "S.R.L."),
    "CL": ("SpA", "Ltda.", "S.A."),
    "CO": ("S.A.S.", "Ltda.", "S.A."),
    "MX": ("S.A. de C.V.", "S. de R.L. de C.V."),
    "ES": ("S.L.", "S.A."),
}
_FIRST = (
    "Ana",
    "Luis",
    "Rosa",
    "Carlos",
    "Elena",
    "Jorge",
    "Lucía",
    "Marta",
    "Diego",
    "Patricia",
    "Ignacio",
    "Teresa",
    "Pablo",
    "Claudia",
    "Andrés",
    "Verónica",
    "Raúl",
    "Silvia",
    "Óscar",
    "Julia",
)
_LAST = (
    "Arrieta",
    "Pradenas",
    "Quilodrán",
    "Salvatierra",
    "Montoya",
    "Huertas",
    "Villacorta",
    "Bermúdez",
    "Castañeda",
    "Olivares",
    "Peralta",
    "Zegarra",
    "Echeverri",
    "Robledo",
    "Iturbe",
    "Lozano",
    "Candela",
    "Figueroa",
    "Narváez",
    "Ugarte",
)
_TITLES = ("Tesorería", "Cuentas por pagar", "Administración", "Contabilidad")


@dataclass(frozen=True, slots=True)
class CompanyName:
    """A company's legal name and the part of it that its mail domain is made of."""

    legal: str
    domain: str


def company(random: Random, country: str, taken: set[str]) -> CompanyName:
    """A name nobody in `taken` has yet; it is added there."""
    while True:
        own = random.choice(_STARTS) + random.choice(_MIDDLES) + random.choice(_ENDS)
        short = f"{random.choice(_TRADES)} {own}"
        if short not in taken:
            taken.add(short)
            return CompanyName(f"{short} {random.choice(_FORMS[country])}", fold(own).replace(" ", "") + ".example")


def person(random: Random) -> tuple[str, str]:
    """A name and a position."""
    return f"{random.choice(_FIRST)} {random.choice(_LAST)}", random.choice(_TITLES)


def tax_id(country: str, number: int) -> str:
    """A well-formed tax id with a right check digit, from a range that is not given out; `number` makes it unique."""
    if country == "PE":
        body = f"2099{number:06d}"
        check = (
            11
            - sum(int(digit) * weight for digit, weight in zip(body, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2), strict=True)) % 11
        )
        return body + str(check % 10)
    if country == "CL":
        body = f"99{number:06d}"
        check = 11 - sum(int(digit) * (2 + place % 6) for place, digit in enumerate(reversed(body))) % 11
        return f"{body}-{'0' if check == 11 else 'K' if check == 10 else check}"
    if country == "CO":
        body = f"999{number:06d}"
        weights = (3, 7, 13, 17, 19, 23, 29, 37, 41)
        rest = sum(int(digit) * weight for digit, weight in zip(reversed(body), weights, strict=True)) % 11
        return f"{body}-{rest if rest < 2 else 11 - rest}"
    if country == "ES":
        body = f"99{number:05d}"
        doubled = [sum(divmod(2 * int(digit), 10)) for digit in body[::2]]
        return f"B{body}{(10 - (sum(doubled) + sum(map(int, body[1::2]))) % 10) % 10}"
    return ""  # an RFC follows from a company's name and its founding date; these companies have neither


PHONES = {"PE": "+5117{:06d}", "CL": "+56229{:06d}", "CO": "+5760170{:05d}", "MX": "+525550{:06d}", "ES": "+3491{:07d}"}
