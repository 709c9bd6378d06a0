"""Books to dispute invoices of, verified when the test is over."""

from puntual.receivables.tests.conftest import books as books
