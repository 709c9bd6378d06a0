"""One run of the command: whatever goes wrong ends as a sentence on standard error and an exit code, never as a traceback."""

import errno
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from puntual.cli import words
from puntual.cli.words import gettext as _
from puntual.kernel.problems import Problem

FAILED, WRONG_USAGE = 1, 2


class Usage(Problem):
    """The command was used wrongly, or leaves open what an option decides: exit code 2."""


class Done(Exception):
    """The command ends with this exit code, and has said why."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def run(arguments: Sequence[str]) -> int:
    """Run the command with these arguments and give its exit code."""
    _readable_streams()
    try:
        rest = words.choose(arguments, os.environ)
    except ValueError as error:
        say(_("Puntual does not speak “{language}”. Choose one of: es, en, pt.").format(language=error))
        return WRONG_USAGE
    try:
        from puntual.cli.main import puntual

        puntual.main(rest, prog_name="puntual", standalone_mode=False)
        sys.stdout.flush()
    except Done as done:
        return done.code
    except (Exception, KeyboardInterrupt) as error:
        return _told(error)
    return 0


def say(text: str) -> None:
    """A line for the person at the terminal, beside the command's output."""
    click.echo(text, err=True)


def text_of(path: Path, argument: str) -> str:
    """What a file given as `argument` says; a byte-order mark is no part of it. Raises click.BadParameter unless it is UTF-8."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise click.BadParameter(
            _("{path} is not text in UTF-8. Save it again as UTF-8.").format(path=path), param_hint=argument
        ) from None


def _told(error: BaseException) -> int:
    """Say what happened and give the exit code."""
    if isinstance(error, BrokenPipeError):
        # Whoever read our output has enough; Python must not try to write the rest at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    if os.environ.get("PUNTUAL_DEBUG") == "1" and not isinstance(error, click.ClickException):
        import traceback

        traceback.print_exception(error)
    text, code = _sentence(error)
    say(text)
    return code


def _sentence(error: BaseException) -> tuple[str, int]:
    if isinstance(error, KeyboardInterrupt | click.Abort):
        return _("Stopped. What was done in whole batches stays; run the command again to go on."), FAILED
    if isinstance(error, click.UsageError):
        message = error.format_message()
        if error.ctx is None:
            return message, WRONG_USAGE
        return f"{message}\n" + _("See: {command} --help").format(command=error.ctx.command_path), WRONG_USAGE
    if isinstance(error, click.ClickException):
        return error.format_message(), FAILED
    if isinstance(error, Problem):
        return error.text(_), WRONG_USAGE if isinstance(error, Usage) else FAILED
    if isinstance(error, MemoryError):
        return _("The machine has no memory left for this. Close other programs and try again."), FAILED
    return _of_database(error) or _of_system(error) or _unexpected(error), FAILED


def _of_database(error: BaseException) -> str | None:
    """A database that is down, full or busy. Django's errors carry the driver's own as their cause."""
    import psycopg

    cause = error if isinstance(error, psycopg.Error) else error.__cause__
    if not isinstance(cause, psycopg.Error):
        return None
    tell: list[tuple[type[psycopg.Error], Callable[[], str]]] = [
        (psycopg.errors.DiskFull, _disk_full),
        (
            psycopg.errors.QueryCanceled,
            lambda: _("The database stopped the command because it took too long. Try again."),
        ),
        (
            psycopg.errors.TooManyConnections,
            lambda: _("The database has no connection left. Stop a worker or another program and try again."),
        ),
    ]
    for kind, words_of in tell:
        if isinstance(cause, kind):
            return words_of()
    if isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError):
        reason = " ".join(str(cause).split()) or type(cause).__name__
        return _(
            "The database does not answer: {reason}\nNothing half done was kept. Start it and run the command again."
        ).format(reason=reason)
    return None


def _of_system(error: BaseException) -> str | None:
    if not isinstance(error, OSError):
        return None
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return _disk_full()
    if isinstance(error, FileNotFoundError):
        return _("There is no file {path}. Check its name and folder.").format(path=error.filename)
    if isinstance(error, PermissionError):
        return _("{path} may not be read or written by you. Choose another place, or ask for the right to it.").format(
            path=error.filename
        )
    if isinstance(error, IsADirectoryError):
        return _("{path} is a folder. Name a file in it.").format(path=error.filename)
    place = f" ({error.filename})" if error.filename else ""
    return _("The system refuses: {reason}{place}.").format(reason=error.strerror or error, place=place)


def _disk_full() -> str:
    return _("The disk is full. Nothing half done was kept: make room and run the command again.")


def _unexpected(error: BaseException) -> str:
    return _(
        "Something went wrong that should not have: {kind}: {reason}\n"
        "Nothing half done was kept. With PUNTUAL_DEBUG=1 the command shows where it happened."
    ).format(kind=type(error).__name__, reason=error)


def _readable_streams() -> None:
    """What is piped is UTF-8 everywhere; a terminal that cannot show a sign shows "?" instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace") if stream.isatty() else stream.reconfigure(encoding="utf-8")
