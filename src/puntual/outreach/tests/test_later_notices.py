"""A manual from before the later notices: they are planned and worded as those it has itself."""

from dataclasses import replace

from puntual.daily.valuing import value_agreements
from puntual.organizations.models import Organization
from puntual.outreach.actions import plan_notices
from puntual.outreach.models import Activity
from puntual.outreach.prepare import prepare
from puntual.outreach.tests.build import World
from puntual.outreach.tests.noticing import on, plan_of
from puntual.strategies.actions import activate, import_draft
from puntual.strategies.later import LATER
from puntual.strategies.manual import read_content, to_toml
from puntual.strategies.models import Version


def test_a_copy_of_the_agreement_goes_out_by_a_manual_that_did_not_know_of_it(world: World) -> None:
    manual = read_content(Version.objects.get(pk=world.version).content)
    before = replace(manual, notices=tuple(one for one in manual.notices if one.code not in LATER))
    version = activate(world.by, import_draft(world.by, to_toml(before)))
    Version.objects.filter(pk=version.pk).update(predates_notices=True)
    customer = world.customer("Uno")
    plan_of(world, customer, world.invoice(customer, "F-1", 40, "900.00"))
    by = on(world, 1)
    value_agreements(by)
    assert plan_notices(by) == {"plan_agreed": 1}
    found = Activity.objects.select_related("customer__party", "customer__creditor").get(step="plan_agreed")
    said = prepare(Organization.objects.get(pk=by.organization_id), found, by.now)
    assert found.state == "proposed", "a person says yes first"
    assert said.wording and "PP-2026-0001" in said.wording.text
