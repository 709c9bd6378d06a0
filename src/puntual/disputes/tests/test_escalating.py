"""What nobody answered in time goes to a manager, once; what is disputed stays held until somebody decides."""

from datetime import timedelta

from conftest import make_member
from puntual.disputes import actions
from puntual.disputes.models import Dispute, DisputeNote
from puntual.disputes.queries import causes, overdue, waiting
from puntual.disputes.tests.build import again, disputed, holds
from puntual.receivables.models import Hold
from puntual.receivables.tests.build import Books

DAY = timedelta(days=1)


def test_overdue_goes_to_the_manager_once(acting, books: Books) -> None:
    manager = make_member(acting.organization, "manager", "manager@sembria.example")
    made = disputed(books, books.item(books.customer()), "40")
    assert actions.escalate(books.on(made.deadline)) == (0, 0), "it is not over yet"
    late = books.on(made.deadline + DAY)
    assert waiting(books.org, late.today, {manager.id}).overdue == 1
    assert actions.escalate(late) == (1, 0)
    found = again(books, made)
    assert (found.escalated_on, found.escalated_to) == (late.today, manager.id)
    assert [note.step for note in DisputeNote.objects.all()] == ["escalate"]
    assert actions.escalate(late) == (0, 0)
    assert waiting(books.org, late.today, {manager.id}).yours == 1
    actions.extend_deadline(late, made.id, late.today + 7 * DAY, why="Viene la próxima semana")
    assert again(books, made).escalated_on is None and not overdue(books.org, late.today).exists()


def test_a_managers_own_goes_to_another(acting, books: Books) -> None:
    first = make_member(acting.organization, "manager", "a@sembria.example")
    mine = disputed(books, books.item(books.customer()), owner_id=first.id)
    theirs = disputed(books, books.item(books.customer()), owner_id=acting.colleague.id)
    actions.escalate(books.on(mine.deadline + DAY))
    assert again(books, mine).escalated_to == acting.owner.id
    assert again(books, theirs).escalated_to == first.id


def test_what_is_disputed_is_never_asked_for_because_nobody_answered(books: Books) -> None:
    made = disputed(books, books.item(books.customer()), "40")
    for day in range(1, 60):
        on = books.on(books.by.today + day * DAY)
        actions.escalate(on)
        (hold,) = holds(books, made.id, on.today)
        assert hold.until_on is not None and hold.until_on >= on.today
    assert Hold.objects.count() == 1, "the same hold, looked at again and again"
    end = books.on(books.by.today + 60 * DAY)
    actions.reject(end, made.id, cause="customer", why="No")
    assert actions.escalate(books.on(end.today + 9 * DAY)) == (0, 0)
    assert holds(books, made.id, end.today) == []


def test_a_gap_between_the_days_is_closed_again(books: Books) -> None:
    made = disputed(books, books.item(books.customer()), "40")
    much_later = books.on(books.by.today + 90 * DAY)
    assert holds(books, made.id, much_later.today) == []
    assert actions.escalate(much_later) == (1, 1)
    assert len(holds(books, made.id, much_later.today)) == 1


def test_many_at_once_in_few_queries(books: Books, django_assert_max_num_queries) -> None:
    for _each in range(12):
        made = disputed(books, books.item(books.customer()), "40")
    with django_assert_max_num_queries(18):
        assert actions.escalate(books.on(made.deadline + 30 * DAY)) == (12, 12)
    assert Dispute.objects.filter(escalated_on=None).count() == 0


def test_causes_by_month_and_creditor(books: Books) -> None:
    first = disputed(books, books.item(books.customer(), "100"), "40")
    second = disputed(books, books.item(books.customer(), "100"))
    usd = disputed(books, books.item(books.customer(), "100", currency="USD"))
    end = books.on(books.by.today + 10 * DAY)
    actions.credit(books.on(books.by.today + DAY), first.id, number="NC-1", cause="pricing", why="Sí")
    actions.reject(end, second.id, cause="customer", why="No")
    found = causes(books.org, books.by.today - 30 * DAY, end.today, end.today)
    lines = {(one.cause, one.currency): one for one in found}
    assert {key: (one.disputes, one.live, one.won, one.late) for key, one in lines.items()} == {
        ("pricing", "PEN"): (1, 0, 1, 0),
        ("customer", "PEN"): (1, 0, 0, 1),
        ("", "USD"): (1, 1, 0, 1),
    }
    assert (lines["pricing", "PEN"].amount, lines["pricing", "PEN"].granted, lines["pricing", "PEN"].days) == (
        40,
        40,
        1,
    )
    assert {one.month.isoformat() for one in found} == {"2026-11-01"} and {one.creditor for one in found} == {
        "Sembria S.A.C."
    }
    assert causes(books.org, end.today, end.today, end.today) == []
    assert again(books, usd).cause == ""
