"""Texts that Meta approved: read anew, mapped to ours, and judged like ours before they stand for one."""

from typing import Any

import pytest

from puntual.kernel.problems import Problem
from puntual.outreach.actions import map_text, refresh_texts, unmap_text
from puntual.outreach.channels.whatsapp.approved import approved_for, mapping_for
from puntual.outreach.channels.whatsapp.models import ApprovedText, Mapping
from puntual.outreach.tests.build import World
from puntual.outreach.tests.providers import WABA, CloudApi, serving
from puntual.outreach.tests.test_whatsapp import BODY, VARIABLES

KEY = ("friendly", "company", "es")


@pytest.fixture
def meta(settings):
    with serving(CloudApi) as server:
        settings.WHATSAPP_URL = server.whatsapp_url
        yield server


def at_meta(name: str = "aviso", status: str = "APPROVED", body: str = BODY, **pieces: Any) -> dict[str, Any]:
    """A text as the contract's list of message templates has it."""
    components: list[dict[str, Any]] = [{"type": "BODY", "text": body}]
    if "header" in pieces:
        components.insert(0, {"type": "HEADER", "format": "TEXT", "text": pieces["header"]})
    if "footer" in pieces:
        components.append({"type": "FOOTER", "text": pieces["footer"]})
    if "buttons" in pieces:
        components.append({"type": "BUTTONS", "buttons": pieces["buttons"]})
    return {
        "id": "920070352646140",
        "name": name,
        "language": "es",
        "status": status,
        "category": "UTILITY",
        "components": components,
        "rejected_reason": pieces.get("reason", "NONE"),
    }


def text(world: World, **values: Any) -> ApprovedText:
    fields = {
        "name": "aviso",
        "language": "es",
        "state": "approved",
        "body": BODY,
        "checked_at": world.by.now,
        **values,
    }
    return ApprovedText.objects.create(organization_id=world.by.organization_id, **fields)


def mapped(world: World, found: ApprovedText, variables: list[str] | None = None, audience: str = "company") -> Mapping:
    names = VARIABLES if variables is None else variables
    return map_text(world.by, found, template="friendly", audience=audience, language="es-PE", variables=names)


def test_they_are_read_page_after_page(world: World, meta) -> None:
    meta.page = 2
    meta.texts = [at_meta(f"t{n}") for n in range(5)]
    meta.texts[4] = at_meta("t4", "REJECTED", reason="TAG_CONTENT_MISMATCH", header="Hola", footer="Adiós")
    assert refresh_texts(world.by) == 5
    assert [one["path"] for one in meta.asked] == [f"/v23.0/{WABA}/message_templates"] * 3
    last = ApprovedText.objects.get(name="t4")
    assert (last.state, last.said, last.header, last.footer) == ("rejected", "TAG_CONTENT_MISMATCH", "Hola", "Adiós")
    assert ApprovedText.objects.filter(state="approved", body=BODY).count() == 4


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ("APPROVED", "approved"),
        ("PAUSED", "paused"),
        ("DISABLED", "disabled"),
        ("PENDING", "pending"),
        ("NEW_WORD", "pending"),
    ],
)
def test_how_each_stands(world: World, meta, said, state) -> None:
    meta.texts = [at_meta()]
    refresh_texts(world.by)
    mapped(world, ApprovedText.objects.get())
    meta.texts = [at_meta(status=said)]
    refresh_texts(world.by)
    assert ApprovedText.objects.get().state == state
    assert (approved_for(world.by.organization_id) == {KEY}) == (state == "approved")


def test_one_that_is_gone_or_says_something_else_stands_for_nothing(world: World, meta) -> None:
    meta.texts = [at_meta("gone"), at_meta("rewritten")]
    refresh_texts(world.by)
    mapped(world, ApprovedText.objects.get(name="gone"))
    other = ApprovedText.objects.get(name="rewritten")
    map_text(world.by, other, template="firm", audience="company", language="es", variables=VARIABLES)
    meta.texts = [at_meta("rewritten", body="Hola, {{1}}. Le debe {{2}}. Responda BAJA.")]
    refresh_texts(world.by)
    assert ApprovedText.objects.get(name="gone").state == "missing"
    assert approved_for(world.by.organization_id) == frozenset()
    assert [one.template for one in Mapping.objects.all()] == [
        "friendly"
    ]  # it may come back; the other is another text


