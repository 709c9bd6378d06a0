"""Segments on their pages: what the builder counts as one writes, what is kept, the order and the manual of each."""

import re
from decimal import Decimal
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from puntual.desk.tests.book import Book
from puntual.parties.models import Customer
from puntual.strategies.actions import activate, import_draft
from puntual.strategies.builtin import builtin
from puntual.strategies.manual import to_toml
from puntual.strategies.models import Assignment, StoredSegment
from puntual.strategies.segment_actions import store_segment
from puntual.strategies.segment_queries import kept_segments
from puntual.strategies.segments import Condition, Segment, from_toml
from puntual.strategies.segments import to_toml as segments_to_toml
from puntual.tenancy.scope import acting_for

SEGMENTS = "/o/sembria/manual/segments/"
NEW, TRY = f"{SEGMENTS}new", f"{SEGMENTS}try"
LATE = {
    "name": "Muy atrasados",
    "row": ["0", "3"],
    "0-field": "days_overdue",
    "0-operator": "at_least",
    "0-value": "30",
    "3-field": "overdue",
    "3-operator": "at_least",
    "3-PEN-sum": "1,000.00",
    "3-USD-sum": "",
}
HTMX = {"HX-Request": "true"}


def text(client: Client, address: str, **data: object) -> str:
    return client.get(address, data).content.decode()


@pytest.fixture
def owing(book: Book) -> Book:
    """Ana owes much since long, Beto little, Carla nothing that is due."""
    for name, late, amount in (("Ana", 45, "4720.00"), ("Beto", 45, "80.00"), ("Carla", -10, "4720.00")):
        book.invoice(book.customer(name), f"F-{name}", amount, due=-late)
    return book


def test_the_builder_counts_and_shows_who_as_one_writes(owing: Book, owner: Client) -> None:
    assert "3 clientes" in text(owner, NEW)
    found = owner.post(TRY, LATE, headers=HTMX).content.decode()
    assert "1 cliente" in found and "Ana" in found and "Beto" not in found
    found = owner.post(TRY, {**LATE, "row": ["0"]}, headers=HTMX).content.decode()
    assert "2 clientes" in found and "Beto" in found
    unfinished = owner.post(TRY, {**LATE, "3-PEN-sum": "mil"}, headers=HTMX).content.decode()
    assert "2 clientes" in unfinished and "no es un monto" in unfinished
    assert not StoredSegment.objects.exists()


def test_rows_come_and_go_and_a_new_field_begins_afresh(owing: Book, owner: Client) -> None:
    page = owner.post(TRY, {**LATE, "add": "1"}, headers=HTMX).content.decode()
    assert 'name="row" value="4"' in page
    page = owner.post(TRY, {**LATE, "remove": "0"}, headers=HTMX).content.decode()
    assert 'name="row" value="0"' not in page and 'value="1,000.00"' in page
    changed = {**LATE, "row": ["0"], "0-field": "country", "0-was": "days_overdue"}
    page = owner.post(TRY, changed, headers=HTMX).content.decode()
    assert 'name="0-value" value="PE"' in page and 'value="is"' in page
    again = owner.post(NEW, {**LATE, "add": "1"})  # the same without a script
    assert again.status_code == 200 and 'name="row" value="4"' in again.content.decode()


def test_it_is_kept_changed_and_deleted(owing: Book, owner: Client) -> None:
    assert owner.post(NEW, LATE).status_code == 302
    with owing.inside():
        (kept,) = kept_segments(owing.cast.id)
    overdue = Condition("overdue", "at_least", {"PEN": Decimal("1000.00")})
    assert kept.code == "muy-atrasados" and kept.conditions[1].value == overdue.value
    page = text(owner, SEGMENTS)
    assert "Muy atrasados" in page and "PEN 1,000.00" in page
    one = f"{SEGMENTS}of/muy-atrasados"
    assert 'value="1,000.00"' in text(owner, one)
    trying = owner.post(TRY, {**LATE, "code": "muy-atrasados", "row": ["0"]}, headers=HTMX).content.decode()
    assert "entraría" in trying
    assert owner.post(one, {**LATE, "row": ["0"]}).status_code == 302
    with owing.inside():
        assert len(kept_segments(owing.cast.id)[0].conditions) == 1
    assert "2 clientes" in text(owner, f"{one}/delete")
    assert owner.post(f"{one}/delete").status_code == 302
    assert not StoredSegment.objects.exists()
    assert owner.get(one).status_code == 404


