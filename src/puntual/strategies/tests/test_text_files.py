"""Own texts as a file: the same bytes out and in, and mistakes named by text and field."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import Cast
from puntual.kernel.problems import Problem
from puntual.parties.actions import create_creditor
from puntual.strategies.models import OwnText
from puntual.strategies.own_texts import filed
from puntual.strategies.text_actions import activate_text, import_texts, write_text
from puntual.strategies.text_files import FiledText, from_toml, to_toml
from puntual.strategies.texts import AUDIENCES, Place, Text

WORDS = Text("Su factura", "Un mensaje", 'Hola, {greeting_name}:\n\nQueda \\{total} "hoy".\n\n{signature}\n')
CLEAN = Text("Su factura", "Un mensaje", "Hola, {greeting_name}:\n\nQueda {total} de {customer_name}.\n\n{signature}\n")
ONE = FiledText(Place("our_way", "email"), "es", "", WORDS)

_said = st.text(st.characters(exclude_categories=("Cs",)), max_size=60)
_code = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,9}", fullmatch=True)
_places = st.builds(Place, _code, st.sampled_from(("email", "sms", "call")), st.sampled_from(AUDIENCES))
_texts = st.builds(Text, _said, _said, _said.filter(str.strip))
_filed = st.builds(FiledText, _places, st.sampled_from(("es", "en", "pt")), st.one_of(st.just(""), _code), _texts)


@given(st.lists(_filed, min_size=1, max_size=4, unique_by=lambda one: one[:3]))
def test_a_file_comes_back_byte_for_byte(texts: list[FiledText]) -> None:
    file = to_toml(texts)
    assert set(from_toml(file)) == set(texts)
    assert to_toml(from_toml(file)) == file


def test_a_text_is_readable_in_its_file() -> None:
    assert to_toml([ONE]) == (
        '[[text]]\ntemplate = "our_way"\nchannel = "email"\naudience = "company"\nlanguage = "es"\nsubject = "Su factura"\n'
        'subject_private = "Un mensaje"\nbody = """\nHola, {greeting_name}:\n\nQueda \\\\{total} \\"hoy\\".\n\n{signature}\n"""\n'
    )


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("text = 5", "begins with"),
        ("", "begins with"),
        ("[[step]]\ncode = 'x'", "begins with"),
        ("[[text]", "valid TOML"),
        (to_toml([ONE]).replace("channel", "chanel"), "no field chanel"),
        (to_toml([ONE]).replace('language = "es"', "language = 5"), "1, language"),
        (to_toml([ONE]).replace('template = "our_way"\n', ""), "1, template"),
        (to_toml([ONE]).replace('"company"', '"everybody"'), "company, consumer"),
        (to_toml([ONE]) + to_toml([ONE]), "2 stands in the file twice"),
    ],
)
def test_a_mistake_is_named(file: str, said: str) -> None:
    with pytest.raises(Problem) as problem:
        from_toml(file)
    assert said in str(problem.value)


def test_what_differs_becomes_a_draft_and_nothing_else(acting: Cast) -> None:
    by = acting.actor()
    creditor = create_creditor(by, code="A", name="A", country="PE", currency="PEN", language="es")
    place = Place("our_way", "email")
    activate_text(by, write_text(by, place, "es", CLEAN))
    file = to_toml([*filed(acting.id), FiledText(place, "es", "A", CLEAN)])
    assert 'creditor = "A"' in file
    [draft] = import_texts(by, file)
    assert (draft.creditor, draft.state, draft.text) == (creditor, "draft", CLEAN)
    activate_text(by, draft)
    assert to_toml(filed(acting.id)) == file and import_texts(by, file) == []


def test_a_file_with_a_mistake_keeps_nothing(acting: Cast) -> None:
    good = FiledText(Place("our_way", "email"), "es", "", CLEAN)
    for bad in (good._replace(creditor="nobody"), good._replace(language="de"), good._replace(place=Place("a", "fax"))):
        with pytest.raises(Problem):
            import_texts(acting.actor(), to_toml([good, bad]))
    assert not OwnText.objects.exists()
