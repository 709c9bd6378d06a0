"""A bank's file that a person brings in: kept, and a worker told of it."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.utils.text import get_valid_filename

from puntual.audit.actions import Actor, action
from puntual.kernel.ids import uuid7
from puntual.kernel.problems import N_, Problem
from puntual.parties.models import Creditor
from puntual.payments.models import StatementFile
from puntual.payments.statements.reading.files import MOST_BYTES
from puntual.payments.statements.reading.mapping import Mapping
from puntual.payments.tasks import bring_in_statement


def bring_in(by: Actor, blocks: Iterable[bytes], *, name: str, creditor_id: UUID | None = None) -> StatementFile:
    """Keep an uploaded file and have a worker bring it in. Raises Problem where it is too large or cannot be kept, and
    Creditor.DoesNotExist.
    """
    with action(by, "payments.bring_in_statement", file=name) as log:
        creditor = Creditor.objects.get(organization_id=by.organization_id, id=creditor_id) if creditor_id else None
        file = StatementFile(
            id=uuid7(),
            organization_id=by.organization_id,
            creditor=creditor,
            file_name=Path(name).name[-200:],
            created_at=by.now,
            created_by=by.user_id,
            created_by_name=by.name,
        )
        file.path = str(_keep(file, blocks))
        file.save(force_insert=True)
        log.about(file)
        bring_in_statement.defer(organization_id=str(by.organization_id), file_id=str(file.id))
        return file


def answer(by: Actor, file_id: UUID, *, mapping: Mapping, creditor_id: UUID | None = None) -> StatementFile:
    """Say how a file that asks is read, and whose account it is of; a worker brings it in then.

    The mapping is remembered for the next file of its kind. Raises StatementFile.DoesNotExist, Creditor.DoesNotExist, Problem
    for one that asks nothing (any more).
    """
    with action(by, "payments.answer_statement") as log:
        files = StatementFile.objects.select_for_update(no_key=True).filter(organization_id=by.organization_id)
        file = files.get(id=file_id)
        log.about(file)
        if file.state != StatementFile.State.ASKING:
            raise Problem(N_("This file asks nothing any more. Reload the page to see how far it is."))
        if creditor_id:
            file.creditor = Creditor.objects.get(organization_id=by.organization_id, id=creditor_id)
        file.mapping = mapping.to_toml() if mapping != Mapping() else file.mapping
        file.state, file.problem, file.asks = StatementFile.State.WAITING, None, {}
        file.save(update_fields=["creditor", "mapping", "state", "problem", "asks"])
        bring_in_statement.defer(organization_id=str(by.organization_id), file_id=str(file.id))
        return file


def _keep(file: StatementFile, blocks: Iterable[bytes]) -> Path:
    home = Path(settings.UPLOADS) / str(file.organization_id) / str(file.id)
    name = get_valid_filename(file.file_name) if file.file_name.strip(". ") else "statement"
    path = home / name[-150:]
    try:
        home.mkdir(parents=True, mode=0o700)
        with path.open("xb") as out:
            for block in _bounded(blocks):
                out.write(block)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise Problem(
            N_("The file could not be kept: {error}. Make room on the disk, then upload it again."),
            error=error.strerror,
        ) from error
    except Problem:
        path.unlink(missing_ok=True)
        raise
    return path


def _bounded(blocks: Iterable[bytes]) -> Iterator[bytes]:
    size = 0
    for block in blocks:
        size += len(block)
        if size > MOST_BYTES:
            raise Problem(
                N_(
                    "The file is larger than {limit} MB. Ask the bank for shorter periods and bring them in one by one."
                ),
                limit=MOST_BYTES >> 20,
            )
        yield block
