"""The groups and commands by name; each is imported when it is called, so that help and errors come at once."""

from importlib import import_module
from typing import Any

import click

from puntual.cli.words import gettext as _


class Lazy(click.Group):
    """A group whose commands live in modules of this room: name -> ("module", "function", its line in the help)."""

    def __init__(self, *args: Any, homes: dict[str, tuple[str, str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.homes = homes

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.homes)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.homes:
            return None
        module, function, _line = self.homes[cmd_name]
        command: click.Command = getattr(import_module(f"puntual.cli.{module}"), function)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(_("Commands")):
            formatter.write_dl([(name, line) for name, (_module, _function, line) in self.homes.items()])


HOMES = {
    "up": ("serving", "up", _("everything on this machine: database, web, worker")),
    "demo": ("serving", "demo", _("the same with a sample organization and two years of history")),
    "org": ("organizations", "org", _("organizations and who signs in to them")),
    "import": ("imports", "import_", _("bring in invoices, customers, payments or balances from a file")),
    "day": ("days", "day", _("decide and plan a day")),
    "why": ("days", "why", _("why a customer is contacted today, or not")),
    "record": ("records", "record", _("everything on record about a customer, as a file")),
    "letters": ("letters", "letters", _("letters: batches for the printer, what was posted and what came back")),
    "interest": ("interest", "interest", _("late interest: what it amounts to, and charging it")),
    "export": ("exporting", "export", _("payments as files for accounting")),
    "report": ("reports", "report", _("a report, as a table or a file")),
    "subscriptions": ("subscriptions", "subscriptions", _("reports by e-mail: who gets which, and when")),
    "verify": ("verifying", "verify", _("recompute everything that can be")),
    "strategy": ("strategies", "strategy", _("collections manuals as files")),
    "policy": ("policies", "policy", _("the credit policy as a file, and its versions")),
    "work": ("working", "work", _("a worker")),
    "db": ("data", "db", _("the database: where it is, backup, restore, stop")),
}


@click.command(
    cls=Lazy,
    homes=HOMES,
    help=_("Puntual runs a company's collections: who owes what, what to do about it today, and why."),
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=_("Exit codes: 0 done, 1 done with refusals or differences, or failed, 2 wrong usage."),
)
@click.option("--lang", metavar="es|en|pt", expose_value=False, help=_("the language spoken, in any place of the line"))
@click.version_option(package_name="puntual")
def puntual() -> None:
    """The command itself."""
