"""A small portfolio whose messages Meta and Twilio have taken."""

from functools import partial

import pytest

from puntual.api.tests.hooking import taken
from puntual.outreach.tests.build import World, make_world
from puntual.outreach.tests.providers import AUTH, NUMBER_ID, SECRET, SID, WABA, WORD


@pytest.fixture(autouse=True)
def _accounts(settings) -> None:
    settings.PUBLIC_URL = "https://cobranzas.sembria.example"
    query = f"business={WABA}&secret={SECRET}&verify={WORD}"
    settings.WHATSAPP_URL = f"whatsapp://{NUMBER_ID}:token@graph.facebook.com/v23.0?{query}"
    settings.SMS_URL = f"twilio://{SID}:{AUTH}@api.twilio.com/?from=%2B15005550006"


@pytest.fixture
def world(acting) -> World:
    return make_world(acting.actor())


@pytest.fixture
def sent(world: World):
    """Makes a message that a provider took this morning."""
    return partial(taken, world)
