"""The web application, for Granian or any other WSGI server."""

import os

from puntual import database

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "puntual.config.settings")
database.ensure()

from django.core.wsgi import get_wsgi_application  # noqa: E402 - the database has to answer before the settings ask for it

application = get_wsgi_application()
