"""A bank's file that was brought in: read, landed, and what waits looked at. A worker does it."""

from collections.abc import Mapping as Mapped
from decimal import Decimal
from functools import partial
from pathlib import Path
from uuid import UUID

from puntual.audit.actions import Actor, action
from puntual.kernel.problems import N_, Problem
from puntual.payments.models import BankLine, StatementFile
from puntual.payments.reconciling.running import WAITING, match_lines, to_match
from puntual.payments.statements.actions import import_statement
from puntual.payments.statements.problems import WhoseAccount
from puntual.payments.statements.queries import remembered_mappings
from puntual.payments.statements.reading.mapping import Mapping
from puntual.payments.statements.reading.read import read, shown_of
from puntual.payments.statements.reading.statement import Undecided
from puntual.tenancy.scope import acting_for

State = StatementFile.State
Words = tuple[str, dict[str, str]]


def take_in(by: Actor, file_id: UUID) -> StatementFile:
    """Read a file, land it, and look at all that waits of its creditors. May run again from its start at any time.

    A refusal is kept with the file, which is FAILED then, or ASKING where a person's answer decides it: nothing of it has landed.
    """
    with acting_for(by.organization_id):
        file = StatementFile.objects.get(organization_id=by.organization_id, id=file_id)
        if file.state in (State.DONE, State.FAILED, State.ASKING):
            return file
        remembered = remembered_mappings(by.organization_id)
    try:
        given = Mapping.from_toml(file.mapping) if file.mapping else None
        found = read(Path(file.path), given, remembered)
        with action(by, "payments.take_in_statement", file=file.file_name) as log:
            log.about(file)
            landed = import_statement(by, found, file_name=file.file_name, creditor=file.creditor, mapping=file.mapping)
            creditors = sorted({statement.account.creditor_id for statement in landed.statements})
            if file.state == State.WAITING:
                file.states = landed.states
            waiting = BankLine.objects.filter(to_match(by.organization_id), creditor__in=creditors, state__in=WAITING)
            file.state, file.lines, file.done = State.MATCHING, waiting.count(), 0
            file.warnings = [stored(warning.message, warning.details) for warning in found.warnings]
            file.save()
    except (Undecided, WhoseAccount) as problem:
        asks = _asked(file, problem)
        state = State.ASKING if asks else State.FAILED
        return _ended(by, file, state, problem=stored(problem.message, problem.details), asks=asks)
    except Problem as problem:
        return _ended(by, file, State.FAILED, problem=stored(problem.message, problem.details))
    made: dict[str, int] = {}
    for creditor in creditors:
        states = match_lines(by, creditor, tell=partial(_tell, by, file, file.done))
        made = {state: made.get(state, 0) + states[state] for state in {*made, *states}}
    return _ended(by, file, State.DONE, found=made)


def _asked(file: StatementFile, problem: Problem) -> dict[str, object]:
    """What the page needs to ask: whose account it is, else what the columns mean; nothing of a file without rows."""
    if isinstance(problem, WhoseAccount):
        return {"creditor": True}
    columns, rows = shown_of(Path(file.path))
    return {"columns": columns, "rows": rows} if rows else {}


def stored(message: str, details: Mapped[str, object]) -> Words:
    """A sentence with its details as it is kept; days and amounts as texts."""
    return message, {name: _text(value) for name, value in details.items()}


def _text(value: object) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _tell(by: Actor, file: StatementFile, before: int, done: int) -> None:
    file.done = done = before + done
    with acting_for(by.organization_id):
        StatementFile.objects.filter(organization_id=by.organization_id, id=file.id).update(done=done)


def _ended(by: Actor, file: StatementFile, state: State, **more: object) -> StatementFile:
    with action(by, "payments.end_statement_file", state=state) as log:
        log.about(file)
        file.state = state
        for name, value in more.items():
            setattr(file, name, value)
        file.save()
    return file


def broke(by: Actor, file_id: UUID) -> None:
    """It ended by an error of ours: say so, once."""
    with acting_for(by.organization_id):
        file = StatementFile.objects.get(organization_id=by.organization_id, id=file_id)
    words = N_("Something went wrong on our side. What had landed is kept: bring the file in again to go on.")
    _ended(by, file, State.FAILED, problem=stored(words, {}))
