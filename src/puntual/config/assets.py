"""The addresses of the pages' own files name what is in them, so browsers keep them for good and an upgrade mixes nothing."""

from collections.abc import Iterable
from hashlib import blake2b
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent


def version_of(folders: Iterable[Path]) -> str:
    """Twelve hexadecimal digits of what the folders hold: any other content, any other name, and they are others.

    What tools compress beside a file holds nothing new and does not count.
    """
    digest = blake2b(digest_size=6)
    for folder in sorted(folders):
        for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix not in (".gz", ".br")):
            content = path.read_bytes()
            digest.update(f"{path.relative_to(folder).as_posix()} {len(content)} ".encode() + content)
    return digest.hexdigest()


def is_ours(path: str, url: str) -> bool:
    """Whether the version in the address covers this file: the ones other packages bring are outside of it."""
    return Path(path).is_relative_to(PACKAGE)
