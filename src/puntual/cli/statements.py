"""`puntual import statement`: what banks send."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from puntual.cli.output import count, show_json
from puntual.cli.running import FAILED, WRONG_USAGE, Done, say
from puntual.cli.starting import start, the_actor, the_creditor, the_organization
from puntual.cli.words import gettext as _
from puntual.kernel.problems import Problem

if TYPE_CHECKING:
    from puntual.audit.actions import Actor
    from puntual.parties.models import Creditor
    from puntual.payments.statements.reading.mapping import Mapping
    from puntual.payments.statements.reading.statement import Statement


def import_statements(
    files: Iterable[Path],
    slug: str | None,
    *,
    mapping: str | None,
    creditor: str | None,
    check: bool,
    match: bool,
    as_json: bool,
) -> None:
    """Read the files and land each of them, all of it or nothing; with `match` look at all that waits then.

    Raises Done where one was refused or warned of, or needs an option that decides how it is read; Problem for a mapping that
    cannot be followed.
    """
    start()
    from puntual.payments.statements.queries import remembered_mappings
    from puntual.payments.statements.reading.mapping import Mapping
    from puntual.tenancy.scope import acting_for

    organization = the_organization(slug)
    by = the_actor(organization)
    with acting_for(organization.id):
        whose = the_creditor(organization, creditor)
        remembered = remembered_mappings(organization.id)
    reading = _Reading(by, whose, Mapping.from_toml(mapping) if mapping else None, remembered, mapping or "", check)
    told = [reading.taken(file) for file in files]
    matching = reading.match() if match else {}
    if as_json:
        show_json({"files": told, "matching": matching})
    else:
        _show(told)
        if matching:
            said = _("Looked at what waits: {matched} recognized, {unmatched} wait for a person")
            click.echo(said.format(**{state: count(n) for state, n in matching.items()}))
    if reading.undecided:
        raise Done(WRONG_USAGE)
    if any(one["error"] or one["warnings"] for one in told):
        raise Done(FAILED)


@dataclass
class _Reading:
    """What all the files of one command share."""

    by: "Actor"
    creditor: "Creditor | None"
    mapping: "Mapping | None"
    remembered: "dict[str, Mapping]"
    toml: str
    check: bool
    undecided: bool = False  # a file needs an option
    creditors: set[UUID] = field(default_factory=set)  # of whom something landed

    def match(self) -> dict[str, int]:
        """Look at all that waits of whom something landed: how many lines were recognized, and how many wait."""
        from puntual.payments.reconciling.running import match_lines

        found = {"matched": 0, "unmatched": 0}
        for creditor in sorted(self.creditors):
            for state, n in match_lines(self.by, creditor).items():
                found[state] += n
        return found if self.creditors else {}

    def taken(self, file: Path) -> dict[str, Any]:
        from puntual.payments.statements.actions import import_statement
        from puntual.payments.statements.problems import WhoseAccount
        from puntual.payments.statements.reading.read import read
        from puntual.payments.statements.reading.statement import Undecided
        from puntual.tenancy.scope import acting_for

        told: dict[str, Any] = {"file": str(file), "format": None, "statements": [], "warnings": [], "states": {}}
        told["error"] = None
        try:
            found = read(file, self.mapping, self.remembered)
            told["format"] = found.format
            told["statements"] = [_described(one) for one in found.statements]
            told["warnings"] = [_(one.message).format(**one.details) for one in found.warnings]
            if not self.check:
                landed = import_statement(
                    self.by, found, file_name=file.name, creditor=self.creditor, mapping=self.toml
                )
                told["states"] = landed.states
                with acting_for(self.by.organization_id):
                    self.creditors |= {statement.account.creditor_id for statement in landed.statements}
        except Undecided as problem:
            self.undecided = True
            told["error"] = problem.text(_)
        except WhoseAccount as problem:
            self.undecided = True
            told["error"] = f"{problem.text(_)} (--creditor)"
        except Problem as problem:
            told["error"] = problem.text(_)
        return told


def _described(statement: "Statement") -> dict[str, Any]:
    return {
        "account": statement.account,
        "currency": statement.currency,
        "number": statement.number,
        "kind": str(statement.kind),
        "from": statement.from_on.isoformat() if statement.from_on else None,
        "to": statement.to_on.isoformat() if statement.to_on else None,
        "opening": _amount(statement.opening, statement.currency),
        "closing": _amount(statement.closing, statement.currency),
        "entries": len(statement.entries),
        "credits": _amount(statement.credits, statement.currency),
        "debits": _amount(statement.debits, statement.currency),
    }


def _amount(amount: Decimal | None, currency: str) -> str | None:
    from puntual.kernel.money import is_currency, round_money

    if amount is None:
        return None
    return f"{round_money(amount, currency) if is_currency(currency) else amount:f}"


def _show(told: list[dict[str, Any]]) -> None:
    for one in told:
        if one["error"]:
            say(f"{one['file']}: {one['error']}")
            continue
        for statement in one["statements"]:
            click.echo(
                _(
                    "{file}: {format}, account {account}, {entries} entries: {credits} in, {debits} out ({currency})"
                ).format(
                    file=one["file"], format=one["format"], **{**statement, "entries": count(statement["entries"])}
                )
            )
        if one["states"]:
            new, known = one["states"].get("new", 0), one["states"].get("duplicate", 0)
            click.echo(_("  {new} new, {known} known already").format(new=count(new), known=count(known)))
        for warning in one["warnings"]:
            say(f"{one['file']}: {warning}")
