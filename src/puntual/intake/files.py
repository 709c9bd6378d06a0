"""The files of a job: the one that came in, and the one of its refused rows."""

import hashlib
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.utils.text import get_valid_filename
from django.utils.translation import gettext

from puntual.intake.models import ImportJob, Rejection
from puntual.intake.reading.rejects import suffix, unpack, write_rejects
from puntual.intake.sentences import StoredFault
from puntual.kernel.problems import N_, Problem
from puntual.kernel.sheets.layout import Table
from puntual.kernel.sheets.reasons import Reject

_BLOCK = 1 << 20


def folder(organization_id: UUID, job_id: UUID) -> Path:
    """Where a job keeps its files."""
    return Path(settings.UPLOADS) / str(organization_id) / str(job_id)


def keep_upload(organization_id: UUID, job_id: UUID, name: str, blocks: Iterable[bytes]) -> Path:
    """Write an upload into its job's folder. Raises Problem where it cannot be written."""
    home = folder(organization_id, job_id)
    path = home / (get_valid_filename(Path(name).name[-150:]) if Path(name).name.strip(". ") else "file")
    try:
        home.mkdir(parents=True, mode=0o700)
        with path.open("xb") as out:
            for block in blocks:
                out.write(block)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise Problem(
            N_("The file could not be kept: {error}. Make room on the disk, then upload it again."),
            error=error.strerror,
        ) from error
    return path


def sha256(path: Path) -> str:
    """The SHA-256 of a file, hexadecimal. Raises Problem where it cannot be read."""
    found = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                found.update(block)
    except OSError as error:
        raise Problem(
            N_("The file {path} cannot be read: {error}."), path=path.name, error=error.strerror or error
        ) from error
    return found.hexdigest()


def same_file(job: ImportJob) -> Path:
    """The file of a job. Raises Problem where it is gone, or is not what it was when the job began."""
    path = Path(job.path)
    if sha256(path) != job.sha256:
        raise Problem(N_("The file {file} has changed since its import began. Import it anew."), file=job.file_name)
    return path


def write_rejects_file(job: ImportJob, table: Table) -> Path:
    """Write every refused row of a job into a file that can be mended and imported; reasons in the active language.

    Raises OSError.
    """
    home = folder(job.organization_id, job.id)
    home.mkdir(parents=True, mode=0o700, exist_ok=True)
    refused = gettext("refused")
    path = home / f"{Path(job.file_name).stem[:100]}-{refused}{suffix(table)}"
    write_rejects(path, table, _refused(job), gettext)
    return path


def _refused(job: ImportJob) -> Iterator[Reject]:
    rows = Rejection.objects.filter(organization_id=job.organization_id, job=job).order_by("line", "id")
    for line, same in groupby(rows.iterator(chunk_size=2000), key=lambda row: row.line):
        cells: tuple[str, ...] = ()
        faults = []
        for row in same:
            cells = cells or unpack(row.cells)
            faults += [StoredFault(row.column, row.value, one["message"], one["details"]) for one in row.reasons]
        yield Reject(line, tuple(faults), cells)
