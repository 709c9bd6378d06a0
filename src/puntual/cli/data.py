"""`puntual db`: the database itself. None of these needs anything of the application."""

from pathlib import Path

import click

from puntual import database
from puntual.cli.main import Lazy
from puntual.cli.running import say
from puntual.cli.words import gettext as _

HOMES = {
    "url": ("data", "url", _("where it is; the password is part of it")),
    "shell": ("data", "shell", _("PostgreSQL's own prompt, as the owner of the tables")),
    "backup": ("data", "backup", _("every row, in one file")),
    "restore": ("data", "restore", _("everything back from a backup")),
    "stop": ("data", "stop", _("stop the embedded server")),
}


@click.command(cls=Lazy, homes=HOMES, help=_("The database: where it is, backup, restore, stop."))
def db() -> None:
    """The group."""


@click.command(help=_("Print where the database is, for other programs; started if it is not running."))
def url() -> None:
    click.echo(database.ensure().url())


@click.command(
    help=_(
        "Become psql, as the owner of the tables: no row is hidden, nothing is asked twice. More arguments are psql's."
    ),
    context_settings={"ignore_unknown_options": True},
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def shell(arguments: tuple[str, ...]) -> None:
    database.shell(*arguments)


@click.command(help=_("Write every row of every organization to a file, while everything runs."))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    database.backup(file)
    say(_("{path} was written.").format(path=file))


@click.command(help=_("Fill the empty database from a backup: all of it or nothing."))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
@click.option("--replace", is_flag=True, help=_("remove everything that is in it now"))
def restore(file: Path, replace: bool) -> None:
    database.restore(file, replace=replace)
    say(_("Everything in {path} is back.").format(path=file))


@click.command(help=_("Stop the embedded server; open transactions are rolled back."))
def stop() -> None:
    say(_("The database was stopped.") if database.stop() else _("The database was not running."))
