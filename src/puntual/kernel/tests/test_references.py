"""ISO 11649 references and document keys."""

from string import ascii_uppercase, digits

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puntual.kernel.problems import Problem
from puntual.kernel.references import creditor_reference, document_key, is_creditor_reference, parse

BODIES = st.text(digits + ascii_uppercase, min_size=1, max_size=21)


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("AB2G5", "RF68AB2G5"),
        ("ab 2g5", "RF68AB2G5"),
        ("1234512345", "RF451234512345"),
        ("539007547034", "RF18539007547034"),
    ],
)
def test_known_references(text, reference):
    assert creditor_reference(text) == reference
    assert is_creditor_reference(reference)


@pytest.mark.parametrize("text", ["", "F001-23", "Ñ1", "١٢٣", "1" * 22])
def test_what_no_reference_can_hold(text):
    with pytest.raises(Problem, match="1 to 21 letters and digits"):
        creditor_reference(text)


@pytest.mark.parametrize(
    "text", ["", "RF", "RF68", "RF69AB2G5", "68AB2G5", "XX68AB2G5", "RF68AB2G5-", "RF00" + "1" * 22, "RF٦٨AB2G5"]
)
def test_what_is_no_reference(text):
    assert not is_creditor_reference(text)
    with pytest.raises(Problem, match="not a valid payment reference"):
        parse(text)


def test_a_reference_is_read_in_groups_and_small_letters():
    assert parse("rf45 1234 5123 45") == "1234512345"


@given(BODIES)
def test_there_and_back(body):
    assert parse(creditor_reference(body)) == body


@given(BODIES, st.data())
def test_one_mistyped_digit_or_letter_is_detected(body, data):
    # A digit for a digit or a letter for a letter: the length stays, and 97 is prime. A letter for a digit moves the
    # rest of the number by a place, and about one such error in 97 passes: the standard promises no more.
    reference = creditor_reference(body)
    position = data.draw(st.integers(2, len(reference) - 1))
    kind = digits if reference[position] in digits else ascii_uppercase
    wrong = data.draw(st.sampled_from(kind.replace(reference[position], "")))
    assert not is_creditor_reference(reference[:position] + wrong + reference[position + 1 :])


@given(BODIES, st.data())
def test_two_neighbors_exchanged_are_detected(body, data):
    reference = creditor_reference(body)
    position = data.draw(st.integers(2, len(reference) - 2))
    one, other = reference[position : position + 2]
    if one != other and (one in digits) == (other in digits):
        assert not is_creditor_reference(reference[:position] + other + one + reference[position + 2 :])


@pytest.mark.parametrize(
    ("number", "key"),
    [
        ("F001-00012345", "F001-00012345"),
        ("  f001-00012345 ", "F001-00012345"),
        ("F001–00012345", "F001-00012345"),
        ("F001−00012345", "F001-00012345"),
        ("\ufeffF001-\u200b00012345", "F001-00012345"),
        ("F001\u00a0\t 12", "F001 12"),
        ("Ｆ００１-１２", "F001-12"),
        ("0001930438", "0001930438"),
        ("001/23", "001/23"),
        ("1E10", "1E10"),
        ("2E-15", "2E-15"),
        ("12.5", "12.5"),
        ("straße 1", "STRASSE 1"),
    ],
)
def test_document_keys(number, key):
    assert document_key(number) == key


def test_leading_zeros_and_separators_tell_documents_apart():
    assert len({document_key(number) for number in ("001-23", "1-23", "00123", "001 23", "001/23")}) == 5


@pytest.mark.parametrize("number", ["1.930438e+09", "1.93E+09", "1,93E+09", "2E+15", " 1.930438E9 ", "1.93E–5"])
def test_a_number_in_scientific_notation_is_refused(number):
    with pytest.raises(Problem, match="shortened"):
        document_key(number)


@pytest.mark.parametrize("number", ["", "   ", "\u200b"])
def test_a_missing_number_is_refused(number):
    with pytest.raises(Problem, match="no number"):
        document_key(number)


@given(st.text(min_size=1, max_size=30))
def test_a_key_is_its_own_key(number):
    try:
        key = document_key(number)
    except Problem:
        return
    assert document_key(key) == key
    assert key == key.strip()
