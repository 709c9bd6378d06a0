"""The language of the command line: chosen before Django is there, and spoken without it.

The sentences are those of every room's catalog, read by gettext itself, so that "the database is stopped" has words too.
"""

import gettext as catalogs
import os
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from puntual.kernel.problems import N_

LANGUAGES = ("es", "en", "pt")
_PACKAGE = Path(__file__).resolve().parent.parent

_language = "en"
_asked_for = False


def choose(arguments: Sequence[str], environment: Mapping[str, str]) -> list[str]:
    """Take `--lang` out of the arguments, wherever it stands, and speak that language; else the environment's; else English.

    Raises ValueError for a language there is not.
    """
    global _language, _asked_for
    asked, rest = _option(arguments)
    found = asked if asked in LANGUAGES else _of_environment(environment)
    _language, _asked_for = found or "en", found is not None
    _teach_click()
    if asked is not None and asked not in LANGUAGES:
        raise ValueError(asked)
    return rest


def adopt(language: str) -> None:
    """Speak the organization's language, where neither `--lang` nor the environment asked for one."""
    global _language
    if not _asked_for and language in LANGUAGES:
        _language = language
        _teach_click()


def language() -> str:
    """The language spoken now."""
    return _language


def gettext(message: str) -> str:
    """A room's sentence in the language spoken."""
    for catalog in _rooms(_language) if _language != "en" else ():
        said = catalog.gettext(message)
        if said != message:
            return said
    return message


def ngettext(singular: str, plural: str, n: int) -> str:
    """The same for a sentence with a number."""
    english = singular if n == 1 else plural
    for catalog in _rooms(_language) if _language != "en" else ():
        said = catalog.ngettext(singular, plural, n)
        if said != english:
            return said
    return english


def _option(arguments: Sequence[str]) -> tuple[str | None, list[str]]:
    asked: str | None = None
    rest: list[str] = []
    waiting = iter(arguments)
    for argument in waiting:
        if argument == "--":
            return asked, [*rest, argument, *waiting]
        if argument == "--lang":
            asked = next(waiting, "")
        elif argument.startswith("--lang="):
            asked = argument.removeprefix("--lang=")
        else:
            rest.append(argument)
    return asked, rest


def _of_environment(environment: Mapping[str, str]) -> str | None:
    """The first of gettext's variables that is set decides; "C" and languages we do not speak ask for nothing."""
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environment.get(name):
            code = value.split(":")[0].split(".")[0].split("_")[0].lower()
            return code if code in LANGUAGES else None
    return None


@lru_cache(maxsize=len(LANGUAGES))
def _rooms(language: str) -> tuple[catalogs.GNUTranslations, ...]:
    """The catalogs, this room's first."""

    def paths() -> Iterator[Path]:
        found = sorted(_PACKAGE.glob(f"*/locale/{language}/LC_MESSAGES/django.mo"))
        own = [path for path in found if path.parts[-5] == "cli"]
        yield from own
        yield from (path for path in found if path not in own)

    read = []
    for path in paths():
        with path.open("rb") as file:
            read.append(catalogs.GNUTranslations(file))
    return tuple(read)


def _teach_click() -> None:
    """Click asks gettext's global catalog, in the language of the environment."""
    catalogs.bindtextdomain("django", str(_PACKAGE / "cli/locale"))
    catalogs.textdomain("django")
    os.environ["LANGUAGE"] = _language


# What click itself says, for the catalogs.
CLICK = (
    N_("Usage:"),
    N_("Options"),
    N_("Commands"),
    N_("Positional arguments"),
    N_("Missing command."),
    N_("Missing option"),
    N_("Missing argument"),
    N_("Missing parameter"),
    N_("Missing {param_type}"),
    N_("No such command {name!r}."),
    N_("No such option {name!r}."),
    N_("Invalid value: {message}"),
    N_("Invalid value for {param_hint}: {message}"),
    N_("Option {name!r} does not take a value."),
    ngettext("Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments.", 1),
    ngettext("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})", 1),
    ngettext("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)", 1),
    ngettext("{value!r} is not {choice}.", "{value!r} is not one of {choices}.", 1),
    N_("{value!r} is not a valid {number_type}."),
    N_("{value!r} is not a valid UUID."),
    N_("{value} is not in the range {range}."),
    N_("{name} {filename!r} does not exist."),
    N_("{name} {filename!r} is a directory."),
    N_("{name} {filename!r} is a file."),
    N_("{name} {filename!r} is not readable."),
    N_("{name} {filename!r} is not writable."),
    N_("Choose from:\n\t{choices}"),
    N_("File"),
    N_("file"),
    N_("Directory"),
    N_("directory"),
    N_("path"),
    N_("required"),
    N_("default: {default}"),
    N_("Show this message and exit."),
    N_("Show the version and exit."),
)
