"""Own words for negotiating: kept, checked as every text is, filed and read back; and the built-in ones again."""

from dataclasses import replace

import pytest

from conftest import Cast
from puntual.audit.models import Record
from puntual.kernel.problems import Problem
from puntual.strategies.negotiation import SITUATIONS, Objection, Question, Script, as_content, read_script, script
from puntual.strategies.scripts.actions import import_scripts, use_builtin_script, write_script
from puntual.strategies.scripts.checking import MOST, faults_in_script, tidy
from puntual.strategies.scripts.files import FiledScript, from_toml, to_toml
from puntual.strategies.scripts.models import OwnScript
from puntual.strategies.scripts.queries import filed_scripts, script_for
from puntual.strategies.steps import LANGUAGES

BUILTIN = script("unknown", "es")
OURS = replace(
    BUILTIN, goal="Entender, y quedar en algo.", opening=("Buen día, {customer_name}: ¿le parece si lo vemos?",)
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("situation", SITUATIONS)
def test_the_built_in_words_would_be_accepted_and_come_back_the_same(situation: str, language: str) -> None:
    one = script(situation, language)
    assert tidy(one) == one == read_script(as_content(one))
    assert faults_in_script(one, language) == ()


def test_own_words_go_before_the_built_in_ones_in_their_language(acting: Cast) -> None:
    by = acting.actor()
    write_script(by, "es", OURS)
    assert script_for(acting.id, "unknown", "es-PE") == OURS
    assert script_for(acting.id, "unknown", "en") == script("unknown", "en")
    assert script_for(acting.id, "neither", "es") == script("neither", "es")
    write_script(by, "es", replace(OURS, goal="Otra meta."))
    assert OwnScript.objects.count() == 1 and script_for(acting.id, "unknown", "es").goal == "Otra meta."
    use_builtin_script(by, "unknown", "es")
    assert script_for(acting.id, "unknown", "es") == BUILTIN
    with pytest.raises(Problem, match="nothing to go back"):
        use_builtin_script(by, "unknown", "es")
    said = Record.objects.filter(action__endswith="_script").order_by("id")
    assert [entry.action for entry in said] == ["strategies.write_script"] * 2 + ["strategies.use_builtin_script"]
    assert said[1].detail["before"]["goal"] == OURS.goal, "what was said before stays on record"


@pytest.mark.parametrize(
    ("part", "change", "code"),
    [
        ("opening", {"opening": ("Vamos a embargar su cuenta.",)}, "threat"),
        ("goal", {"goal": "Que el deudor pague."}, "debtor"),
        ("questions", {"questions": (*BUILTIN.questions, Question("¿Por qué no ha pagado?"))}, "why"),
        (
            "objections",
            {"objections": (Objection("¿Y si no?", "Lo sabrá su jefe: le avisaremos a su jefe."),)},
            "third_party",
        ),
        ("steps", {"steps": ("Dígale que va al juzgado.",)}, "court"),
        ("why", {"questions": (*BUILTIN.questions, Question("¿No le da vergüenza?", why=True))}, "shame"),
        ("opening", {"opening": ("Son {amount}.",)}, "unfillable"),
        ("steps", {"steps": ("Diga {total}.",)}, "unfillable"),
        ("opening", {"opening": ("Son {total.",)}, "unfillable"),
    ],
)
def test_what_must_not_be_said_is_found_where_it_stands(part: str, change: dict[str, object], code: str) -> None:
    found = faults_in_script(replace(BUILTIN, **change), "es")  # type: ignore[arg-type]
    assert (part, code) in {(one.part, one.fault.code) for one in found}


def test_what_the_customer_says_and_asking_why_where_it_says_so_is_no_fault(acting: Cast) -> None:
    said = replace(
        BUILTIN,
        questions=(*BUILTIN.questions, Question("¿Por qué no ha pagado?", why=True)),
        objections=(Objection("¿Me va a embargar?", "No. Veamos qué es posible."),),
    )
    assert faults_in_script(said, "es", {"no_question_why"}) == ()
    with pytest.raises(Problem, match="embargo"):
        write_script(acting.actor(), "es", replace(BUILTIN, opening=("Habrá embargo.",)))
    assert not OwnScript.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"goal": " "},
        {"opening": ()},
        {"questions": (Question("¿A qué se debe?", why=True),)},
        {"objections": (Objection("Ya pagué.", ""),)},
        {"notes": tuple(map(str, range(MOST + 1)))},
        {"steps": ("a" * 601,)},
    ],
)
def test_what_is_missing_or_too_long_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(Problem):
        tidy(replace(BUILTIN, **change))  # type: ignore[arg-type]


def test_files_come_back_byte_for_byte_and_only_changes_are_kept(acting: Cast) -> None:
    every = [FiledScript(language, script(code, language)) for language in LANGUAGES for code in SITUATIONS]
    file = to_toml(every)
    assert from_toml(file) == tuple(every) and to_toml(from_toml(file)) == file
    by = acting.actor()
    write_script(by, "es", OURS)
    own = to_toml(filed_scripts(acting.id))
    assert import_scripts(by, own) == []
    changed = own.replace("Entender", "Comprender")
    assert len(import_scripts(by, changed)) == 1 and script_for(acting.id, "unknown", "es").goal.startswith(
        "Comprender"
    )
    bad = changed + "\n" + to_toml([FiledScript("es", replace(script("neither", "es"), goal="Que el deudor pague."))])
    with pytest.raises(Problem, match="no word for a customer"):
        import_scripts(by, bad.replace("Comprender", "Saber"))
    assert script_for(acting.id, "unknown", "es").goal.startswith("Comprender"), "nothing of a refused file is kept"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("[[situation]]", "[[text]]"), "begins with"),
        (('code = "unknown"', 'code = "moon"'), "moon"),
        (('language = "es"', 'language = "fr"'), "fr"),
        (("goal = ", "aim = "), "aim"),
        (("goal = ", "goal = 3 #"), "goal"),
        (("answer = ", "reply = "), "reply"),
        (("says = ", "answer = 3 #"), "TOML|objection"),
        (("goal = ", "goal "), "valid TOML"),
    ],
)
def test_a_file_that_cannot_be_read_says_where(change: tuple[str, str], said: str) -> None:
    with pytest.raises(Problem, match=said):
        from_toml(to_toml([FiledScript("es", BUILTIN)]).replace(*change))


def test_another_organization_keeps_its_own(acting: Cast) -> None:
    write_script(acting.actor(), "es", OURS)
    other = acting.id.__class__(int=1)
    assert isinstance(script_for(other, "unknown", "es"), Script) and script_for(other, "unknown", "es") == BUILTIN
