"""Where the database is: the data folder, the outside address, and the one value both ways of running share."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote, urlencode

import psycopg
from psycopg.conninfo import conninfo_to_dict

from puntual.kernel.problems import N_, Problem

OWNER = "puntual"
APP_ROLE = "puntual_app"
PORT = 5432


@dataclass(frozen=True)
class Address:
    """One PostgreSQL database and the login that owns its tables.

    `host` is a name, an IP address or the folder of a socket; `settings` are further libpq parameters (`sslmode`, …)
    that came with DATABASE_URL and belong to every connection.
    """

    host: str
    port: int
    name: str
    user: str
    password: str = field(repr=False)
    embedded: bool
    settings: tuple[tuple[str, str], ...] = ()

    def url(self) -> str:
        """A `postgresql://` URL with the password in it; a socket folder is given as `?host=`."""
        login = quote(self.user, safe="")
        if self.password:
            login += ":" + quote(self.password, safe="")
        query = dict(self.settings)
        if self.host.startswith("/"):
            place = ""
            query |= {"host": self.host, "port": str(self.port)}
        else:
            place = f"[{self.host}]" if ":" in self.host else self.host
            place += f":{self.port}"
        at = f"{login}@" if login else ""
        tail = f"?{urlencode(query, quote_via=quote)}" if query else ""
        return f"postgresql://{at}{place}/{quote(self.name, safe='')}{tail}"

    def parameters(self) -> dict[str, Any]:
        """Keyword arguments for `psycopg.connect` and for a libpq connection string; empty ones are left to libpq."""
        found = {
            "host": self.host,
            "port": str(self.port),
            "dbname": self.name,
            "user": self.user,
            "password": self.password,
            **dict(self.settings),
        }
        return {name: value for name, value in found.items() if value}

    def django(self, role: Literal["app", "owner"]) -> dict[str, Any]:
        """An entry of Django's DATABASES.

        `app` takes the role puntual_app, which row-level security binds and which may not change tables: for the web,
        the workers and the commands. `owner` keeps the login's own rights: for migrations, backups and `verify`.
        """
        options = dict(self.settings)
        if role == "app":
            options["options"] = f"{options.get('options', '')} -c role={APP_ROLE}".strip()
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": self.name,
            "USER": self.user,
            "PASSWORD": self.password,
            "HOST": self.host,
            "PORT": str(self.port),
            "OPTIONS": options,
        }


def home() -> Path:
    """The data folder: PUNTUAL_HOME, or `var` below the working directory. Always absolute; it may not exist yet."""
    return Path(os.environ.get("PUNTUAL_HOME") or "var").expanduser().absolute()


def outside() -> Address | None:
    """The database DATABASE_URL names, or None where it is not set.

    Raises Problem where it cannot be read or names no database.
    """
    url = os.environ.get("DATABASE_URL", "").strip()
    if not url:
        return None
    try:
        given = {name: str(value) for name, value in conninfo_to_dict(url).items()}
        port = int(given.pop("port", PORT))
    except (psycopg.ProgrammingError, ValueError):
        # The reason is not quoted: it may repeat the password.
        raise Problem(
            N_("DATABASE_URL cannot be read. It should look like postgresql://user:password@host:5432/database.")
        ) from None
    name = given.pop("dbname", "")
    if not name:
        raise Problem(
            N_("DATABASE_URL names no database. Add it at the end: postgresql://user:password@host/database.")
        )
    return Address(
        host=given.pop("host", ""),
        port=port,
        name=name,
        user=given.pop("user", ""),
        password=given.pop("password", ""),
        embedded=False,
        settings=tuple(sorted(given.items())),
    )
