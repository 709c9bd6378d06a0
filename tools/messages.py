"""The catalogs of sentences: `update` collects them, `compile` makes the .mo files, `check` fails where one is missing.

Each room with sentences has its own `locale/<language>/LC_MESSAGES/django.po`; the source language is English.
Babel does the work, so no GNU gettext is needed on the machine.
"""

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src/puntual"
LANGUAGES = ("es", "pt")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "N_": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def _sentences(room: Path) -> Iterator[tuple[str, int, object, str | None]]:
    from django.utils.translation.template import templatize

    for path in sorted(room.rglob("*")):
        if "tests" in path.parts or "migrations" in path.parts or "vendor" in path.parts:
            continue
        if path.suffix == ".py":
            source = path.read_text()
        elif path.suffix in {".html", ".txt", ".typ"} and "templates" in path.parts:
            # Read as Python below, to which indentation would mean something.
            source = "\n".join(line.lstrip() for line in templatize(path.read_text(), origin=str(path)).split("\n"))
        else:
            continue
        for line, message, _comments, context in extract("python", io.BytesIO(source.encode()), keywords=KEYWORDS):
            yield str(path.relative_to(ROOT)), line, message, context


def _collected(room: Path) -> Catalog:
    catalog = Catalog(domain="django")
    for path, _line, message, context in _sentences(room):
        catalog.add(message, locations=[(path, 0)], context=context)
    return catalog


def _po(room: Path, language: str) -> Path:
    return room / "locale" / language / "LC_MESSAGES/django.po"


def _rooms() -> list[Path]:
    return sorted(path for path in PACKAGE.iterdir() if path.is_dir() and not path.name.startswith("_"))


def _read(path: Path, language: str) -> Catalog:
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as source:
        return read_po(source, locale=language)


def update() -> int:
    """Merge new sentences into every catalog; nothing translated is lost, what is no longer used goes."""
    for room in _rooms():
        collected = _collected(room)
        if not len(collected):
            continue
        for language in LANGUAGES:
            path = _po(room, language)
            known = _read(path, language)
            catalog = Catalog(locale=language, fuzzy=False)
            catalog.header_comment = f"# Puntual: {room.name}"
            for message in collected:
                if message.id:
                    found = known.get(message.id, message.context)
                    catalog.add(message.id, found.string if found else None, context=message.context)
            path.parent.mkdir(parents=True, exist_ok=True)
            text = io.BytesIO()
            write_po(text, catalog, width=120, sort_output=True, no_location=True)
            # Dates and addresses in the header would only make every run a change. Readers never see half of it.
            half = path.with_suffix(".half")
            half.write_bytes(
                re.sub(rb'"(?!Language:|Plural|MIME|Content)[A-Z][A-Za-z-]+: .*\\n"\n', b"", text.getvalue())
            )
            half.replace(path)
    return 0


def compile_all() -> int:
    """Make each .mo that is missing or older than its .po."""
    for path in PACKAGE.glob("*/locale/*/LC_MESSAGES/django.po"):
        target = path.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= path.stat().st_mtime:
            continue
        with path.open("rb") as source, target.open("wb") as out:
            write_mo(out, read_po(source, locale=path.parts[-3]))
    return 0


def missing() -> list[str]:
    """One line per sentence that a reader of Spanish or Portuguese would see in English."""
    lines = []
    for room in _rooms():
        collected = _collected(room)
        for language in LANGUAGES if len(collected) else ():
            catalog = _read(_po(room, language), language)
            for message in collected:
                if not message.id:
                    continue
                found = catalog.get(message.id, message.context)
                texts = found.string if found else ""
                complete = all(texts) if isinstance(texts, tuple) else bool(texts)
                if not complete or (found and found.fuzzy):
                    lines.append(f"{room.name} [{language}]: {message.id!r}")
    return lines


def check() -> int:
    lines = missing()
    print("\n".join(lines))
    return 1 if lines else 0


if __name__ == "__main__":
    commands = {"update": update, "compile": compile_all, "check": check}
    if len(sys.argv) != 2 or sys.argv[1] not in commands:
        sys.exit("usage: tools/messages.py update|compile|check")
    sys.exit(commands[sys.argv[1]]())
