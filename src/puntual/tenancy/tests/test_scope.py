"""Nobody sees another organization: the scope, and what the database does without one."""

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from puntual.audit.models import Record
from puntual.organizations.models import Tolerance
from puntual.tenancy.scope import OtherOrganization, acting_for, current_organization, in_one_trip


def note(cast) -> None:
    Record.objects.create(organization_id=cast.id, at=cast.organization.created_at, actor_name="x", action="y")


def test_rows_are_seen_only_inside_their_organization(cast) -> None:
    with acting_for(cast.id):
        note(cast)
        assert Record.objects.count() == 1
    with acting_for(cast.other_organization.id):
        assert Record.objects.count() == 0
    assert Record.objects.count() == 0, "and without an organization nothing is seen at all"


def test_raw_sql_without_an_organization_sees_nothing(cast) -> None:
    with acting_for(cast.id):
        note(cast)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_record")
        assert cursor.fetchone() == (0,)


def test_what_was_set_does_not_outlive_the_scope(cast) -> None:
    with transaction.atomic():
        with acting_for(cast.id):
            note(cast)
        assert Record.objects.count() == 0


def test_a_failure_inside_leaves_no_scope_behind(cast) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic(), acting_for(cast.id):
        _ = 1 / 0
    assert current_organization() is None
    assert Record.objects.count() == 0


def test_a_row_of_another_organization_cannot_be_written(acting) -> None:
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        Record.objects.create(
            organization_id=acting.other_organization.id, at=acting.organization.created_at, actor_name="x", action="y"
        )


def test_a_row_without_an_organization_cannot_be_written(acting) -> None:
    with pytest.raises((ProgrammingError, IntegrityError)), transaction.atomic():
        Tolerance.objects.create(organization_id=None, currency="PEN", amount=1)


def test_another_organization_cannot_be_entered_inside(acting) -> None:
    with pytest.raises(OtherOrganization), acting_for(acting.other_organization.id):
        pass


def test_entering_again_is_a_savepoint(acting) -> None:
    with pytest.raises(ZeroDivisionError), acting_for(acting.id):
        note(acting)
        _ = 1 / 0
    assert Record.objects.count() == 0
    note(acting)
    assert Record.objects.count() == 1


def test_one_trip_sees_its_organization_alone_and_leaves_no_scope_behind(transactional_db, cast) -> None:
    with acting_for(cast.id):
        note(cast)
    with connection.cursor() as cursor:
        for organization, seen in ((cast.id, 1), (cast.other_organization.id, 0), (cast.id, 1)):
            in_one_trip(cursor, organization, "SELECT id FROM audit_record WHERE action = %(action)s", {"action": "y"})
            assert cursor.rowcount == seen
            cursor.execute("SELECT count(*) FROM audit_record")
            assert cursor.fetchone() == (0,)


def test_one_trip_is_no_part_of_another_transaction(acting) -> None:
    with connection.cursor() as cursor, pytest.raises(RuntimeError):
        in_one_trip(cursor, acting.id, "SELECT 1", {})
