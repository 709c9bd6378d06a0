"""Everything that may be done about credit: the policy's versions and customers' applications."""

from puntual.strategies.credit.applying import (
    apply_for_credit,
    grant_credit,
    receive_document,
    refuse_credit,
    withdraw_application,
)
from puntual.strategies.credit.versions import (
    activate_policy,
    discard_policy_draft,
    drop_rule,
    import_policy,
    make_policy_draft,
    put_paragraphs,
    put_rule,
    rename_policy,
)

__all__ = [
    "activate_policy",
    "apply_for_credit",
    "discard_policy_draft",
    "drop_rule",
    "grant_credit",
    "import_policy",
    "make_policy_draft",
    "put_paragraphs",
    "put_rule",
    "receive_document",
    "refuse_credit",
    "rename_policy",
    "withdraw_application",
]
