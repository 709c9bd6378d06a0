"""Tax ids are flagged, never refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puntual.kernel.tax_ids import check_tax_id

COUNTRIES = ["PE", "CL", "CO", "MX", "ES", "AR", "BR", "EC", "DO", "PT"]


@pytest.mark.parametrize(
    ("country", "value", "normalized", "kind", "valid", "person"),
    [
        ("PE", "20512333797", "20512333797", "RUC", True, "legal"),
        ("pe", " 20-51233379-7 ", "20512333797", "RUC", True, "legal"),
        ("PE", "20–51233379–7", "20512333797", "RUC", True, "legal"),
        ("PE", "20512333798", "20512333798", "RUC", False, "legal"),
        ("PE", "10054148289", "10054148289", "RUC", True, "natural"),
        ("PE", "05414828", "05414828", "DNI", True, "natural"),
        ("PE", "5414828", "5414828", None, False, None),
        ("PE", "2.0512333797E+10", "20512333797E+10", None, False, None),
        ("CL", "76.086.428-5", "760864285", "RUT", True, "legal"),
        ("CL", "CL 076086428-5", "760864285", "RUT", True, "legal"),
        ("CL", "76.086.428-4", "760864284", "RUT", False, "legal"),
        ("CL", "12.531.909-2", "125319092", "RUT", True, "natural"),
        ("CO", "860.002.964-4", "8600029644", "NIT", True, "legal"),
        ("CO", "860002964", "8600029644", "NIT", None, "legal"),
        ("CO", "860002964-5", "8600029645", "NIT", False, "legal"),
        ("CO", "80123456-4", "801234564", "NIT", True, "natural"),
        ("CO", "1020304050", "1020304050", "CC", None, "natural"),
        ("CO", "79123456", "79123456", "CC", None, "natural"),
        ("MX", "MAB-930714-8T4", "MAB9307148T4", "RFC", True, "legal"),
        ("MX", "GODE561231GR8", "GODE561231GR8", "RFC", True, "natural"),
        ("MX", "GODE561331GR8", "GODE561331GR8", "RFC", False, "natural"),
        ("MX", "GODE561231", "GODE561231", None, False, None),
        ("MX", "XAXX010101000", "XAXX010101000", "RFC", True, None),
        ("ES", "54362315-K", "54362315K", "NIF", True, "natural"),
        ("ES", "54362315-Z", "54362315Z", "NIF", False, "natural"),
        ("ES", "x-2482300w", "X2482300W", "NIE", True, "natural"),
        ("ES", "ES A13585625", "A13585625", "CIF", True, "legal"),
        ("AR", "20-05536168-2", "20055361682", "CUIT", True, "natural"),
        ("AR", "30-50001091-2", "30500010912", "CUIT", True, "legal"),
        ("BR", "390.533.447-05", "39053344705", "CPF", True, "natural"),
        ("BR", "231.002.999-00", "23100299900", "CPF", False, "natural"),
        ("BR", "16.727.230/0001-97", "16727230000197", "CNPJ", True, "legal"),
        ("BR", "12.ABC.345/01DE-35", "12ABC34501DE35", "CNPJ", True, "legal"),
        ("EC", "1714307103", "1714307103", "CI", True, "natural"),
        ("EC", "1714307103001", "1714307103001", "RUC", True, "natural"),
        ("EC", "1714307104001", "1714307104001", "RUC", False, "natural"),
        ("EC", "1792060346001", "1792060346001", "RUC", True, "legal"),
        (
            "EC",
            "1793213150001",
            "1793213150001",
            "RUC",
            None,
            "legal",
        ),  # registered, though its check digit does not fit
        ("DO", "1-01-85004-3", "101850043", "RNC", True, "legal"),
        ("DO", "001-1391820-5", "00113918205", "Cédula", True, "natural"),
        ("PT", "PT 501 964 843", "501964843", "NIF", True, "legal"),
        ("PT", "501964842", "501964842", "NIF", False, "legal"),
        ("US", "12-3456789", "123456789", None, None, None),
        ("", "123", "123", None, None, None),
        ("PE", "", "", None, None, None),
        ("PE", " - ", "", None, None, None),
    ],
)
def test_tax_ids(country, value, normalized, kind, valid, person):
    check = check_tax_id(country, value)
    assert (check.normalized, check.kind, check.valid, check.person) == (normalized, kind, valid, person)


@given(st.sampled_from(COUNTRIES), st.text(max_size=20) | st.from_regex(r"[A-Z0-9Ñ&٣².-]{7,15}", fullmatch=True))
def test_nothing_a_file_can_hold_raises(country, value):
    check = check_tax_id(country, value)
    assert check.valid in (True, False, None)
    assert check.kind is not None or not check.valid


@given(st.sampled_from(COUNTRIES), st.from_regex(r"[0-9A-Z]{7,14}", fullmatch=True))
def test_a_normalized_id_says_the_same_again(country, value):
    check = check_tax_id(country, value)
    if check.valid:
        assert check_tax_id(country, check.normalized) == check
