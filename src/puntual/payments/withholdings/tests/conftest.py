from puntual.payments.tests.conftest import books as books
