"""The texts' pages: whose words there are, writing and checking them, and reading them as a customer would."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from conftest import Cast, make_member
from puntual.desk.tests.work import HTMX, LIST, plan, text
from puntual.desk.text_list import listed
from puntual.outreach.tests.build import World
from puntual.parties.models import Creditor
from puntual.strategies.models import OwnText
from puntual.strategies.text_actions import activate_text
from puntual.strategies.text_files import FiledText, to_toml
from puntual.strategies.texts import Place, Text
from puntual.tenancy.scope import acting_for

TEXTS = "/o/sembria/manual/texts/"
FRIENDLY = f"{TEXTS}friendly/email/company/es"
WORDS = {
    "subject": "Factura {first_number}",
    "subject_private": "Un mensaje de {creditor_name}",
    "body": "Buen día, {greeting_name}:\r\n\r\nQuedan {total} por pagar.\r\n\r\n{signature}\r\n\r\n{opt_out}\r\n",
}


def _kept(cast: Cast) -> list[tuple[int, str]]:
    with acting_for(cast.id):
        return list(OwnText.objects.order_by("number").values_list("number", "state"))


def test_the_list_says_whose_words_each_channel_has(cast: Cast, world: World, owner: Client) -> None:
    before = text(owner, TEXTS)
    assert "Los textos, tal como vienen con Puntual" in before and "friendly" in before
    assert "whose own" not in before
    owner.post(f"{FRIENDLY}/write", {**WORDS, "do": "activate"})
    after = text(owner, TEXTS)
    assert "1 texto es suyo" in after and "whose own" in after
    assert "whose own" not in text(owner, f"{TEXTS}?language=pt")
    assert text(owner, f"{TEXTS}?audience=consumer&language=es").count("whose own") == 0


def test_writing_activating_and_going_back(cast: Cast, world: World, owner: Client) -> None:
    activity = plan(world, "Textiles Quenara S.A.")
    draft = owner.post(f"{FRIENDLY}/write", {**WORDS, "do": "draft"}, follow=True).content.decode()
    assert "Queda como borrador." in draft and "Quedan {total} por pagar." in draft
    assert "Quedan S/" not in text(owner, f"{LIST}{activity.pk}")
    owner.post(f"{FRIENDLY}/write", {**WORDS, "do": "activate"})
    assert _kept(cast) == [(1, "active")]
    assert "Quedan S/\xa04,720.00 por pagar." in text(owner, f"{LIST}{activity.pk}")
    owner.post(f"{FRIENDLY}/builtin")
    assert _kept(cast) == [(1, "retired")]
    page = text(owner, FRIENDLY)
    assert "Versión 1" in page and "Quedan {total} por pagar." in page
    assert "Quedan S/" not in text(owner, f"{LIST}{activity.pk}")


def test_what_must_not_go_out_is_refused_and_stays_typed(cast: Cast, world: World, owner: Client) -> None:
    bad = {**WORDS, "body": f"Procederemos al embargo.\r\n\r\n{WORDS['body']}", "do": "activate"}
    answer = owner.post(f"{FRIENDLY}/write", bad)
    page = answer.content.decode()
    assert answer.status_code == 422 and "«embargo» amenaza" in page and "Procederemos" in page
    assert _kept(cast) == []
    owner.post(f"{FRIENDLY}/write", {**bad, "do": "draft"})
    assert _kept(cast) == [(1, "draft")]
    owner.post(f"{FRIENDLY}/drop")
    assert _kept(cast) == []


def test_what_is_typed_is_checked_and_tried_at_once(cast: Cast, world: World, owner: Client) -> None:
    plan(world, "Textiles Quenara S.A.")
    typed = {**WORDS, "subject_private": "Su factura {first_number}"}
    part = owner.post(f"{FRIENDLY}/check", typed, headers=HTMX).content.decode()
    assert "<html" not in part
    assert "Asunto para personas naturales" in part and "{first_number}" in part
    assert "Quedan S/\xa04,720.00 por pagar." in part and "Textiles Quenara S.A." in part
    unfillable = owner.post(f"{FRIENDLY}/check", {**WORDS, "body": "Son {monto}"}, headers=HTMX).content.decode()
    assert "Línea 1" in unfillable and "{monto}" in unfillable and "Quedan" not in unfillable
    assert _kept(cast) == []


def test_the_customer_is_searched_and_chosen(world: World, owner: Client) -> None:
    plan(world, "Textiles Quenara S.A.")
    chosen = plan(world, "Retail Andahuara S.A.", amount="15.00").customer_id
    found = owner.post(f"{FRIENDLY}/check", {**WORDS, "q": "andah"}, headers=HTMX).content.decode()
    assert f'value="{chosen}"' in found and "Retail Andahuara" in found
    tried = owner.post(
        f"{FRIENDLY}/check", {**WORDS, "q": "andah", "chosen": str(chosen)}, headers=HTMX
    ).content.decode()
    assert "Quedan S/\xa015.00 por pagar." in tried and 'class="found"' not in tried
    assert "S/\xa015.00" in text(owner, f"{FRIENDLY}?chosen={chosen}")
    assert "No se encontró nada" in text(owner, f"{FRIENDLY}?q=zzz")
    with acting_for(world.by.organization_id):
        paid = world.customer("Sin Saldo S.A.C.")
    nothing = text(owner, f"{FRIENDLY}?chosen={paid.id}")
    assert "Sin Saldo S.A.C. no recibiría nada hoy" in nothing and "Con valores de ejemplo" in nothing


def test_without_customers_it_is_read_with_examples(world: World, owner: Client) -> None:
    page = text(owner, f"{TEXTS}firm/sms/consumer/es")
    assert "Con valores de ejemplo" in page and "SMS" in page
    assert "Con valores de ejemplo" in text(owner, f"{TEXTS}firm/call/company/pt")
    assert text(owner, f"{TEXTS}one-of-ours/whatsapp/company/es").count("Todavía no hay palabras") == 1


def test_who_may_not_change_the_manual_reads_it(cast: Cast, world: World, client: Client, morning: None) -> None:
    client.force_login(make_member(cast.organization, "collector", "reader@sembria.example"))
    page = text(client, FRIENDLY)
    assert "disabled" in page and "Poner en vigor" not in page
    for verb in ("check", "write", "builtin", "drop"):
        assert client.post(f"{FRIENDLY}/{verb}", WORDS).status_code == 403


@pytest.mark.parametrize(
    "where",
    [
        "friendly/fax/company/es",
        "friendly/email/nobody/es",
        "friendly/email/company/fr",
        "Friendly/email/company/es",
        "friendly/email/company/es?creditor=x",
        "friendly/email/company/es?creditor=01a2007a-d159-7156-8ee1-51b1206574e7",
    ],
)
def test_what_is_not_there(world: World, owner: Client, where: str) -> None:
    assert owner.get(f"{TEXTS}{where}").status_code == 404


def test_one_creditor_may_have_its_own_words(cast: Cast, world: World, owner: Client) -> None:
    with acting_for(cast.id):
        second = Creditor.objects.create(
            organization_id=cast.id, code="b", name="Otra S.A.C.", country="PE", currency="PEN", language="es"
        )
    assert "Todos los acreedores" in text(owner, TEXTS)
    owner.post(f"{FRIENDLY}/write?creditor={second.id}", {**WORDS, "do": "activate"})
    assert "Solo para Otra S.A.C." in text(owner, f"{FRIENDLY}?creditor={second.id}")
    assert "whose own" in text(owner, f"{TEXTS}?creditor={second.id}") and "whose own" not in text(owner, TEXTS)


def test_a_template_of_ones_own_is_begun_and_found_again(owner: Client, cast: Cast) -> None:
    given = {"template": "key_accounts", "channel": "email", "language": "es", "audience": "company"}
    for wrong in ({"template": "Key accounts"}, {"template": "firm"}, {"channel": "fax"}, {"language": "de"}):
        assert owner.post("/o/sembria/manual/texts/new", {**given, **wrong}).status_code == 422, wrong
    there = owner.post("/o/sembria/manual/texts/new", given).headers["Location"]
    assert there == "/o/sembria/manual/texts/key_accounts/email/company/es"
    assert owner.get(there).status_code == 200
    words = {"subject": "Su factura", "subject_private": "Un mensaje", "body": "Hola, {greeting_name}:\n\n{signature}"}
    assert owner.post(f"{there}/write", words).status_code == 302
    assert "key_accounts" in owner.get("/o/sembria/manual/texts/").content.decode()


def test_texts_go_to_a_file_and_come_from_one_as_drafts(owner: Client, cast: Cast) -> None:
    body = "Hola, {greeting_name}:\n\nQueda {total} de {customer_name}.\n\n{signature}\n"
    file = to_toml([FiledText(Place("key_accounts", "email"), "es", "", Text("Su factura", "Un mensaje", body))])

    def upload(text: str):
        return owner.post("/o/sembria/manual/texts/import", {"file": SimpleUploadedFile("t.toml", text.encode())})

    assert upload("[[text]]").status_code == 422
    assert upload(file).headers["Location"] == "/o/sembria/manual/texts/"
    assert owner.get("/o/sembria/manual/texts/toml").content == b"", "a draft is not in force"
    with acting_for(cast.id):
        activate_text(cast.actor(), OwnText.objects.get())
    assert owner.get("/o/sembria/manual/texts/toml").content.decode() == file


@pytest.mark.parametrize("language", ["es", "en", "pt"])
def test_every_text_that_comes_with_puntual_has_a_name_to_be_read(cast: Cast, language: str) -> None:
    with acting_for(cast.id):
        found = listed(cast.id, language, "company", {}, language)
    assert [row.template for row in (*found.used, *found.others) if row.name == row.template] == []