def test_what_cannot_be_kept_comes_back_as_it_was_written(owing: Book, owner: Client) -> None:
    for wrong in ({"name": " "}, {"0-value": ""}, {"0-value": "diez"}, {"0-value": "99999"}):
        answer = owner.post(NEW, {**LATE, **wrong})
        assert answer.status_code == 422, wrong
        assert 'aria-describedby="wrong-' in answer.content.decode(), wrong  # beside its field
    assert not StoredSegment.objects.exists()


def test_the_order_decides_whose_manual_counts(owing: Book, owner: Client) -> None:
    by = owing.by()
    with owing.inside():
        store_segment(by, Segment("all", "Todos"))
        store_segment(by, Segment("late", "Atrasados", (Condition("days_overdue", "at_least", 1),)))
        other = activate(by, import_draft(by, to_toml(builtin("en")))).strategy
    for code in ("all", "late"):
        assert owner.post(f"{SEGMENTS}of/{code}/strategy", {"strategy": other.id}).status_code == 302
    page = text(owner, SEGMENTS)
    assert "3 clientes lo siguen" in page and "0 clientes lo siguen" in page
    owner.post(f"{SEGMENTS}of/late/move", {"by": "-1"})
    page = text(owner, SEGMENTS)
    assert page.index("Atrasados") < page.index("Todos") and "2 clientes lo siguen" in page
    assert "1 cliente lo sigue" in page
    # who saw it without a manual of its own takes away none that somebody gave it meanwhile
    again = owner.post(
        f"{SEGMENTS}of/late/strategy", {"strategy": "", "seen": str(owing.version.strategy_id)}, follow=True
    )
    assert "Entretanto alguien le dio otro manual a «Atrasados»" in again.content.decode()
    with owing.inside():
        assert Assignment.objects.filter(segment__isnull=False).count() == 2
    owner.post(f"{SEGMENTS}of/late/strategy", {"strategy": "", "seen": other.id})
    with owing.inside():
        assert Assignment.objects.filter(segment__isnull=False).count() == 1
        assert [one.code for one in from_toml(owner.get(f"{SEGMENTS}toml").content.decode())] == ["late", "all"]
    assert owner.post(f"{SEGMENTS}of/late/strategy", {"strategy": "nothing"}).status_code == 404


def test_the_customers_page_names_the_segment(owing: Book, owner: Client) -> None:
    by = owing.by()
    with owing.inside():
        store_segment(by, Segment("late", "Atrasados", (Condition("days_overdue", "at_least", 1),)))
        other = activate(by, import_draft(by, to_toml(builtin("en")))).strategy
        owner.post(f"{SEGMENTS}of/late/strategy", {"strategy": other.id})
    with owing.inside():
        ana, carla = Customer.objects.get(name="Ana"), Customer.objects.get(name="Carla")
    page = text(owner, f"/o/sembria/customers/{ana.id}")
    assert "Atrasados" in page and other.name in page
    assert "Atrasados" not in text(owner, f"/o/sembria/customers/{carla.id}")


