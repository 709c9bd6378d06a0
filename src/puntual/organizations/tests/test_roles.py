"""The table of roles, said once more by hand: a slip of the pen in either place shows."""

import pytest

from puntual.organizations.models import Membership
from puntual.organizations.roles import ROLES, Permission, may, roles_with

TABLE = """
                owner manager collector accountant auditor
view            yes   yes     yes       yes        yes
export          yes   yes     yes       yes        yes
approve         yes   yes     yes       no         no
contact         yes   yes     yes       no         no
hold            yes   yes     yes       yes        no
edit_customers  yes   yes     yes       no         no
import          yes   yes     no        yes        no
payments        yes   yes     no        yes        no
adjust          yes   yes     no        yes        no
manual          yes   yes     no        no         no
settings        yes   yes     no        no         no
go_live         yes   no      no        no         no
members         yes   no      no        no         no
log             yes   yes     no        no         yes
"""
HEAD, *LINES = [line.split() for line in TABLE.strip().splitlines()]
CASES = [(role, line[0], word == "yes") for line in LINES for role, word in zip(HEAD, line[1:], strict=True)]


@pytest.mark.parametrize(("role", "permission", "expected"), CASES)
def test_what_a_role_may_do(role: str, permission: str, expected: bool) -> None:
    assert may(role, permission) is expected


def test_the_table_is_complete() -> None:
    assert {line[0] for line in LINES} == set(Permission)
    assert set(HEAD) == set(ROLES) == set(Membership.Role.values)


def test_what_does_not_exist_is_refused_loudly() -> None:
    with pytest.raises(ValueError, match="fly"):
        may("owner", "fly")
    with pytest.raises(ValueError, match="king"):
        may("king", "view")


def test_whom_to_ask() -> None:
    assert roles_with("go_live") == ("owner",)
    assert roles_with("import") == ("owner", "manager", "accountant")
