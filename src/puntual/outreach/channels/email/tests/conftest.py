"""The small portfolio and the mail server of the room's own tests."""

from puntual.outreach.tests.conftest import committed as committed
from puntual.outreach.tests.conftest import live as live
from puntual.outreach.tests.conftest import post as post
