"""What each role may do: one table, asked by the web, the API and the commands."""

from enum import StrEnum


class Permission(StrEnum):
    """One thing a member may be allowed to do in an organization."""

    VIEW = "view"  # read everything but the log
    EXPORT = "export"  # take reports and lists out as files
    APPROVE = "approve"  # approve, edit or drop what is about to be said
    CONTACT = "contact"  # make calls, write, and record what came of it
    HOLD = "hold"  # pause a customer, an invoice or an amount
    EDIT_CUSTOMERS = "edit_customers"  # customers, their people and how they are handled
    IMPORT = "import"  # bring files in, and undo it
    PAYMENTS = "payments"  # record, apply and reverse money
    ADJUST = "adjust"  # credits, write-offs, deductions, closing a period
    MANUAL = "manual"  # strategies, templates and offers
    SETTINGS = "settings"  # the organization, its creditors, channels and calendars
    GO_LIVE = "go_live"  # end the rehearsal: from then on messages leave
    MEMBERS = "members"  # who signs in here, and in which role
    LOG = "log"  # read who did what


_READS = {Permission.VIEW, Permission.EXPORT}
_COLLECTS = {Permission.APPROVE, Permission.CONTACT, Permission.HOLD, Permission.EDIT_CUSTOMERS}
_KEEPS_BOOKS = {Permission.IMPORT, Permission.PAYMENTS, Permission.ADJUST}

ROLES: dict[str, frozenset[Permission]] = {
    "owner": frozenset(Permission),
    "manager": frozenset(Permission) - {Permission.GO_LIVE, Permission.MEMBERS},
    "collector": frozenset(_READS | _COLLECTS),
    "accountant": frozenset(_READS | _KEEPS_BOOKS | {Permission.HOLD}),
    "auditor": frozenset(_READS | {Permission.LOG}),
}

AUTHORITY = ("collector", "manager", "owner")
"""The roles that may grant something to a customer; whoever stands further on may grant what those before may."""


def may(role: str, permission: Permission | str) -> bool:
    """Whether a member in `role` has `permission`. Raises ValueError for a permission or a role that does not exist."""
    if role not in ROLES:
        raise ValueError(f"{role!r} is not a role")
    return Permission(permission) in ROLES[role]


def roles_with(permission: Permission | str) -> tuple[str, ...]:
    """The roles that have `permission`, the most trusted first: whom to ask."""
    return tuple(role for role in ROLES if may(role, permission))
