"""Names as people search for them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puntual.kernel.text import fold, initials, plain_signs, sheet_name


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Compañía Ñandú S.A.C.", "compania nandu sac"),
        ("PEÑA  SAC", "pena sac"),
        ("Peña S. A. C.", "pena sac"),
        ("Inversiones J.R. Pérez, E.I.R.L.", "inversiones jr perez eirl"),
        ("Grupo Éxito S.A. de C.V.", "grupo exito sa de cv"),
        ("O'Brien & Hijos – Lima_Norte", "o brien hijos lima norte"),
        ("Juan y E Gómez", "juan y e gomez"),
        ("São João", "sao joao"),
        ("Straße №5", "strasse no5"),
        ("  ", ""),
        ("--", ""),
    ],
)
def test_fold(text, folded):
    assert fold(text) == folded


@given(st.text(max_size=40))
def test_a_folded_text_is_its_own_fold_and_has_single_spaces(text):
    folded = fold(text)
    assert fold(folded) == folded
    assert " ".join(folded.split()) == folded


@given(st.text("aeñóüSAC. -", max_size=30))
def test_case_does_not_matter(text):
    assert fold(text.upper()) == fold(text.lower()) == fold(text)


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("María del Pilar Ríos", "MP"),
        ("ángel de la Cruz", "ÁC"),
        ("Acme", "A"),
        ("3M Perú", "3P"),
        ("de la", "DL"),
        ("«Los Andes» S.A.", "AS"),
        ("", ""),
        ("—", ""),
    ],
)
def test_initials(name, letters):
    assert initials(name) == letters


def test_plain_signs():
    assert plain_signs("20‑10—5−1\u00ad2") == "20-10-5-12"
    assert plain_signs("A-1 ñ") == "A-1 ñ"


def test_a_sheets_name_is_one_a_spreadsheet_takes() -> None:
    assert sheet_name("Qué da resultado: Contactos") == "Qué da resultado Contactos"
    assert sheet_name("'a/b[c]'" + "x" * 40) == "a b c '" + "x" * 23
