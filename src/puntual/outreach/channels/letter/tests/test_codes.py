"""A letter's code, the post's numbers, and an address in a window: what is typed, scanned and printed."""

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from puntual.kernel.problems import Problem
from puntual.outreach.channels.letter.codes import MOST, letter_code, read_code
from puntual.outreach.channels.letter.postal import address_lines, paper
from puntual.outreach.channels.letter.references import read_references
from puntual.outreach.channels.letter.services import offered, service_of, services, was_had


@given(st.integers(1, 999_999), st.integers(1, MOST))
def test_a_code_is_read_as_it_was_made(batch, place) -> None:
    code = letter_code(batch, place)
    assert read_code(code) == read_code(f" {code.replace('-', ' ')} ") == read_code(code.replace("-", "")) == code


@given(st.integers(1, 999_999), st.integers(1, MOST), st.data())
def test_one_wrong_digit_is_noticed(batch, place, data) -> None:
    digits = letter_code(batch, place).replace("-", "")
    at = data.draw(st.integers(0, len(digits) - 1))
    other = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != digits[at]]))
    with pytest.raises(Problem, match="not the code"):
        read_code(digits[:at] + other + digits[at + 1 :])


@pytest.mark.parametrize("text", ["", "12", "RR123456785PE", "12-0345", "hola 12-0345-97"])
def test_what_is_no_code(text) -> None:
    with pytest.raises(Problem):
        read_code(text)


ONE, TWO = letter_code(12, 1), letter_code(12, 2)


@pytest.mark.parametrize(
    "text",
    [
        f"{ONE},RR1\n{TWO},RR2\n",
        f"Carta;Número\r\n{ONE};RR1\r\n{TWO};RR2",
        f"\ufeffRR1\t{ONE}\n\nRR2\t{TWO}\n",
        f'"{ONE}","RR1"\n"{TWO}","RR2"',
        f"{ONE},RR1\n{ONE},RR1\n{TWO},RR2\n{ONE};",
    ],
)
def test_the_posts_numbers_in_the_shapes_they_come_in(text) -> None:
    assert read_references(text) == {ONE: "RR1", TWO: "RR2"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{ONE},RR1\nsomething,else", "Line 2"),
        (f"{ONE},RR1\n{ONE},RR2", "another number"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(text, said) -> None:
    with pytest.raises(Problem, match=said):
        read_references(text)


def lines(address: str, **changes: object) -> list[str]:
    known = {"to_country": "PE", "from_country": "PE", "attention": "Attn. {person}", "sender": Locale("es", "PE")}
    return address_lines("Textiles Andinos", changes.pop("person", ""), address, **{**known, **changes})


def test_an_address_stands_in_the_window() -> None:
    assert lines("Jr. Las Begonias 415, piso 7, urbanización El Rosario, Lima 15046", person="Elvira Ríos") == [
        "Textiles Andinos",
        "Attn. Elvira Ríos",
        "Jr. Las Begonias 415, piso 7",
        "urbanización El Rosario, Lima 15046",
    ]
    assert lines("Calle Uno 3\n28001 Madrid", to_country="ES")[-2:] == ["28001 Madrid", "ESPAÑA"]
    assert lines("a\nb\nc\nd\ne\nf")[-1] == "d, e, f"
    assert lines("Calle Uno 3", person="TEXTILES ANDINOS") == ["Textiles Andinos", "Calle Uno 3"]
    assert (paper("PE"), paper("MX")) == ("a4", "us-letter")


def test_every_service_names_what_stands_behind_it() -> None:
    for one in services().values():
        assert one.source and one.confidence in "VQSM" and one.counts == {"delivered"}
    assert offered("PE")[0].code == "pe-notarial"
    assert was_had("es-burofax", "delivered") and not was_had("es-burofax", "refused") and not was_had("", "unclaimed")
    with pytest.raises(Problem, match="no way of posting"):
        service_of("pigeon")