def test_who_may_only_look_changes_nothing(owing: Book, client: Client) -> None:
    with owing.inside():
        store_segment(owing.by(), Segment("late", "Atrasados"))
    client.force_login(owing.cast.colleague)
    assert client.get(SEGMENTS).status_code == 200
    assert client.get(f"{SEGMENTS}of/late").status_code == 200
    for address in (NEW, f"{SEGMENTS}of/late", f"{SEGMENTS}of/late/move", f"{SEGMENTS}of/late/delete"):
        assert client.post(address, LATE).status_code == 403, address


def test_another_organizations_segment_is_not_there(owing: Book, owner: Client) -> None:
    other = owing.cast.other_organization
    with acting_for(other.id):
        StoredSegment.objects.create(organization_id=other.id, code="theirs", name="Theirs", position=0)
    for tail in ("", "/move", "/strategy", "/delete"):
        assert owner.post(f"{SEGMENTS}of/theirs{tail}", LATE).status_code == 404
    assert "Theirs" not in text(owner, SEGMENTS)


def test_segments_come_from_a_file_and_go_to_one(book: Book, owner: Client) -> None:
    def upload(text: str):
        return owner.post(f"{SEGMENTS}import", {"file": SimpleUploadedFile("segments.toml", text.encode())})

    kept = (
        Segment("big", "Los grandes", (Condition("days_overdue", "at_least", 30),)),
        Segment("all", "Todos", ()),
    )
    assert "Los grandes" not in owner.get(SEGMENTS).content.decode()
    assert upload(segments_to_toml(kept)).headers["Location"] == SEGMENTS
    assert owner.get(f"{SEGMENTS}toml").content.decode() == segments_to_toml(kept)
    assert upload(segments_to_toml((kept[1], Segment("big", "Grandes", kept[0].conditions)))).status_code == 302
    with book.inside():
        assert [one.name for one in kept_segments(book.cast.id)] == ["Todos", "Grandes"]
    for wrong in ("", "[[segment]]\ncode = 'x'", segments_to_toml(kept).replace("days_overdue", "days")):
        assert upload(wrong).status_code == 422, wrong
    with book.inside():
        assert [one.name for one in kept_segments(book.cast.id)] == ["Todos", "Grandes"]


def test_a_row_that_no_page_of_ours_has_is_passed_over(owing: Book, owner: Client) -> None:
    for number in ("²", "9" * 5000, "x"):
        assert owner.post(TRY, {**LATE, "row": [number, "0"], "remove": number}, headers=HTMX).status_code == 200


def test_the_second_to_build_on_a_segment_sees_what_the_first_made_of_it(owing: Book, owner: Client) -> None:
    """Two have the builder open; the conditions stand together, so what the first kept is told as one sentence."""
    with acting_for(owing.cast.id):
        store_segment(owing.by(), Segment("late", "Atrasados", (Condition("days_overdue", "at_least", 30),)))
    here = f"{SEGMENTS}of/late"
    seen = opened(owner, here)
    assert (
        owner.post(here, {**LATE, "row": ["0"], "0-value": "45", "name": "Atrasados", "seen": seen}).status_code == 302
    )
    mine = {**LATE, "row": ["0"], "0-value": "60", "name": "Muy atrasados", "seen": seen}
    answer = owner.post(here, mine)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Entretanto alguien lo cambió a «Atrasados: " in page and "45" in page
    assert 'value="60"' in page and 'value="Muy atrasados"' in page  # nothing typed is lost
    tried = owner.post(TRY, {**mine, "code": "late"}, headers=HTMX).content.decode()
    assert unescape(seen_in(tried)) == seen  # trying does not hide that it was overtaken
    assert owner.post(here, {**mine, "seen": unescape(seen_in(page))}).status_code == 302
    with acting_for(owing.cast.id):
        assert [one.name for one in kept_segments(owing.cast.id)] == ["Muy atrasados"]


def opened(client: Client, address: str) -> str:
    return unescape(seen_in(text(client, address)))


def seen_in(page: str) -> str:
    found = re.search(r'name="seen" value="([^"]*)"', page)
    assert found, "not watched"
    return found[1]
