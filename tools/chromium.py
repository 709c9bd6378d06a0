"""Make sure a Chromium is here for the browser tests: the machine's, Playwright's, or (as root) apt-get's."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str | None:
    """Path of a Chromium that can be started, or None."""
    given = os.environ.get("CHROMIUM")
    if given and Path(given).exists():
        return given
    for name in NAMES:
        if path := shutil.which(name):
            return path
    cache = Path.home() / ".cache/ms-playwright"
    return next((str(path) for path in sorted(cache.glob("chromium-*/chrome-linux*/chrome"), reverse=True)), None)


def main() -> int:
    if find():
        return 0
    if os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {"stdout": subprocess.DEVNULL, "check": False}
        subprocess.run(["apt-get", "update", "-qq"], **quiet)
        subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"], **quiet)
    if not find():
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    if find():
        return 0
    print(
        "The browser tests need Chromium: install the package chromium, or set CHROMIUM to its path.", file=sys.stderr
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
