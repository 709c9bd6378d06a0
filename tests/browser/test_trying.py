"""Two versions played over the past months, asked for and read by keyboard, on a desk and on a phone."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from conftest import make_member
from puntual.daily.models import Replay
from puntual.daily.simulate_running import play
from puntual.strategies.drafts import make_draft
from puntual.strategies.models import Version
from tests.simulation.test_months import Months

pytestmark = pytest.mark.browser
REPLAYS = "/o/sembria/manual/replays/"


@pytest.fixture
def months(transactional_db: None, chromium) -> Months:
    """Two months of invoices and payments in which nobody was written to."""
    story = Months(date(2026, 9, 25), 5, customers=16)
    story.invoices = []
    while story.day < date(2026, 11, 23):
        story.happen()
        story.day += timedelta(days=1)
    make_member(story.organization, "owner", "owner@sembria.example")
    return story


def test_two_versions_are_played(months: Months, browse) -> None:
    with months.inside():
        active = Version.objects.get(state="active")
    draft = make_draft(months.by(), active.id)
    desk = browse()
    desk.sign_in()
    desk.open(f"{REPLAYS}?version={draft.id}")
    desk.page.get_by_label("Junto a").select_option(str(active.id))
    desk.page.locator("[name=first]").fill("2026-10-01")
    desk.page.get_by_role("button", name="Repetir", exact=True).press("Enter")
    expect(desk.page.get_by_role("progressbar")).to_be_visible()
    with months.inside():
        waiting = list(Replay.objects.order_by("created_at").values_list("id", flat=True))
    for one in waiting:
        play(months.by(), one)
    expect(desk.page.get_by_role("heading", name="En cifras")).to_be_visible()
    expect(desk.page.locator("svg").first).to_be_visible()
    desk.shot("replays-compared")
    state = desk.page.context.storage_state()
    for width, theme in ((390, "light"), (1440, "dark"), (390, "dark")):
        other = browse(width=width, theme=theme, state=state)
        for name, path in (
            ("replay", f"{REPLAYS}{waiting[0]}"),
            ("replays", REPLAYS),
            ("preview", "/o/sembria/manual/preview"),
            ("compare", f"{REPLAYS}compare?a={waiting[0]}&b={waiting[1]}"),
        ):
            other.open(path)
            expect(other.page.get_by_role("heading").first).to_be_visible()
            assert other.fits(), f"{name} is wider than {width}"
            other.shot(f"{name}-{theme}-{width}")
