"""Words for negotiating under Manual: read, written, refused, gone back from, filed; used by desk and document."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from conftest import Cast, make_member
from puntual.desk.tests.work import plan, text
from puntual.outreach.tests.build import World
from puntual.strategies.models import Version
from puntual.strategies.scripts.models import OwnScript
from puntual.tenancy.scope import acting_for

PAGES = "/o/sembria/manual/negotiation/"
ONE = f"{PAGES}unknown/es"
WORDS = {
    "goal": "Entender, y quedar en algo.",
    "opening": "Buen día, le habla {caller_name}.\r\n¿Le parece si lo vemos?",
    "questions": "¿Qué día le queda bien?",
    "why": "",
    "steps": "Escuche.",
    "notes": "Qué dijo.",
    "says_0": "Ya pagué.",
    "answer_0": "Gracias: ¿qué día?",
    "says_1": "",
    "answer_1": "",
}


def _kept(cast: Cast) -> list[str]:
    with acting_for(cast.id):
        return [one.content["goal"] for one in OwnScript.objects.all()]


def test_own_words_are_used_wherever_one_negotiates(cast: Cast, world: World, owner: Client) -> None:
    assert "tal como vienen con Puntual" in text(owner, PAGES)
    assert "Saber qué pasó" in text(owner, ONE)
    assert owner.post(ONE, WORDS).status_code == 302
    assert _kept(cast) == ["Entender, y quedar en algo."]
    assert "1 situación" in text(owner, PAGES) and "whose own" in text(owner, PAGES)
    assert "whose own" not in text(owner, f"{PAGES}?language=pt")
    customer_id = plan(world, "Textiles Quenara S.A.").customer_id
    with acting_for(cast.id):
        version = Version.objects.get(state="active")
    asked = text(owner, f"/o/sembria/customers/{customer_id}/negotiation?situation=unknown")
    assert "Entender, y quedar en algo." in asked and "Ya pagué." in asked and "Buen día, le habla " in asked
    paper = text(owner, f"/o/sembria/manual/versions/{version.id}/document?for=team&language=es")
    assert "Entender, y quedar en algo." in paper and "Gracias: ¿qué día?" in paper
    pdf = owner.get(f"/o/sembria/manual/versions/{version.id}/document.pdf?for=team&language=es")
    assert pdf.status_code == 200 and pdf.content[:4] == b"%PDF"
    assert "Entender" not in text(owner, f"/o/sembria/manual/versions/{version.id}/document?for=customers&language=es")
    owner.post(f"{ONE}/builtin")
    assert _kept(cast) == [] and "Saber qué pasó" in text(owner, ONE)


def test_what_must_not_be_said_is_refused_beside_its_field_and_stays_typed(
    cast: Cast, world: World, owner: Client
) -> None:
    bad = {**WORDS, "answer_0": "Entonces habrá embargo.", "steps": "Diga {total}."}
    answer = owner.post(ONE, bad)
    page = answer.content.decode()
    assert answer.status_code == 422 and _kept(cast) == []
    assert "«embargo» amenaza" in page and "Entonces habrá embargo." in page
    assert 'id="id_answer_0_error"' in page and 'id="id_steps_error"' in page
    missing = owner.post(ONE, {**WORDS, "says_0": ""})
    assert missing.status_code == 422 and _kept(cast) == []


def test_whoever_does_not_keep_the_manual_reads_only(cast: Cast, world: World) -> None:
    collector = Client()
    collector.force_login(make_member(cast.organization, "collector", "c@sembria.pe"))
    page = text(collector, ONE)
    assert "disabled" in page and 'name="goal"' in page
    assert collector.post(ONE, WORDS).status_code == 403 and _kept(cast) == []


def test_a_file_goes_out_and_comes_back(cast: Cast, world: World, owner: Client) -> None:
    owner.post(ONE, WORDS)
    file = owner.get(f"{PAGES}toml").content.decode()
    assert 'goal = "Entender, y quedar en algo."' in file
    changed = SimpleUploadedFile("n.toml", file.replace("Entender", "Comprender").encode())
    assert owner.post(f"{PAGES}import", {"file": changed}).status_code == 302
    assert _kept(cast) == ["Comprender, y quedar en algo."]
    bad = SimpleUploadedFile("n.toml", file.replace("Escuche.", "Amenace con la cárcel.").encode())
    assert owner.post(f"{PAGES}import", {"file": bad}).status_code == 422
    assert _kept(cast) == ["Comprender, y quedar en algo."]


def test_no_such_situation_or_language(cast: Cast, world: World, owner: Client) -> None:
    for where in (f"{PAGES}moon/es", f"{PAGES}unknown/fr"):
        assert owner.get(where).status_code == 404 == owner.post(where, WORDS).status_code
