"""The report on conduct: what was made is judged again, by every rule, over all customers of a party."""

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta

import openpyxl
import pytest
from babel import Locale

from conftest import Cast
from puntual.analytics import exports, reports
from puntual.analytics.conduct import made, refusals, summary
from puntual.audit.actions import action
from puntual.conduct.actions import add_rule, end_rule
from puntual.outreach.models import Activity
from puntual.outreach.outbox import send_due
from puntual.outreach.tests.build import World, make_world
from puntual.parties.models import Party
from puntual.tenancy.scope import acting_for

MONDAY = date(2026, 11, 23)


@pytest.fixture
def world(acting: Cast) -> World:
    return make_world(acting.actor())


def _contact(world: World, customer, at: str, channel: str = "email", **fields: object) -> Activity:
    values = {"direction": "out", "state": "sent", "step": "friendly", "tone": "friendly", **fields}
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    return Activity.objects.create(
        organization_id=world.by.organization_id,
        customer=customer,
        day=moment.date(),
        channel=channel,
        settled_at=moment,
        created_at=moment,
        **values,
    )


def _customer(world: World, country: str, zone: str, **fields: object):
    customer = world.customer(f"Cliente {country}", time_zone=zone, consumer=True, **fields)
    Party.objects.filter(pk=customer.party_id).update(country=country)
    customer.party.refresh_from_db()
    return customer


def _all(world: World, since: date = MONDAY - timedelta(days=30)) -> list:
    return list(made(world.by.organization_id, since, MONDAY))


def test_each_contact_with_its_rules_local_time_and_counts(world: World) -> None:
    customer = _customer(world, "UY", "America/Montevideo")
    _contact(world, customer, "2026-11-17 14:00")
    _contact(world, customer, "2026-11-19 14:00", "call", state="done", result="no_answer")
    first, second = _all(world)
    assert (first.at.isoformat(), first.broken) == ("2026-11-17T11:00:00-03:00", ())
    counts = {check.rule.id: (check.used, check.times) for check in second.checks if check.times}
    assert counts == {"generic-day": (0, 1), "generic-week": (1, 3), "generic-after-conversation": (0, 1)}
    assert {check.rule.id for check in second.checks} > {"generic-hours", "generic-holidays"}


def test_what_broke_a_rule_is_named_even_where_a_person_did_it(world: World) -> None:
    customer = _customer(world, "PE", "America/Lima")
    _contact(world, customer, "2026-11-22 15:00", "call", state="done", result="reached_other")  # a Sunday
    (one,) = _all(world)
    assert [check.rule.id for check in one.broken] == ["pe-hours"] and one.broken[0].law
    found = summary(world.by.organization_id, MONDAY, MONDAY)
    assert found.contacts == 0
    found = summary(world.by.organization_id, MONDAY - timedelta(days=1), MONDAY)
    assert (found.contacts, found.broken, found.rules["pe-hours"].broken) == (1, 1, 1)


def test_contacts_about_other_debts_of_the_party_and_before_the_period_weigh(world: World) -> None:
    first = _customer(world, "EC", "America/Guayaquil")
    second = world.customer("Otra cuenta", time_zone="America/Guayaquil", consumer=True)
    second.party = first.party
    second.save(update_fields=["party"])
    _contact(world, first, "2026-11-20 14:00")
    _contact(world, second, "2026-11-20 15:00")
    broken = [one for one in _all(world, date(2026, 11, 20)) if one.broken]
    assert [one.customer_id for one in broken] == [second.id]
    assert broken[0].broken[0].rule.id == "ec-day"


def test_own_rules_count_as_they_stood_on_the_day(world: World) -> None:
    customer = _customer(world, "PE", "America/Lima")
    early = world.by.on(date(2026, 11, 17), world.by.now - timedelta(days=6))
    rule = add_rule(early, "", "forbidden_channel", ["email"])
    end_rule(world.by.on(date(2026, 11, 19), world.by.now), rule.id)
    for day in (16, 17, 18, 19):
        _contact(world, customer, f"2026-11-{day} 15:00")
    assert [one.at.day for one in _all(world) if one.broken] == [17, 18]
    assert not any(check.law for one in _all(world) for check in one.broken)


