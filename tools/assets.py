"""Copy what the pages use from node_modules into the package's static files, one icon sprite included.

Nothing here is committed: `make setup` makes it, and the wheel carries it. `tools/assets.py icons` makes the sprite alone,
which is quick and done at each set-up, so that an icon a page begins to use is there.
"""

import gzip
import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "src/puntual/desk/static/vendor"
FILES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "@alpinejs/csp/dist/cdn.min.js": "alpine-csp.min.js",
    "echarts/dist/echarts.min.js": "echarts.min.js",
    "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2": "inter-latin.woff2",
    "@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2": "inter-latin-ext.woff2",
}
ICON_USE = re.compile(r"""(?:icon\s+["']|#i-)([a-z0-9-]+)""")


def used_icons() -> list[str]:
    """Names of the icons the templates name (`{% icon "home" %}`), and of those the code picks (desk/icons.txt)."""
    names: set[str] = set()
    for path in (ROOT / "src/puntual").rglob("*.html"):
        names.update(ICON_USE.findall(path.read_text()))
    listed = ROOT / "src/puntual/desk/icons.txt"
    if listed.exists():
        names.update(listed.read_text().split())
    return sorted(names)


def sprite() -> str:
    """One SVG of symbols, from the outline set of @tabler/icons."""
    symbols = []
    for name in used_icons():
        source = MODULES / f"@tabler/icons/icons/outline/{name}.svg"
        if not source.exists():
            raise SystemExit(f"tools/assets.py: there is no icon named {name!r}")
        inner = re.search(r"<svg[^>]*>(.*)</svg>", source.read_text(), re.S)
        assert inner
        paths = re.sub(r"\s+", " ", inner.group(1)).strip()
        symbols.append(f'<symbol id="i-{name}" viewBox="0 0 24 24">{paths}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">' + "".join(symbols) + "</svg>"


def compress() -> None:
    """Beside each file of text the same compressed, which the server sends to whoever takes it."""
    for path in [*sorted(VENDOR.glob("*.min.*")), VENDOR / "icons.svg"]:
        if path.suffix != ".gz":
            path.with_name(path.name + ".gz").write_bytes(gzip.compress(path.read_bytes(), mtime=0))


def main() -> None:
    VENDOR.mkdir(parents=True, exist_ok=True)
    if sys.argv[1:] != ["icons"]:
        for source, target in FILES.items():
            shutil.copyfile(MODULES / source, VENDOR / target)
    (VENDOR / "icons.svg").write_text(sprite())
    compress()


if __name__ == "__main__":
    main()
