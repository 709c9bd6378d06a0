"""The settings of the test suite: its own server (var/test) unless DATABASE_URL names one, and fast passwords."""

import os
from pathlib import Path

os.environ.setdefault("PUNTUAL_HOME", str(Path(__file__).resolve().parents[3] / "var/test"))
os.environ.setdefault("PUNTUAL_SECRET_KEY", "for the tests alone")
# Each run has a database of its own; xdist's workers inherit the name and add their number.
os.environ.setdefault("PUNTUAL_TEST_RUN", str(os.getpid()))

from puntual import database

database.ensure()

from puntual.config.settings import *  # noqa: E402, F403
from puntual.config.settings import DATABASES  # noqa: E402

# The test database is made by the owner; tests/conftest.py then moves the connection to the app role, as in production.
DATABASES["default"] = database.address().django("owner")
DATABASES["default"]["OPTIONS"] = {**DATABASES["default"].get("OPTIONS", {}), "options": "-c synchronous_commit=off"}
DATABASES["default"]["TEST"] = {"NAME": f"test_puntual_{os.environ['PUNTUAL_TEST_RUN']}"}
DATABASES["owner"]["TEST"] = DATABASES["default"]["TEST"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
