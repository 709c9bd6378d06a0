"""Notes: whom they name, who finds them in the inbox, and who may take them back."""

import pytest

from conftest import Cast, make_member
from puntual.audit.actions import Actor
from puntual.audit.models import Record
from puntual.kernel.problems import Problem
from puntual.outreach.actions import record_contact, see_mentions, withdraw_note
from puntual.outreach.models import Activity, Mention
from puntual.outreach.notes.naming import named
from puntual.outreach.notes.queries import mentions, unseen
from puntual.outreach.tests.build import make_world

TEAM = {1: "Ana", 2: "Ana Ruiz", 3: "José Peña", 4: "carla@sembria.example", 5: ""}


@pytest.mark.parametrize(
    ("text", "whom"),
    [
        ("@Ana, ¿lo ves?", [1]),
        ("@Ana Ruiz lo ve", [2]),
        ("@ana ruiz y @jose pena", [2, 3]),
        ("(@José  Peña)", [3]),
        ("@carla@sembria.example", [4]),
        ("@José, ¿lo ves? @carla también", [3, 4]),
        ("escriba a pagos@Ana.example", []),
        ("@Anabel", []),
        ("Ana Ruiz", []),
        ("@", []),
        ("", []),
    ],
)
def test_whom_a_note_names(text: str, whom: list[int]) -> None:
    assert named(text, TEAM) == whom


def test_two_of_one_name_are_both_meant() -> None:
    assert named("@Ana", {1: "Ana", 2: "ANA"}) == [1, 2]
    assert named("@Ana", {1: "Ana Ruiz", 2: "Ana Paz", 3: "Luis"}) == [1, 2]


def test_who_is_named_finds_it_until_it_is_read(acting: Cast) -> None:
    world = make_world(acting.actor())
    customer = world.customer("Viñas del Sur")
    make_member(acting.organization, "accountant", "carla@sembria.example")
    text = "@Colleague y @Owner: mandan la orden el martes. @Outsider no es de aquí."
    note = record_contact(acting.actor(), customer, channel="internal", direction="out", note=text)
    theirs = Actor(acting.id, world.by.now, world.by.today, acting.colleague.id, "Colleague")
    assert [one.activity_id for one in unseen(theirs)] == [note.pk]
    assert not mentions(acting.actor()).exists(), "who wrote it is not told"
    assert Mention.objects.filter(organization_id=acting.id).count() == 1
    with pytest.raises(Mention.DoesNotExist):
        see_mentions(acting.actor(), unseen(theirs).get().pk)
    assert see_mentions(theirs) == 1
    assert see_mentions(theirs) == 0
    assert mentions(theirs).count() == 1
    assert not unseen(theirs).exists()


def test_a_note_is_withdrawn_by_its_author_or_by_who_decides(acting: Cast) -> None:
    world = make_world(acting.actor())
    customer = world.customer("Viñas del Sur")
    colleague = Actor(acting.id, world.by.now, world.by.today, acting.colleague.id, "Colleague")

    def note(by: object, channel: str = "internal") -> Activity:
        return record_contact(by, customer, channel=channel, direction="out", note="Para @Owner y @Colleague")

    with pytest.raises(Problem, match="Only whoever wrote it"):
        withdraw_note(colleague, note(acting.actor()), "No va")
    own = note(colleague)
    with pytest.raises(Problem, match="Say why"):
        withdraw_note(colleague, own, " ")
    with pytest.raises(Problem, match="Only a note of the team"):
        withdraw_note(colleague, note(colleague, "call"), "No va")
    assert unseen(acting.actor()).filter(activity_id=own.pk).exists()
    withdraw_note(colleague, own, "Era de otro cliente")
    own.refresh_from_db()
    assert (own.state, own.result, own.note) == ("dropped", "withdrawn", "Para @Owner y @Colleague")
    assert not unseen(acting.actor()).filter(activity_id=own.pk).exists()
    assert Record.objects.get(action="outreach.withdraw_note", object_id=own.pk).why == "Era de otro cliente"
    with pytest.raises(Problem, match="changed meanwhile"):
        withdraw_note(colleague, own, "Otra vez")
    withdraw_note(acting.actor(), note(colleague), "La borra el titular")
