"""What a command hands over: one JSON object, or lines for people."""

import json
import secrets
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

import click

from puntual.cli.words import gettext as _


def show_json(found: Mapping[str, Any]) -> None:
    """One object on standard output."""
    click.echo(json.dumps(found, ensure_ascii=False))


def stream_json(found: Mapping[str, Any], name: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """The same with a list under `name` that is written while it is read."""
    out = sys.stdout
    out.write(json.dumps(found, ensure_ascii=False)[:-1] + f', "{name}": [')
    for number, row in enumerate(rows):
        out.write((",\n" if number else "\n") + json.dumps(row, ensure_ascii=False))
    out.write("]}\n")


def count(number: int) -> str:
    """A number grouped as the reader groups."""
    from babel.numbers import format_decimal

    from puntual.cli import words

    return str(format_decimal(number, locale=words.language()))


@contextmanager
def text_output(path: Path | None) -> Iterator[TextIO]:
    """Standard output, or a file that appears under its name only when it is whole. Line ends are left alone."""
    if path is None:
        if hasattr(sys.stdout, "reconfigure"):
            sys.stdout.reconfigure(newline="")
        yield sys.stdout
        return
    with _whole(path) as unfinished, unfinished.open("w", encoding="utf-8", newline="") as out:
        yield out


@contextmanager
def binary_output(path: Path | None) -> Iterator[Any]:
    """The same for bytes; a terminal is no place for them."""
    if path is None:
        if sys.stdout.isatty():
            raise click.UsageError(_("This format is a file: name one with --out."))
        yield sys.stdout.buffer
        return
    with _whole(path) as unfinished, unfinished.open("wb") as out:
        yield out


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        yield unfinished
        unfinished.replace(path)
    except FileNotFoundError as error:
        error.filename = str(path)
        raise
    finally:
        unfinished.unlink(missing_ok=True)
