"""The migration operation that makes a table a tenant table, and the roles it relies on."""

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

APP_ROLE = "puntual_app"
THIS_ORGANIZATION = "nullif(current_setting('app.org', true), '')::uuid"

GRANTS = f"""
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{APP_ROLE}') THEN
        CREATE ROLE {APP_ROLE} NOLOGIN;
    END IF;
END $$;
GRANT USAGE ON SCHEMA public TO {APP_ROLE};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APP_ROLE};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {APP_ROLE};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APP_ROLE};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {APP_ROLE};
"""


class SecureTables(Operation):
    """Row-level security, organization key and composite foreign keys for the named models of this app.

    `append_only` tables take INSERT and SELECT from the app role and nothing else. Row-level security is enabled and not forced:
    the owner (migrations, backups) sees everything, the app role owns nothing and sees one organization.
    """

    reduces_to_sql = True
    reversible = False

    def __init__(self, models: list[str], append_only: list[str] | None = None):
        self.models = models
        self.append_only = append_only or []

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return self.__class__.__name__, [], {"models": self.models, "append_only": self.append_only}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """The tables change, the models do not."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for name in self.models:
            model = to_state.apps.get_model(app_label, name)
            for statement in self._statements(model, append_only=name in self.append_only):
                schema_editor.execute(statement)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        raise NotImplementedError("security is not taken off again")

    def describe(self) -> str:
        return f"Row-level security on {', '.join(self.models)}"

    @staticmethod
    def _statements(model: type[models.Model], append_only: bool) -> Iterator[str]:
        table = model._meta.db_table
        keys: list[Any] = [
            field for field in model._meta.local_fields if field.many_to_one and _is_tenant(field.related_model)
        ]
        if all(field.null for field in keys):  # a key that is always there leads to the organization by itself
            yield (
                f'ALTER TABLE "{table}" ADD CONSTRAINT "{table}_organization_fk" '
                f"FOREIGN KEY (organization_id) REFERENCES organizations_organization (id)"
            )
        agreed = {column for field in keys for column in field.agreeing}
        for field in keys:
            if field.column not in agreed:
                yield from SecureTables._key(table, field)
        yield f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY'
        yield (
            f'CREATE POLICY organization ON "{table}" '
            f"USING (organization_id = {THIS_ORGANIZATION}) WITH CHECK (organization_id = {THIS_ORGANIZATION})"
        )
        if append_only:
            yield f'REVOKE UPDATE, DELETE ON "{table}" FROM {APP_ROLE}'

    @staticmethod
    def _key(table: str, field: Any) -> Iterator[str]:
        target = field.related_model._meta.db_table
        extra = "".join(f', "{column}"' for column in field.agreeing)
        index = "_".join([target, *field.agreeing, "organization_key"])
        yield f'CREATE UNIQUE INDEX IF NOT EXISTS "{index}" ON "{target}" (organization_id, id{extra})'
        # What agrees follows its row: a customer's invoice that moves takes its installments along.
        follow = " ON UPDATE CASCADE" if extra else ""
        yield (
            f'ALTER TABLE "{table}" ADD CONSTRAINT "{table}_{field.column}_org_fk" '
            f'FOREIGN KEY (organization_id, "{field.column}"{extra}) REFERENCES "{target}" (organization_id, id{extra}){follow}'
        )


def _is_tenant(model: Any) -> bool:
    return any(field.name == "organization_id" for field in model._meta.local_fields)
