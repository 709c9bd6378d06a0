"""The key that signs sessions: from the environment, else made once and kept in the data folder."""

import os
import secrets

from puntual import database


def secret_key() -> str:
    """PUNTUAL_SECRET_KEY, or the content of `secret-key` in the data folder (mode 0600), made on first use."""
    if given := os.environ.get("PUNTUAL_SECRET_KEY"):
        return given
    path = database.home() / "secret-key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as out:
            out.write(secrets.token_urlsafe(50))
    return path.read_text()