@pytest.mark.parametrize("code", [190, 100])
def test_what_meta_says_against_it_is_told(world: World, meta, code) -> None:
    meta.fails_with(code)
    with pytest.raises(Problem, match="did not give"):
        refresh_texts(world.by)


def test_where_it_cannot_be_read_it_says_why(world: World, meta, settings) -> None:
    settings.WHATSAPP_URL = meta.whatsapp_url.replace(f"business={WABA}&", "")
    with pytest.raises(Problem, match="names no business"):
        refresh_texts(world.by)
    settings.WHATSAPP_URL = "whatsapp+http://1:t@127.0.0.1:9/v23.0?business=2"
    with pytest.raises(Problem, match="cannot be reached"):
        refresh_texts(world.by)
    settings.WHATSAPP_URL = ""
    with pytest.raises(Problem, match="not set up"):
        refresh_texts(world.by)


def test_a_text_stands_for_ours_until_another_does(world: World) -> None:
    first, second = text(world), text(world, name="otro")
    mapped(world, first)
    kept = mapped(world, second)
    assert Mapping.objects.get() == kept and kept.text == second
    assert mapping_for(world.by.organization_id, "friendly", "es-PE", consumer=False) == kept
    assert mapping_for(world.by.organization_id, "friendly", "es", consumer=True) is None
    assert mapping_for(world.by.organization_id, "friendly", "pt", consumer=False) is None
    unmap_text(world.by, kept)
    assert mapping_for(world.by.organization_id, "friendly", "es", consumer=False) is None


def test_places_with_names_are_filled_in_their_order(world: World) -> None:
    body = BODY.replace("{{1}}", "{{nombre}}").replace("{{2}}", "{{saldo}}").replace("{{3}}", "{{cuenta}}")
    assert mapped(world, text(world, body=body)).variables == VARIABLES


@pytest.mark.parametrize(
    ("values", "variables", "why"),
    [
        ({"header": "Su deuda", "header_kind": "TEXT"}, None, "debt"),
        ({"header": "S/ 4,720.00", "header_kind": "TEXT"}, None, "amount"),
        ({"header": "Hola, {{1}}", "header_kind": "TEXT"}, None, "header"),
        ({"header_kind": "IMAGE"}, None, "header"),
        ({"body": "Su total es {{1}}. De Sembria Talento S.A.C. Responda BAJA."}, ["total"], "amount"),
        ({"body": "Hola, {{1}}.\n\nLe embargaremos la casa. Sembria Talento S.A.C. BAJA"}, ["greeting_name"], "threat"),
        ({"body": BODY.replace("Responda BAJA para no recibir más.", "")}, None, "not to receive"),
        ({"body": BODY.replace("Sembria Talento S.A.C.", "su proveedor")}, None, "creditor"),
        ({"buttons": [{"kind": "URL", "text": "Pagar", "url": "https://x/{{1}}"}]}, None, "button"),
        ({}, ["greeting_name", "total"], "places"),
        ({}, ["greeting_name", "total", "nonsense"], "nonsense"),
        ({}, ["greeting_name", "total", "invoice_list"], "invoice_list"),
        ({}, ["greeting_name", "total", "offer"], "offer"),
    ],
)
def test_what_must_not_go_out_stands_for_nothing(world: World, values, variables, why) -> None:
    with pytest.raises(Problem, match=f"(?i){why}"):
        mapped(world, text(world, **values), variables, audience="consumer")
    assert not Mapping.objects.exists()


@pytest.mark.parametrize(
    "values",
    [
        {"body": BODY.replace("Responda BAJA para no recibir más.", ""), "footer": "Para no recibir más: BAJA"},
        {
            "body": BODY.replace("Responda BAJA para no recibir más.", ""),
            "buttons": [{"kind": "QUICK_REPLY", "text": "Baja", "url": ""}],
        },
        {
            "header": "Sembria Talento S.A.C.",
            "header_kind": "TEXT",
            "body": BODY.replace(" de Sembria Talento S.A.C.", ""),
        },
    ],
)
def test_what_is_fixed_in_it_counts(world: World, values) -> None:
    assert mapped(world, text(world, **values))


@pytest.mark.parametrize(("template", "audience"), [("../x", "company"), ("friendly", "everybody")])
def test_only_texts_of_ours_can_be_stood_for(world: World, template, audience) -> None:
    with pytest.raises(Problem):
        map_text(world.by, text(world), template=template, audience=audience, language="es", variables=VARIABLES)
