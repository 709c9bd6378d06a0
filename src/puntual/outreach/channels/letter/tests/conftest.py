"""A portfolio whose letters wait to be printed."""

from puntual.outreach.tests.conftest import world as world
