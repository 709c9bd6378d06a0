"""`puntual up` and `puntual demo`: database, web and worker on this machine, in the foreground."""

import os
import secrets
import socket

import click

from puntual.cli.running import FAILED, Done, say
from puntual.cli.starting import now, start, the_actor
from puntual.cli.supervising import Child, supervise
from puntual.cli.words import gettext as _
from puntual.cli.words import language

HOST = "127.0.0.1"
FIRST_PORT, LAST_PORT = 8000, 8099
FIRST_PERSON = "admin@puntual.localhost"

PORT = click.option(
    "--port", type=click.IntRange(1, 65535), help=_("the port of the web; 8000 or the next free one unless given")
)


@click.command(help=_("Run everything on this machine: database, web and worker. Ctrl-C stops web and worker."))
@PORT
def up(port: int | None) -> None:
    start()
    _serve(port, _first_login())


@click.command(help=_("The same as up, with a sample organization and two years of history."))
@PORT
def demo(port: int | None) -> None:
    start()
    from puntual.cli.sample import ensure_sample

    login = ensure_sample(now(), progress=say)
    _serve(port, (login.email, login.password))


def _first_login() -> tuple[str, str] | None:
    """Whoever starts a Puntual that nobody signs in to gets a login, as the owner of what was begun by command; else None."""
    from django.db import transaction

    from puntual.organizations.actions import add_member, create_first_person
    from puntual.organizations.models import Organization, User

    if User.objects.exists():
        return None
    password = secrets.token_urlsafe(12)
    with transaction.atomic():
        create_first_person(FIRST_PERSON, password, language=language())
        for organization in Organization.objects.filter(memberships=None):
            add_member(the_actor(organization), FIRST_PERSON, "owner", password="")
    return FIRST_PERSON, password


def _serve(wanted: int | None, login: tuple[str, str] | None) -> None:
    from django.db import connections

    connections.close_all()
    port = _free_port(wanted)
    address = f"http://{HOST}:{port}"
    os.environ.setdefault("PUNTUAL_URL", address)

    def ready() -> None:
        click.echo(_("Puntual is running at {address}").format(address=address))
        if login:
            click.echo(_("Sign in as {email} with the password {password}").format(email=login[0], password=login[1]))
        click.echo(_("Ctrl-C stops it; the database goes on until 'puntual db stop'."))

    web = Child(
        _("web server"),
        "-m",
        "granian",
        "--interface=wsgi",
        f"--host={HOST}",
        f"--port={port}",
        "--workers=1",
        "--blocking-threads=4",
        "--workers-kill-timeout=5",  # told twice to stop (Ctrl-C reaches the group), it would otherwise wait for ever
        "--no-ws",
        "--log-level=warning",
        "puntual.config.wsgi:application",
    )
    worker = Child(_("worker"), "-m", "puntual.cli", "work")
    if not supervise([web, worker], answers=(HOST, port), ready=ready):
        raise Done(FAILED)
    say(_("Stopped."))


def _free_port(wanted: int | None) -> int:
    for port in (wanted,) if wanted else range(FIRST_PORT, LAST_PORT + 1):
        with socket.socket() as attempt:
            # As the web server will bind it: a port that a closed connection still lingers on is free.
            attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                attempt.bind((HOST, port))
            except OSError:
                continue
            return port
    ports = str(wanted) if wanted else f"{FIRST_PORT}-{LAST_PORT}"
    raise click.UsageError(_("No port is free: {ports}. Name another one with --port.").format(ports=ports))
