"""Tax ids by country: checked so that a doubt can be flagged, never refused.

The check digits are python-stdnum's; ours is which kind of number a shape is, and whether it stands for a natural or a
legal person. Tax offices make exceptions, so `valid` is a hint to a person, not a rule.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from stdnum.ar import cuit
from stdnum.br import cnpj, cpf
from stdnum.cl import rut
from stdnum.co import nit
from stdnum.do import cedula, rnc
from stdnum.ec import ci
from stdnum.ec import ruc as ec_ruc
from stdnum.es import nif
from stdnum.mx import rfc
from stdnum.pe import ruc as pe_ruc
from stdnum.pt import nif as pt_nif

from puntual.kernel.text import plain_signs

Person = Literal["natural", "legal"]


@dataclass(frozen=True, slots=True)
class TaxIdCheck:
    """What a tax id looks like.

    `normalized` is in capitals without separators; `kind` is its usual name, such as "RUC". `valid` is None where
    nothing can be checked (another country, no check digit given, empty), False where the shape or the check digit is
    wrong. `person` is None where the number does not tell.
    """

    normalized: str
    kind: str | None
    valid: bool | None
    person: Person | None


@dataclass(frozen=True, slots=True)
class _Kind:
    name: str
    shape: str
    person: Person | None
    valid: Callable[[str], bool | None]


def _well_formed(_number: str) -> bool:
    return True


def _unknown(_number: str) -> None:
    return None


def _ecuadorian_company(number: str) -> bool | None:
    # The SRI no longer computes check digits for companies: one that fits confirms, one that does not says nothing.
    return ec_ruc.is_valid(number) or None


# In each country the first shape that fits decides.
_KINDS: dict[str, tuple[_Kind, ...]] = {
    "PE": (
        _Kind("RUC", r"1\d{10}", "natural", pe_ruc.is_valid),
        _Kind("RUC", r"20\d{9}", "legal", pe_ruc.is_valid),
        _Kind("DNI", r"\d{8}", "natural", _well_formed),
    ),
    "CL": (  # from 50 million on the numbers belong to legal persons
        _Kind("RUT", r"[5-9]\d{7}[\dK]", "legal", rut.is_valid),
        _Kind("RUT", r"\d{7,8}[\dK]", "natural", rut.is_valid),
    ),
    "CO": (  # companies have nine digits from 8 or 9 on; a cédula of ten begins with 1
        _Kind("NIT", r"[89]\d{9}", "legal", nit.is_valid),
        _Kind("NIT", r"\d{9}|1\d{10}", "natural", nit.is_valid),
        _Kind("CC", r"\d{6,8}|1\d{9}", "natural", _unknown),
        _Kind("NIT", r"\d{10}", None, nit.is_valid),
    ),
    "MX": (  # the two generic ones of the SAT, for the general public and for foreigners, are nobody's
        _Kind("RFC", r"X[AE]XX010101000", None, _well_formed),
        _Kind("RFC", r"[A-Z&Ñ]{3}\d{6}[A-Z\d]{3}", "legal", rfc.is_valid),
        _Kind("RFC", r"[A-Z&Ñ]{4}\d{6}[A-Z\d]{3}", "natural", rfc.is_valid),
    ),
    "ES": (
        _Kind("NIF", r"[\dKLM]\d{7}[A-Z]", "natural", nif.is_valid),
        _Kind("NIE", r"[XYZ]\d{7}[A-Z]", "natural", nif.is_valid),
        _Kind("CIF", r"[A-HJNP-SUVW]\d{7}[A-J\d]", "legal", nif.is_valid),
    ),
    "AR": (
        _Kind("CUIT", r"2\d{10}", "natural", cuit.is_valid),
        _Kind("CUIT", r"3\d{10}", "legal", cuit.is_valid),
        _Kind("CUIT", r"5\d{10}", None, cuit.is_valid),
        _Kind("DNI", r"\d{7,8}", "natural", _well_formed),
    ),
    "BR": (  # a CNPJ may hold letters since July 2026 (IN RFB 2.229/2024)
        _Kind("CPF", r"\d{11}", "natural", cpf.is_valid),
        _Kind("CNPJ", r"[A-Z\d]{12}\d{2}", "legal", cnpj.is_valid),
    ),
    "EC": (
        _Kind("RUC", r"\d\d[0-5]\d{10}", "natural", ec_ruc.is_valid),
        _Kind("RUC", r"\d\d9\d{10}", "legal", _ecuadorian_company),
        _Kind("RUC", r"\d{13}", None, _ecuadorian_company),
        _Kind("CI", r"\d{10}", "natural", ci.is_valid),
    ),
    "DO": (
        _Kind("RNC", r"\d{9}", "legal", rnc.is_valid),
        _Kind("Cédula", r"\d{11}", "natural", cedula.is_valid),
    ),
    "PT": (
        _Kind("NIF", r"(?:[1238]\d|45)\d{7}", "natural", pt_nif.is_valid),
        _Kind("NIF", r"[5679]\d{8}", "legal", pt_nif.is_valid),
    ),
}
_SEPARATORS = re.compile(r"[\s.,/_-]+")


def check_tax_id(country: str, value: str) -> TaxIdCheck:
    """Check `value` as a tax id of `country` (ISO 3166-1 alpha-2). Never raises: what is odd is only flagged."""
    country = country.upper()
    plain = plain_signs(value).upper()
    number = _SEPARATORS.sub("", plain)
    if country in {"CL", "ES", "PT"}:  # written with the country's letters as a VAT number
        number = number.removeprefix(country)
    if country == "CL":
        number = number.lstrip("0")
    if not number or country not in _KINDS:
        return TaxIdCheck(number, None, None, None)
    if country == "CO" and re.fullmatch(r"[89]\d{8}", number, re.ASCII) and "-" not in plain:
        # A company's NIT is often written without its check digit; with it, both ways of writing meet.
        return TaxIdCheck(number + nit.calc_check_digit(number), "NIT", None, "legal")
    for kind in _KINDS[country]:
        if re.fullmatch(kind.shape, number, re.ASCII):
            return TaxIdCheck(number, kind.name, kind.valid(number), kind.person)
    return TaxIdCheck(number, None, False, None)
