"""A database of one's own, named by DATABASE_URL: check that Puntual can work in it."""

import contextlib

import psycopg
from psycopg import sql

from puntual.database.address import APP_ROLE, Address
from puntual.kernel.problems import N_, Problem

OLDEST = 15


def check(address: Address) -> None:
    """Connect, and make the role puntual_app where the login may.

    Raises Problem where the server cannot be reached, is older than 15, keeps another encoding than UTF-8, or where
    an administrator has to run something first; the sentence quotes the statements.
    """
    try:
        connection = psycopg.connect(**address.parameters(), connect_timeout=10, autocommit=True)
    except psycopg.Error as error:
        raise Problem(
            N_("The database of DATABASE_URL cannot be reached: {error}"), error=" ".join(str(error).split())
        ) from None
    with connection:
        major = connection.info.server_version // 10000
        if major < OLDEST:
            raise Problem(
                N_("The server of DATABASE_URL is PostgreSQL {major}; Puntual needs {oldest} or later."),
                major=major,
                oldest=OLDEST,
            )
        encoding = connection.info.parameter_status("server_encoding")
        if encoding != "UTF8":
            raise Problem(
                N_("The database of DATABASE_URL keeps text as {encoding}. Create one with ENCODING 'UTF8'."),
                encoding=encoding,
            )
        _check_role(connection)
        _check_schema(connection)


def _check_role(connection: psycopg.Connection) -> None:
    """The role that row-level security binds exists, is bound by it, and our login may take it."""
    role, login = sql.Identifier(APP_ROLE), sql.Identifier(connection.info.user)
    create = sql.SQL("CREATE ROLE {} NOLOGIN").format(role)
    grant = sql.SQL("GRANT {} TO {}").format(role, login)
    if not _may_take(connection):
        for statement in (create, grant):
            # Each may fail alone: the role may be there, another process may be doing the same, or we may not.
            with contextlib.suppress(psycopg.Error):
                connection.execute(statement)
        if not _may_take(connection):
            raise Problem(
                N_(
                    "The login of DATABASE_URL may not take the role {role}. An administrator must run:\n"
                    "    {create};\n    {grant};"
                ),
                role=APP_ROLE,
                create=create.as_string(connection),
                grant=grant.as_string(connection),
            )
    found = connection.execute(
        "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = %s", [APP_ROLE]
    ).fetchone()
    if found and found[0]:
        raise Problem(
            N_("The role {role} may pass by row-level security. An administrator must run:\n    {statement};"),
            role=APP_ROLE,
            statement=sql.SQL("ALTER ROLE {} NOSUPERUSER NOBYPASSRLS").format(role).as_string(connection),
        )


def _may_take(connection: psycopg.Connection) -> bool:
    try:
        connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(APP_ROLE)))
        connection.execute("RESET ROLE")
    except psycopg.Error:
        return False
    return True


def _check_schema(connection: psycopg.Connection) -> None:
    question = "SELECT has_schema_privilege(oid, 'CREATE') FROM pg_namespace WHERE nspname = 'public'"
    found = connection.execute(question).fetchone()
    if found and not found[0]:
        owner = sql.SQL("ALTER DATABASE {} OWNER TO {}").format(
            sql.Identifier(connection.info.dbname), sql.Identifier(connection.info.user)
        )
        raise Problem(
            N_("The login of DATABASE_URL may not create tables. An administrator must run:\n    {statement};"),
            statement=owner.as_string(connection),
        )
