"""The house keeps its shape: imports one way, foreign keys down, tenant tables secured, sentences translated."""

import ast
import importlib.util
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.apps import apps
from django.db import connection, models

from puntual.tenancy.models import TenantModel

_NAME = re.compile(r"%\((\w+)\)s|(?<!\{)\{(\w*)\}(?!\})")
ROOT = Path(__file__).resolve().parents[2]
GLOBAL_TABLES = {
    "account_emailaddress",
    "account_emailconfirmation",
    "auth_group",
    "auth_group_permissions",
    "auth_permission",
    "axes_accessattempt",
    "axes_accessattemptexpiration",
    "axes_accessfailurelog",
    "axes_accesslog",
    "django_content_type",
    "django_migrations",
    "django_session",
    "outreach_provider",
    "outreach_providerhour",
    "mfa_authenticator",
    "organizations_membership",
    "organizations_organization",
    "organizations_user",
    "puntual_cache",
}
ROOMS = [
    "tenancy",
    "audit",
    "organizations",
    "parties",
    "receivables",
    "payments",
    "agreements",
    "disputes",
    "placements",
    "intake",
    "strategies",
    "outreach",
    "analytics",
    "daily",
]


def test_imports_run_one_way() -> None:
    result = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports")], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout


def test_foreign_keys_point_downwards() -> None:
    for model in apps.get_models():
        if not model.__module__.startswith("puntual."):
            continue
        for field in model._meta.local_fields:
            target = field.related_model
            if target is None or not target.__module__.startswith("puntual."):
                continue
            here, there = model._meta.app_label, target._meta.app_label
            assert ROOMS.index(there) <= ROOMS.index(here), f"{model.__name__}.{field.name} points up to {there}"
            if here != there:
                assert field.remote_field.related_name == "+", (
                    f"{model.__name__}.{field.name} leaves a trace in {there}"
                )


@pytest.mark.django_db
def test_every_table_is_secured_or_global() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity, EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid)"
            " FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace"
        )
        tables = {name: (secured, forced, policy) for name, secured, forced, policy in cursor.fetchall()}
    for name, (secured, forced, policy) in tables.items():
        if name in GLOBAL_TABLES or name.startswith("procrastinate_"):
            continue
        assert secured and policy and not forced, f"{name} has no row-level security"
    tenant = {model._meta.db_table for model in apps.get_models() if issubclass(model, TenantModel)}
    assert tenant <= tables.keys() - GLOBAL_TABLES


@pytest.mark.django_db
def test_the_app_role_owns_nothing_and_cannot_rewrite_the_past() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user)"
        )
        assert cursor.fetchone() == ("puntual_app", False)
        cursor.execute(
            "SELECT count(*) FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname = 'puntual_app'"
        )
        assert cursor.fetchone() == (0,)
        for table in ("receivables_entry", "audit_record"):
            for privilege in ("UPDATE", "DELETE", "TRUNCATE"):
                cursor.execute("SELECT has_table_privilege(%s, %s)", [table, privilege])
                assert cursor.fetchone() == (False,), f"{privilege} on {table}"


def test_every_tenant_unique_key_names_the_organization() -> None:
    """So that an organization can move to a database of its own, and a table can be spread by it."""
    for model in apps.get_models():
        if not issubclass(model, TenantModel):
            continue
        for constraint in model._meta.constraints:
            if isinstance(constraint, models.UniqueConstraint):
                assert "organization_id" in constraint.fields, constraint.name
        assert not any(field.unique and not field.primary_key for field in model._meta.local_fields), model.__name__


def test_every_sentence_is_translated() -> None:
    spec = importlib.util.spec_from_file_location("messages", ROOT / "tools/messages.py")
    assert spec and spec.loader
    messages = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(messages)
    assert messages.missing() == []


def test_every_sentence_can_be_collected() -> None:
    """What collects the sentences does not look inside an f-string, so that one in there would stay English everywhere."""
    names = {"_", "gettext", "ngettext", "pgettext", "gettext_lazy", "N_"}
    found = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in sorted((ROOT / "src").rglob("*.py"))
        for string in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(string, ast.JoinedStr)
        for call in ast.walk(string)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in names
        and any(isinstance(one, ast.Constant) and isinstance(one.value, str) for one in call.args)
    ]
    assert found == []


def test_a_sentence_has_one_translation_wherever_it_stands() -> None:
    """The catalogs are one to whoever runs the program: of two translations the room that is loaded last would win."""
    for language in ("es", "pt"):
        said: dict[tuple[object, object], dict[str, str]] = defaultdict(dict)
        for path in sorted((ROOT / "src/puntual").glob(f"*/locale/{language}/LC_MESSAGES/django.po")):
            with path.open("rb") as file:
                for message in read_po(file):
                    if message.id and isinstance(message.id, str):
                        said[message.context, message.id][str(message.string)] = path.parts[-4]
        assert {key: each for key, each in said.items() if len(each) > 1} == {}, language


def test_a_translation_names_what_its_sentence_names() -> None:
    """A name in braces that is lost says nothing, and one that is not known fails before the reader."""
    wrong = []
    for path in sorted((ROOT / "src/puntual").glob("*/locale/*/LC_MESSAGES/django.po")):
        with path.open("rb") as file:
            for message in read_po(file):
                ids, said = (
                    one if isinstance(one, tuple | list) else (one,) for one in (message.id or "", message.string)
                )
                if _names(ids[-1]) != _names(said[-1]):
                    wrong.append((path.parts[-4], path.parts[-3], ids[-1], said[-1]))
    assert wrong == []


def _names(sentence: str) -> set[str]:
    return {old or new for old, new in _NAME.findall(sentence)}


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    from django.core.management import call_command

    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
