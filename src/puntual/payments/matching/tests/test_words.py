"""Numbers, references and names as banks pass them on."""

import pytest

from puntual.kernel.references import creditor_reference
from puntual.payments.matching.words import find_numbers, find_references, name_words, number_keys


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("F001-00012345", "PAGO FACT F001-00012345"),
        ("F001-00012345", "pago f001 12345"),
        ("F001-00012345", "F00100012345"),
        ("F001-00012345", "fact. F1-12345 y F1-12346"),
        ("F001-00012345", "FACTURA F001–00012345"),  # a dash as typed by a telephone
        ("2026/0153", "INV 2026-153"),
        ("NF 8812-1", "nf 8812-1"),
        ("A-770", "transf. A-0770"),
        ("1234567", "pago de 1234567"),
    ],
)
def test_a_number_is_found_as_people_type_it(number: str, text: str) -> None:
    assert number_keys(number).full & find_numbers([text]).full


@pytest.mark.parametrize("text", ["FO01-OOO12345", "F001-0001Z345", "FO01 OO01234S", "F001-000I2345"])
def test_look_alikes_are_mended_and_known_for_it(text: str) -> None:
    found = find_numbers([text])
    keys = number_keys("F001-00012345")
    assert not keys.full & found.full
    assert keys.mended & found.mended


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("F001-00012345", "F001-00012346"),
        ("F001-00012345", "F002-00012345"),
        ("F001-00012345", "12345"),  # its tail, which tells less
        ("12", "12 DE MARZO"),
        ("1234", "1234"),
        ("ABC", "ABC"),
    ],
)
def test_what_is_not_the_number_in_full(number: str, text: str) -> None:
    assert not number_keys(number).full & find_numbers([text]).full


def test_the_tail_of_a_number() -> None:
    assert number_keys("F001-00012345").tail == "12345"
    assert number_keys("2026-015").tail == ""  # three digits are anybody's
    assert "12345" in find_numbers(["fact 0012345"]).tails


REFERENCE = creditor_reference("A1B2C3D4E5F6")


@pytest.mark.parametrize(
    "text",
    [
        REFERENCE,
        f"/ROC/{REFERENCE}/",
        " ".join(REFERENCE[start : start + 4] for start in range(0, len(REFERENCE), 4)),
        f"REF {REFERENCE.lower()} GRACIAS",
        f"{REFERENCE} 2026",
    ],
)
def test_a_structured_reference_is_found(text: str) -> None:
    assert REFERENCE in find_references([text])


def test_a_mistyped_reference_is_none() -> None:
    wrong = REFERENCE[:-1] + ("7" if REFERENCE[-1] != "7" else "8")
    assert not find_references([wrong, "RFID 99 TRANSFER", "RF"])


def test_names_by_their_telling_words() -> None:
    assert name_words("Inversiones Peña S.A.C.") == name_words("INVERSIONES PENA SAC") == {"inversiones", "pena"}
    assert name_words("La Compañía S.A.") == {"la", "compania", "sa"}  # nothing else is left