def test_consent_is_what_was_given_by_then(world: World) -> None:
    customer = _customer(world, "CO", "America/Bogota", email=None)
    _contact(world, customer, "2026-11-17 15:00")
    assert [check.rule.id for check in _all(world)[0].broken] == ["co-authorized"]
    world.point(customer, "email", "pagos@co.example", consent="granted")
    assert _all(world)[0].broken == ()


def test_duties_are_told_from_what_was_written(world: World) -> None:
    customer = _customer(world, "UY", "America/Montevideo")
    good = (
        "Sembria Talento S.A.C.\nSi prefiere no recibir estos mensajes por este medio, responda a este y lo anotamos."
    )
    _contact(world, customer, "2026-11-16 15:00", subject="Su factura F001-254", body=good)
    _contact(world, customer, "2026-11-19 15:00", subject="Debe S/ 4,720.00", body="Pague")
    _contact(world, customer, "2026-11-20 15:00", "call", state="done", result="no_answer")
    kept, not_kept, call = _all(world)
    asked = {"generic-identify", "generic-opt-out", "generic-preview"}
    assert kept.duties == dict.fromkeys(asked, True)
    assert not_kept.duties == dict.fromkeys(asked, False)
    assert call.duties == {}


def test_refusals_come_from_the_runs_and_from_the_outbox(world: World) -> None:
    with action(world.by, "day.run", refusals={"pe-hours": 3, "generic-day": 1}):
        pass
    customer = world.customer("Uno")
    _contact(world, customer, "2026-11-23 15:00", state="lapsed", result="conduct", refusal={"rule": "generic-day"})
    found = refusals(world.by.organization_id, MONDAY, MONDAY)
    assert found == {"pe-hours": 3, "generic-day": 2}
    assert not refusals(world.by.organization_id, MONDAY - timedelta(days=9), MONDAY - timedelta(days=1))


def test_the_files(world: World) -> None:
    customer = _customer(world, "PE", "America/Lima")
    _contact(world, customer, "2026-11-20 15:00")
    _contact(world, customer, "2026-11-22 15:00", "call", state="done", result="no_answer")

    def build() -> reports.Report:
        return reports.build("conduct", world.by.organization_id, MONDAY, since=date(2026, 11, 1))

    out = io.StringIO(newline="")
    exports.write_json(build(), out)
    found = json.loads(out.getvalue())
    assert (found["from"], found["to"]) == ("2026-11-01", "2026-11-23")
    assert (found["contacts_made"], found["contacts_with_a_broken_rule"]) == (2, 1)
    assert found["rules"]["pe-hours"] == {"checked": 2, "as_law": 1, "broken": 1, "refused": 0}
    assert [row["broken"] for row in found["contacts"]] == ["", "pe-hours"]
    assert found["contacts"][0]["at"] == "2026-11-20T10:00:00-05:00"
    out = io.StringIO(newline="")
    exports.write_csv(build(), out)
    assert [row["broken"] for row in csv.DictReader(io.StringIO(out.getvalue()))] == ["", "pe-hours"]
    file = io.BytesIO()
    exports.write_xlsx(build(), file)
    sheet = openpyxl.load_workbook(file).worksheets[0]
    assert sheet.max_row == 6
    out = io.StringIO()
    exports.write_table(build(), out, Locale.parse("es_PE"))
    assert "pe-hours" in out.getvalue()


def test_what_the_outbox_sends_keeps_every_rule(transactional_db: None, cast: Cast) -> None:
    with acting_for(cast.id):
        world = make_world(cast.actor())
        for number in range(3):
            customer = world.customer(f"C{number}")
            world.plan(customer, [world.invoice(customer, f"F-{number}", 10)])
    assert send_due(cast.id, world.by.now).counts == {"sent": 3}
    with acting_for(cast.id):
        found = summary(cast.id, MONDAY, MONDAY)
    assert (found.contacts, found.broken) == (3, 0)
    assert found.duties["pe-identify"] == [3, 3]
