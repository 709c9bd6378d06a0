"""An organization's own words: drafted, checked, put into force, kept readable, and left again."""

import pytest
from django.db import IntegrityError, connection, transaction

from conftest import NOW, Cast
from puntual.audit.models import Record
from puntual.kernel.problems import Problem
from puntual.parties.models import Creditor, Party
from puntual.strategies.models import OwnText
from puntual.strategies.own_texts import countries_of, faults, text_for, versions
from puntual.strategies.text_actions import activate_text, drop_draft, use_builtin, write_text
from puntual.strategies.texts import Place, Text, builtin, load

EMAIL, PRIVATE = Place("firm", "email"), Place("firm", "email", "consumer")
BODY = "Hola, {greeting_name}:\n\n¿Qué día podemos contar con el pago?\n\n{signature}\n\n{opt_out}\n"
OURS = Text("Factura {first_number}", "Un mensaje de {creditor_name}", BODY)


@pytest.fixture
def creditors(acting: Cast) -> list[Creditor]:
    return [
        Creditor.objects.create(
            organization_id=acting.id, code=code, name=code, country="PE", currency="PEN", language="es"
        )
        for code in ("first", "second")
    ]


def _body(acting: Cast, creditor: Creditor, *, consumer: bool = False) -> str:
    return text_for(acting.id, creditor.id, "firm", "es-PE", "email", consumer=consumer).text.body


def test_own_words_are_used_from_their_activation_until_going_back(acting: Cast, creditors: list[Creditor]) -> None:
    by, (creditor, _) = acting.actor(), creditors
    theirs = load("firm", "es", "email").body
    draft = write_text(by, EMAIL, "es", OURS)
    assert _body(acting, creditor) == theirs
    first = activate_text(by, draft)
    assert _body(acting, creditor) == BODY
    second = activate_text(
        by, write_text(by, EMAIL, "es", Text(OURS.subject, OURS.subject_private, f"Buen día.\n{BODY}"))
    )
    assert _body(acting, creditor).startswith("Buen día.")
    use_builtin(by, EMAIL, "es")
    assert _body(acting, creditor) == theirs
    kept = versions(acting.id, EMAIL, "es")
    assert [(each.number, each.state) for each in kept] == [(2, "retired"), (1, "retired")]
    assert kept[1].text == OURS and kept[1].retired_at == second.activated_at == NOW
    said = Record.objects.filter(action__endswith="text").order_by("id").values_list("action", "detail__number")
    assert list(said) == [
        ("strategies.write_text", 1),
        ("strategies.activate_text", 1),
        ("strategies.write_text", 2),
        ("strategies.activate_text", 2),
        ("strategies.use_builtin_text", 2),
    ]
    assert first.id == kept[1].id
    with pytest.raises(Problem):
        use_builtin(by, EMAIL, "es")


def test_a_creditor_may_have_words_of_its_own(acting: Cast, creditors: list[Creditor]) -> None:
    by, (first, second) = acting.actor(), creditors
    activate_text(by, write_text(by, EMAIL, "es", OURS))
    activate_text(by, write_text(by, EMAIL, "es", Text("a", "b", f"Del primero.\n\n{BODY}"), first))
    assert _body(acting, first).startswith("Del primero.") and _body(acting, second) == BODY
    use_builtin(by, EMAIL, "es", first)
    assert _body(acting, first) == BODY


def test_what_is_written_for_persons_reaches_no_company(acting: Cast, creditors: list[Creditor]) -> None:
    by, (creditor, _) = acting.actor(), creditors
    before = _body(acting, creditor)
    activate_text(
        by, write_text(by, PRIVATE, "es", Text("Un mensaje de {creditor_name}", "", f"Para usted.\n\n{BODY}"))
    )
    assert _body(acting, creditor, consumer=True).startswith("Para usted.") and _body(acting, creditor) == before
    found = text_for(acting.id, creditor.id, "firm", "es", "email", consumer=True)
    assert found.own and found.text.subject == found.text.subject_private == "Un mensaje de {creditor_name}"


def test_the_built_in_text_for_persons_goes_before_own_words_for_companies(
    acting: Cast, creditors: list[Creditor]
) -> None:
    activate_text(acting.actor(), write_text(acting.actor(), EMAIL, "es", OURS))
    theirs = builtin(PRIVATE, "es")
    assert _body(acting, creditors[0], consumer=True) == (theirs.body if theirs else BODY)


@pytest.mark.parametrize("body", [f"Procederemos al embargo.\n\n{BODY}", f"Son {{amount}}.\n\n{BODY}"])
def test_what_must_not_go_out_stays_a_draft(acting: Cast, body: str) -> None:
    by = acting.actor()
    draft = write_text(by, EMAIL, "es", Text("a", "b", body))
    with pytest.raises(Problem, match=r"embargo|amount"):
        activate_text(by, draft)
    assert OwnText.objects.get().state == "draft"
    drop_draft(by, EMAIL, "es")
    assert not OwnText.objects.exists()
    with pytest.raises(Problem):
        drop_draft(by, EMAIL, "es")


def test_a_draft_is_one_and_written_over(acting: Cast) -> None:
    by = acting.actor()
    write_text(by, EMAIL, "es", OURS)
    again = write_text(by, EMAIL, "es", Text("a", "b", "Otra\r\ncosa   \n"))
    assert OwnText.objects.count() == 1 and again.body == "Otra\ncosa\n" and again.number == 1


@pytest.mark.parametrize(
    ("place", "language", "text"),
    [
        (Place("../firm", "email"), "es", OURS),
        (Place("firm", "fax"), "es", OURS),
        (EMAIL, "fr", OURS),
        (EMAIL, "es", Text("a", "b", " \n")),
        (EMAIL, "es", Text("a", "b", "x" * 20_001)),
        (EMAIL, "es", Text("a" * 301, "b", "x")),
    ],
)
def test_what_cannot_be_kept(acting: Cast, place: Place, language: str, text: Text) -> None:
    with pytest.raises(Problem):
        write_text(acting.actor(), place, language, text)


def test_words_that_were_in_force_stay_as_they_were(acting: Cast) -> None:
    by = acting.actor()
    active = activate_text(by, write_text(by, EMAIL, "es", OURS))
    for sql in (
        "UPDATE strategies_owntext SET body = 'x' WHERE id = %s",
        "UPDATE strategies_owntext SET state = 'draft' WHERE id = %s",
        "DELETE FROM strategies_owntext WHERE id = %s",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, [active.id])
    with pytest.raises(Problem):
        activate_text(by, active)


def test_the_countries_of_the_customers_decide_what_is_asked(acting: Cast) -> None:
    assert countries_of(acting.id) == {"PE"}
    bare = Text("a", "b", "Hola\n\n{creditor_name}\n")
    assert "no_document" not in {fault.code for fault in faults(acting.id, EMAIL, "es", bare)}
    Party.objects.create(organization_id=acting.id, name="Ana", search_name="ana", country="BR")
    assert "no_document" in {fault.code for fault in faults(acting.id, EMAIL, "es", bare)}


def test_a_letter_without_words_of_its_own_uses_the_own_e_mail(acting: Cast, creditors: list[Creditor]) -> None:
    by, mine = acting.actor(), Place("ours", "email")
    activate_text(by, write_text(by, mine, "es", OURS))
    for channel in ("email", "letter"):
        assert text_for(acting.id, creditors[0].id, "ours", "es", channel, consumer=True).text == OURS
    with pytest.raises(Problem):
        text_for(acting.id, creditors[0].id, "ours", "es", "sms", consumer=False)
