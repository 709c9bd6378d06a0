"""The settings of the test suite: its own server (var/test) unless DATABASE_URL names one, and fast passwords."""

import os
from pathlib import Path

os.environ.setdefault("PUNTUAL_HOME", str(Path(__file__).resolve().parents[3] / "var/test"))
os.environ.setdefault("PUNTUAL_SECRET_KEY", "for the tests alone")

from puntual import database  # noqa: E402

database.ensure()

from puntual.config.settings import *  # noqa: E402, F403
from puntual.config.settings import DATABASES  # noqa: E402

# The test database is made by the owner; tests/conftest.py then moves the connection to the app role, as in production.
DATABASES["default"] = database.address().django("owner")
DATABASES["default"]["OPTIONS"] = {"options": "-c synchronous_commit=off"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
