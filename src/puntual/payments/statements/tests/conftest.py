"""The books of payments, for statements that land."""

from puntual.payments.tests.conftest import books as books
